//! What the mock does beyond what every provider does: every challenge, states that a file says, failures and delays.

use std::time::{Duration, Instant};

use cognate_auth_api::provider::NewAccount;
use cognate_domain::directory::ProviderSubject;
use cognate_testkit::app::PASSWORD;
use cognate_testkit::{TestApp, both_engines};
use http::Method;
use serde_json::{Value, json};

use crate::kit::{Answer, Product, Session, request};

const NEW: &str = "Another-Horse-8";

/// Of RFC 6238's examples: its codes at two moments are known.
const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const MOMENT: &str = "2005-03-18T01:58:29Z";
const CODE: &str = "081804";
const NEXT_CODE: &str = "050471";

/// One user for each way to be asked.
fn asked(email: &str, more: &str) -> String {
    format!("[[users]]\nemail = \"{email}\"\npassword = \"{PASSWORD}\"\n{more}\n")
}

async fn product(app: TestApp, more: &str) -> Product {
    Product::mock_of(app, &asked("ann@example.com", more)).await
}

/// The session of the challenge that a right password leads to.
async fn challenge(product: &Product, kind: &str) -> (String, Value) {
    let asked = product.sign_in("ann@example.com").await.good();
    of(&asked, kind)
}

fn of(asked: &Answer, kind: &str) -> (String, Value) {
    assert_eq!(asked.text("/challenge/type"), kind, "{}", asked.body);
    (asked.text("/challenge/session"), asked.body["challenge"]["parameters"].clone())
}

async fn answer(product: &Product, route: &str, session: &str, code: &str) -> Answer {
    let body = json!({ "session": session, "code": code });
    product.post(&format!("/v1/auth/challenges/{route}"), body).await
}

both_engines! {
    async fn an_authenticators_code_is_checked_and_good_once(app: TestApp) {
        let product = product(app, &format!("challenges = [\"software_token\"]\ntotp_secret = \"{SECRET}\"")).await;
        product.app.clock.set(MOMENT);
        let (session, parameters) = challenge(&product, "software_token").await;
        assert_eq!(parameters, json!({}));
        for wrong in ["000000", "81804", NEW, "١٢٣٤٥٦"] {
            let refused = answer(&product, "software-token", &session, wrong).await;
            assert_eq!(refused.problem(), (401, "challenge_failed"), "{wrong}");
        }
        let done = answer(&product, "software-token", &session, CODE).await.good();
        assert_eq!(done.text("/user/email"), "ann@example.com");
        let again = answer(&product, "software-token", &session, NEXT_CODE).await;
        assert_eq!(again.problem(), (401, "challenge_failed"), "a session is good once");

        let (session, _) = challenge(&product, "software_token").await;
        let replayed = answer(&product, "software-token", &session, CODE).await;
        assert_eq!(replayed.problem(), (401, "challenge_failed"), "and so is a code");
        answer(&product, "software-token", &session, NEXT_CODE).await.good();
    }

    async fn a_code_comes_by_mail_or_by_text_message(app: TestApp) {
        let more = "phone = \"+15551234567\"\nchallenges = [\"email_code\", \"sms_code\"]";
        let product = product(app, more).await;
        let (session, parameters) = challenge(&product, "email_code").await;
        assert_eq!(parameters, json!({ "destination": "a***@e***" }));
        let (told, code) = product.message("ann@example.com").await.unwrap();
        let code = code.unwrap();
        assert!(code.len() == 6 && told.contains(&code), "{told}");
        let wrong = if code == "000000" { "000001" } else { "000000" };
        assert_eq!(answer(&product, "email-code", &session, wrong).await.problem(), (401, "challenge_failed"));
        let elsewhere = answer(&product, "sms-code", &session, &code).await;
        assert_eq!(elsewhere.problem(), (401, "challenge_failed"), "one address for each kind");

        let next = answer(&product, "email-code", &session, &code).await.good();
        let (session, parameters) = of(&next, "sms_code");
        assert_eq!(parameters, json!({ "destination": "+*******4567" }));
        let (_, code) = product.message("+15551234567").await.unwrap();
        product.app.clock.advance(Duration::from_mins(3));
        let late = answer(&product, "sms-code", &session, &code.unwrap()).await;
        assert_eq!(late.problem(), (401, "challenge_expired"));

        // From the beginning, and in time.
        let (session, _) = challenge(&product, "email_code").await;
        let (_, code) = product.message("ann@example.com").await.unwrap();
        let (session, _) = of(&answer(&product, "email-code", &session, &code.unwrap()).await.good(), "sms_code");
        let (_, code) = product.message("+15551234567").await.unwrap();
        Session::of(&answer(&product, "sms-code", &session, &code.unwrap()).await.good());
    }

    async fn what_is_selected_is_asked_and_nothing_else(app: TestApp) {
        let more = "phone = \"+15551234567\"\nquestion = \"What colour?\"\nanswer = \"green\"\n\
                    challenges = [\"select\", \"sms_code\", \"custom\"]";
        let product = product(app, more).await;
        let (session, parameters) = challenge(&product, "select").await;
        assert_eq!(parameters, json!({ "choices": ["sms_code", "custom"] }));
        for wrong in ["email_code", "select", "new_password", "SMS_CODE"] {
            assert_eq!(answer(&product, "select", &session, wrong).await.problem(), (401, "challenge_failed"), "{wrong}");
        }
        assert!(product.message("+15551234567").await.is_none(), "nothing is sent before it is chosen");
        let next = answer(&product, "select", &session, "custom").await.good();
        let (session, parameters) = of(&next, "custom");
        assert_eq!(parameters, json!({ "question": "What colour?" }));
        assert_eq!(answer(&product, "custom", &session, "red").await.problem(), (401, "challenge_failed"));
        assert_eq!(answer(&product, "custom", &session, "green").await.problem(), (429, "rate_limited"), "five were wrong");
        product.app.clock.advance(Duration::from_secs(2));
        Session::of(&answer(&product, "custom", &session, "green").await.good());
        assert!(product.message("+15551234567").await.is_none());
    }

    async fn a_first_password_comes_before_everything_else(app: TestApp) {
        let more = "status = \"new_password_required\"\nchallenges = [\"email_code\"]";
        let product = product(app, more).await;
        let (session, parameters) = challenge(&product, "new_password").await;
        assert_eq!(parameters, json!({ "requiredAttributes": [] }));
        let body = json!({ "session": session, "newPassword": NEW, "attributes": { "phone_number": "+1555" } });
        let next = product.post("/v1/auth/challenges/new-password", body).await.good();
        let (session, _) = of(&next, "email_code");
        let (_, code) = product.message("ann@example.com").await.unwrap();
        answer(&product, "email-code", &session, &code.unwrap()).await.good();
        let by_number = json!({ "identifier": "+1555", "password": NEW });
        assert_eq!(product.post("/v1/auth/sign-in", by_number).await.good().text("/challenge/type"), "email_code");
    }

    async fn a_fixed_code_is_every_code_and_is_in_the_inbox_too(app: TestApp) {
        let script = format!("code = \"123456\"\n{}", asked("ann@example.com", "challenges = [\"software_token\", \"custom\"]"));
        let product = Product::mock_of(app, &script).await;
        let (session, _) = challenge(&product, "software_token").await;
        let next = answer(&product, "software-token", &session, "123456").await.good();
        let (session, parameters) = of(&next, "custom");
        assert_eq!(parameters, json!({}));
        answer(&product, "custom", &session, "123456").await.good();

        let account = json!({ "email": "new@example.com", "password": PASSWORD });
        product.post("/v1/auth/sign-up", account).await.good();
        assert_eq!(product.message("new@example.com").await.unwrap().1.as_deref(), Some("123456"));
        let confirm = || product.post("/v1/auth/sign-up/confirm", json!({ "identifier": "new@example.com", "code": "123456" }));
        confirm().await.good();
        assert_eq!(confirm().await.problem(), (422, "code_rejected"), "good once");
    }

    async fn wrong_answers_lock_like_wrong_passwords(app: TestApp) {
        let product = product(app, "answer = \"green\"\nchallenges = [\"custom\"]").await;
        let (session, _) = challenge(&product, "custom").await;
        for _ in 0..4 {
            assert_eq!(answer(&product, "custom", &session, "red").await.problem(), (401, "challenge_failed"));
        }
        // A right password meanwhile forgets none of them.
        let (second, _) = challenge(&product, "custom").await;
        assert_eq!(answer(&product, "custom", &second, "red").await.problem(), (401, "challenge_failed"));
        assert_eq!(answer(&product, "custom", &session, "green").await.problem(), (429, "rate_limited"));
        assert_eq!(product.sign_in("ann@example.com").await.problem(), (429, "rate_limited"));
        product.app.clock.advance(Duration::from_secs(1));
        answer(&product, "custom", &session, "green").await.good();
    }

    async fn a_challenge_ends_where_the_password_is_replaced_meanwhile(app: TestApp) {
        let product = product(app, "answer = \"green\"\nchallenges = [\"custom\"]").await;
        let (session, _) = challenge(&product, "custom").await;
        product.post("/v1/auth/password-resets", json!({ "identifier": "ann@example.com" })).await.good();
        let (_, code) = product.message("ann@example.com").await.unwrap();
        let reset = json!({ "identifier": "ann@example.com", "code": code, "newPassword": NEW });
        product.post("/v1/auth/password-resets/confirm", reset).await.good();
        assert_eq!(answer(&product, "custom", &session, "green").await.problem(), (401, "challenge_failed"));
    }

    async fn a_state_that_the_file_says_is_told_to_the_right_password_alone(app: TestApp) {
        let script = [
            asked("unconfirmed@example.com", "status = \"unconfirmed\""),
            asked("reset@example.com", "status = \"password_reset_required\""),
            asked("disabled@example.com", "status = \"disabled\""),
        ];
        let product = Product::mock_of(app, &script.concat()).await;
        for (email, told) in [
            ("unconfirmed@example.com", (403, "confirmation_required")),
            ("reset@example.com", (403, "password_reset_required")),
            ("disabled@example.com", (401, "invalid_credentials")),
        ] {
            let wrong = json!({ "identifier": email, "password": NEW });
            assert_eq!(product.post("/v1/auth/sign-in", wrong).await.problem(), (401, "invalid_credentials"), "{email}");
            assert_eq!(product.sign_in(email).await.problem(), told, "{email}");
        }
        product.post("/v1/auth/sign-up/resend-confirmation", json!({ "identifier": "unconfirmed@example.com" })).await.good();
        let (_, code) = product.message("unconfirmed@example.com").await.unwrap();
        let confirm = json!({ "identifier": "unconfirmed@example.com", "code": code });
        product.post("/v1/auth/sign-up/confirm", confirm).await.good();
        product.sign_in("unconfirmed@example.com").await.good();
    }

    async fn no_answer_tells_who_is_there(app: TestApp) {
        let product = product(app, "phone = \"+15551234567\"\nstatus = \"disabled\"").await;
        let bare = |mut answer: Answer| {
            if answer.body.get("traceId").is_some() {
                answer.body["traceId"] = Value::Null;
            }
            (answer.status, answer.body)
        };
        for (path, body) in [
            ("sign-in", json!({ "password": PASSWORD })),
            ("sign-up/confirm", json!({ "code": "000000" })),
            ("sign-up/resend-confirmation", json!({})),
            ("password-resets", json!({})),
            ("password-resets/confirm", json!({ "code": "000000", "newPassword": NEW })),
        ] {
            let at = format!("/v1/auth/{path}");
            // As often as it takes to be slowed down.
            for _ in 0..20 {
                let ask = async |identifier: &str| {
                    let mut body = body.clone();
                    body["identifier"] = identifier.into();
                    bare(product.post(&at, body).await)
                };
                assert_eq!(ask("ann@example.com").await, ask("abe@example.com").await, "{at}");
            }
        }
        let remind = async |email: &str| bare(product.post("/v1/auth/identifier-reminders", json!({ "email": email })).await);
        assert_eq!(remind("ann@example.com").await, remind("abe@example.com").await);
        assert_eq!(product.app.rows("inbox").await, 0, "and whoever is shut out is sent nothing");
    }

    async fn somebody_is_reminded_of_their_address_and_a_number_signs_in(app: TestApp) {
        let product = product(app, "phone = \"+15551234567\"").await;
        product.post("/v1/auth/identifier-reminders", json!({ "email": "ANN@example.com" })).await.good();
        assert!(product.message("ann@example.com").await.unwrap().0.contains("You sign in as ann@example.com."));
        for identifier in ["ann@example.com", "Ann@Example.com", "+15551234567"] {
            product.sign_in(identifier).await.good();
        }
        let sub = product.sign_in("ann@example.com").await.good().text("/user/sub");
        product.sign_in(&sub).await.good();

        // Somebody else's number stays theirs.
        let account = json!({ "email": "eve@example.com", "password": NEW, "phone": "+15551234567" });
        product.post("/v1/auth/sign-up", account).await.good();
        assert_eq!(product.sign_in("+15551234567").await.good().text("/user/email"), "ann@example.com");
        let wrong = json!({ "email": "amy@example.com", "password": NEW, "phone": "5551234567" });
        assert_eq!(product.post("/v1/auth/sign-up", wrong).await.problem(), (400, "validation_failed"));
    }

    async fn an_administrator_invites_shuts_out_and_lets_in_again(app: TestApp) {
        let product = product(app, "").await;
        let account = NewAccount {
            email: "ivy@example.com".to_owned(), password: None, name: Some("Ivy".to_owned()), phone: None, attributes: Vec::new(),
        };
        let ivy = product.provider.invite(&mut product.app.cx(), &account).await.unwrap();
        let taken = product.provider.invite(&mut product.app.cx(), &account).await.err().unwrap();
        assert_eq!(taken.code.name(), "conflict");
        let (told, password) = product.message("ivy@example.com").await.unwrap();
        assert!(told.starts_with("Your username is ivy@example.com and temporary password is"), "{told}");
        let first = product.post("/v1/auth/sign-in", json!({ "identifier": "ivy@example.com", "password": password })).await;
        let (session, _) = of(&first.good(), "new_password");
        let body = json!({ "session": session, "newPassword": PASSWORD });
        let session = Session::of(&product.post("/v1/auth/challenges/new-password", body).await.good());

        let enable = async |enabled| product.provider.set_enabled(&mut product.app.cx(), &ivy, enabled).await.unwrap();
        enable(false).await;
        assert_eq!(product.post_as(&session.access, "/v1/auth/sign-out", json!({})).await.problem(), (401, "unauthenticated"));
        let refreshed = product.post("/v1/auth/token/refresh", json!({ "refreshToken": session.refresh })).await;
        assert_eq!(refreshed.problem(), (401, "refresh_rejected"));
        enable(true).await;
        let refreshed = product.post("/v1/auth/token/refresh", json!({ "refreshToken": session.refresh })).await;
        assert_eq!(refreshed.problem(), (401, "refresh_rejected"), "what has ended has ended");
        product.sign_in("ivy@example.com").await.good();
        let nobody = ProviderSubject { provider: "mock".to_owned(), id: "nobody".to_owned() };
        let missing = product.provider.set_enabled(&mut product.app.cx(), &nobody, false).await.err().unwrap();
        assert_eq!(missing.code.name(), "not_found");
    }

    async fn faults_strike_as_the_file_says_and_are_switched_while_it_runs(app: TestApp) {
        let faults = "[[faults]]\noperation = \"sign_in\"\ncode = \"provider_timeout\"\ntimes = 2\n\
                      [[faults]]\noperation = \"refresh\"\ncode = \"rate_limited\"\n";
        let product = Product::mock_of(app, &(asked("ann@example.com", "") + faults)).await;
        for _ in 0..2 {
            assert_eq!(product.sign_in("ann@example.com").await.problem(), (504, "provider_timeout"));
        }
        let session = Session::of(&product.sign_in("ann@example.com").await.good());
        let refresh = async || product.post("/v1/auth/token/refresh", json!({ "refreshToken": session.refresh })).await;
        let limited = refresh().await;
        assert_eq!((limited.problem(), limited.header("retry-after")), ((429, "rate_limited"), "30"));
        let shown = product.dev(request(Method::GET, "/dev/mock/faults", None, None)).await.good();
        assert_eq!(shown.body, json!({ "faults": [{ "operation": "refresh", "code": "rate_limited" }] }));

        let put = async |body: Value| product.dev(request(Method::PUT, "/dev/mock/faults", None, Some(body))).await;
        let everything = json!({ "faults": [{ "operation": "*", "code": "provider_failed", "times": 3 }] });
        assert_eq!(put(everything.clone()).await.good().body, everything);
        assert_eq!(refresh().await.problem(), (502, "provider_failed"));
        let signed_out = product.post_as(&session.access, "/v1/auth/sign-out", json!({})).await;
        assert_eq!(signed_out.problem(), (502, "provider_failed"), "the token was read before");
        assert_eq!(product.sign_in("ann@example.com").await.problem(), (502, "provider_failed"));
        refresh().await.good();

        for wrong in [
            json!({}),
            json!({ "faults": [{ "operation": "fly", "code": "provider_failed" }] }),
            json!({ "faults": [{ "operation": "sign_in", "code": "provider_failed", "often": true }] }),
            json!({ "faults": vec![json!({ "operation": "sign_in", "delay": "1ms" }); 101] }),
            json!({ "faults": [{ "operation": "sign_in", "delay": "1ms" }], "more": "x".repeat(70_000) }),
        ] {
            let refused = put(wrong).await;
            assert_eq!(refused.status, 400, "{}", refused.body);
            assert!(!refused.text("/message").is_empty());
        }
        put(json!({ "faults": [] })).await.good();
        product.sign_in("ann@example.com").await.good();
    }

    async fn a_delay_is_waited_for_before_anything_is_done(app: TestApp) {
        let faults = "[[faults]]\noperation = \"sign_in\"\ndelay = \"40ms\"\n";
        let product = Product::mock_of(app, &(asked("ann@example.com", "") + faults)).await;
        let begun = Instant::now();
        product.sign_in("ann@example.com").await.good();
        assert!(begun.elapsed() >= Duration::from_millis(40));
    }

    async fn people_come_while_it_runs(app: TestApp) {
        let product = product(app, "").await;
        let session = product.signed_in("ann@example.com").await;
        let add = async |script: String| {
            let body = axum::body::Body::from(script);
            product.dev(http::Request::post("/dev/mock/users").body(body).unwrap()).await
        };
        let eve = asked("eve@example.com", "sub = \"eve\"\nphone = \"+1555\"\nplatform_role = \"support\"");
        let ann = asked("ANN@example.com", "sub = \"new\"\nanswer = \"green\"\nchallenges = [\"custom\"]");
        add(eve.clone() + &ann).await.good();
        assert_eq!(product.sign_in("+1555").await.good().text("/user/sub"), "eve");
        assert_eq!(product.app.rows("subjects").await, 2);
        let (asked_now, _) = challenge(&product, "custom").await;
        let known = answer(&product, "custom", &asked_now, "green").await.good();
        let before = json!({ "refreshToken": session.refresh });
        let same = product.post("/v1/auth/token/refresh", before).await.good();
        assert_eq!(known.text("/user/sub"), same.text("/user/sub"), "who is there stays who they are");

        for (wrong, told) in [
            (asked("amy", ""), "line 2: This is no e-mail address."),
            (asked("amy@example.com", "sub = \"eve\""), "eve is somebody else's already."),
            (asked("amy@example.com", "phone = \"+1555\""), "+1555 is somebody else's already."),
            (format!("code = \"1\"\n{eve}"), "Only [[users]] come while it runs; the rest stands in the file."),
            (" ".repeat(70_000), "A body is at most 64 KiB, and comes in at most 20 seconds."),
        ] {
            let refused = add(wrong).await;
            assert_eq!((refused.status, refused.text("/message").as_str()), (400, told));
        }
        product.mock.as_ref().unwrap().begin_anew(&product.app.app);
        assert_eq!(product.sign_in("eve@example.com").await.problem(), (401, "invalid_credentials"));
    }

    async fn what_begins_anew_knows_nothing_of_before(app: TestApp) {
        let product = product(app, "").await;
        let session = product.signed_in("ann@example.com").await;
        product.person("eve@example.com").await;
        let change = json!({ "currentPassword": PASSWORD, "newPassword": NEW });
        product.call(Method::PATCH, "/v1/auth/password", Some(&session.access), Some(change)).await.good();

        product.mock.as_ref().unwrap().begin_anew(&product.app.app);

        assert_eq!(product.sign_in("eve@example.com").await.problem(), (401, "invalid_credentials"));
        assert_eq!(product.post_as(&session.access, "/v1/auth/sign-out", json!({})).await.problem(), (401, "unauthenticated"));
        product.sign_in("ann@example.com").await.good();
    }
}
