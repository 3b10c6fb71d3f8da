//! People with a verified address, and the calls of this folder.

use cognate_testkit::TestApp;
use cognate_testkit::app::{Answered, PASSWORD, merged};
use serde_json::{Value, json};

pub(super) const NEW: &str = "Another-Horse-9";

pub(super) type Told = (&'static str, &'static str);
pub(super) const MISMATCH: Told = ("CodeMismatchException", "Invalid verification code provided, please try again.");
pub(super) const EXPIRED: Told = ("ExpiredCodeException", "Invalid code provided, please request a code again.");
pub(super) const LIMIT: Told = ("LimitExceededException", "Attempt limit exceeded, please try after some time.");
pub(super) const INCORRECT: Told = ("NotAuthorizedException", "Incorrect username or password.");
pub(super) const LOCKED: Told = ("NotAuthorizedException", "Password attempts exceeded");
pub(super) const RESET: Told = ("PasswordResetRequiredException", "Password reset required for the user");
pub(super) const STATE: Told = ("NotAuthorizedException", "User password cannot be reset in the current state.");
pub(super) const NO_CONTACT: Told = (
    "InvalidParameterException",
    "Cannot reset password for the user as there is no registered/verified email or phone_number",
);
pub(super) const SHORT: Told =
    ("InvalidPasswordException", "Password did not conform with policy: Password not long enough");
pub(super) const REUSED: Told =
    ("PasswordHistoryPolicyViolationException", "Password has previously been used and cannot be reused.");

/// A pool with Ann, who has a verified address and `PASSWORD`, and a client of the pool.
pub(super) struct World {
    pub(super) app: TestApp,
    pub(super) pool: String,
    pub(super) client: String,
}

impl World {
    pub(super) async fn new(app: TestApp) -> Self {
        Self::with(app, json!({}), json!({})).await
    }

    pub(super) async fn veiled(app: TestApp) -> Self {
        Self::with(app, json!({}), json!({ "PreventUserExistenceErrors": "ENABLED" })).await
    }

    pub(super) async fn with(app: TestApp, pool: Value, client: Value) -> Self {
        let pool = app.pool_with(merged(json!({ "AutoVerifiedAttributes": ["email"] }), pool)).await;
        let client = app.client_with(&pool, client).await;
        let world = Self { app, pool, client };
        world.person("ann", &[("email", "ann@example.com"), ("email_verified", "true")]).await;
        world
    }

    /// Confirmed, with `PASSWORD`.
    pub(super) async fn person(&self, name: &str, attributes: &[(&str, &str)]) {
        let attributes: Vec<Value> =
            attributes.iter().map(|(name, value)| json!({ "Name": name, "Value": value })).collect();
        let input = json!({
            "UserPoolId": self.pool, "Username": name, "TemporaryPassword": "Temporary-Horse-1", "MessageAction": "SUPPRESS",
            "UserAttributes": attributes,
        });
        self.app.idp("AdminCreateUser", input).await.assert_good();
        self.app.set_password(&self.pool, name).await;
    }

    pub(super) async fn forgot(&self, name: &str) -> Answered {
        self.app.idp("ForgotPassword", json!({ "ClientId": self.client, "Username": name })).await
    }

    pub(super) async fn confirm(&self, name: &str, code: &str, password: &str) -> Answered {
        let input =
            json!({ "ClientId": self.client, "Username": name, "ConfirmationCode": code, "Password": password });
        self.app.idp("ConfirmForgotPassword", input).await
    }

    /// Ann asks for a code and reads it.
    pub(super) async fn code(&self) -> String {
        self.app.clock.tick();
        self.forgot("ann").await.assert_good();
        self.app.code("ann").await
    }

    pub(super) async fn reset(&self, name: &str) -> Answered {
        self.app.idp("AdminResetUserPassword", json!({ "UserPoolId": self.pool, "Username": name })).await
    }

    pub(super) async fn change(&self, token: &str, previous: Option<&str>, proposed: &str) -> Answered {
        let mut input = json!({ "AccessToken": token, "ProposedPassword": proposed });
        if let Some(previous) = previous {
            input = merged(input, json!({ "PreviousPassword": previous }));
        }
        self.app.idp("ChangePassword", input).await
    }

    pub(super) async fn token(&self, name: &str) -> String {
        self.app.tokens(&self.client, name).await.access
    }

    pub(super) async fn get(&self, name: &str) -> Answered {
        self.app.idp("AdminGetUser", json!({ "UserPoolId": self.pool, "Username": name })).await
    }

    pub(super) async fn status(&self, name: &str) -> String {
        self.get(name).await.text("/UserStatus")
    }

    pub(super) async fn attribute(&self, name: &str, attribute: &str) -> Option<String> {
        let user = self.get(name).await.good();
        let all = user["UserAttributes"].as_array().unwrap();
        let found = all.iter().find(|one| one["Name"] == attribute)?;
        Some(found["Value"].as_str().unwrap().to_owned())
    }

    /// Both ways of signing in take the password.
    pub(super) async fn assert_signs_in(&self, name: &str, password: &str) {
        self.app.srp(&self.pool, &self.client, name, password).await.assert_good();
        self.app.password(&self.client, name, password).await.assert_good();
    }

    /// A sign-in that had been begun with the old password when `change` happened ends in nothing.
    pub(super) async fn assert_ends_what_was_under_way(&self, change: impl AsyncFnOnce(&Self)) {
        let proof = self.app.srp_proof(&self.pool, &self.client, "ann", PASSWORD).await;
        change(self).await;
        let answer = self.app.send_proof(&self.client, &proof).await;
        assert_eq!(answer.status, 400, "{answer}");
        assert_eq!(self.app.rows("token_families").await, 0);
    }
}

#[track_caller]
pub(super) fn refused(answer: &Answered, told: Told) {
    answer.assert_refused(told.0, told.1);
}

/// Six digits that are not the code.
pub(super) fn another(code: &str) -> &'static str {
    if code == "123456" { "654321" } else { "123456" }
}
