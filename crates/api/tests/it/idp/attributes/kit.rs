//! What the tests of attributes do over and over.

use std::collections::BTreeMap;
use std::sync::Arc;

use cognate_testkit::TestApp;
use cognate_testkit::app::{Answered, PASSWORD};
use serde_json::{Value, json};
use tokio::task::JoinSet;

pub(super) const MISMATCH: (&str, &str) =
    ("CodeMismatchException", "Invalid verification code provided, please try again.");
pub(super) const EXPIRED: (&str, &str) =
    ("ExpiredCodeException", "Invalid code provided, please request a code again.");
pub(super) const LIMIT: (&str, &str) =
    ("LimitExceededException", "Attempt limit exceeded, please try after some time.");
pub(super) const TAKEN: (&str, &str) = ("AliasExistsException", "An account with the email already exists.");

/// A pool, an app and Ann, who is signed in. Her address is `ann@example.com`, unverified.
pub(super) struct Ann {
    pub(super) pool: String,
    pub(super) client: String,
    pub(super) token: String,
}

impl Ann {
    pub(super) async fn among(app: &TestApp, pool: Value) -> Self {
        let pool = app.pool_with(pool).await;
        let client = app.client(&pool).await;
        let by_address = app.idp("DescribeUserPool", json!({ "UserPoolId": pool })).await["UserPool"]
            .get("UsernameAttributes")
            .is_some();
        let name = if by_address { "ann@example.com" } else { "ann" };
        app.user(&pool, name).await;
        let token = app.tokens(&client, name).await.access;
        Self { pool, client, token }
    }

    /// In a pool that verifies addresses and numbers.
    pub(super) async fn new(app: &TestApp) -> Self {
        Self::among(app, json!({ "AutoVerifiedAttributes": ["email", "phone_number"] })).await
    }

    /// In a pool where a verified address signs in and stays until the new one is verified; hers is.
    pub(super) async fn careful(app: &TestApp) -> Self {
        let ann = Self::among(app, careful(json!({ "AliasAttributes": ["email"] }))).await;
        ann.administer(app, &[("email_verified", "true")]).await.assert_good();
        ann
    }

    pub(super) async fn update(&self, app: &TestApp, attributes: &[(&str, &str)]) -> Answered {
        let input = json!({ "AccessToken": self.token, "UserAttributes": listed(attributes) });
        app.idp("UpdateUserAttributes", input).await
    }

    pub(super) async fn administer(&self, app: &TestApp, attributes: &[(&str, &str)]) -> Answered {
        let name = self.name(app).await;
        administer(app, &self.pool, &name, attributes).await
    }

    pub(super) async fn delete(&self, app: &TestApp, names: &[&str]) -> Answered {
        app.idp("DeleteUserAttributes", json!({ "AccessToken": self.token, "UserAttributeNames": names })).await
    }

    pub(super) async fn ask(&self, app: &TestApp, attribute: &str) -> Answered {
        ask(app, &self.token, attribute).await
    }

    pub(super) async fn verify(&self, app: &TestApp, attribute: &str, code: &str) -> Answered {
        verify(app, &self.token, attribute, code).await
    }

    pub(super) async fn attributes(&self, app: &TestApp) -> BTreeMap<String, String> {
        as_map(&app.get_user(&self.token).await.good()["UserAttributes"])
    }

    /// Address and flag.
    pub(super) async fn email(&self, app: &TestApp) -> (String, String) {
        let mut attributes = self.attributes(app).await;
        let mut take = |name: &str| attributes.remove(name).unwrap_or_else(|| "none".to_owned());
        (take("email"), take("email_verified"))
    }

    pub(super) async fn signs_in_as(&self, app: &TestApp, name: &str) -> bool {
        app.password(&self.client, name, PASSWORD).await.status == 200
    }

    async fn name(&self, app: &TestApp) -> String {
        app.get_user(&self.token).await.text("/Username")
    }
}

/// These settings, in a pool where new addresses wait for their proof.
pub(super) fn careful(more: Value) -> Value {
    let base = json!({
        "AutoVerifiedAttributes": ["email"],
        "UserAttributeUpdateSettings": { "AttributesRequireVerificationBeforeUpdate": ["email"] },
    });
    cognate_testkit::app::merged(base, more)
}

pub(super) fn listed(attributes: &[(&str, &str)]) -> Value {
    attributes.iter().map(|(name, value)| json!({ "Name": name, "Value": value })).collect()
}

pub(super) fn as_map(listed: &Value) -> BTreeMap<String, String> {
    let text = |attribute: &Value, name: &str| attribute[name].as_str().unwrap().to_owned();
    let listed = listed.as_array().unwrap();
    listed.iter().map(|attribute| (text(attribute, "Name"), text(attribute, "Value"))).collect()
}

pub(super) async fn administer(app: &TestApp, pool: &str, name: &str, attributes: &[(&str, &str)]) -> Answered {
    let input = json!({ "UserPoolId": pool, "Username": name, "UserAttributes": listed(attributes) });
    app.idp("AdminUpdateUserAttributes", input).await
}

pub(super) async fn ask(app: &TestApp, token: &str, attribute: &str) -> Answered {
    let input = json!({ "AccessToken": token, "AttributeName": attribute });
    app.idp("GetUserAttributeVerificationCode", input).await
}

pub(super) async fn verify(app: &TestApp, token: &str, attribute: &str, code: &str) -> Answered {
    let input = json!({ "AccessToken": token, "AttributeName": attribute, "Code": code });
    app.idp("VerifyUserAttribute", input).await
}

/// The usernames that a filter of `ListUsers` finds.
pub(super) async fn found(app: &TestApp, pool: &str, filter: &str) -> Vec<String> {
    let listed = app.idp("ListUsers", json!({ "UserPoolId": pool, "Filter": filter })).await.good();
    let users = listed["Users"].as_array().unwrap();
    users.iter().map(|user| user["Username"].as_str().unwrap().to_owned()).collect()
}

/// Six digits that are not the code.
pub(super) fn another(code: &str) -> &'static str {
    if code == "123456" { "654321" } else { "123456" }
}

/// These calls, all at once; how often each outcome came: `ok` or the error's name.
pub(super) async fn together(
    app: &Arc<TestApp>,
    calls: impl IntoIterator<Item = (&'static str, Value)>,
) -> BTreeMap<String, usize> {
    let mut running = JoinSet::new();
    for (operation, input) in calls {
        let app = Arc::clone(app);
        running.spawn(async move { app.idp(operation, input).await });
    }
    let mut outcomes = BTreeMap::new();
    for answer in running.join_all().await {
        *outcomes.entry(answer.error.unwrap_or_else(|| "ok".to_owned())).or_default() += 1;
    }
    outcomes
}

/// Exactly one was good, and nobody heard anything but these.
#[track_caller]
pub(super) fn assert_one_won(outcomes: &BTreeMap<String, usize>, others: &[&str]) {
    assert_eq!(outcomes.get("ok"), Some(&1), "{outcomes:?}");
    assert!(outcomes.keys().all(|outcome| outcome == "ok" || others.contains(&outcome.as_str())), "{outcomes:?}");
}
