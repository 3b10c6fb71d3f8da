//! What an operator's staff does to accounts. Calls are signed; without credentials none is made.

use cognate_domain::directory::ProviderSubject;
use cognate_engine::Cx;
use serde::Deserialize;
use serde_json::json;

use super::calls::{By, Nothing};
use super::refusals::{During, refused};
use super::sessions::Attribute;
use super::{Cognito, NAME, attributes};
use crate::problem::{Code, Problem};
use crate::provider::NewAccount;

/// Of one address; more accounts than anybody has, and few enough for one mail.
const MOST_ACCOUNTS: u32 = 20;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Created {
    user: Person,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Found {
    #[serde(default)]
    users: Vec<Person>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Person {
    username: String,
    #[serde(default)]
    attributes: Vec<Attribute>,
    #[serde(default = "yes")]
    enabled: bool,
}

const fn yes() -> bool {
    true
}

impl Person {
    fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|attribute| attribute.name == name).map(|attribute| attribute.value.as_str())
    }
}

impl Cognito {
    pub(super) fn by<'a>(&'a self, cx: &Cx) -> Result<By<'a>, Problem> {
        let credentials = self.credentials.as_ref().ok_or_else(|| {
            Problem::unsupported("do this: auth_api.cognito.access_key_id and secret_access_key are not set")
        })?;
        Ok(By { credentials, now: cx.now })
    }

    pub(super) async fn invite_account(&self, cx: &Cx, account: &NewAccount) -> Result<ProviderSubject, Problem> {
        let body = json!({
            "UserPoolId": self.user_pool_id, "Username": account.email, "UserAttributes": attributes(account),
            "DesiredDeliveryMediums": ["EMAIL"],
        });
        let created = self.server.call::<Created>("AdminCreateUser", &body, Some(self.by(cx)?)).await;
        let created = created.map_err(|fault| refused(fault, During::Administration))?;
        let sub = created.user.attribute("sub").map(str::to_owned);
        let id = sub.ok_or_else(|| Problem::new(Code::ProviderFailed).because("AdminCreateUser: no sub"))?;
        Ok(ProviderSubject { provider: NAME.to_owned(), id })
    }

    /// Whoever is shut out loses what they were given; a server that knows no such call only shuts them out.
    pub(super) async fn enable(&self, cx: &Cx, subject: &ProviderSubject, enabled: bool) -> Result<(), Problem> {
        self.administer(cx, if enabled { "AdminEnableUser" } else { "AdminDisableUser" }, &subject.id).await?;
        if enabled {
            return Ok(());
        }
        match self.end_all_of(cx, &subject.id).await {
            Err(problem) if problem.code != Code::UnsupportedByProvider => Err(problem),
            _ => Ok(()),
        }
    }

    pub(super) async fn end_all_of(&self, cx: &Cx, username: &str) -> Result<(), Problem> {
        self.administer(cx, "AdminUserGlobalSignOut", username).await
    }

    pub(super) async fn force_reset(&self, cx: &Cx, subject: &ProviderSubject) -> Result<(), Problem> {
        self.administer(cx, "AdminResetUserPassword", &subject.id).await
    }

    /// A `sub` goes for a user name.
    async fn administer(&self, cx: &Cx, operation: &'static str, username: &str) -> Result<(), Problem> {
        let body = json!({ "UserPoolId": self.user_pool_id, "Username": username });
        let done = self.server.call::<Nothing>(operation, &body, Some(self.by(cx)?)).await;
        done.map(drop).map_err(|fault| refused(fault, During::Administration))
    }

    /// Cognito sends no such mail, so this server does. Nothing of it is waited for but whether it can be done at all.
    pub(super) async fn remind(&self, cx: &Cx, email: &str) -> Result<(), Problem> {
        if !cx.app.post.carries_email() {
            return Err(Problem::unsupported("write to people, and messages.smtp_host is not set"));
        }
        let quoted = email.replace('\\', "\\\\").replace('"', "\\\"");
        let body = json!({
            "UserPoolId": self.user_pool_id, "Filter": format!("email = \"{quoted}\""), "Limit": MOST_ACCOUNTS,
        });
        let found = self.server.call::<Found>("ListUsers", &body, Some(self.by(cx)?)).await;
        let found = found.map_err(|fault| refused(fault, During::Administration))?;
        let name = |person: &Person| {
            // A name that Cognito made up for a pool where addresses are names is nobody's to sign in by.
            let is_made_up = person.attribute("sub") == Some(person.username.as_str());
            if is_made_up { person.attribute("email").map(str::to_owned) } else { Some(person.username.clone()) }
        };
        let names: Vec<String> = found.users.iter().filter(|person| person.enabled).filter_map(name).collect();
        if !names.is_empty() {
            cx.remind_elsewhere_unseen(&self.user_pool_id, email, &names);
        }
        Ok(())
    }
}
