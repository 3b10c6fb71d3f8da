//! `USER_SRP_AUTH`: the two steps, and what becomes of answers that are late, bent, repeated or guessed.

use std::time::Duration;

use cognate_testkit::app::{PASSWORD, Proof, SrpClient};
use cognate_testkit::{TestApp, both_engines};
use serde_json::json;

const WRONG: &str = "Incorrect username or password.";
const SESSION: Duration = Duration::from_mins(3);

async fn ann(app: &TestApp) -> (String, String) {
    let pool = app.pool().await;
    let client = app.client(&pool).await;
    app.user(&pool, "ann").await;
    (pool, client)
}

/// The text with one letter of its middle changed.
fn bent(text: &str, at: usize) -> String {
    let mut bytes = text.as_bytes().to_vec();
    bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
    String::from_utf8(bytes).unwrap()
}

both_engines! {
    async fn the_right_password_signs_in(app: TestApp) {
        let (pool, client) = ann(&app).await;

        let answer = app.srp(&pool, &client, "ann", PASSWORD).await;

        assert_eq!(answer["ChallengeParameters"], json!({}));
        app.get_user(&answer.text("/AuthenticationResult/AccessToken")).await.assert_good();
    }

    async fn an_answer_is_in_time_to_the_last_moment(app: TestApp) {
        let (pool, client) = ann(&app).await;
        let proof = app.srp_proof(&pool, &client, "ann", PASSWORD).await;

        app.clock.almost(SESSION);

        app.send_proof(&client, &proof).await.assert_good();
    }

    async fn a_late_answer_is_refused(app: TestApp) {
        let (pool, client) = ann(&app).await;
        let proof = app.srp_proof(&pool, &client, "ann", PASSWORD).await;

        app.clock.advance(SESSION);

        let sentence = "Invalid session for the user, session is expired.";
        app.send_proof(&client, &proof).await.assert_refused("NotAuthorizedException", sentence);
        assert_eq!(app.rows("attempts").await, 0);
    }

    async fn an_altered_secret_block_is_a_wrong_password(app: TestApp) {
        let (pool, client) = ann(&app).await;
        let proof = app.srp_proof(&pool, &client, "ann", PASSWORD).await;

        for at in [0, 12, proof.secret_block.len() / 2, proof.secret_block.len() - 5] {
            let proof = Proof { secret_block: bent(&proof.secret_block, at), ..proof.clone() };
            app.send_proof(&client, &proof).await.assert_refused("NotAuthorizedException", WRONG);
        }
        let nonsense = Proof { secret_block: "AAAA".to_owned(), ..proof.clone() };
        app.send_proof(&client, &nonsense).await.assert_refused("NotAuthorizedException", WRONG);
        app.send_proof(&client, &proof).await.assert_good();
    }

    async fn a_secret_block_is_for_its_own_pool_and_client(app: TestApp) {
        let (pool, client) = ann(&app).await;
        let other_client = app.client(&pool).await;
        let (_, elsewhere) = ann(&app).await;
        let proof = app.srp_proof(&pool, &client, "ann", PASSWORD).await;

        for client in [&other_client, &elsewhere] {
            app.send_proof(client, &proof).await.assert_refused("NotAuthorizedException", WRONG);
        }
        app.send_proof(&client, &proof).await.assert_good();
    }

    async fn a_secret_block_is_for_its_own_user(app: TestApp) {
        let (pool, client) = ann(&app).await;
        app.user(&pool, "bob").await;
        let proof = app.srp_proof(&pool, &client, "ann", PASSWORD).await;

        let as_bob = Proof { username: "bob".to_owned(), ..proof };

        app.send_proof(&client, &as_bob).await.assert_refused("NotAuthorizedException", WRONG);
    }

    async fn a_right_answer_is_good_once(app: TestApp) {
        let (pool, client) = ann(&app).await;
        let proof = app.srp_proof(&pool, &client, "ann", PASSWORD).await;
        app.send_proof(&client, &proof).await.assert_good();

        app.send_proof(&client, &proof).await.assert_refused("NotAuthorizedException", WRONG);

        assert_eq!((app.rows("token_families").await, app.rows("attempts").await), (1, 1));
    }

    async fn an_answer_made_at_another_time_is_refused(app: TestApp) {
        let pool = app.pool().await;
        let client = app.client_with(&pool, json!({ "AuthSessionValidity": 15 })).await;
        app.user(&pool, "ann").await;

        for (minutes, good) in [(5, true), (6, false)] {
            let early = app.srp_proof(&pool, &client, "ann", PASSWORD).await;
            app.clock.advance(Duration::from_mins(minutes));
            let answer = app.send_proof(&client, &early).await;
            assert_eq!(answer.status == 200, good, "{minutes} minutes: {answer}");
        }
    }

    async fn a_wrong_answer_ends_its_secret_block(app: TestApp) {
        let (pool, client) = ann(&app).await;
        let proof = app.srp_proof(&pool, &client, "ann", PASSWORD).await;
        let wrong = Proof { signature: bent(&proof.signature, 3), ..proof.clone() };
        app.send_proof(&client, &wrong).await.assert_refused("NotAuthorizedException", WRONG);

        assert_eq!(app.send_proof(&client, &proof).await.error.as_deref(), Some("NotAuthorizedException"));
        assert_eq!(app.rows("token_families").await, 0);
    }

    async fn guessing_at_one_secret_block_counts_and_locks(app: TestApp) {
        let (pool, client) = ann(&app).await;
        let proof = app.srp_proof(&pool, &client, "ann", PASSWORD).await;

        for guess in 0..5 {
            let guess = Proof { signature: bent(&proof.signature, guess), ..proof.clone() };
            app.send_proof(&client, &guess).await.assert_refused("NotAuthorizedException", WRONG);
        }

        assert_eq!(app.rows("attempts").await, 5);
        app.send_proof(&client, &proof).await.assert_refused("NotAuthorizedException", "Password attempts exceeded");
        let password = app.password(&client, "ann", PASSWORD).await;
        password.assert_refused("NotAuthorizedException", "Password attempts exceeded");
    }

    async fn every_part_of_the_answer_is_proved(app: TestApp) {
        let (pool, client) = ann(&app).await;
        let right = app.srp_proof(&pool, &client, "ann", PASSWORD).await;
        let other = app.srp_proof(&pool, &client, "ann", PASSWORD).await;
        let wrong_password = app.srp_proof(&pool, &client, "ann", "Wrong-Horse-9").await;

        for wrong in [
            wrong_password,
            Proof { timestamp: "Fri Jan 2 03:04:06 UTC 2026".to_owned(), ..right.clone() }, // a second later,
            Proof { secret_block: other.secret_block, ..right },
        ] {
            app.send_proof(&client, &wrong).await.assert_refused("NotAuthorizedException", WRONG);
        }
    }

    async fn a_device_that_we_do_not_know_leaves_the_secret_block_good(app: TestApp) {
        let (pool, client) = ann(&app).await;
        let proof = app.srp_proof(&pool, &client, "ann", PASSWORD).await;

        let with_device = [
            ("USERNAME", proof.username.as_str()), ("PASSWORD_CLAIM_SECRET_BLOCK", &proof.secret_block),
            ("PASSWORD_CLAIM_SIGNATURE", &proof.signature), ("TIMESTAMP", &proof.timestamp),
            ("DEVICE_KEY", "us-east-1_0d0d0d0d-0d0d-4d0d-8d0d-0d0d0d0d0d0d"),
        ];
        let refused = app.answer(&client, "PASSWORD_VERIFIER", "", &with_device).await;

        refused.assert_refused("ResourceNotFoundException", "Device does not exist.");
        app.send_proof(&client, &proof).await.assert_good();
    }

    async fn a_password_changed_between_the_steps_counts(app: TestApp) {
        let (pool, client) = ann(&app).await;
        let proof = app.srp_proof(&pool, &client, "ann", PASSWORD).await;
        let set = json!({ "UserPoolId": pool, "Username": "ann", "Password": "Changed-Since-5", "Permanent": true });
        app.idp("AdminSetUserPassword", set).await.assert_good();

        app.send_proof(&client, &proof).await.assert_refused("NotAuthorizedException", WRONG);
    }

    async fn a_public_value_without_a_secret_is_refused(app: TestApp) {
        let (_, client) = ann(&app).await;

        for srp_a in ["0", "00", "xyz", "-1", &"f".repeat(769)] {
            let parameters = json!({ "USERNAME": "ann", "SRP_A": srp_a });
            let input = json!({ "ClientId": client, "AuthFlow": "USER_SRP_AUTH", "AuthParameters": parameters });
            app.idp("InitiateAuth", input).await.assert_refused("InvalidParameterException", "SRP_A is not valid");
        }
    }

    async fn every_challenge_has_a_b_of_its_own(app: TestApp) {
        let (_, client) = ann(&app).await;
        let srp = SrpClient::new([9; 32]);

        let first = app.start_srp(&client, "ann", &srp).await;
        let second = app.start_srp(&client, "ann", &srp).await;

        assert_eq!(first["ChallengeParameters"]["SALT"], second["ChallengeParameters"]["SALT"]);
        assert_ne!(first["ChallengeParameters"]["SRP_B"], second["ChallengeParameters"]["SRP_B"]);
        assert_ne!(first["ChallengeParameters"]["SECRET_BLOCK"], second["ChallengeParameters"]["SECRET_BLOCK"]);
        assert!(first.body.get("Session").is_none());
    }
}
