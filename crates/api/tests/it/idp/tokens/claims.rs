//! What stands in tokens: user-pools.md, section 17.

use cognate_jose::{JwkSet, VerifyingKey};
use cognate_testkit::app::claims;
use cognate_testkit::{On as _, TestApp, TestDb, both_engines};
use insta::assert_json_snapshot;
use serde_json::{Value, json};

/// Ann with attributes of every type, signed in.
async fn signed_in(app: &TestApp, client: Value) -> (String, Value) {
    let schema = json!([{ "Name": "level", "AttributeDataType": "Number", "Mutable": true }]);
    let pool = app.pool_with(json!({ "Schema": schema })).await;
    let client = app.client_with(&pool, client).await;
    let attributes = json!([
        { "Name": "email", "Value": "ann@example.com" }, { "Name": "email_verified", "Value": "true" },
        { "Name": "phone_number", "Value": "+12065550100" }, { "Name": "address", "Value": "1 Main Street" },
        { "Name": "updated_at", "Value": "1700000000" }, { "Name": "custom:level", "Value": "7" },
    ]);
    let create =
        json!({ "UserPoolId": pool, "Username": "ann", "MessageAction": "SUPPRESS", "UserAttributes": attributes });
    app.idp("AdminCreateUser", create).await.assert_good();
    app.set_password(&pool, "ann").await;
    let answer = app.password(&client, "ann", cognate_testkit::app::PASSWORD).await;
    (pool, answer.good())
}

/// What chance made is numbered in the order of its appearance, so that what is equal stays equal.
fn without_chance(said: &Value, pool: &str) -> Value {
    let mut text = said.to_string().replace(pool, "POOL");
    let client = said["IdToken"]["aud"].as_str().unwrap();
    text = text.replace(client, "CLIENT");
    for number in 1.. {
        let is_uuid = |part: &&str| part.len() == 36 && part.split('-').map(str::len).eq([8, 4, 4, 4, 12]);
        let Some(uuid) = text.split('"').find(is_uuid).map(str::to_owned) else { break };
        text = text.replace(&uuid, &format!("UUID {number}"));
    }
    serde_json::from_str(&text).unwrap()
}

both_engines! {
    async fn the_tokens_say_who_and_what_for(app: TestApp) {
        let (pool, answer) = signed_in(&app, json!({})).await;

        let tokens = answer["AuthenticationResult"].as_object().unwrap();
        let said = json!({
            "IdToken": claims(tokens["IdToken"].as_str().unwrap()),
            "AccessToken": claims(tokens["AccessToken"].as_str().unwrap()),
        });

        assert_json_snapshot!(without_chance(&said, &pool), @r#"
        {
          "IdToken": {
            "sub": "UUID 1",
            "email": "ann@example.com",
            "email_verified": true,
            "phone_number": "+12065550100",
            "address": {
              "formatted": "1 Main Street"
            },
            "updated_at": 1700000000,
            "custom:level": "7",
            "iss": "https://id.example.com/POOL",
            "cognito:username": "ann",
            "origin_jti": "UUID 2",
            "aud": "CLIENT",
            "event_id": "UUID 2",
            "token_use": "id",
            "auth_time": 1767323045,
            "exp": 1767326645,
            "iat": 1767323045,
            "jti": "UUID 3"
          },
          "AccessToken": {
            "sub": "UUID 1",
            "iss": "https://id.example.com/POOL",
            "client_id": "CLIENT",
            "origin_jti": "UUID 2",
            "event_id": "UUID 2",
            "token_use": "access",
            "scope": "aws.cognito.signin.user.admin",
            "auth_time": 1767323045,
            "exp": 1767326645,
            "iat": 1767323045,
            "jti": "UUID 4",
            "username": "ann"
          }
        }
        "#);
    }

    async fn the_same_chance_gives_the_same_tokens(app: TestApp) {
        let (_, answer) = signed_in(&app, json!({})).await;
        let twin = TestApp::on(TestDb::sqlite()).await;

        let (_, again) = signed_in(&twin, json!({})).await;

        assert_eq!(answer, again); // the signatures too
    }

    async fn without_revocation_there_is_no_origin(app: TestApp) {
        let (_, answer) = signed_in(&app, json!({ "EnableTokenRevocation": false })).await;

        for token in ["IdToken", "AccessToken"] {
            let claims = claims(answer["AuthenticationResult"][token].as_str().unwrap());
            assert!(claims.get("origin_jti").is_none(), "{claims}");
            assert!(claims.get("jti").is_some() && claims.get("event_id").is_some(), "{claims}");
        }
    }

    async fn revocation_may_be_switched_while_people_are_signed_in(app: TestApp) {
        let (pool, answer) = signed_in(&app, json!({})).await;
        let token = |name: &str| answer["AuthenticationResult"][name].as_str().unwrap().to_owned();
        let client = claims(&token("AccessToken"))["client_id"].as_str().unwrap().to_owned();
        let flows = json!(["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]);

        for revocation in [false, true] {
            let update = json!({
                "UserPoolId": pool, "ClientId": client, "ExplicitAuthFlows": flows, "EnableTokenRevocation": revocation,
            });
            app.idp("UpdateUserPoolClient", update).await.assert_good();
            let refreshed = app.refresh(&client, &token("RefreshToken")).await;
            app.get_user(&refreshed.text("/AuthenticationResult/AccessToken")).await.assert_good();
            app.get_user(&token("AccessToken")).await.assert_good();
        }
    }

    async fn a_client_that_reads_little_gets_little(app: TestApp) {
        let (_, answer) = signed_in(&app, json!({ "ReadAttributes": ["email"] })).await;

        let claims = claims(answer["AuthenticationResult"]["IdToken"].as_str().unwrap());

        assert_eq!(claims["email"], "ann@example.com");
        for unread in ["email_verified", "phone_number", "address", "updated_at", "custom:level"] {
            assert!(claims.get(unread).is_none(), "{unread}");
        }
    }

    async fn the_validity_of_each_token_is_its_own(app: TestApp) {
        let validity = json!({
            "AccessTokenValidity": 10, "IdTokenValidity": 2, "RefreshTokenValidity": 5,
            "TokenValidityUnits": { "AccessToken": "minutes", "IdToken": "hours", "RefreshToken": "days" },
        });
        let (_, answer) = signed_in(&app, validity).await;

        let life = |token: &str| {
            let claims = claims(answer["AuthenticationResult"][token].as_str().unwrap());
            claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap()
        };
        assert_eq!((life("AccessToken"), life("IdToken")), (600, 7200));
        assert_eq!(answer["AuthenticationResult"]["ExpiresIn"], 600);
    }

    async fn the_answer_around_the_tokens_is_amazons(app: TestApp) {
        let (_, mut answer) = signed_in(&app, json!({})).await;

        for token in ["AccessToken", "IdToken", "RefreshToken"] {
            answer["AuthenticationResult"][token] = "..".into();
        }

        assert_json_snapshot!(answer, @r#"
        {
          "ChallengeParameters": {},
          "AuthenticationResult": {
            "AccessToken": "..",
            "ExpiresIn": 3600,
            "TokenType": "Bearer",
            "RefreshToken": "..",
            "IdToken": ".."
          }
        }
        "#);
    }

    async fn two_keys_sign_and_both_are_published(app: TestApp) {
        let (pool, answer) = signed_in(&app, json!({})).await;

        let set: JwkSet = app.app.keys(&pool).await.unwrap().public().clone();

        let signed_by = |token: &str| {
            let token = answer["AuthenticationResult"][token].as_str().unwrap();
            let kid = cognate_jose::peek(token).unwrap().kid.unwrap();
            let jwk = set.keys.iter().find(|jwk| jwk.kid == kid).unwrap();
            VerifyingKey::from_jwk(jwk).unwrap().verify(token).unwrap();
            kid
        };
        assert_eq!(set.keys.len(), 2);
        assert_ne!(signed_by("IdToken"), signed_by("AccessToken"));
    }

    async fn the_refresh_token_has_amazons_form_and_is_kept_only_as_a_digest(app: TestApp) {
        let (_, answer) = signed_in(&app, json!({})).await;

        let token = answer["AuthenticationResult"]["RefreshToken"].as_str().unwrap();
        let mut tx = app.app.db.read().await.unwrap();
        let kept = tx.query("SELECT token_digest FROM refresh_tokens").one(|row| row.bytes(0)).await.unwrap();

        assert!(token.starts_with("eyJjdHkiOiJKV1QiLCJlbmMiOiJBMjU2R0NNIiwiYWxnIjoiUlNBLU9BRVAifQ."));
        assert_eq!(token.split('.').count(), 5);
        assert_eq!(kept, cognate_jose::sha256(token.as_bytes()));
    }
}
