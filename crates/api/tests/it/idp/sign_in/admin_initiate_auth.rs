//! `AdminInitiateAuth` and `AdminRespondToAuthChallenge`: the same sign-in by another door. user-pools.md, section 9.2.

use cognate_domain::Clock as _;
use cognate_domain::user::UserStatus;
use cognate_testkit::app::{Answered, PASSWORD, SrpClient, Tokens};
use cognate_testkit::{TestApp, both_engines};
use serde_json::{Value, json};

const WRONG: &str = "Incorrect username or password.";
const FLOWS: [&str; 3] = ["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"];

/// A pool, one of its clients, and what its owner's server does with them.
struct Owner<'a> {
    app: &'a TestApp,
    pool: String,
    client: String,
}

impl<'a> Owner<'a> {
    async fn new(app: &'a TestApp) -> Self {
        Self::with(app, json!({ "ExplicitAuthFlows": FLOWS })).await
    }

    async fn with(app: &'a TestApp, settings: Value) -> Self {
        let pool = app.pool().await;
        let client = app.client_with(&pool, settings).await;
        Self { app, pool, client }
    }

    async fn start(&self, flow: &str, parameters: Value) -> Answered {
        let input = json!({
            "UserPoolId": self.pool, "ClientId": self.client, "AuthFlow": flow, "AuthParameters": parameters,
        });
        self.app.idp("AdminInitiateAuth", input).await
    }

    async fn password(&self, name: &str, password: &str) -> Answered {
        self.start("ADMIN_USER_PASSWORD_AUTH", json!({ "USERNAME": name, "PASSWORD": password })).await
    }

    async fn answer(&self, challenge: &str, session: Option<&str>, responses: Value) -> Answered {
        let input = json!({
            "UserPoolId": self.pool, "ClientId": self.client, "ChallengeName": challenge,
            "ChallengeResponses": responses, "Session": session,
        });
        self.app.idp("AdminRespondToAuthChallenge", input).await
    }

    async fn start_srp(&self, name: &str) -> (SrpClient, Answered) {
        let srp = SrpClient::new([3; 32]);
        let asked = self.start("USER_SRP_AUTH", json!({ "USERNAME": name, "SRP_A": srp.srp_a() })).await;
        (srp, asked)
    }

    /// The answer to a challenge, as the members of `ChallengeResponses`.
    fn proof(&self, srp: &SrpClient, asked: &Answered, password: &str) -> Value {
        let pool_name = self.pool.split_once('_').unwrap().1;
        let proof = srp.prove(pool_name, asked, password, self.app.clock.now());
        json!({
            "USERNAME": proof.username, "PASSWORD_CLAIM_SECRET_BLOCK": proof.secret_block,
            "PASSWORD_CLAIM_SIGNATURE": proof.signature, "TIMESTAMP": proof.timestamp,
        })
    }
}

both_engines! {
    async fn both_names_of_the_password_flow_sign_in(app: TestApp) {
        let owner = Owner::new(&app).await;
        app.user(&owner.pool, "ann").await;

        for flow in ["ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH"] {
            let answer = owner.start(flow, json!({ "USERNAME": "ann", "PASSWORD": PASSWORD })).await;
            assert_eq!(answer["ChallengeParameters"], json!({}));
            let tokens = Tokens::of(&answer);
            app.get_user(&tokens.access).await.assert_good();
            let wrong = owner.start(flow, json!({ "USERNAME": "ann", "PASSWORD": "Wrong-Horse-9" })).await;
            wrong.assert_refused("NotAuthorizedException", WRONG);
        }
    }

    async fn the_old_name_in_a_clients_list_allows_both(app: TestApp) {
        let owner = Owner::with(&app, json!({ "ExplicitAuthFlows": ["ADMIN_NO_SRP_AUTH"] })).await;
        app.user(&owner.pool, "ann").await;

        for flow in ["ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH"] {
            owner.start(flow, json!({ "USERNAME": "ann", "PASSWORD": PASSWORD })).await.assert_good();
        }
        let public = app.password(&owner.client, "ann", PASSWORD).await;
        public.assert_refused("InvalidParameterException", "USER_PASSWORD_AUTH flow not enabled for this client");
    }

    async fn each_door_has_its_own_password_flow(app: TestApp) {
        let owner = Owner::with(&app, json!({
            "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH"],
        })).await;
        app.user(&owner.pool, "ann").await;
        let named = json!({ "USERNAME": "ann", "PASSWORD": PASSWORD });

        let here = owner.start("USER_PASSWORD_AUTH", named.clone()).await;
        here.assert_refused("InvalidParameterException", "Initiate Auth method not supported.");
        for flow in ["ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH"] {
            let input = json!({ "ClientId": owner.client, "AuthFlow": flow, "AuthParameters": named });
            let there = app.idp("InitiateAuth", input).await;
            there.assert_refused("InvalidParameterException", "Initiate Auth method not supported.");
        }
    }

    async fn a_flow_that_the_client_does_not_list_is_refused_by_its_sentence(app: TestApp) {
        let owner = Owner::with(&app, json!({ "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"] })).await;
        app.user(&owner.pool, "ann").await;
        let refresh = app.tokens(&owner.client, "ann").await.refresh;

        for (flow, sentence) in [
            ("ADMIN_USER_PASSWORD_AUTH", "Auth flow not enabled for this client"),
            ("ADMIN_NO_SRP_AUTH", "Auth flow not enabled for this client"),
            ("USER_SRP_AUTH", "USER_SRP_AUTH is not enabled for the client."),
            ("REFRESH_TOKEN_AUTH", "REFRESH_TOKEN_AUTH is not enabled for the client."),
            ("REFRESH_TOKEN", "REFRESH_TOKEN_AUTH is not enabled for the client."),
            ("CUSTOM_AUTH", "CUSTOM_AUTH is not enabled for the client."),
            ("USER_AUTH", "USER_AUTH is not enabled for the client."),
        ] {
            let all = json!({ "USERNAME": "ann", "PASSWORD": PASSWORD, "SRP_A": "ff", "REFRESH_TOKEN": refresh });
            owner.start(flow, all).await.assert_refused("InvalidParameterException", sentence);
        }
    }

    async fn custom_auth_and_user_auth_say_what_is_missing(app: TestApp) {
        let owner = Owner::with(&app, json!({ "ExplicitAuthFlows": ["ALLOW_CUSTOM_AUTH", "ALLOW_USER_AUTH"] })).await;

        let custom = owner.start("CUSTOM_AUTH", json!({ "USERNAME": "ann" })).await;
        let sentence = "Custom auth lambda trigger is not configured for the user pool.";
        custom.assert_refused("InvalidParameterException", sentence);
        let chosen = owner.start("USER_AUTH", json!({ "USERNAME": "ann" })).await;
        assert_eq!((chosen.status, chosen.message.as_str()), (501, "AdminInitiateAuth with USER_AUTH is not implemented yet."));
    }

    async fn srp_works_by_this_door_and_a_proof_is_good_once(app: TestApp) {
        let owner = Owner::new(&app).await;
        app.user(&owner.pool, "ann").await;
        let (srp, asked) = owner.start_srp("ann").await;
        let proof = owner.proof(&srp, &asked, PASSWORD);

        let answer = owner.answer("PASSWORD_VERIFIER", None, proof.clone()).await;

        app.get_user(&Tokens::of(&answer).access).await.assert_good();
        let again = owner.answer("PASSWORD_VERIFIER", None, proof).await;
        again.assert_refused("NotAuthorizedException", WRONG);
        let (srp, asked) = owner.start_srp("ann").await;
        let wrong = owner.answer("PASSWORD_VERIFIER", None, owner.proof(&srp, &asked, "Wrong-Horse-9")).await;
        wrong.assert_refused("NotAuthorizedException", WRONG);
    }

    async fn what_one_door_asked_the_other_may_hear(app: TestApp) {
        let owner = Owner::with(&app, json!({
            "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH"],
        })).await;
        for name in ["ann", "bob"] {
            app.invited(&owner.pool, name, PASSWORD).await;
        }
        let asked_publicly = app.password(&owner.client, "ann", PASSWORD).await.text("/Session");
        let asked_here = owner.password("bob", PASSWORD).await;
        assert_eq!(asked_here["ChallengeName"], "NEW_PASSWORD_REQUIRED");
        assert_eq!(asked_here["ChallengeParameters"]["USER_ID_FOR_SRP"], "bob");
        let asked_here = asked_here.text("/Session");

        let new = json!({ "USERNAME": "ann", "NEW_PASSWORD": "Brand-New-Pass-2" });
        let here = owner.answer("NEW_PASSWORD_REQUIRED", Some(&asked_publicly), new.clone()).await;
        let answers = [("USERNAME", "bob"), ("NEW_PASSWORD", "Brand-New-Pass-2")];
        let publicly = app.answer(&owner.client, "NEW_PASSWORD_REQUIRED", &asked_here, &answers).await;

        for answer in [here, publicly] {
            app.get_user(&Tokens::of(&answer).access).await.assert_good();
        }
        let again = owner.answer("NEW_PASSWORD_REQUIRED", Some(&asked_publicly), new).await;
        let sentence = "Invalid session for the user, session can only be used once.";
        again.assert_refused("NotAuthorizedException", sentence);
    }

    async fn a_session_of_another_client_or_user_is_invalid(app: TestApp) {
        let owner = Owner::new(&app).await;
        let other = Owner { app: &app, pool: owner.pool.clone(), client: app.client_with(&owner.pool, json!({ "ExplicitAuthFlows": FLOWS })).await };
        let elsewhere = Owner::new(&app).await;
        for name in ["ann", "bob"] {
            app.invited(&owner.pool, name, PASSWORD).await;
            app.invited(&elsewhere.pool, name, PASSWORD).await;
        }
        let session = owner.password("ann", PASSWORD).await.text("/Session");

        let sentence = "Invalid session for the user.";
        for (at, name) in [(&other, "ann"), (&elsewhere, "ann"), (&owner, "bob")] {
            let new = json!({ "USERNAME": name, "NEW_PASSWORD": "Brand-New-Pass-2" });
            let refused = at.answer("NEW_PASSWORD_REQUIRED", Some(&session), new).await;
            refused.assert_refused("NotAuthorizedException", sentence);
        }
        for challenge in ["SMS_MFA", "ADMIN_NO_SRP_AUTH", "CUSTOM_CHALLENGE"] {
            let refused = owner.answer(challenge, Some(&session), json!({ "USERNAME": "ann", "ANSWER": "x" })).await;
            refused.assert_refused("NotAuthorizedException", sentence);
            let refused = owner.answer(challenge, None, json!({ "USERNAME": "ann" })).await;
            refused.assert_refused("InvalidParameterException", "Missing required parameter Session");
        }
    }

    async fn a_client_of_another_pool_or_none_is_not_found(app: TestApp) {
        let (owner, elsewhere) = (Owner::new(&app).await, Owner::new(&app).await);
        app.user(&owner.pool, "ann").await;
        app.user(&elsewhere.pool, "ann").await;
        let crossed = Owner { app: &app, pool: owner.pool.clone(), client: elsewhere.client.clone() };
        let gone = "us-east-1_000000000";
        let nowhere = Owner { app: &app, pool: gone.to_owned(), client: owner.client.clone() };

        for (at, sentence) in [
            (&crossed, format!("User pool client {} does not exist.", crossed.client)),
            (&nowhere, format!("User pool {gone} does not exist.")),
        ] {
            at.password("ann", PASSWORD).await.assert_refused("ResourceNotFoundException", &sentence);
            let refused = at.answer("NEW_PASSWORD_REQUIRED", Some("AYABe-a-session-of-nobody"), json!({})).await;
            refused.assert_refused("ResourceNotFoundException", &sentence);
        }
    }

    async fn the_secret_hash_is_over_the_name_that_was_given(app: TestApp) {
        let pool = app.pool_with(json!({ "UsernameAttributes": ["email"] })).await;
        let input = json!({
            "UserPoolId": pool, "ClientName": "secretive", "GenerateSecret": true, "ExplicitAuthFlows": FLOWS,
        });
        let made = app.idp("CreateUserPoolClient", input).await;
        let (client, secret) = (made.text("/UserPoolClient/ClientId"), made.text("/UserPoolClient/ClientSecret"));
        let owner = Owner { app: &app, pool, client };
        let sub = app.user(&owner.pool, "ann@example.com").await;
        let hash = |name: &str| cognate_jose::secret_hash(&secret, name, &owner.client);
        let start = async |name: &str, hash: Option<String>| {
            let named = json!({ "USERNAME": name, "PASSWORD": PASSWORD, "SECRET_HASH": hash });
            owner.start("ADMIN_USER_PASSWORD_AUTH", named).await
        };

        let missing = format!("Client {} is configured with secret but SECRET_HASH was not received", owner.client);
        let wrong = format!("Unable to verify secret hash for client {}", owner.client);
        for name in ["ann@example.com", "nobody@example.com"] {
            start(name, None).await.assert_refused("NotAuthorizedException", &missing);
            start(name, Some(hash(&sub))).await.assert_refused("NotAuthorizedException", &wrong);
        }
        start(&sub, Some(hash(&sub))).await.assert_good();
        let first = Tokens::of(&start("ann@example.com", Some(hash("ann@example.com"))).await);
        let refresh = async |hash: Option<String>| {
            let given = json!({ "REFRESH_TOKEN": first.refresh, "SECRET_HASH": hash });
            owner.start("REFRESH_TOKEN_AUTH", given).await
        };
        refresh(None).await.assert_refused("NotAuthorizedException", &missing);
        refresh(Some(hash("ann@example.com"))).await.assert_refused("NotAuthorizedException", &wrong);
        refresh(Some(hash(&sub))).await.assert_good();
    }

    async fn a_refresh_by_either_name_gives_no_refresh_token(app: TestApp) {
        let owner = Owner::new(&app).await;
        app.user(&owner.pool, "ann").await;
        let first = Tokens::of(&owner.password("ann", PASSWORD).await);

        for flow in ["REFRESH_TOKEN_AUTH", "REFRESH_TOKEN"] {
            let answer = owner.start(flow, json!({ "REFRESH_TOKEN": first.refresh })).await;
            assert!(answer["AuthenticationResult"].get("RefreshToken").is_none());
            app.get_user(&answer.text("/AuthenticationResult/AccessToken")).await.assert_good();
            for token in [&first.access, &first.id] {
                let refused = owner.start(flow, json!({ "REFRESH_TOKEN": token })).await;
                refused.assert_refused("NotAuthorizedException", "Invalid Refresh Token");
            }
        }
        let rotating = Owner { app: &app, pool: owner.pool.clone(), client: app.client_with(&owner.pool, json!({
            "ExplicitAuthFlows": ["ALLOW_ADMIN_USER_PASSWORD_AUTH"],
            "RefreshTokenRotation": { "Feature": "ENABLED", "RetryGracePeriodSeconds": 0 },
        })).await };
        let own = Tokens::of(&rotating.password("ann", PASSWORD).await);
        let refused = rotating.start("REFRESH_TOKEN_AUTH", json!({ "REFRESH_TOKEN": own.refresh })).await;
        let sentence = "REFRESH_TOKEN_AUTH is not supported when refresh token rotation is enabled.";
        refused.assert_refused("UnsupportedOperationException", sentence);
    }

    async fn both_doors_count_wrong_passwords_together(app: TestApp) {
        let owner = Owner::with(&app, json!({
            "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH"],
        })).await;
        app.user(&owner.pool, "ann").await;

        for by_owner in [true, false, true, false, true] {
            let wrong = if by_owner {
                owner.password("ann", "Wrong-Horse-9").await
            } else {
                app.password(&owner.client, "ann", "Wrong-Horse-9").await
            };
            wrong.assert_refused("NotAuthorizedException", WRONG);
        }

        for locked in [owner.password("ann", PASSWORD).await, app.password(&owner.client, "ann", PASSWORD).await] {
            locked.assert_refused("NotAuthorizedException", "Password attempts exceeded");
        }
    }

    async fn the_veil_hangs_before_this_door_too(app: TestApp) {
        let telling = Owner::new(&app).await;
        let veiled = json!({ "ExplicitAuthFlows": FLOWS, "PreventUserExistenceErrors": "ENABLED" });
        let veiling = Owner { app: &app, pool: telling.pool.clone(), client: app.client_with(&telling.pool, veiled).await };
        for name in ["ann", "bob"] {
            app.user(&telling.pool, name).await;
        }
        app.change_user(&telling.pool, "ann", |user| user.enabled = false).await;
        app.change_user(&telling.pool, "bob", |user| user.status = UserStatus::ResetRequired).await;

        for (name, error, sentence) in [
            ("nobody", "UserNotFoundException", "User does not exist."),
            ("ann", "NotAuthorizedException", "User is disabled."),
            ("bob", "PasswordResetRequiredException", "Password reset required for the user"),
        ] {
            telling.password(name, PASSWORD).await.assert_refused(error, sentence);
            telling.start_srp(name).await.1.assert_refused(error, sentence);
            veiling.password(name, PASSWORD).await.assert_refused("NotAuthorizedException", WRONG);
            let (srp, asked) = veiling.start_srp(name).await;
            let refused = veiling.answer("PASSWORD_VERIFIER", None, veiling.proof(&srp, &asked, PASSWORD)).await;
            refused.assert_refused("NotAuthorizedException", WRONG);
        }
    }

    async fn what_is_missing_is_named(app: TestApp) {
        let owner = Owner::new(&app).await;

        for (flow, given, missing) in [
            ("ADMIN_USER_PASSWORD_AUTH", json!({ "PASSWORD": "x" }), "USERNAME"),
            ("ADMIN_NO_SRP_AUTH", json!({ "USERNAME": "ann" }), "PASSWORD"),
            ("USER_SRP_AUTH", json!({ "USERNAME": "ann" }), "SRP_A"),
            ("REFRESH_TOKEN", json!({}), "REFRESH_TOKEN"),
        ] {
            let refused = owner.start(flow, given).await;
            let sentence = format!("Missing required parameter {missing}");
            refused.assert_refused("InvalidParameterException", &sentence);
        }
        for (challenge, given, missing) in [
            ("PASSWORD_VERIFIER", json!({ "TIMESTAMP": "x" }), "USERNAME"),
            ("PASSWORD_VERIFIER", json!({ "USERNAME": "ann" }), "PASSWORD_CLAIM_SECRET_BLOCK"),
            ("NEW_PASSWORD_REQUIRED", json!({ "USERNAME": "ann" }), "NEW_PASSWORD"),
            ("NEW_PASSWORD_REQUIRED", json!({ "USERNAME": "ann", "NEW_PASSWORD": PASSWORD }), "Session"),
        ] {
            let refused = owner.answer(challenge, None, given).await;
            let sentence = format!("Missing required parameter {missing}");
            refused.assert_refused("InvalidParameterException", &sentence);
        }
    }
}
