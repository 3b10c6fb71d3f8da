//! Accounts, by their people: opened, confirmed, recovered. Cognito names who is not there; here everybody gets the answer of somebody who
//! is.

use std::sync::{Mutex, PoisonError};

use cognate_engine::{Cx, Secret};
use serde::Deserialize;
use serde_json::{Value, json};

use super::calls::{Fault, Nothing};
use super::delivery::{self, Details, Sent};
use super::refusals::{During, refused};
use super::{Cognito, attributes};
use crate::problem::{Code, Problem};
use crate::provider::{Delivery, NewAccount, PasswordReset, SignedUp};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SignUpAnswer {
    user_confirmed: bool,
    code_delivery_details: Option<Details>,
}

/// How sign-ups of this pool were last answered: so is one with an address that is taken. Before the first, a code by e-mail is assumed.
#[derive(Default)]
pub(super) struct Usual(Mutex<Option<Shape>>);

#[derive(Clone, Copy)]
struct Shape {
    confirmed: bool,
    sends: bool,
}

impl Usual {
    fn remember(&self, shape: Shape) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(shape);
    }

    fn shape(&self) -> Shape {
        let known = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.unwrap_or(Shape { confirmed: false, sends: true })
    }
}

impl Cognito {
    pub(super) async fn open_account(&self, cx: &Cx, account: &NewAccount) -> Result<SignedUp, Problem> {
        let mut body = json!({
            "ClientId": self.client_id, "Username": account.email, "Password": account.password,
            "UserAttributes": attributes(account),
        });
        self.add_hash_of(&mut body, &account.email);
        match self.server.call::<SignUpAnswer>("SignUp", &body, None).await {
            Ok(SignUpAnswer { user_confirmed: confirmed, code_delivery_details }) => {
                let delivery = code_delivery_details.and_then(Details::told);
                self.usual.remember(Shape { confirmed, sends: delivery.is_some() });
                Ok(SignedUp { requires_confirmation: !confirmed, can_sign_in: confirmed, delivery })
            }
            Err(fault) if fault.is(&["UsernameExistsException", "AliasExistsException"]) => {
                let Shape { confirmed, sends } = self.usual.shape();
                cx.tell_of_account_elsewhere_unseen(&self.user_pool_id, &account.email);
                let delivery = sends.then(|| self.made_up(&account.email));
                Ok(SignedUp { requires_confirmation: !confirmed, can_sign_in: confirmed, delivery })
            }
            Err(fault) => Err(refused(fault, During::SignUp)),
        }
    }

    pub(super) async fn confirm_account(&self, identifier: &str, code: &Secret) -> Result<(), Problem> {
        let mut body = json!({ "ClientId": self.client_id, "Username": identifier, "ConfirmationCode": code });
        self.add_hash_of(&mut body, identifier);
        let confirmed = self.server.call::<Nothing>("ConfirmSignUp", &body, None).await;
        confirmed.map(drop).map_err(|fault| refused(fault, During::Code))
    }

    pub(super) async fn resend_code(&self, identifier: &str) -> Result<Option<Delivery>, Problem> {
        let mut body = json!({ "ClientId": self.client_id, "Username": identifier });
        self.add_hash_of(&mut body, identifier);
        self.sent(identifier, self.server.call("ResendConfirmationCode", &body, None).await)
    }

    pub(super) async fn begin_reset(&self, identifier: &str) -> Result<Option<Delivery>, Problem> {
        let mut body = json!({ "ClientId": self.client_id, "Username": identifier });
        self.add_hash_of(&mut body, identifier);
        let sent = self.server.call("ForgotPassword", &body, None).await;
        if let Err(fault) = &sent
            && fault.refused().is_some_and(|refused| refused.sentence.starts_with("Contact administrator"))
        {
            return Err(Problem::new(Code::Forbidden).saying("Ask an administrator for a new password."));
        }
        self.sent(identifier, sent)
    }

    /// That somebody is not there, is confirmed already, or has no address that was verified, is told to nobody.
    fn sent(&self, identifier: &str, sent: Result<Sent, Fault>) -> Result<Option<Delivery>, Problem> {
        const SILENT: [&str; 4] = [
            "UserNotFoundException",
            "InvalidParameterException",
            "NotAuthorizedException",
            "UserNotConfirmedException",
        ];
        match sent {
            Ok(sent) => Ok(sent.told()),
            Err(fault) => {
                let silent = fault.is(&SILENT);
                let problem = refused(fault, During::Code);
                // A refusal that is the operator's to mend, or that asks to wait, is said.
                let is_theirs = silent && matches!(problem.code, Code::CodeRejected | Code::ValidationFailed);
                if is_theirs { Ok(Some(self.made_up(identifier))) } else { Err(problem) }
            }
        }
    }

    pub(super) async fn finish_reset(&self, reset: &PasswordReset) -> Result<(), Problem> {
        let PasswordReset { identifier, code, new_password } = reset;
        let mut body = json!({
            "ClientId": self.client_id, "Username": identifier, "ConfirmationCode": code, "Password": new_password,
        });
        self.add_hash_of(&mut body, identifier);
        let done = self.server.call::<Nothing>("ConfirmForgotPassword", &body, None).await;
        done.map(drop).map_err(|fault| refused(fault, During::Code))
    }

    fn made_up(&self, identifier: &str) -> Delivery {
        delivery::made_up(identifier, &self.veil)
    }

    fn add_hash_of(&self, body: &mut Value, username: &str) {
        if let (Some(hash), Value::Object(members)) = (self.secret_hash(username), body) {
            members.insert("SecretHash".to_owned(), json!(hash));
        }
    }
}
