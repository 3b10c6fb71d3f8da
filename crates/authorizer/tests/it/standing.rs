//! Tokens that are good in themselves, and whoever knows whether they still stand.

use std::time::Duration;

use cognate_authorizer::{Asking, AuthContext, Authorizer, Refusal, Rule, Standing};
use serde_json::json;
use tokio::time::{Instant, sleep};

use crate::kit::{NOW, Signer, access, at, pool};

/// Signed out: the sign-in `gone`. Of `lost` nothing is known, and about `slow` one may ask for ever.
struct SignOuts;

impl Standing for SignOuts {
    fn stands<'a>(&'a self, token: &'a str, who: &'a AuthContext) -> Asking<'a> {
        assert_eq!(token.split('.').count(), 3);
        Box::pin(async move {
            match who.origin_jti.as_deref() {
                Some("gone") => Ok(false),
                Some("lost") => Err("nobody\nis there".to_owned()),
                Some("slow") => {
                    sleep(Duration::from_hours(1)).await;
                    Ok(true)
                }
                _ => Ok(true),
            }
        })
    }
}

fn asking(signer: &Signer) -> Authorizer {
    at(NOW).issuer(pool(signer)).standing(SignOuts).build().unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_token_stands_only_if_that_is_said() {
    let signer = Signer::new("k");
    let authorizer = asking(&signer);
    let verify = async |origin: &str| {
        let token = signer.sign(&access(json!({ "origin_jti": origin })));
        authorizer.verify(&token, &Rule::authenticated()).await.map(|who| who.subject)
    };
    assert_eq!(verify("here").await.as_deref(), Ok("ann"));
    assert_eq!(verify("gone").await, Err(Refusal::Revoked));
    assert_eq!(verify("lost").await, Err(Refusal::StandingUnknown { reason: "nobody\\nis there".to_owned() }));
    let begun = Instant::now();
    assert!(matches!(verify("slow").await, Err(Refusal::StandingUnknown { .. })));
    assert_eq!(begun.elapsed(), Duration::from_secs(5));
    assert_eq!(Refusal::Revoked.public().status.as_u16(), 401);
}

/// Whoever cannot ask must not let in whom the answer would keep out.
#[test]
fn where_it_must_be_asked_and_cannot_be_nobody_is_let_in() {
    let signer = Signer::new("k");
    let authorizer = asking(&signer);
    let token = signer.sign(&access(json!({})));
    let refused = authorizer.verify_now(&token, &Rule::authenticated());
    assert!(matches!(refused, Err(Refusal::StandingUnknown { .. })));

    let rule = Rule::authenticated();
    let mut verifying = Box::pin(authorizer.verify(&token, &rule));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let polled = verifying.as_mut().poll(&mut context);
    assert!(matches!(polled, std::task::Poll::Ready(Err(Refusal::StandingUnknown { .. }))));
}
