//! Bodies as no client should send them: each is answered, none is stored, nothing falls over.

use bytes::Bytes;
use cognate_testkit::app::{PASSWORD, TARGET};
use cognate_testkit::{TestApp, both_engines};
use http::Request;
use serde_json::json;

const UNREADABLE: (&str, &str) = ("SerializationException", "Start of structure or map found where not expected.");

both_engines! {
    async fn an_unbuilt_operation_says_so_once_its_input_is_sound(app: TestApp) {
        let pool = app.pool().await;

        let sound = app.idp("ListIdentityProviders", json!({ "UserPoolId": pool })).await;
        let unsound = app.idp("ListIdentityProviders", json!({ "MaxResults": 61 })).await;
        let mistyped = app.idp("ListIdentityProviders", json!({ "UserPoolId": 5 })).await;

        assert_eq!((sound.status, sound.error.as_deref()), (501, Some("NotImplementedException")), "{sound}");
        assert_eq!(sound.message, "ListIdentityProviders is not implemented yet.");
        assert_eq!(unsound.error.as_deref(), Some("InvalidParameterException"));
        assert!(unsound.message.starts_with("2 validation errors detected: "), "{unsound}");
        assert_eq!(mistyped.error.as_deref(), Some("SerializationException"));
    }

    async fn an_unbuilt_operation_asks_for_its_token_first(app: TestApp) {
        let answer = app.idp("ListDevices", json!({ "AccessToken": "x" })).await;

        answer.assert_refused("NotAuthorizedException", "Invalid Access Token");
    }

    async fn what_is_no_json_is_unreadable(app: TestApp) {
        for body in [
            &b""[..], b" ", b"{", b"nonsense", b"{\"PoolName\":\"a\"", b"{\"PoolName\":\"a\"} x", b"{'PoolName':'a'}",
            b"{\"PoolName\":\xff}", b"{\"PoolName\":\"\xff\xfe\"}", b"\xef\xbb\xbf{\"PoolName\":\"a\"}",
            b"{\"PoolName\":\"\\ud800\"}", b"{\"PoolName\":\"a\",}", b"{\"PoolName\":NaN}",
        ] {
            let answer = app.raw("CreateUserPool", Bytes::from_static(body)).await;
            answer.assert_refused(UNREADABLE.0, UNREADABLE.1);
        }
        assert_eq!(app.rows("user_pools").await, 0);
    }

    async fn json_that_is_no_object_is_refused_by_its_type(app: TestApp) {
        for body in ["[]", "7", "null", "\"text\"", "true", "[{\"PoolName\":\"a\"}]"] {
            let answer = app.raw("CreateUserPool", body).await;
            assert_eq!(answer.error.as_deref(), Some("SerializationException"), "{body}: {answer}");
        }
        assert_eq!(app.rows("user_pools").await, 0);
    }

    async fn nesting_without_end_is_unreadable_and_overflows_nothing(app: TestApp) {
        let closed = format!("{{\"a\":{}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
        for body in ["[".repeat(500_000), "{\"a\":".repeat(300_000), closed] {
            app.raw("CreateUserPool", body).await.assert_refused(UNREADABLE.0, UNREADABLE.1);
        }
        // As deep as the reader goes, in a member that nobody knows.
        let deep = format!("{{\"PoolName\":\"deep\",\"Unknown\":{}1{}}}", "[".repeat(120), "]".repeat(120));
        app.raw("CreateUserPool", deep).await.assert_good();
    }

    async fn null_is_absent_everywhere(app: TestApp) {
        let policies = json!({ "PasswordPolicy": { "MinimumLength": null } });
        let nulls = json!({ "PoolName": "nulls", "Policies": policies, "UserPoolTags": { "a": null } });
        let made = app.idp("CreateUserPool", nulls).await.good();

        assert_eq!(made["UserPool"]["Policies"]["PasswordPolicy"]["MinimumLength"], 8);
        assert_eq!(made["UserPool"]["UserPoolTags"], json!({}));
        let refused = app.idp("CreateUserPool", json!({ "PoolName": null })).await;
        assert_eq!(refused.error.as_deref(), Some("InvalidParameterException"));
    }

    async fn no_null_is_ever_answered(app: TestApp) {
        fn no_null(value: &serde_json::Value) -> bool {
            match value {
                serde_json::Value::Null => false,
                serde_json::Value::Array(items) => items.iter().all(no_null),
                serde_json::Value::Object(members) => members.values().all(no_null),
                _ => true,
            }
        }
        let pool = app.pool().await;
        let client = app.client(&pool).await;
        app.user(&pool, "ann").await;

        for (operation, input) in [
            ("DescribeUserPool", json!({ "UserPoolId": pool })),
            ("DescribeUserPoolClient", json!({ "UserPoolId": pool, "ClientId": client })),
            ("AdminGetUser", json!({ "UserPoolId": pool, "Username": "ann" })),
            ("ListUsers", json!({ "UserPoolId": pool })),
            ("ListUserPools", json!({ "MaxResults": 5 })),
            ("ListUserPoolClients", json!({ "UserPoolId": pool })),
        ] {
            let body = app.idp(operation, input).await.good();
            assert!(no_null(&body), "{operation}: {body}");
        }
        assert!(no_null(&app.password(&client, "ann", PASSWORD).await.good()));
    }

    async fn nul_is_kept_by_no_engine_and_refused_by_both(app: TestApp) {
        let pool = app.pool().await;
        let client = app.client(&pool).await;

        let attribute = |name: &str, value: &str| json!([{ "Name": name, "Value": value }]);
        let sign_up = |attributes: serde_json::Value| {
            json!({ "ClientId": client, "Username": "ann", "Password": PASSWORD, "UserAttributes": attributes })
        };
        let sign_in = |name: &str, password: &str| {
            let parameters = json!({ "USERNAME": name, "PASSWORD": password });
            json!({ "ClientId": client, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters })
        };
        for (operation, input) in [
            ("CreateUserPool", json!({ "PoolName": "people", "UserPoolTags": { "a": "\0" } })),
            ("CreateUserPool", json!({ "PoolName": "people", "UserPoolTags": { "a\0": "b" } })),
            ("CreateUserPool", json!({ "PoolName": "people", "EmailVerificationSubject": "\0" })),
            ("SignUp", sign_up(attribute("name", "A\0nn"))),
            ("SignUp", sign_up(attribute("na\0me", "Ann"))),
            ("InitiateAuth", sign_in("ann\0", "x")),
            ("InitiateAuth", sign_in("ann", "\0")),
            ("ListUsers", json!({ "UserPoolId": pool, "Filter": "username = \"\0\"" })),
        ] {
            let answer = app.idp(operation, input).await;
            assert_eq!(answer.error.as_deref(), Some("InvalidParameterException"), "{operation}: {answer}");
        }
        assert_eq!((app.rows("users").await, app.rows("user_pools").await), (0, 1));
    }

    async fn numbers_beyond_measure_are_refused(app: TestApp) {
        let pool = app.pool().await;
        for number in [
            "2147483648", "-2147483649", "9223372036854775807", "9223372036854775808", "-9223372036854775809", "1e400",
            "123456789012345678901234567890", "61", "-1", "1.5", "1e1000000",
        ] {
            let body = format!("{{\"UserPoolId\":\"{pool}\",\"Limit\":{number}}}");
            let answer = app.raw("ListUsers", body).await;
            let told = ["InvalidParameterException", "SerializationException"];
            assert!(answer.error.as_deref().is_some_and(|error| told.contains(&error)), "{number}: {answer}");
            assert_eq!(answer.status, 400);
        }
    }

    async fn of_two_members_of_one_name_the_last_counts(app: TestApp) {
        let made = app.raw("CreateUserPool", "{\"PoolName\":\"first\",\"PoolName\":\"last\"}").await;

        assert_eq!(made.text("/UserPool/Name"), "last");
    }

    async fn unknown_members_are_passed_over(app: TestApp) {
        app.idp("CreateUserPool", json!({ "PoolName": "more", "Colour": { "a": [1, "2", null] } })).await.assert_good();
    }

    async fn an_unknown_target_is_an_unknown_operation(app: TestApp) {
        for target in [
            &format!("{TARGET}.MakeCoffee"), &format!("{TARGET}.createuserpool"), TARGET, "CreateUserPool", "", ".",
            "Other.CreateUserPool",
        ] {
            let request = Request::post("/").header("x-amz-target", target).body(Bytes::from_static(b"{}")).unwrap();
            let answer = app.send(request).await;
            assert_eq!(answer.error.as_deref(), Some("UnknownOperationException"), "{target}: {answer}");
        }
        let without = app.send(Request::post("/").body(Bytes::new()).unwrap()).await;
        assert_eq!(without.error.as_deref(), Some("UnknownOperationException"));
    }

    async fn the_other_services_are_admitted_and_validated_too(app: TestApp) {
        let identity = |operation: &str, body: &'static str| {
            let target = format!("AWSCognitoIdentityService.{operation}");
            Request::post("/").header("x-amz-target", target).body(Bytes::from_static(body.as_bytes())).unwrap()
        };
        let sound = app.send(identity("ListIdentityPools", "{\"MaxResults\":5}")).await;
        let unsound = app.send(identity("ListIdentityPools", "{}")).await;
        assert_eq!((sound.status, sound.error.as_deref()), (501, Some("NotImplementedException")));
        assert_eq!(unsound.error.as_deref(), Some("ValidationException"));

        let form = |body: &'static str| {
            let request = Request::post("/").header("content-type", "application/x-www-form-urlencoded");
            request.body(Bytes::from_static(body.as_bytes())).unwrap()
        };
        let caller = app.send(form("Action=GetCallerIdentity&Version=2011-06-15")).await;
        assert_eq!((caller.status, caller.header("content-type")), (501, "text/xml"));
        assert!(caller.body.as_str().unwrap().contains("<Code>NotImplemented</Code>"), "{caller}");
        let unknown = app.send(form("Action=%3Cb%3E")).await;
        assert_eq!(unknown.status, 400);
        assert!(!unknown.body.as_str().unwrap().contains("<b>"), "{unknown}");
    }

    async fn a_form_of_twenty_thousand_pairs_is_refused_at_once(app: TestApp) {
        let lists = (1..=1000).map(|at| format!("PolicyArns.member.{at}.arn=a"));
        let fillers = (0..20_000).map(|at| format!("Filler{at}=b"));
        let pairs = lists.chain(fillers).collect::<Vec<_>>().join("&");
        let form = format!("Action=AssumeRoleWithWebIdentity&Version=2011-06-15&{pairs}");
        let request = Request::post("/").header("content-type", "application/x-www-form-urlencoded");
        let begun = std::time::Instant::now();

        let answer = app.send(request.body(Bytes::from(form)).unwrap()).await;

        assert_eq!(answer.status, 400);
        assert!(answer.body.as_str().unwrap().contains("<Code>MalformedInput</Code>"), "{answer}");
        assert!(begun.elapsed() < std::time::Duration::from_secs(1), "{:?}", begun.elapsed());
    }

    async fn dev_believes_a_region_only_if_it_can_be_one(app: TestApp) {
        let mut key = app.new_key(cognate_testkit::app::ACCOUNT).await;
        for (region, believed) in [("eu-central-1", "eu-central-1"), ("../evil", "us-east-1"), ("EVIL", "us-east-1")] {
            key.region = region.to_owned();
            let call = app.unsigned("CreateUserPool", "{\"PoolName\":\"people\"}");

            let made = app.send(app.sign(call, &key)).await;

            assert!(made.text("/UserPool/Id").starts_with(&format!("{believed}_")), "{region}: {made}");
        }
    }

    async fn an_error_is_told_in_headers_and_body_and_breaks_neither(app: TestApp) {
        let answer = app.idp("DescribeUserPool", json!({ "UserPoolId": "x\r\nset-cookie: a=b" })).await;
        assert_eq!(answer.error.as_deref(), Some("InvalidParameterException"));
        assert!(answer.headers.get("set-cookie").is_none());
        assert!(answer.message.contains("x\r\nset-cookie"), "{answer}");
        assert_eq!(answer.header("content-type"), "application/x-amz-json-1.1");
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        assert_eq!(answer.header("x-amzn-requestid").len(), 36);
    }

    async fn a_browser_may_ask_first(app: TestApp) {
        let asked = Request::builder().method("OPTIONS").uri("/");
        let asked = asked.header("access-control-request-headers", "x-amz-target");
        let answer = app.send(asked.body(Bytes::new()).unwrap()).await;

        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("access-control-allow-headers"), "x-amz-target");
        assert_eq!(answer.header("access-control-allow-methods"), "POST");
    }
}
