//! `DeleteUserAttributes` and `AdminDeleteUserAttributes`

use cognate_testkit::{TestApp, both_engines};
use serde_json::{Value, json};

use super::kit::{Ann, found};

const INVALID: &str = "InvalidParameterException";

fn by_admin(ann: &Ann, names: &[&str]) -> Value {
    json!({ "UserPoolId": ann.pool, "Username": "ann", "UserAttributeNames": names })
}

both_engines! {
    async fn what_is_deleted_is_gone_with_its_flag_its_name_and_its_search_rows(app: TestApp) {
        let ann = Ann::careful(&app).await;
        ann.update(&app, &[("nickname", "A"), ("family_name", "Lee")]).await.assert_good();

        let answer = ann.delete(&app, &["email", "nickname", "family_name", "zoneinfo"]).await;

        assert_eq!(answer.good(), json!({}));
        assert_eq!(ann.attributes(&app).await.keys().collect::<Vec<_>>(), ["sub"]);
        assert!(!ann.signs_in_as(&app, "ann@example.com").await && ann.signs_in_as(&app, "ann").await);
        assert!(found(&app, &ann.pool, r#"email ^= "a""#).await.is_empty());
        assert!(found(&app, &ann.pool, r#"family_name = "Lee""#).await.is_empty());
        app.user(&ann.pool, "bob").await;
        let free = [("email", "ann@example.com"), ("email_verified", "true")];
        super::kit::administer(&app, &ann.pool, "bob", &free).await.assert_good();
    }

    async fn an_administrator_deletes_what_clients_may_not(app: TestApp) {
        let schema = json!([{ "Name": "cost", "AttributeDataType": "String", "DeveloperOnlyAttribute": true }]);
        let ann = Ann::among(&app, json!({ "Schema": schema })).await;
        ann.administer(&app, &[("dev:cost", "4"), ("email_verified", "true")]).await.assert_good();
        let refused = ann.delete(&app, &["dev:cost"]).await;
        refused.assert_refused("NotAuthorizedException", "A client attempted to write unauthorized attribute");

        let answer = app.idp("AdminDeleteUserAttributes", by_admin(&ann, &["dev:cost", "email_verified"])).await;

        assert_eq!(answer.good(), json!({}));
        assert_eq!(ann.attributes(&app).await.keys().collect::<Vec<_>>(), ["email", "sub"]);
    }

    async fn all_that_cannot_be_deleted_is_named_and_nothing_is(app: TestApp) {
        let schema = json!([
            { "Name": "badge", "AttributeDataType": "String", "Mutable": false },
            { "Name": "nickname", "Required": true },
        ]);
        let ann = Ann::among(&app, json!({ "Schema": schema })).await;
        let names = ["email", "custom:none", "custom:badge", "nickname", "sub"];
        let said = "Invalid user attributes: user.custom:none: Attribute does not exist in the schema.\n\
                    user.custom:badge: Attribute cannot be updated.\n\
                    user.nickname: Required attribute cannot be deleted.\n\
                    user.sub: Required attribute cannot be deleted.\n";

        ann.delete(&app, &names).await.assert_refused(INVALID, said);
        app.idp("AdminDeleteUserAttributes", by_admin(&ann, &names)).await.assert_refused(INVALID, said);

        assert_eq!(ann.email(&app).await.0, "ann@example.com");
    }
}
