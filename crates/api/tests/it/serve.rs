//! `serve`: signed operations are signed, once, in time, by a key that is good, for what is the key's account's.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use cognate_testkit::app::{ACCOUNT, Key, merged};
use cognate_testkit::{Answered, Serving, TestApp, both_engines};
use http::{HeaderValue, Request};
use serde_json::{Value, json};
use tokio::task::JoinSet;

const MOMENT: Duration = Duration::from_millis(1);
const FIVE_MINUTES: Duration = Duration::from_mins(5);
const REPLAYED: (&str, &str) = ("InvalidSignatureException", "Signature has already been used.");

fn list() -> Value {
    json!({ "MaxResults": 10 })
}

fn make() -> Value {
    json!({ "PoolName": "people" })
}

/// The call with an invocation id that no signature covers, as boto3 and the AWS CLI send it.
fn invoked(mut request: Request<Bytes>, id: &str, attempt: &str) -> Request<Bytes> {
    request.headers_mut().insert("amz-sdk-invocation-id", HeaderValue::from_str(id).unwrap());
    request.headers_mut().insert("amz-sdk-request", HeaderValue::from_str(attempt).unwrap());
    request
}

async fn call_as(app: &TestApp, key: &Key, operation: &str, input: Value) -> Answered {
    app.send(app.sign(app.unsigned(operation, input.to_string()), key)).await
}

#[track_caller]
fn assert_error(answer: &Answered, error: &str) {
    assert_eq!(answer.error.as_deref(), Some(error), "{answer}");
    assert!(answer.body.get("UserPools").is_none());
}

both_engines! {
    async fn a_signed_call_is_answered(app: Serving) {
        let pool = app.pool().await;

        let described = app.idp("DescribeUserPool", json!({ "UserPoolId": pool })).await.good();

        let arn = format!("arn:aws:cognito-idp:us-east-1:{ACCOUNT}:userpool/{pool}");
        assert_eq!(described["UserPool"]["Arn"], arn);
    }

    async fn an_unsigned_call_is_refused_before_it_is_read(app: Serving) {
        for body in ["{\"MaxResults\":10}", "{", ""] {
            let answer = app.send(app.unsigned("ListUserPools", body)).await;
            answer.assert_refused("MissingAuthenticationTokenException", "Missing Authentication Token");
        }
    }

    async fn an_unbuilt_operation_is_signed_like_every_other(app: Serving) {
        let answer = app.send(app.unsigned("ListGroups", "{}")).await;

        answer.assert_refused("MissingAuthenticationTokenException", "Missing Authentication Token");
    }

    async fn operations_of_people_need_no_signature(app: Serving) {
        let pool = app.pool().await;
        let client = app.client(&pool).await;

        let input = json!({ "ClientId": client, "Username": "ann", "Password": cognate_testkit::app::PASSWORD });
        let answer = app.send(app.unsigned("SignUp", input.to_string())).await;

        answer.assert_good();
    }

    async fn a_bent_call_is_refused(app: Serving) {
        let signed = app.signed("ListUserPools", &list());
        let bend = |bend: &dyn Fn(&mut Request<Bytes>)| {
            let mut request = signed.clone();
            bend(&mut request);
            request
        };
        let header = |name: &'static str, value: &'static str| {
            bend(&|request| drop(request.headers_mut().insert(name, HeaderValue::from_static(value))))
        };

        for request in [
            bend(&|request| *request.body_mut() = Bytes::from_static(b"{\"MaxResults\":60}")),
            header("x-amz-target", "AWSCognitoIdentityProviderService.CreateUserPool"),
            header("host", "evil.example"),
            header("x-amz-date", "20260102T030406Z"),
            header("x-amz-security-token-x", "y"),
        ] {
            assert_error(&app.send(request).await, "InvalidSignatureException");
        }
        app.send(signed).await.assert_good();
    }

    async fn a_key_must_be_known_and_its_secret_right(app: Serving) {
        let key = app.key.clone().unwrap();
        let unknown = Key { id: "AKIAIOSFODNN7EXAMPLE".to_owned(), ..key.clone() };
        let wrong = Key { secret: "0".repeat(40), ..key };

        assert_error(&call_as(&app, &unknown, "ListUserPools", list()).await, "UnrecognizedClientException");
        assert_error(&call_as(&app, &wrong, "ListUserPools", list()).await, "InvalidSignatureException");
    }

    async fn a_key_signs_for_the_service_it_calls(app: Serving) {
        let key = Key { service: "cognito-identity".to_owned(), ..app.key.clone().unwrap() };

        assert_error(&call_as(&app, &key, "ListUserPools", list()).await, "InvalidSignatureException");
    }

    async fn a_clock_may_be_five_minutes_off_and_no_more(app: Serving) {
        for (moved, good) in [(FIVE_MINUTES, true), (FIVE_MINUTES + Duration::from_secs(1), false)] {
            let late = app.signed("ListUserPools", &list());
            app.clock.advance(moved);
            let early = app.signed("ListUserPools", &json!({ "MaxResults": 9 }));
            assert_eq!(app.send(late).await.status == 200, good);
            app.clock.back(moved);
            assert_eq!(app.send(early).await.status == 200, good);
            app.clock.advance(Duration::from_hours(1));
        }
    }

    async fn a_call_is_good_once_whether_it_writes_or_reads(app: Serving) {
        for (operation, input) in [("CreateUserPool", make()), ("ListUserPools", list())] {
            let call = app.signed(operation, &input);
            app.send(call.clone()).await.assert_good();

            for wait in [Duration::ZERO, MOMENT, Duration::from_secs(3), Duration::from_mins(4)] {
                app.clock.advance(wait);
                app.send(call.clone()).await.assert_refused(REPLAYED.0, REPLAYED.1);
            }
            app.clock.advance(FIVE_MINUTES);
            assert_error(&app.send(call).await, "InvalidSignatureException");
        }
        assert_eq!(app.rows("user_pools").await, 1);
    }

    async fn of_twenty_copies_at_once_one_is_answered(app: Serving) {
        let app = Arc::new(app);
        for (operation, input) in [("CreateUserPool", make()), ("ListUserPools", list())] {
            let call = app.signed(operation, &input);
            let mut calls = JoinSet::new();
            for _ in 0..20 {
                let (app, call) = (Arc::clone(&app), call.clone());
                calls.spawn(async move { app.send(call).await });
            }
            let answers = calls.join_all().await;

            assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1, "{operation}");
            for refused in answers.iter().filter(|answer| answer.status != 200) {
                assert_error(refused, "InvalidSignatureException");
            }
        }
        assert_eq!(app.rows("user_pools").await, 1);
    }

    async fn a_write_is_good_once_on_all_nodes(app: Serving) {
        let there = app.another_node().await;
        let call = app.signed("CreateUserPool", &make());
        app.send(call.clone()).await.assert_good();

        there.send(call.clone()).await.assert_refused(REPLAYED.0, REPLAYED.1);
        app.another_node().await.send(call).await.assert_refused(REPLAYED.0, REPLAYED.1);
        assert_eq!(app.rows("user_pools").await, 1);
    }

    async fn a_read_is_good_once_on_each_node(app: Serving) {
        // docs/decisions/0006-replays.md: what only reads is remembered by the node alone.
        let there = app.another_node().await;
        let call = app.signed("ListUserPools", &list());
        for node in [&*app, &there] {
            node.send(call.clone()).await.assert_good();
            node.send(call.clone()).await.assert_refused(REPLAYED.0, REPLAYED.1);
        }
    }

    async fn a_call_that_failed_is_not_good_again_either(app: Serving) {
        let call = app.signed("DescribeUserPool", &json!({ "UserPoolId": "us-east-1_000000000" }));
        assert_error(&app.send(call.clone()).await, "ResourceNotFoundException");
        app.send(call).await.assert_refused(REPLAYED.0, REPLAYED.1);

        let call = app.signed("UpdateUserPool", &json!({ "UserPoolId": "us-east-1_000000000" }));
        assert_error(&app.send(call.clone()).await, "ResourceNotFoundException");
        app.send(call).await.assert_refused(REPLAYED.0, REPLAYED.1);
    }

    async fn equal_calls_of_one_second_are_all_meant(app: Serving) {
        let signed = app.signed("CreateUserPool", &make());
        for id in ["one", "two", "three"] {
            app.send(invoked(signed.clone(), id, "attempt=1")).await.assert_good();
        }
        app.clock.advance(Duration::from_secs(2));
        app.send(invoked(signed.clone(), "four", "attempt=1")).await.assert_good();

        let signed = app.signed("ListUserPools", &list());
        for id in ["five", "six"] {
            app.send(invoked(signed.clone(), id, "attempt=1")).await.assert_good();
        }
        assert_eq!(app.rows("user_pools").await, 4);
    }

    async fn a_retry_of_a_client_is_no_replay(app: Serving) {
        let signed = app.signed("CreateUserPool", &make());

        app.send(invoked(signed.clone(), "one", "attempt=1; max=3")).await.assert_good();
        app.send(invoked(signed, "one", "attempt=2; max=3")).await.assert_good();
    }

    async fn a_call_with_the_id_of_another_is_a_replay(app: Serving) {
        for (operation, input) in [("CreateUserPool", make()), ("ListUserPools", list())] {
            let call = invoked(app.signed(operation, &input), "one", "attempt=1");
            app.send(call.clone()).await.assert_good();
            app.send(call).await.assert_refused(REPLAYED.0, REPLAYED.1);
        }
    }

    async fn a_forged_twin_that_comes_late_is_a_replay(app: Serving) {
        for (operation, input) in [("CreateUserPool", make()), ("ListUserPools", list())] {
            let signed = app.signed(operation, &input);
            app.send(invoked(signed.clone(), "one", "attempt=1")).await.assert_good();
            app.clock.advance(Duration::from_millis(2001));

            for id in ["forged", "forged-too"] {
                let forged = invoked(signed.clone(), id, "attempt=1");
                app.send(forged).await.assert_refused(REPLAYED.0, REPLAYED.1);
            }
            app.send(signed).await.assert_refused(REPLAYED.0, REPLAYED.1);
        }
    }

    async fn a_forged_twin_of_a_write_is_refused_on_other_nodes_too(app: Serving) {
        let there = app.another_node().await;
        let signed = app.signed("CreateUserPool", &make());
        app.send(invoked(signed.clone(), "one", "attempt=1")).await.assert_good();
        app.clock.advance(Duration::from_millis(2001));

        let forged = there.send(invoked(signed, "forged", "attempt=1")).await;

        forged.assert_refused(REPLAYED.0, REPLAYED.1);
    }

    async fn a_call_that_was_refused_for_its_body_cannot_take_the_place_of_an_honest_one(app: Serving) {
        let call = app.signed("CreateUserPool", &make());
        let mut bent = call.clone();
        *bent.body_mut() = Bytes::from_static(b"{}");
        assert_error(&app.send(bent).await, "InvalidSignatureException");

        app.send(call).await.assert_good();
    }

    async fn a_revoked_key_is_unknown_from_then_on_everywhere(app: Serving) {
        let there = app.another_node().await;
        let key = app.new_key(ACCOUNT).await;
        call_as(&app, &key, "ListUserPools", list()).await.assert_good();
        app.clock.advance(Duration::from_secs(1));

        app.app.revoke_access_key(&key.id).await.unwrap();

        for node in [&*app, &there] {
            let refused = call_as(node, &key, "ListUserPools", list()).await;
            let sentence = "The security token included in the request is invalid.";
            refused.assert_refused("UnrecognizedClientException", sentence);
        }
        app.idp("ListUserPools", list()).await.assert_good();
    }

    async fn a_pool_is_its_own_accounts_and_regions(app: Serving) {
        let pool = app.pool().await;
        let client = app.client(&pool).await;
        app.user(&pool, "ann").await;
        let stranger = app.new_key("999999999999").await;
        let abroad = Key { region: "eu-central-1".to_owned(), ..app.key.clone().unwrap() };

        for key in [&stranger, &abroad] {
            for (operation, more) in [
                ("DescribeUserPool", json!({})),
                ("UpdateUserPool", json!({})),
                ("DeleteUserPool", json!({})),
                ("ListUsers", json!({})),
                ("AdminGetUser", json!({ "Username": "ann" })),
                ("AdminDeleteUser", json!({ "Username": "ann" })),
                ("AdminConfirmSignUp", json!({ "Username": "ann" })),
                ("AdminCreateUser", json!({ "Username": "eve" })),
                ("AdminSetUserPassword", json!({ "Username": "ann", "Password": "Brand-New-Pass-2" })),
                ("ListUserPoolClients", json!({})),
                ("CreateUserPoolClient", json!({ "ClientName": "app" })),
                ("DescribeUserPoolClient", json!({ "ClientId": client })),
                ("UpdateUserPoolClient", json!({ "ClientId": client })),
                ("DeleteUserPoolClient", json!({ "ClientId": client })),
            ] {
                let input = merged(json!({ "UserPoolId": pool }), more);
                let refused = call_as(&app, key, operation, input).await;
                refused.assert_refused("ResourceNotFoundException", &format!("User pool {pool} does not exist."));
            }
            let listed = call_as(&app, key, "ListUserPools", list()).await.good();
            assert_eq!(listed["UserPools"], json!([]));
        }
        app.idp("AdminGetUser", json!({ "UserPoolId": pool, "Username": "ann" })).await.assert_good();
    }

    async fn a_pool_is_made_where_the_signature_says(app: Serving) {
        let abroad = Key { region: "eu-central-1".to_owned(), ..app.key.clone().unwrap() };

        let made = call_as(&app, &abroad, "CreateUserPool", make()).await;

        assert!(made.text("/UserPool/Id").starts_with("eu-central-1_"));
        assert!(made.text("/UserPool/Arn").starts_with(&format!("arn:aws:cognito-idp:eu-central-1:{ACCOUNT}:")));
    }

    async fn what_is_no_region_is_refused_before_anything_is_made_of_it(app: Serving) {
        for region in ["x", "us-east", "US-EAST-1", "us_east_1", "us-east-1_Fake", "..", "evil.example.com"] {
            let key = Key { region: region.to_owned(), ..app.key.clone().unwrap() };
            let refused = call_as(&app, &key, "CreateUserPool", make()).await;
            let sentence = "Credential should be scoped to a valid region. ";
            refused.assert_refused("InvalidSignatureException", sentence);
        }
        assert_eq!((app.rows("user_pools").await, app.rows("spent_signatures").await), (0, 0));
    }

    async fn a_client_of_one_pool_is_none_of_another(app: Serving) {
        let (pool, other) = (app.pool().await, app.pool().await);
        let client = app.client(&other).await;

        for operation in ["DescribeUserPoolClient", "UpdateUserPoolClient", "DeleteUserPoolClient"] {
            let refused = app.idp(operation, json!({ "UserPoolId": pool, "ClientId": client })).await;
            refused.assert_refused("ResourceNotFoundException", &format!("User pool client {client} does not exist."));
        }
        app.idp("DescribeUserPoolClient", json!({ "UserPoolId": other, "ClientId": client })).await.assert_good();
    }
}
