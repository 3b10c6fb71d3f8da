//! Nothing that is secret or somebody's own is logged, however talkative the log is.

use cognate_testkit::app::log::Log;
use cognate_testkit::app::{PASSWORD, Tokens, merged};
use cognate_testkit::{TestApp, both_engines};
use serde_json::{Value, json};

const WRONG: &str = "Wrong-Secret-17";
const TEMPORARY: &str = "Temporary-Secret-53";
const NEW: &str = "Newest-Secret-88";
const MAIL: &str = "hidden.address@example.com";
const PHONE: &str = "+12065559731";

/// Signs up, confirms, signs in, fails, is locked, refreshes and signs out. What of it is nobody else's business.
async fn a_life(app: &TestApp) -> Vec<String> {
    let pool = app.pool_with(json!({ "AutoVerifiedAttributes": ["email", "phone_number"] })).await;
    let client = app.client_with(&pool, json!({ "GenerateSecret": true })).await;
    let described = app.idp("DescribeUserPoolClient", json!({ "UserPoolId": pool, "ClientId": client })).await;
    let secret = described.text("/UserPoolClient/ClientSecret");
    let hash = cognate_jose::secret_hash(&secret, "ann", &client);
    let mut secrets = vec![secret, hash.clone()];
    let sign_in = |password: &str| {
        let parameters = json!({ "USERNAME": "ann", "PASSWORD": password, "SECRET_HASH": hash });
        json!({ "ClientId": client, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters })
    };

    let sign_up = |attributes: Value| {
        let more = json!({ "SecretHash": hash, "UserAttributes": attributes });
        merged(json!({ "ClientId": client, "Username": "ann", "Password": PASSWORD }), more)
    };
    app.idp("SignUp", sign_up(json!([{ "Name": "email", "Value": MAIL }]))).await.assert_good();
    let code = app.last_message(MAIL).await.code.unwrap();
    assert_eq!(app.idp("SignUp", sign_up(json!([{ "Name": "phone_number", "Value": PHONE }]))).await.status, 400);
    let confirm =
        |code: &str| json!({ "ClientId": client, "Username": "ann", "SecretHash": hash, "ConfirmationCode": code });
    assert_eq!(app.idp("ConfirmSignUp", confirm("000000")).await.status, 400);
    app.idp("ConfirmSignUp", confirm(&code)).await.assert_good();
    secrets.push(code);

    let tokens = Tokens::of(&app.idp("InitiateAuth", sign_in(PASSWORD)).await);
    for _ in 0..6 {
        assert_eq!(app.idp("InitiateAuth", sign_in(WRONG)).await.status, 400);
    }
    app.get_user(&tokens.access).await.assert_good();
    assert_eq!(app.get_user(&tokens.id).await.status, 400);
    app.idp("GlobalSignOut", json!({ "AccessToken": tokens.access })).await.assert_good();
    assert_eq!(app.get_user(&tokens.access).await.status, 400);

    let public = app.client(&pool).await;
    let phone = json!([{ "Name": "phone_number", "Value": PHONE }]);
    let invite = json!({
        "UserPoolId": pool, "Username": "bob", "TemporaryPassword": TEMPORARY, "UserAttributes": phone,
        "DesiredDeliveryMediums": ["SMS"],
    });
    app.idp("AdminCreateUser", invite).await.assert_good();
    let session = app.password(&public, "bob", TEMPORARY).await.text("/Session");
    let answers = [("USERNAME", "bob"), ("NEW_PASSWORD", NEW)];
    app.answer(&public, "NEW_PASSWORD_REQUIRED", &session, &answers).await.assert_good();
    let proof = app.srp_proof(&pool, &public, "bob", NEW).await;
    let by_srp = Tokens::of(&app.send_proof(&public, &proof).await);
    app.refresh(&public, &by_srp.refresh).await.assert_good();
    app.idp("ListUsers", json!({ "UserPoolId": pool, "Filter": format!("email = \"{MAIL}\"") })).await.assert_good();
    app.raw("InitiateAuth", "{\"AuthParameters\":{\"PASSWORD\":\"Broken-Secret-77\"").await;
    app.idp("SignUp", json!({ "ClientId": 5, "Password": ["Broken-Secret-77"] })).await;

    for token in [&tokens.id, &tokens.access, &tokens.refresh, &by_srp.id, &by_srp.access, &by_srp.refresh] {
        secrets.push(token.rsplit_once('.').unwrap().1.to_owned());
    }
    secrets.extend([session, proof.signature, proof.secret_block]);
    secrets
}

both_engines! {
    async fn no_password_code_token_hash_or_address_is_logged(app: TestApp) {
        let log = Log::capture();

        let mut secrets = a_life(&app).await;

        let fixed = [PASSWORD, WRONG, TEMPORARY, NEW, MAIL, PHONE, "Broken-Secret-77", "hidden.address", "2065559731"];
        secrets.extend(fixed.map(str::to_owned));
        let text = log.text();
        let told: Vec<&str> = secrets.iter().map(String::as_str).filter(|secret| contains(&text, secret)).collect();
        assert!(text.contains("was refused"), "a log without our own lines proves nothing");
        assert_eq!(told, Vec::<&str>::new(), "{}", lines_with(&text, &told));
    }
}

/// A code's six digits may stand in a longer number by chance.
fn contains(text: &str, secret: &str) -> bool {
    let is_part = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    text.match_indices(secret).any(|(at, _)| {
        let before = at.checked_sub(1).and_then(|before| text.as_bytes().get(before));
        secret.len() > 6 || !(is_part(before) || is_part(text.as_bytes().get(at + secret.len())))
    })
}

fn lines_with(text: &str, told: &[&str]) -> String {
    text.lines().filter(|line| told.iter().any(|secret| line.contains(secret))).collect::<Vec<_>>().join("\n")
}
