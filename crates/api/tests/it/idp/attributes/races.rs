//! Many changes at once: none is lost, a name has one owner, and nothing is left of who is gone.

use std::collections::BTreeMap;
use std::sync::Arc;

use cognate_testkit::{TestApp, both_engines};
use serde_json::{Value, json};

use super::kit::{Ann, TAKEN, administer, as_map, assert_one_won, found, listed, together};

const AGAIN: &str = "TooManyRequestsException";

fn admin(pool: &str, name: &str, attributes: &[(&str, &str)]) -> (&'static str, Value) {
    let input = json!({ "UserPoolId": pool, "Username": name, "UserAttributes": listed(attributes) });
    ("AdminUpdateUserAttributes", input)
}

both_engines! {
    async fn changes_of_one_user_follow_one_another_and_none_is_lost(app: TestApp) {
        let names = ["nickname", "name", "given_name", "family_name", "middle_name", "profile", "website", "gender"];
        let ann = Ann::new(&app).await;
        let app = Arc::new(app);

        let outcomes = together(&app, names.iter().map(|name| admin(&ann.pool, "ann", &[(name, "new")]))).await;

        assert_eq!(outcomes, BTreeMap::from([("ok".to_owned(), names.len())]));
        let attributes = ann.attributes(&app).await;
        assert!(names.iter().all(|name| attributes[*name] == "new"), "{attributes:?}");
        assert_eq!(found(&app, &ann.pool, r#"family_name = "new""#).await, ["ann"]);
    }

    async fn of_many_who_take_one_name_at_once_one_gets_it(app: TestApp) {
        let pool = app.pool_with(json!({ "AliasAttributes": ["email", "preferred_username"] })).await;
        for number in 0..8 {
            app.user(&pool, &format!("user-{number}")).await;
        }
        let app = Arc::new(app);

        for change in [&[("email", "one@example.com"), ("email_verified", "true")][..], &[("preferred_username", "one")]] {
            let calls = (0..8).map(|number| admin(&pool, &format!("user-{number}"), change));
            let outcomes = together(&app, calls).await;
            assert_one_won(&outcomes, &[TAKEN.0, AGAIN]);
        }
    }

    async fn two_who_take_each_others_address_are_both_refused(app: TestApp) {
        let pool = app.pool_with(json!({ "UsernameAttributes": ["email"] })).await;
        for name in ["ann@example.com", "bob@example.com"] {
            app.user(&pool, name).await;
        }
        let app = Arc::new(app);

        for _ in 0..4 {
            let calls = [
                admin(&pool, "ann@example.com", &[("email", "bob@example.com")]),
                admin(&pool, "bob@example.com", &[("email", "ann@example.com")]),
            ];
            let outcomes = together(&app, calls).await;
            assert_eq!(outcomes, BTreeMap::from([(TAKEN.0.to_owned(), 2)]));
        }

        assert_eq!(app.rows("user_aliases").await, 4);
        // By way of a third address it can be done.
        for (from, to) in [("ann", "x"), ("bob", "ann"), ("x", "bob")] {
            let to = format!("{to}@example.com");
            administer(&app, &pool, &format!("{from}@example.com"), &[("email", &to)]).await.assert_good();
        }
    }

    async fn nothing_is_left_of_a_user_who_is_deleted_while_they_are_changed(app: TestApp) {
        let pool = app.pool_with(super::kit::careful(json!({ "UsernameAttributes": ["email"] }))).await;
        let client = app.client(&pool).await;
        let app = Arc::new(app);
        for round in 0..6 {
            let name = format!("user-{round}@example.com");
            app.user(&pool, &name).await;
            let token = app.tokens(&client, &name).await.access;

            let new = format!("new-{round}@example.com");
            let changes = listed(&[("email", &new), ("family_name", "Lee")]);
            let mut calls = vec![
                ("UpdateUserAttributes", json!({ "AccessToken": token, "UserAttributes": changes })),
                ("GetUserAttributeVerificationCode", json!({ "AccessToken": token, "AttributeName": "email" })),
                admin(&pool, &name, &[("email", &format!("third-{round}@example.com")), ("email_verified", "true")]),
            ];
            calls.insert(round % 4, ("DeleteUser", json!({ "AccessToken": token })));
            let outcomes = together(&app, calls).await;

            let others = ["ok", "UserNotFoundException", AGAIN];
            assert!(outcomes.keys().all(|one| others.contains(&one.as_str())), "{outcomes:?}");
            for name in [name, new, format!("third-{round}@example.com")] {
                app.idp("AdminDeleteUser", json!({ "UserPoolId": pool, "Username": name })).await; // where it lost
            }
            for table in ["users", "user_aliases", "user_search", "codes", "pending_attributes"] {
                assert_eq!(app.rows(table).await, 0, "{table} after {outcomes:?}");
            }
        }
    }

    async fn a_change_and_a_verification_at_once_leave_no_unproved_address_verified(app: TestApp) {
        let ann = Ann::new(&app).await;
        let app = Arc::new(app);
        for round in 0..4 {
            let address = format!("own-{round}@example.com");
            ann.update(&app, &[("email", &address)]).await.assert_good();
            let code = app.code(&address).await;
            let next = format!("victim-{round}@example.com");

            let calls = [
                (
                    "VerifyUserAttribute",
                    json!({ "AccessToken": ann.token, "AttributeName": "email", "Code": code }),
                ),
                ("UpdateUserAttributes", json!({ "AccessToken": ann.token, "UserAttributes": listed(&[("email", &next)]) })),
            ];
            together(&app, calls).await;

            let user = app.idp("AdminGetUser", json!({ "UserPoolId": ann.pool, "Username": "ann" })).await.good();
            let user = as_map(&user["UserAttributes"]);
            assert_eq!((&*user["email"], &*user["email_verified"]), (&*next, "false"));
        }
    }
}
