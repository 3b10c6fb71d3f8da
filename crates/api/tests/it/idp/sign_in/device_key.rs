//! `DEVICE_KEY`, while there are no devices: a sign-in that begins with one is a sign-in all the same, and a proof that
//! names one is told so without being spent. user-pools.md, section 9.4.

use cognate_testkit::app::{PASSWORD, Tokens};
use cognate_testkit::{TestApp, both_engines};
use serde_json::{Value, json};

const DEVICE: &str = "us-east-1_0d0d0d0d-0d0d-4d0d-8d0d-0d0d0d0d0d0d";

async fn start(app: &TestApp, client: &str, flow: &str, parameters: Value) -> cognate_testkit::Answered {
    let input = json!({ "ClientId": client, "AuthFlow": flow, "AuthParameters": parameters });
    app.idp("InitiateAuth", input).await
}

both_engines! {
    async fn a_stale_key_keeps_nobody_from_beginning(app: TestApp) {
        let pool = app.pool().await;
        let client = app.client(&pool).await;
        app.user(&pool, "ann").await;

        for device in [DEVICE, "", "x"] {
            let named = json!({ "USERNAME": "ann", "PASSWORD": PASSWORD, "DEVICE_KEY": device });
            let tokens = Tokens::of(&start(&app, &client, "USER_PASSWORD_AUTH", named).await);
            let kept = json!({ "REFRESH_TOKEN": tokens.refresh, "DEVICE_KEY": device });
            start(&app, &client, "REFRESH_TOKEN_AUTH", kept).await.assert_good();
            let named = json!({ "USERNAME": "ann", "SRP_A": "ff", "DEVICE_KEY": device });
            start(&app, &client, "USER_SRP_AUTH", named).await.assert_good();
        }
    }

    async fn a_wrong_password_is_wrong_with_a_key_too(app: TestApp) {
        let pool = app.pool().await;
        let client = app.client(&pool).await;
        app.user(&pool, "ann").await;

        let named = json!({ "USERNAME": "ann", "PASSWORD": "Wrong-Horse-9", "DEVICE_KEY": DEVICE });
        let refused = start(&app, &client, "USER_PASSWORD_AUTH", named).await;

        refused.assert_refused("NotAuthorizedException", "Incorrect username or password.");
    }

    async fn a_proof_with_a_key_is_told_so_and_one_with_a_blank_key_is_a_proof(app: TestApp) {
        let pool = app.pool().await;
        let client = app.client(&pool).await;
        app.user(&pool, "ann").await;
        let proof = app.srp_proof(&pool, &client, "ann", PASSWORD).await;
        let answer = async |device: &str| {
            let answers = [
                ("USERNAME", proof.username.as_str()), ("PASSWORD_CLAIM_SECRET_BLOCK", &proof.secret_block),
                ("PASSWORD_CLAIM_SIGNATURE", &proof.signature), ("TIMESTAMP", &proof.timestamp), ("DEVICE_KEY", device),
            ];
            app.answer(&client, "PASSWORD_VERIFIER", "", &answers).await
        };

        answer(DEVICE).await.assert_refused("ResourceNotFoundException", "Device does not exist.");
        answer("").await.assert_good();
    }
}
