//! The provider that is somewhere else: it is slow, down, talks nonsense, or knows less than Amazon's. What it does when all is well the
//! contract's suite tells, over real servers (tests/clients/node).

use std::sync::Arc;
use std::time::{Duration, Instant};

use cognate_auth_api::problem::{Code, Problem};
use cognate_auth_api::provider::{Bearer, Challenge, Proved, Provider as _, Reply, Step, TokenUses, Waiting};
use cognate_domain::Timestamp;
use cognate_domain::directory::ProviderSubject;
use cognate_engine::{Cx, Secret};
use cognate_testkit::app::PASSWORD;
use cognate_testkit::{TestApp, both_engines};
use data_encoding::BASE64URL_NOPAD;
use http::Method;
use serde_json::{Value, json};

use crate::far::{CLIENT, Far, POOL, Play, raw, refuses, says};
use crate::kit::{Answer, request, routes_over, send};

type Made = Box<dyn Fn() -> Play + Send + Sync>;

async fn ask(app: &TestApp, far: &Far, path: &str, bearer: Option<&str>, body: Value) -> Answer {
    let routes = routes_over(app, Arc::new(far.provider(app, false)), TokenUses { id: false }).await;
    send(routes, request(Method::POST, path, bearer, Some(body))).await
}

async fn sign_in(app: &TestApp, far: &Far) -> Answer {
    ask(app, far, "/v1/auth/sign-in", None, json!({ "identifier": "ann@example.com", "password": PASSWORD })).await
}

/// It reads as a token, and is signed by nobody.
fn token(claims: &Value) -> String {
    let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
    format!("{}.{}.{}", part(&json!({ "alg": "RS256", "kid": "one" })), part(claims), BASE64URL_NOPAD.encode(&[7; 256]))
}

fn tokens_of(sub: &str, refresh: Option<&str>) -> Value {
    let access = token(&json!({ "sub": sub, "username": sub, "exp": 4_000_000_000_u32 }));
    json!({ "AuthenticationResult": { "AccessToken": access, "ExpiresIn": 3600, "RefreshToken": refresh } })
}

fn bearer(sub: &str) -> Bearer {
    let proved = Proved {
        subject: ProviderSubject { provider: "cognito".to_owned(), id: sub.to_owned() },
        is_machine: false,
        username: Some(sub.to_owned()),
        client_id: CLIENT.to_owned(),
        scopes: Vec::new(),
        groups: Vec::new(),
        expires_at: Timestamp(0),
        token_use: "access",
        family: None,
    };
    Bearer { token: Secret::from(token(&json!({ "sub": sub }))), proved }
}

fn challenge(step: Step) -> Challenge {
    let asked = if let Step::Challenge(challenge) = step { Some(challenge) } else { None };
    asked.unwrap()
}

fn said(done: Result<(), Problem>) -> Code {
    done.err().unwrap().code
}

both_engines! {
    async fn a_token_that_may_not_ask_for_its_person_still_is_somebodys(app: TestApp) {
        let far = Far::open(|asked| match asked.operation.as_str() {
            "GetUser" => refuses("NotAuthorizedException", "Access Token does not have required scopes"),
            _ => says(&json!({ "Username": "ann-1", "UserAttributes": [{ "Name": "name", "Value": "Ann" }] })),
        })
        .await;
        let mut cx = Cx::new(Arc::clone(&app.app));
        let without = far.provider(&app, false).claims(&mut cx, &bearer("ann-1")).await.unwrap();
        assert_eq!((without.name, without.email), (None, None));
        let by_admin = far.provider(&app, true).claims(&mut cx, &bearer("ann-1")).await.unwrap();
        assert_eq!(by_admin.name.as_deref(), Some("Ann"));
        assert_eq!(far.operations(), ["GetUser", "GetUser", "AdminGetUser"]);
    }

    async fn a_provider_that_fails_is_named_as_such_soon_and_is_asked_once(app: TestApp) {
        let long = "x".repeat(1024 * 1024 + 1);
        let redirect = || raw("302 Found", "location: http://127.0.0.1:1/\r\n", "{}");
        let plays: [(&str, u16, Made); 11] = [
            ("provider_timeout", 504, Box::new(|| Play::Hang)),
            ("provider_timeout", 504, Box::new(|| Play::Say(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{".to_vec()))),
            ("provider_failed", 502, Box::new(|| Play::Close)),
            ("provider_failed", 502, Box::new(|| Play::Say(b"SSH-2.0-OpenSSH\r\n".to_vec()))),
            ("provider_failed", 502, Box::new(|| raw("200 OK", "", "<html>"))),
            ("provider_failed", 502, Box::new(|| raw("200 OK", "", "{}"))),
            ("provider_failed", 502, Box::new(|| raw("200 OK", "", r#"{"AuthenticationResult":{"AccessToken":"x"}}"#))),
            ("provider_failed", 502, Box::new(|| raw("500 Internal Server Error", "", "<html>"))),
            ("provider_failed", 502, Box::new(|| raw("403 Forbidden", "", "<html>"))),
            ("provider_failed", 502, Box::new(redirect)),
            ("provider_failed", 502, Box::new(move || raw("200 OK", "", &long))),
        ];
        for (number, (code, status, play)) in plays.into_iter().enumerate() {
            let far = Far::open(move |_| play()).await;
            let began = Instant::now();
            let answer = sign_in(&app, &far).await;
            // A body that breaks off is either: what came first.
            if number == 1 {
                assert!(matches!(answer.problem(), (502, "provider_failed") | (504, "provider_timeout")));
            } else {
                assert_eq!(answer.problem(), (status, code), "play {number}");
            }
            assert!(began.elapsed() < Duration::from_secs(4), "play {number}");
            assert_eq!(far.operations(), ["InitiateAuth"], "play {number}");
        }
    }

    async fn nobody_there_is_a_failure_too(app: TestApp) {
        let mut far = Far::open(|_| Play::Close).await;
        far.endpoint = "http://127.0.0.1:1".parse().unwrap();
        assert_eq!(sign_in(&app, &far).await.problem(), (502, "provider_failed"));
    }

    async fn a_challenge_that_no_route_covers_is_named(app: TestApp) {
        let far = Far::open(|_| says(&json!({ "ChallengeName": "MFA_SETUP", "Session": "s", "ChallengeParameters": {} }))).await;
        let answer = sign_in(&app, &far).await;
        assert_eq!(answer.problem(), (501, "challenge_unsupported"));
        assert!(answer.text("/detail").contains("MFA_SETUP"), "{}", answer.body);
    }

    async fn who_asks_too_often_is_told_when_to_come_again(app: TestApp) {
        let body = r#"{"__type":"TooManyRequestsException","message":"Rate exceeded"}"#;
        let far = Far::open(move |_| raw("400 Bad Request", "retry-after: 7\r\n", body)).await;
        let answer = sign_in(&app, &far).await;
        assert_eq!((answer.problem(), answer.header("retry-after")), ((429, "rate_limited"), "7"));
        let far = Far::open(|_| refuses("com.amazonaws.cognito#LimitExceededException", "Attempt limit exceeded")).await;
        assert_eq!(sign_in(&app, &far).await.header("retry-after"), "30");
    }

    async fn keys_that_cannot_be_had_are_no_fault_of_the_token(app: TestApp) {
        let body = || json!({ "password": PASSWORD });
        for (play, problem) in [
            ("close", (502, "provider_failed")),
            ("rubbish", (502, "provider_failed")),
            ("hang", (504, "provider_timeout")),
        ] {
            let far = Far::open(move |_| match play {
                "close" => Play::Close,
                "rubbish" => raw("200 OK", "", "<html>"),
                _ => Play::Hang,
            })
            .await;
            let issuer = format!("{}{POOL}", far.endpoint);
            let claims = json!({ "iss": issuer, "sub": "ann", "token_use": "access", "client_id": CLIENT });
            let path = "/v1/auth/password-verifications";
            assert_eq!(ask(&app, &far, path, Some(&token(&claims)), body()).await.problem(), problem);
            let elsewhere = json!({ "iss": "https://elsewhere.example", "sub": "ann" });
            let refused = ask(&app, &far, path, Some(&token(&elsewhere)), body()).await;
            assert_eq!(refused.problem(), (401, "unauthenticated"), "a token of somebody else asks nobody");
        }
    }

    async fn a_client_without_the_flow_is_signed_in_by_an_administrator_and_answered_there(app: TestApp) {
        let far = Far::open(|asked| match asked.operation.as_str() {
            "InitiateAuth" => refuses("InvalidParameterException", "USER_PASSWORD_AUTH flow not enabled for this client"),
            "AdminInitiateAuth" => says(&json!({
                "ChallengeName": "SMS_MFA", "Session": "theirs", "ChallengeParameters": { "USER_ID_FOR_SRP": "ann-1" },
            })),
            _ => says(&tokens_of("ann-1", Some("refresh"))),
        })
        .await;
        let provider = far.provider(&app, true);
        let mut cx = Cx::new(Arc::clone(&app.app));
        let password = Secret::from(PASSWORD);
        for _ in 0..2 {
            let challenge = challenge(provider.sign_in(&mut cx, "ann@example.com", &password).await.unwrap());
            let waiting = Waiting {
                kind: challenge.kind, session: challenge.session, username: challenge.username,
            };
            let code = Reply::Code(Secret::from("123456"));
            assert!(matches!(provider.answer(&mut cx, &waiting, &code).await, Ok(Step::Session(_))));
            let (head, body) = far.last();
            let signed = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/";
            assert!(head.contains(signed) && head.contains("/eu-central-1/cognito-idp/aws4_request"), "{head}");
            assert!(head.contains("x-amz-security-token: a-session"), "{head}");
            assert_eq!(body["Session"], "theirs");
            assert_eq!(body["ChallengeResponses"], json!({ "SMS_MFA_CODE": "123456", "USERNAME": "ann-1" }));
        }
        let admin = ["AdminInitiateAuth", "AdminRespondToAuthChallenge"];
        assert_eq!(far.operations(), [&["InitiateAuth"][..], &admin[..], &admin[..]].concat(), "what works is remembered");

        let public = far.provider(&app, false);
        let refused = public.sign_in(&mut cx, "ann@example.com", &password).await.err().unwrap();
        assert_eq!(refused.code, Code::UnsupportedByProvider);
        assert!(refused.detail.contains("USER_PASSWORD_AUTH"), "{}", refused.detail);
    }

    async fn a_server_without_the_newer_refresh_is_asked_the_older_way(app: TestApp) {
        let far = Far::open(|asked| match (asked.operation.as_str(), asked.body["AuthParameters"]["REFRESH_TOKEN"].as_str()) {
            ("GetTokensFromRefreshToken", _) => refuses("UnknownOperationException", ""),
            (_, Some("good")) => says(&tokens_of("ann-1", None)),
            _ => refuses("NotAuthorizedException", "Invalid Refresh Token"),
        })
        .await;
        let (provider, mut cx) = (far.provider(&app, false), Cx::new(Arc::clone(&app.app)));
        let refused = provider.refresh(&mut cx, &Secret::from("bad")).await.err().unwrap();
        assert_eq!(refused.code, Code::RefreshRejected);
        for _ in 0..2 {
            assert!(provider.refresh(&mut cx, &Secret::from("good")).await.unwrap().refresh_token.is_none());
        }
        let (new, old) = ("GetTokensFromRefreshToken", "InitiateAuth");
        assert_eq!(far.operations(), [new, old, new, old, old], "what works is remembered");
    }

    async fn only_a_refresh_token_of_the_callers_own_is_ended_and_so_is_its_successor(app: TestApp) {
        let far = Far::open(|asked| match asked.operation.as_str() {
            "RevokeToken" => says(&json!({})),
            _ => says(&tokens_of("ann-1", Some("its successor"))),
        })
        .await;
        let (provider, mut cx) = (far.provider(&app, false), Cx::new(Arc::clone(&app.app)));
        let token = Secret::from("of ann");
        assert_eq!(said(provider.sign_out_session(&mut cx, &bearer("eve-2"), &token).await), Code::RefreshRejected);
        assert_eq!(far.operations(), ["GetTokensFromRefreshToken"]);
        provider.sign_out_session(&mut cx, &bearer("ann-1"), &token).await.unwrap();
        assert_eq!(far.operations()[1..], ["GetTokensFromRefreshToken", "RevokeToken", "RevokeToken"]);
        assert_eq!(far.last().1["Token"], "its successor");
    }

    async fn administration_is_signed_and_needs_credentials(app: TestApp) {
        let far = Far::open(|asked| match asked.operation.as_str() {
            "AdminUserGlobalSignOut" => refuses("UnknownOperationException", ""),
            _ => says(&json!({})),
        })
        .await;
        let mut cx = Cx::new(Arc::clone(&app.app));
        let ann = ProviderSubject { provider: "cognito".to_owned(), id: "ann-1".to_owned() };
        let without = far.provider(&app, false).set_enabled(&mut cx, &ann, false).await.err().unwrap();
        assert_eq!(without.code, Code::UnsupportedByProvider);
        assert!(without.detail.contains("auth_api.cognito.access_key_id"), "{}", without.detail);
        assert!(far.operations().is_empty());

        let provider = far.provider(&app, true);
        provider.set_enabled(&mut cx, &ann, false).await.unwrap();
        provider.set_enabled(&mut cx, &ann, true).await.unwrap();
        provider.force_password_reset(&mut cx, &ann).await.unwrap();
        assert_eq!(far.operations(), ["AdminDisableUser", "AdminUserGlobalSignOut", "AdminEnableUser", "AdminResetUserPassword"]);
        assert!(far.last().0.contains("SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target"));
        assert_eq!(far.last().1, json!({ "UserPoolId": POOL, "Username": "ann-1" }));
    }

    async fn a_reminder_names_what_people_sign_in_by(app: TestApp) {
        let far = Far::open(|_| says(&json!({ "Users": [
            { "Username": "horse-friend", "Enabled": true, "Attributes": [{ "Name": "sub", "Value": "1" }] },
            { "Username": "2", "Attributes": [{ "Name": "sub", "Value": "2" }, { "Name": "email", "Value": "ann@example.com" }] },
            { "Username": "gone", "Enabled": false, "Attributes": [] },
        ] })))
        .await;
        let mut cx = Cx::new(Arc::clone(&app.app));
        far.provider(&app, true).remind_identifier(&mut cx, "a\"nn@example.com").await.unwrap();
        assert_eq!(far.last().1["Filter"], r#"email = "a\"nn@example.com""#);
        let mut told = None;
        for _ in 0..500 {
            told = app.find_message("a\"nn@example.com").await;
            if told.is_some() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert!(told.unwrap().body.contains("You sign in as horse-friend, ann@example.com."));
    }
}
