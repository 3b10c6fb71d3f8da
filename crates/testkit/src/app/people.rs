//! Pools, clients, users and what they do: the beginnings of most tests.

use cognate_domain::user::User;
use cognate_engine::users::{Change, TakenAlias};
use cognate_store::inbox::{self, Message, Wanted};
use serde_json::{Map, Value, json};

use super::{Answered, TestApp};

pub const PASSWORD: &str = "Correct-Horse-9";

/// What a sign-in gives.
#[derive(Clone, Debug)]
pub struct Tokens {
    pub id: String,
    pub access: String,
    pub refresh: String,
}

/// One object with the members of both; those of `more` win.
pub fn merged(mut base: Value, more: Value) -> Value {
    if let (Value::Object(base), Value::Object(more)) = (&mut base, more) {
        base.extend(more);
    }
    base
}

impl TestApp {
    /// Verifies e-mail addresses.
    pub async fn pool(&self) -> String {
        self.pool_with(json!({ "AutoVerifiedAttributes": ["email"] })).await
    }

    pub async fn pool_with(&self, input: Value) -> String {
        let input = merged(json!({ "PoolName": "people" }), input);
        let made = self.idp("CreateUserPool", input).await;
        made.assert_good();
        made.text("/UserPool/Id")
    }

    /// Allows passwords, SRP and refreshing; says who exists.
    pub async fn client(&self, pool: &str) -> String {
        self.client_with(pool, json!({})).await
    }

    pub async fn client_with(&self, pool: &str, input: Value) -> String {
        let base = json!({
            "UserPoolId": pool,
            "ClientName": "app",
            "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        });
        let made = self.idp("CreateUserPoolClient", merged(base, input)).await;
        made.assert_good();
        made.text("/UserPoolClient/ClientId")
    }

    /// Confirmed, with `PASSWORD`; their `sub`.
    pub async fn user(&self, pool: &str, name: &str) -> String {
        let sub = self.invited(pool, name, PASSWORD).await;
        self.set_password(pool, name).await;
        sub
    }

    /// Makes `PASSWORD` the user's own, which confirms them.
    pub async fn set_password(&self, pool: &str, name: &str) {
        let input = json!({ "UserPoolId": pool, "Username": name, "Password": PASSWORD, "Permanent": true });
        self.idp("AdminSetUserPassword", input).await.assert_good();
    }

    /// With a temporary password that nobody was sent; their `sub`.
    pub async fn invited(&self, pool: &str, name: &str, password: &str) -> String {
        let made = self
            .idp(
                "AdminCreateUser",
                json!({
                    "UserPoolId": pool,
                    "Username": name,
                    "TemporaryPassword": password,
                    "MessageAction": "SUPPRESS",
                    "UserAttributes": [{ "Name": "email", "Value": email(name) }],
                }),
            )
            .await;
        made.assert_good();
        made.text("/User/Attributes/0/Value")
    }

    pub async fn sign_up(&self, client: &str, name: &str) -> Answered {
        let attributes = json!([{ "Name": "email", "Value": email(name) }]);
        let input = json!({ "ClientId": client, "Username": name, "Password": PASSWORD, "UserAttributes": attributes });
        self.idp("SignUp", input).await
    }

    pub async fn confirm(&self, client: &str, name: &str, code: &str) -> Answered {
        self.idp("ConfirmSignUp", json!({ "ClientId": client, "Username": name, "ConfirmationCode": code })).await
    }

    pub async fn resend(&self, client: &str, name: &str) -> Answered {
        self.idp("ResendConfirmationCode", json!({ "ClientId": client, "Username": name })).await
    }

    /// Begins a sign-in with a password in plain text.
    pub async fn password(&self, client: &str, name: &str, password: &str) -> Answered {
        let parameters = json!({ "USERNAME": name, "PASSWORD": password });
        let input = json!({ "ClientId": client, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters });
        self.idp("InitiateAuth", input).await
    }

    /// Signs in with `PASSWORD`.
    pub async fn tokens(&self, client: &str, name: &str) -> Tokens {
        Tokens::of(&self.password(client, name, PASSWORD).await)
    }

    pub async fn refresh(&self, client: &str, token: &str) -> Answered {
        let parameters = json!({ "REFRESH_TOKEN": token });
        let input = json!({ "ClientId": client, "AuthFlow": "REFRESH_TOKEN_AUTH", "AuthParameters": parameters });
        self.idp("InitiateAuth", input).await
    }

    pub async fn answer(&self, client: &str, challenge: &str, session: &str, answers: &[(&str, &str)]) -> Answered {
        let answers: Map<String, Value> =
            answers.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        let mut input = json!({ "ClientId": client, "ChallengeName": challenge, "ChallengeResponses": answers });
        if !session.is_empty() {
            input = merged(input, json!({ "Session": session }));
        }
        self.idp("RespondToAuthChallenge", input).await
    }

    pub async fn get_user(&self, access_token: &str) -> Answered {
        self.idp("GetUser", json!({ "AccessToken": access_token })).await
    }

    /// The newest message to an address or number.
    pub async fn last_message(&self, to: &str) -> Message {
        self.find_message(to).await.unwrap_or_else(|| panic!("no message to {to}"))
    }

    /// The same of somebody who may have none.
    pub async fn find_message(&self, to: &str) -> Option<Message> {
        let mut tx = self.app.db.read().await.expect("the database can be read");
        let found = inbox::list(&mut tx, Wanted { to: Some(to), channel: None, most: Some(1) }).await;
        found.expect("the inbox can be read").pop()
    }

    /// What was sent to the user of this name last.
    pub async fn code(&self, name: &str) -> String {
        self.last_message(&email(name)).await.code.expect("a code")
    }

    /// Brings a user into a state for which there is no operation yet.
    pub async fn change_user(&self, pool: &str, name: &str, change: impl Fn(&mut User)) {
        let pool = self.app.pool(pool).await.expect("the pool can be read").expect("the pool");
        let mut tx = self.app.db.read().await.expect("the database can be read");
        let before = cognate_engine::users::get(&mut tx, &pool, name).await.expect("the user");
        let mut after = before.clone();
        change(&mut after);
        let change = Change { before: &before, after: &after, taken: TakenAlias::Refuse };
        let kept = self.app.db.write(async |tx| cognate_engine::users::update(tx, &pool, &change).await).await;
        kept.expect("the user is kept");
    }
}

/// The address of everybody whom this kit makes.
fn email(name: &str) -> String {
    if name.contains('@') { name.to_owned() } else { format!("{name}@example.com") }
}

impl Tokens {
    #[track_caller]
    pub fn of(answer: &Answered) -> Self {
        let token = |name: &str| answer.text(&format!("/AuthenticationResult/{name}"));
        Self { id: token("IdToken"), access: token("AccessToken"), refresh: token("RefreshToken") }
    }
}

impl Answered {
    /// The claims of a token in the answer, unverified: `IdToken` or `AccessToken`.
    #[track_caller]
    pub fn claims(&self, token: &str) -> Value {
        claims(&self.text(&format!("/AuthenticationResult/{token}")))
    }
}

/// What a token says, unverified.
pub fn claims(token: &str) -> Value {
    let peek = cognate_jose::peek(token).expect("a token");
    serde_json::from_slice(&peek.payload).expect("claims")
}
