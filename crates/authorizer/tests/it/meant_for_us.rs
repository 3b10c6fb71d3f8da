//! Good signatures on tokens that are meant for somebody else, or for something else.

use cognate_authorizer::{Issuer, Refusal, Rule, TokenUse, TokenUses};
use serde_json::{Value, json};

use crate::kit::{CLIENT, PARTNER, POOL, Signer, access, id, keys, pool, trusting, verify};

const API: &str = "https://api.example.com";

fn partner(signer: &Signer) -> Issuer {
    Issuer::oidc(PARTNER).keys(keys([signer])).audiences([API])
}

fn of_partner(aud: &Value) -> Value {
    access(json!({ "iss": PARTNER, "aud": aud, "token_use": null, "client_id": null, "username": null }))
}

#[test]
fn an_id_token_does_not_open_what_an_access_token_opens() {
    let signer = Signer::new("k");
    let refused = verify(&trusting(pool(&signer)), &signer.sign(&id(json!({})))).unwrap_err();
    assert_eq!(refused.to_string(), "the token's use is id, expected access");

    let ids = trusting(pool(&signer).token_use(TokenUses::Id));
    let refused = verify(&ids, &signer.sign(&access(json!({})))).unwrap_err();
    assert_eq!(refused.to_string(), "the token's use is access, expected id");
    let who = verify(&ids, &signer.sign(&id(json!({})))).unwrap();
    assert_eq!((who.token_use, who.client_id.as_deref()), (Some(TokenUse::Id), Some(CLIENT)));
    assert_eq!(who.username.as_deref(), Some("ann1"));
}

#[test]
fn a_use_must_be_said_and_be_one_that_there_is() {
    let signer = Signer::new("k");
    for uses in [TokenUses::Access, TokenUses::Id, TokenUses::Either] {
        let authorizer = trusting(pool(&signer).token_use(uses));
        for said in [json!(null), json!("refresh"), json!("Access"), json!("access "), json!("")] {
            let refused = verify(&authorizer, &signer.sign(&access(json!({ "token_use": said, "aud": CLIENT }))));
            assert!(matches!(refused, Err(Refusal::WrongTokenUse { .. })), "{said}");
        }
        let refused = verify(&authorizer, &signer.sign(&access(json!({ "token_use": ["access"] }))));
        assert!(matches!(refused, Err(Refusal::BadClaim { .. })));
    }
}

#[test]
fn where_either_is_taken_a_route_may_still_ask_for_one() {
    let signer = Signer::new("k");
    let authorizer = trusting(pool(&signer).token_use(TokenUses::Either));
    let (access, id) = (signer.sign(&access(json!({}))), signer.sign(&id(json!({}))));
    assert!(verify(&authorizer, &access).is_ok() && verify(&authorizer, &id).is_ok());
    for (wanted, good, bad) in [(TokenUse::Access, &access, &id), (TokenUse::Id, &id, &access)] {
        let rule = Rule::authenticated().only(wanted);
        assert!(authorizer.verify_now(good, &rule).is_ok());
        assert!(matches!(authorizer.verify_now(bad, &rule), Err(Refusal::WrongTokenUse { .. })));
    }
    let foreign = trusting(partner(&signer));
    let refused =
        foreign.verify_now(&signer.sign(&of_partner(&json!(API))), &Rule::authenticated().only(TokenUse::Access));
    assert!(matches!(refused, Err(Refusal::WrongTokenUse { ref actual, .. }) if actual == "not said"));
}

#[test]
fn an_access_token_by_its_header_is_no_id_token() {
    let signer = Signer::new("k");
    let authorizer = trusting(pool(&signer).token_use(TokenUses::Either));
    for typ in ["at+jwt", "application/AT+JWT"] {
        let header = format!(r#"{{"alg":"EdDSA","kid":"k","typ":"{typ}"}}"#);
        let refused = verify(&authorizer, &signer.sign_as(&header, &id(json!({})).to_string()));
        assert!(matches!(refused, Err(Refusal::WrongTokenUse { .. })), "{typ}");
    }
}

#[test]
fn tokens_of_another_client_are_refused() {
    let signer = Signer::new("k");
    let authorizer = trusting(pool(&signer).token_use(TokenUses::Either));
    for client in [json!("2example"), json!("1EXAMPLE23456789"), json!("1example23456789 ")] {
        let refused = verify(&authorizer, &signer.sign(&access(json!({ "client_id": client }))));
        assert!(matches!(refused, Err(Refusal::WrongClient { .. })), "{client}");
        let refused = verify(&authorizer, &signer.sign(&id(json!({ "aud": client }))));
        assert!(matches!(refused, Err(Refusal::WrongAudience { .. })), "{client}");
    }
    // The claim of the other kind of token does not count.
    let refused = verify(&authorizer, &signer.sign(&access(json!({ "client_id": null, "aud": CLIENT }))));
    assert_eq!(refused.unwrap_err(), Refusal::MissingClaim { expected: "client_id" });
    let refused = verify(&authorizer, &signer.sign(&id(json!({ "aud": null, "client_id": CLIENT }))));
    assert!(matches!(refused, Err(Refusal::WrongAudience { .. })));

    let any = trusting(Issuer::cognito(POOL).any_client().token_use(TokenUses::Either).keys(keys([&signer])));
    assert!(verify(&any, &signer.sign(&access(json!({ "client_id": "2example" })))).is_ok());
    assert!(verify(&any, &signer.sign(&access(json!({ "client_id": null })))).is_err());
    assert!(verify(&any, &signer.sign(&id(json!({ "aud": null })))).is_err());
}

#[test]
fn an_access_token_for_another_resource_is_refused() {
    let signer = Signer::new("k");
    let with = |aud: Value| signer.sign(&access(json!({ "aud": aud })));
    let plain = trusting(pool(&signer));
    for own in [json!(null), json!(POOL), json!(CLIENT), json!(["https://other.example", POOL]), json!([])] {
        assert!(verify(&plain, &with(own.clone())).is_ok(), "{own}");
    }
    for other in [json!("https://other.example"), json!(["https://other.example"]), json!(""), json!(API)] {
        assert!(matches!(verify(&plain, &with(other.clone())), Err(Refusal::WrongAudience { .. })), "{other}");
    }

    let of_api = trusting(pool(&signer).audiences([API]));
    assert!(verify(&of_api, &with(json!(API))).is_ok());
    assert!(verify(&of_api, &with(json!(["https://other.example", API]))).is_ok());
    for other in [json!(null), json!(POOL), json!(format!("{API}/")), json!([])] {
        assert!(matches!(verify(&of_api, &with(other.clone())), Err(Refusal::WrongAudience { .. })), "{other}");
    }
    assert!(verify(&trusting(pool(&signer).any_audience()), &with(json!("https://other.example"))).is_ok());
}

#[test]
fn an_audience_is_one_string_or_a_flat_array() {
    let signer = Signer::new("k");
    let authorizer = trusting(partner(&signer));
    for good in [json!(API), json!([API]), json!(["https://other.example", API]), json!([API, API])] {
        assert!(verify(&authorizer, &signer.sign(&of_partner(&good))).is_ok(), "{good}");
    }
    for other in [json!(null), json!([]), json!("https://other.example"), json!(format!("{API} https://b")), json!("")]
    {
        let refused = verify(&authorizer, &signer.sign(&of_partner(&other)));
        assert!(matches!(refused, Err(Refusal::WrongAudience { .. })), "{other}");
    }
    for wrong in [json!([[API]]), json!([API, 1]), json!({ API: true }), json!(7), json!([API, null])] {
        let refused = verify(&authorizer, &signer.sign(&of_partner(&wrong)));
        assert!(matches!(refused, Err(Refusal::BadClaim { .. })), "{wrong}");
    }
}

#[test]
fn a_foreign_issuers_clients_are_held_against_client_id_or_else_azp() {
    let signer = Signer::new("k");
    let authorizer = trusting(partner(&signer).clients([CLIENT]));
    let with = |changes: Value| {
        let mut claims = of_partner(&json!(API));
        claims.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        verify(&authorizer, &signer.sign(&claims))
    };
    assert_eq!(with(json!({ "client_id": CLIENT })).unwrap().client_id.as_deref(), Some(CLIENT));
    assert_eq!(with(json!({ "azp": CLIENT })).unwrap().client_id.as_deref(), Some(CLIENT));
    for other in [json!({}), json!({ "azp": "other" }), json!({ "client_id": "other", "azp": CLIENT })] {
        assert!(matches!(with(other), Err(Refusal::WrongClient { .. })));
    }
}

#[test]
fn a_foreign_issuer_is_not_asked_for_a_use_unless_it_is_set() {
    let signer = Signer::new("k");
    let token = signer.sign(&of_partner(&json!(API)));
    assert_eq!(verify(&trusting(partner(&signer)), &token).unwrap().token_use, None);
    let asked = partner(&signer).any_client().token_use(TokenUses::Access);
    assert!(matches!(verify(&trusting(asked), &token), Err(Refusal::WrongTokenUse { .. })));
}

#[test]
fn a_token_that_is_nobodys_is_refused() {
    let signer = Signer::new("k");
    for sub in [json!(null), json!("")] {
        let refused = verify(&trusting(pool(&signer)), &signer.sign(&access(json!({ "sub": sub }))));
        assert_eq!(refused.unwrap_err(), Refusal::MissingClaim { expected: "sub" });
    }
    let refused = verify(&trusting(pool(&signer)), &signer.sign(&access(json!({ "sub": 7 }))));
    assert!(matches!(refused, Err(Refusal::BadClaim { .. })));
}

#[test]
fn refusals_and_contexts_are_printed_without_what_names_a_person() {
    let signer = Signer::new("k");
    let token = signer.sign(&id(json!({ "cognito:username": "ann@example.com" })));
    let who = verify(&trusting(pool(&signer).token_use(TokenUses::Id)), &token).unwrap();
    assert!(!format!("{who:?}").contains("example.com\""), "{who:?}");
    let refused = verify(&trusting(pool(&signer)), &token).unwrap_err();
    for text in [format!("{refused:?}"), refused.to_string()] {
        assert!(!text.contains('@') && !token.split('.').any(|part| text.contains(part)), "{text}");
    }
}
