//! `UpdateUserAttributes`, where a new contact is stored at once.

use cognate_engine::messages::Post;
use cognate_testkit::{TestApp, TestDb, both_engines};
use serde_json::json;

use super::kit::{Ann, TAKEN, administer, found};

const UNAUTHORIZED: (&str, &str) = ("NotAuthorizedException", "A client attempted to write unauthorized attribute");
const INVALID: &str = "InvalidParameterException";

both_engines! {
    async fn a_new_address_is_stored_at_once_and_is_sent_a_code(app: TestApp) {
        let ann = Ann::new(&app).await;
        ann.administer(&app, &[("email_verified", "true")]).await.assert_good();

        let answer = ann.update(&app, &[("email", "new@example.com"), ("nickname", "A")]).await;

        let details = json!({ "Destination": "n***@e***", "DeliveryMedium": "EMAIL", "AttributeName": "email" });
        assert_eq!(answer.good(), json!({ "CodeDeliveryDetailsList": [details] }));
        assert_eq!(ann.email(&app).await, ("new@example.com".to_owned(), "false".to_owned()));
        assert_eq!(ann.attributes(&app).await["nickname"], "A");
        let message = app.last_message("new@example.com").await;
        assert_eq!(message.trigger, "CustomMessage_UpdateUserAttribute");
        assert_eq!(message.body, format!("Your verification code is {}.", message.code.unwrap()));
        assert_eq!(app.rows("inbox").await, 1);
    }

    async fn an_address_and_a_number_may_change_together_and_each_is_sent_its_code(app: TestApp) {
        let ann = Ann::new(&app).await;

        let answer = ann.update(&app, &[("phone_number", "+4930123456"), ("email", "new@example.com")]).await.good();

        let media: Vec<_> =
            answer["CodeDeliveryDetailsList"].as_array().unwrap().iter().map(|one| &one["DeliveryMedium"]).collect();
        assert_eq!(media, ["SMS", "EMAIL"]);
        let codes = [app.last_message("+4930123456").await.code.unwrap(), app.code("new@example.com").await];
        ann.verify(&app, "phone_number", &codes[0]).await.assert_good();
        ann.verify(&app, "email", &codes[1]).await.assert_good();
        let attributes = ann.attributes(&app).await;
        assert_eq!((&*attributes["phone_number_verified"], &*attributes["email_verified"]), ("true", "true"));
    }

    async fn nothing_is_sent_where_nothing_is_to_be_proved(app: TestApp) {
        let ann = Ann::among(&app, json!({ "AutoVerifiedAttributes": ["phone_number"] })).await;

        for change in [("nickname", "A"), ("email", "new@example.com"), ("email", "")] {
            let answer = ann.update(&app, &[change]).await;
            assert_eq!(answer.good(), json!({ "CodeDeliveryDetailsList": [] }));
        }

        assert_eq!(app.rows("inbox").await + app.rows("codes").await, 0);
    }

    async fn the_same_value_again_changes_nothing(app: TestApp) {
        let ann = Ann::new(&app).await;
        ann.administer(&app, &[("email_verified", "true")]).await.assert_good();

        let answer = ann.update(&app, &[("email", "ann@example.com")]).await;

        assert_eq!(answer.good(), json!({ "CodeDeliveryDetailsList": [] }));
        assert_eq!(ann.email(&app).await, ("ann@example.com".to_owned(), "true".to_owned()));
    }

    async fn a_blank_value_deletes_the_contact_with_its_flag(app: TestApp) {
        let ann = Ann::new(&app).await;
        ann.administer(&app, &[("email_verified", "true"), ("nickname", "A")]).await.assert_good();

        ann.update(&app, &[("email", ""), ("nickname", "")]).await.assert_good();

        assert_eq!(ann.attributes(&app).await.keys().collect::<Vec<_>>(), ["sub"]);
    }

    async fn as_an_alias_neither_the_old_nor_the_new_address_signs_in_before_the_proof(app: TestApp) {
        let ann = Ann::among(&app, json!({ "AliasAttributes": ["email"], "AutoVerifiedAttributes": ["email"] })).await;
        ann.administer(&app, &[("email_verified", "true")]).await.assert_good();
        assert!(ann.signs_in_as(&app, "ann@example.com").await);

        ann.update(&app, &[("email", "new@example.com")]).await.assert_good();

        assert!(!ann.signs_in_as(&app, "ann@example.com").await);
        assert!(!ann.signs_in_as(&app, "new@example.com").await);
        assert!(ann.signs_in_as(&app, "ann").await);
        let code = app.code("new@example.com").await;
        ann.verify(&app, "email", &code).await.assert_good();
        assert!(ann.signs_in_as(&app, "new@example.com").await);
        assert!(!ann.signs_in_as(&app, "ann@example.com").await);
    }

    async fn as_a_username_the_new_address_signs_in_at_once_and_the_old_one_is_free(app: TestApp) {
        let ann = Ann::among(&app, json!({ "UsernameAttributes": ["email"], "AutoVerifiedAttributes": ["email"] })).await;

        ann.update(&app, &[("email", "new@example.com")]).await.assert_good();

        assert!(ann.signs_in_as(&app, "new@example.com").await);
        assert!(!ann.signs_in_as(&app, "ann@example.com").await);
        app.user(&ann.pool, "ann@example.com").await;
        ann.update(&app, &[("email", "ann@example.com")]).await.assert_refused(TAKEN.0, TAKEN.1);
        let emptied = ann.update(&app, &[("email", "")]).await;
        emptied.assert_refused(INVALID, "user.email: Required attribute cannot be deleted.\n");
        assert!(ann.signs_in_as(&app, "new@example.com").await);
    }

    async fn somebody_elses_alias_is_refused_before_a_code_is_sent(app: TestApp) {
        let ann = Ann::among(&app, json!({ "AliasAttributes": ["email"], "AutoVerifiedAttributes": ["email"] })).await;
        app.user(&ann.pool, "bob").await;

        ann.update(&app, &[("email", "bob@example.com")]).await.assert_good(); // not proved, so nobody's
        administer(&app, &ann.pool, "bob", &[("email_verified", "true")]).await.assert_good();
        ann.update(&app, &[("email", "bob@example.com"), ("nickname", "A")]).await.assert_good(); // it is hers already
        ann.update(&app, &[("email", "x@example.com")]).await.assert_good();
        let taken = ann.update(&app, &[("email", "bob@example.com")]).await;

        taken.assert_refused(TAKEN.0, TAKEN.1);
        assert_eq!(ann.email(&app).await.0, "x@example.com");
        assert_eq!(app.rows("inbox").await, 2);
    }

    async fn a_preferred_username_is_an_alias_at_once(app: TestApp) {
        let ann = Ann::among(&app, json!({ "AliasAttributes": ["email", "preferred_username"] })).await;
        ann.administer(&app, &[("email_verified", "true")]).await.assert_good();
        app.user(&ann.pool, "bob").await;

        ann.update(&app, &[("preferred_username", "ann")]).await.assert_good(); // her own name
        ann.update(&app, &[("preferred_username", "annie")]).await.assert_good();
        let taken = ann.update(&app, &[("preferred_username", "bob")]).await;

        taken.assert_refused("AliasExistsException", "An account with the preferred_username already exists.");
        assert!(ann.signs_in_as(&app, "annie").await && ann.signs_in_as(&app, "ann").await);
    }

    async fn a_refusal_keeps_nothing(app: TestApp) {
        let schema = json!([
            { "Name": "badge", "AttributeDataType": "String", "Mutable": false },
            { "Name": "cost", "AttributeDataType": "String", "DeveloperOnlyAttribute": true },
            { "Name": "family_name", "Required": true },
        ]);
        let ann = Ann::among(&app, json!({ "AutoVerifiedAttributes": ["email"], "Schema": schema })).await;
        let listless = ann.update(&app, &[("email_verified", "true"), ("nickname", "A")]).await;
        listless.assert_refused(UNAUTHORIZED.0, UNAUTHORIZED.1);
        let before = ann.attributes(&app).await;

        for (changes, (error, message)) in [
            (&[("dev:cost", "1")][..], UNAUTHORIZED),
            (
                &[("custom:none", "1")],
                (INVALID, "Attributes did not conform to the schema: Type for attribute {custom:none} could not be determined"),
            ),
            (&[("sub", "1")], (INVALID, "Cannot modify the non-mutable attribute sub")),
            (&[("custom:badge", "1")], (INVALID, "user.custom:badge: Attribute cannot be updated.\n")),
            (&[("family_name", "")], (INVALID, "user.family_name: Required attribute cannot be deleted.\n")),
            (&[("email", "nobody")], (INVALID, "Invalid email address format.")),
            (&[("phone_number", "030")], (INVALID, "Invalid phone number format.")),
            (&[("name", "A"), ("name", "B")], (INVALID, "Duplicate attribute found in user attributes: name")),
        ] {
            let mut changes = changes.to_vec();
            changes.push(("nickname", "kept?"));
            ann.update(&app, &changes).await.assert_refused(error, message);
        }

        assert_eq!(ann.attributes(&app).await, before);
        assert_eq!(app.rows("inbox").await, 0);
    }

    async fn a_client_writes_what_it_may(app: TestApp) {
        let mut ann = Ann::new(&app).await;
        let client = app.client_with(&ann.pool, json!({ "WriteAttributes": ["nickname"] })).await;
        ann.token = app.tokens(&client, "ann").await.access;

        ann.update(&app, &[("nickname", "A")]).await.assert_good();
        let refused = ann.update(&app, &[("nickname", "B"), ("email", "new@example.com")]).await;

        refused.assert_refused(UNAUTHORIZED.0, UNAUTHORIZED.1);
        ann.delete(&app, &["email"]).await.assert_refused(UNAUTHORIZED.0, UNAUTHORIZED.1);
        assert_eq!(ann.attributes(&app).await["nickname"], "A");
    }

    async fn a_search_finds_the_new_values_only(app: TestApp) {
        let ann = Ann::new(&app).await;
        ann.update(&app, &[("email", "new@example.com"), ("family_name", "Lee"), ("name", "Ann")]).await.assert_good();
        ann.update(&app, &[("family_name", "Ng"), ("name", "")]).await.assert_good();

        for (filter, expected) in [
            (r#"email = "ann@example.com""#, 0),
            (r#"email = "new@example.com""#, 1),
            (r#"family_name ^= "L""#, 0),
            (r#"family_name ^= "N""#, 1),
            (r#"name ^= "A""#, 0),
        ] {
            assert_eq!(found(&app, &ann.pool, filter).await.len(), expected, "{filter}");
        }
    }

    async fn with_a_trigger_that_is_not_built_nothing_is_stored(app: TestApp) {
        let arn = "arn:aws:lambda:us-east-1:123456789012:function:words";
        let pool = json!({ "AutoVerifiedAttributes": ["email"], "LambdaConfig": { "CustomMessage": arn } });
        let ann = Ann::among(&app, pool).await;

        let email = ann.update(&app, &[("email", "new@example.com"), ("nickname", "A")]).await;
        let asked = ann.ask(&app, "email").await;
        ann.update(&app, &[("nickname", "A")]).await.assert_good();

        assert_eq!((email.status, asked.status), (501, 501));
        assert_eq!(ann.email(&app).await.0, "ann@example.com");
        assert_eq!(app.rows("codes").await + app.rows("inbox").await, 0);
    }

    async fn a_code_that_cannot_be_delivered_is_told_and_the_change_stands(db: TestDb) {
        let app = TestApp::with_post(db, Post::carriers(None, None)).await;
        let ann = Ann::new(&app).await;

        let email = ann.update(&app, &[("email", "new@example.com")]).await;
        let phone = ann.administer(&app, &[("phone_number", "+4930123456")]).await;
        let asked = ann.ask(&app, "email").await;

        email.assert_refused("CodeDeliveryFailureException", "Unable to deliver the email message.");
        phone.assert_refused("CodeDeliveryFailureException", "Unable to deliver the SMS message.");
        asked.assert_refused("CodeDeliveryFailureException", "Unable to deliver the email message.");
        let attributes = ann.attributes(&app).await;
        assert_eq!((&*attributes["email"], &*attributes["phone_number"]), ("new@example.com", "+4930123456"));
    }
}
