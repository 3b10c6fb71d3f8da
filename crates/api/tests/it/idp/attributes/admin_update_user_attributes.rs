//! `AdminUpdateUserAttributes`

use cognate_testkit::{TestApp, both_engines};
use serde_json::json;

use super::kit::{Ann, TAKEN, administer};

const INVALID: &str = "InvalidParameterException";

both_engines! {
    async fn an_administrator_writes_what_clients_may_not(app: TestApp) {
        let schema = json!([{ "Name": "cost", "AttributeDataType": "String", "DeveloperOnlyAttribute": true }]);
        let ann = Ann::among(&app, json!({ "Schema": schema })).await;

        let answer = ann.administer(&app, &[("dev:cost", "4"), ("email_verified", "True")]).await;

        assert_eq!(answer.good(), json!({}));
        let attributes = ann.attributes(&app).await;
        assert_eq!((&*attributes["dev:cost"], &*attributes["email_verified"]), ("4", "true"));
    }

    async fn a_new_address_is_sent_a_code_unless_it_is_called_verified(app: TestApp) {
        let ann = Ann::new(&app).await;

        ann.administer(&app, &[("email", "one@example.com"), ("email_verified", "true")]).await.assert_good();
        assert_eq!((ann.email(&app).await.1, app.rows("inbox").await), ("true".to_owned(), 0));
        ann.administer(&app, &[("email", "two@example.com")]).await.assert_good();

        assert_eq!(ann.email(&app).await, ("two@example.com".to_owned(), "false".to_owned()));
        let code = app.code("two@example.com").await;
        ann.verify(&app, "email", &code).await.assert_good();
    }

    async fn a_flag_follows_its_administrator_and_needs_its_contact(app: TestApp) {
        let ann = Ann::among(&app, json!({ "AliasAttributes": ["email", "phone_number"] })).await;

        ann.administer(&app, &[("email_verified", "true")]).await.assert_good();
        assert!(ann.signs_in_as(&app, "ann@example.com").await);
        ann.administer(&app, &[("email_verified", "false")]).await.assert_good();
        assert!(!ann.signs_in_as(&app, "ann@example.com").await);

        let flag = ann.administer(&app, &[("phone_number_verified", "true")]).await;
        flag.assert_refused(INVALID, "Phone Number is required to verify/un-verify a phone number");
    }

    async fn somebody_elses_alias_is_refused_and_nothing_is_changed(app: TestApp) {
        let ann = Ann::careful(&app).await;
        app.user(&ann.pool, "bob").await;

        for change in [&[("email", "ann@example.com"), ("email_verified", "true")][..], &[("email", "ann@example.com")]] {
            let mut change = change.to_vec();
            change.push(("nickname", "B"));
            administer(&app, &ann.pool, "bob", &change).await.assert_refused(TAKEN.0, TAKEN.1);
        }

        let bob = app.idp("AdminGetUser", json!({ "UserPoolId": ann.pool, "Username": "bob" })).await.good();
        let bob = super::kit::as_map(&bob["UserAttributes"]);
        assert_eq!((&*bob["email"], bob.get("nickname")), ("bob@example.com", None));
        assert!(ann.signs_in_as(&app, "ann@example.com").await);
        assert_eq!(app.rows("inbox").await, 0);
    }

    async fn the_same_address_in_another_spelling_is_no_other_name(app: TestApp) {
        let pool = json!({ "UsernameAttributes": ["email"], "UsernameConfiguration": { "CaseSensitive": false } });
        let ann = Ann::among(&app, pool).await;

        ann.administer(&app, &[("email", "Ann@Example.com")]).await.assert_good();

        assert_eq!(ann.email(&app).await.0, "Ann@Example.com");
        assert!(ann.signs_in_as(&app, "ANN@example.com").await);
    }

    async fn refusals_name_what_is_wrong(app: TestApp) {
        let schema = json!([{ "Name": "badge", "AttributeDataType": "String", "Mutable": false }]);
        let ann = Ann::among(&app, json!({ "Schema": schema })).await;

        for (change, message) in [
            (("custom:badge", "1"), "user.custom:badge: Attribute cannot be updated.\n"),
            (
                ("custom:none", "1"),
                "Attributes did not conform to the schema: Type for attribute {custom:none} could not be determined",
            ),
            (("sub", "1"), "Cannot modify the non-mutable attribute sub"),
            (("email", "nobody"), "Invalid email address format."),
            (
                ("email_verified", "maybe"),
                "Invalid user attributes: email_verified: The attribute is not a valid boolean\n",
            ),
        ] {
            ann.administer(&app, &[change]).await.assert_refused(INVALID, message);
        }
        let nobody = administer(&app, &ann.pool, "nobody", &[("nickname", "N")]).await;
        nobody.assert_refused("UserNotFoundException", "User does not exist.");
        let elsewhere = administer(&app, "us-east-1_000000000", "ann", &[("nickname", "N")]).await;
        elsewhere.assert_refused("ResourceNotFoundException", "User pool us-east-1_000000000 does not exist.");
    }
}
