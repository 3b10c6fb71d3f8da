//! Who is there, as far as a client lets on: user-pools.md, section 19.

use cognate_domain::user::UserStatus;
use cognate_testkit::app::{Answered, PASSWORD, SrpClient};
use cognate_testkit::{TestApp, both_engines};
use serde_json::{Value, json};

const WRONG: &str = "Incorrect username or password.";

async fn clients(app: &TestApp) -> (String, String, String) {
    let pool = app.pool().await;
    let veiling = app.client_with(&pool, json!({ "PreventUserExistenceErrors": "ENABLED" })).await;
    let telling = app.client_with(&pool, json!({ "PreventUserExistenceErrors": "LEGACY" })).await;
    (pool, veiling, telling)
}

async fn challenge(app: &TestApp, client: &str, name: &str) -> Value {
    app.start_srp(client, name, &SrpClient::new([5; 32])).await.good()["ChallengeParameters"].clone()
}

/// Which members there are and how long they are.
fn shape(parameters: &Value) -> Vec<(String, usize)> {
    let members = parameters.as_object().unwrap().iter();
    let mut shape: Vec<_> = members
        .filter(|(name, _)| !name.starts_with("USER"))
        .map(|(name, value)| (name.clone(), value.as_str().unwrap().len()))
        .collect();
    shape.sort();
    shape
}

#[track_caller]
fn refused(answer: &Answered, sentence: &str) {
    answer.assert_refused("NotAuthorizedException", sentence);
}

both_engines! {
    async fn somebody_who_is_not_there_is_challenged_alike_each_time(app: TestApp) {
        let (_, veiling, _) = clients(&app).await;

        let first = challenge(&app, &veiling, "nobody").await;
        let second = challenge(&app, &veiling, "nobody").await;
        let other = challenge(&app, &veiling, "nobody-else").await;

        assert_eq!(first["SALT"], second["SALT"]);
        assert_eq!(first["USER_ID_FOR_SRP"], second["USER_ID_FOR_SRP"]);
        assert_ne!(first["SRP_B"], second["SRP_B"]);
        assert_ne!(first["SECRET_BLOCK"], second["SECRET_BLOCK"]);
        assert_ne!(first["SALT"], other["SALT"]);
        assert_ne!(first["USER_ID_FOR_SRP"], other["USER_ID_FOR_SRP"]);
    }

    async fn the_same_name_looks_otherwise_in_another_pool(app: TestApp) {
        let (_, here, _) = clients(&app).await;
        let (_, there, _) = clients(&app).await;

        assert_ne!(challenge(&app, &here, "nobody").await["SALT"], challenge(&app, &there, "nobody").await["SALT"]);
    }

    async fn a_challenge_for_nobody_has_the_shape_of_a_real_one(app: TestApp) {
        // In a pool of addresses the user's id for SRP is a UUID, as the simulated one is.
        let pool = app.pool_with(json!({ "UsernameAttributes": ["email"] })).await;
        let veiling = app.client_with(&pool, json!({ "PreventUserExistenceErrors": "ENABLED" })).await;
        app.user(&pool, "ann@example.com").await;

        let real = challenge(&app, &veiling, "ann@example.com").await;
        let simulated = challenge(&app, &veiling, "bob@example.com").await;

        let (real_shape, simulated_shape) = (shape(&real), shape(&simulated));
        let mut pairs = real_shape.iter().zip(&simulated_shape);
        let near = pairs.all(|(one, other)| one.0 == other.0 && one.1.abs_diff(other.1) <= 8); // zeros in front
        assert!(near, "{real_shape:?} {simulated_shape:?}");
        for parameters in [&real, &simulated] {
            assert_eq!(parameters["USERNAME"], parameters["USER_ID_FOR_SRP"]);
            assert_eq!(parameters["USERNAME"].as_str().unwrap().len(), 36);
        }
    }

    async fn whoever_answers_for_nobody_hears_of_a_wrong_password(app: TestApp) {
        let (pool, veiling, _) = clients(&app).await;

        refused(&app.srp(&pool, &veiling, "nobody", PASSWORD).await, WRONG);
        refused(&app.password(&veiling, "nobody", PASSWORD).await, WRONG);
    }

    async fn a_name_that_is_nobodys_is_locked_like_a_users(app: TestApp) {
        let (pool, veiling, _) = clients(&app).await;
        app.user(&pool, "ann").await;

        for name in ["ann", "nobody"] {
            for by_srp in [false, true, true, false, true] {
                let answer = if by_srp {
                    app.srp(&pool, &veiling, name, "Wrong-Horse-9").await
                } else {
                    app.password(&veiling, name, "Wrong-Horse-9").await
                };
                refused(&answer, WRONG);
            }
            refused(&app.password(&veiling, name, PASSWORD).await, "Password attempts exceeded");
            refused(&app.srp(&pool, &veiling, name, PASSWORD).await, "Password attempts exceeded");
        }
    }

    async fn a_telling_client_says_at_once_that_nobody_is_there(app: TestApp) {
        let (pool, _, telling) = clients(&app).await;

        let answer = app.srp(&pool, &telling, "nobody", PASSWORD).await;
        answer.assert_refused("UserNotFoundException", "User does not exist.");
        let answer = app.password(&telling, "nobody", PASSWORD).await;
        answer.assert_refused("UserNotFoundException", "User does not exist.");
    }

    async fn a_disabled_user_is_veiled_to_the_end(app: TestApp) {
        let (pool, veiling, telling) = clients(&app).await;
        app.user(&pool, "ann").await;
        app.change_user(&pool, "ann", |user| user.enabled = false).await;

        refused(&app.srp(&pool, &veiling, "ann", PASSWORD).await, WRONG);
        refused(&app.password(&veiling, "ann", PASSWORD).await, WRONG);
        refused(&app.srp(&pool, &telling, "ann", PASSWORD).await, "User is disabled.");
        refused(&app.password(&telling, "ann", PASSWORD).await, "User is disabled.");
    }

    async fn a_user_who_must_reset_the_password_is_veiled_to_the_end(app: TestApp) {
        let (pool, veiling, telling) = clients(&app).await;
        app.user(&pool, "ann").await;
        app.change_user(&pool, "ann", |user| user.status = UserStatus::ResetRequired).await;

        refused(&app.srp(&pool, &veiling, "ann", PASSWORD).await, WRONG);
        refused(&app.password(&veiling, "ann", PASSWORD).await, WRONG);
        for answer in [app.srp(&pool, &telling, "ann", PASSWORD).await, app.password(&telling, "ann", PASSWORD).await] {
            answer.assert_refused("PasswordResetRequiredException", "Password reset required for the user");
        }
    }

    async fn a_user_disabled_between_the_steps_is_veiled(app: TestApp) {
        let (pool, veiling, telling) = clients(&app).await;
        app.user(&pool, "ann").await;
        let veiled = app.srp_proof(&pool, &veiling, "ann", PASSWORD).await;
        let told = app.srp_proof(&pool, &telling, "ann", PASSWORD).await;
        app.change_user(&pool, "ann", |user| user.enabled = false).await;

        refused(&app.send_proof(&veiling, &veiled).await, WRONG);
        refused(&app.send_proof(&telling, &told).await, "User is disabled.");
    }

    async fn who_was_disabled_between_the_steps_is_counted_like_a_name_that_is_nobodys(app: TestApp) {
        let (pool, veiling, _) = clients(&app).await;
        app.user(&pool, "ann").await;
        let mut proofs = Vec::new();
        for _ in 0..3 {
            proofs.push(app.srp_proof(&pool, &veiling, "ann", PASSWORD).await);
        }
        app.change_user(&pool, "ann", |user| user.enabled = false).await;

        for proof in &proofs {
            refused(&app.send_proof(&veiling, proof).await, WRONG);
        }
        for _ in 0..2 {
            refused(&app.password(&veiling, "ann", PASSWORD).await, WRONG);
        }

        refused(&app.password(&veiling, "ann", PASSWORD).await, "Password attempts exceeded");
        refused(&app.srp(&pool, &veiling, "ann", PASSWORD).await, "Password attempts exceeded");
        app.change_user(&pool, "ann", |user| user.enabled = true).await;
        app.password(&veiling, "ann", PASSWORD).await.assert_good(); // nothing was counted against herself
    }

    async fn an_unconfirmed_user_learns_it_only_with_the_right_password(app: TestApp) {
        let (pool, veiling, _) = clients(&app).await;
        app.sign_up(&veiling, "ann").await.assert_good();

        let right = app.srp(&pool, &veiling, "ann", PASSWORD).await;

        right.assert_refused("UserNotConfirmedException", "User is not confirmed.");
        refused(&app.srp(&pool, &veiling, "ann", "Wrong-Horse-9").await, WRONG);
    }

    async fn a_user_without_a_password_gets_in_by_no_proof(app: TestApp) {
        let (pool, veiling, _) = clients(&app).await;
        app.user(&pool, "ann").await;
        app.change_user(&pool, "ann", |user| user.password = None).await;

        let first = challenge(&app, &veiling, "ann").await;
        assert_eq!(challenge(&app, &veiling, "ann").await["SALT"], first["SALT"]);
        refused(&app.srp(&pool, &veiling, "ann", PASSWORD).await, WRONG);
        refused(&app.password(&veiling, "ann", PASSWORD).await, WRONG);
    }
}
