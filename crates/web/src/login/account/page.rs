//! The page itself: every section as it is now, but for what somebody has just entered into one of them.

use cognate_domain::delivery::Medium;
use cognate_domain::user::UserStatus;
use http::StatusCode;
use minijinja::{Value, context};

use super::{Own, contacts, password, profile, sessions};
use crate::login::choose_account::{called, person};
use crate::login::fields::{self, Field};
use crate::login::stop::Answered;
use crate::login::visit::Visit;
use crate::login::{form, problem};

/// What the page is told to show in place of what is kept.
#[derive(Default)]
pub(super) struct Shown {
    pub(super) alert: Option<Value>,
    pub(super) said: Option<Said>,
    pub(super) profile: Option<Vec<Field>>,
    pub(super) contact: Option<(Medium, Field)>,
    pub(super) password: Option<Vec<Field>>,
}

/// What is said about one section, in that section.
pub(super) struct Said {
    section: &'static str,
    kind: &'static str,
    text: String,
}

/// What a page may have left to be told, where and how. Nothing else is told here.
const NOTICES: [(&str, &str, &str); 7] = [
    ("account-saved", "profile", "success"),
    ("account-contact-changed", "contacts", "success"),
    ("account-contact-verified", "contacts", "success"),
    ("problem-delivery", "contacts", "error"),
    ("account-password-changed", "password", "success"),
    ("account-session-ended", "sessions", "success"),
    ("account-sessions-ended", "sessions", "success"),
];

impl Said {
    pub(super) fn of_notice(visit: &Visit, key: &str) -> Option<Self> {
        let (key, section, kind) = NOTICES.into_iter().find(|(known, ..)| *known == key)?;
        Some(Self { section, kind, text: visit.text(key) })
    }

    pub(super) fn problem(visit: &Visit, section: &'static str, key: &str) -> Self {
        Self { section, kind: "error", text: visit.text(key) }
    }
}

pub(super) async fn page(visit: &Visit, own: &Own, shown: Shown) -> Answered {
    let failed = |error| problem::failed(visit, &error);
    let (name, detail) = called(own.user());
    let profile = shown.profile.unwrap_or_else(|| profile::fields(visit, own, None));
    let password = may_change_password(own).then(|| {
        let fields = shown.password.unwrap_or_else(|| password::fields(visit));
        context! { fields => fields, rules => fields::rules(visit) }
    });
    let said = shown.said.map(|said| context! { section => said.section, kind => said.kind, text => said.text });
    let more = context! {
        app => own.client.config.name(),
        alert => shown.alert,
        section_alert => said,
        form => context! { action => own.href(visit, "/account"), csrf => visit.xsrf() },
        person => person(name, detail),
        profile => context! { fields => profile },
        contacts => contacts::rows(visit, own, shown.contact).await.map_err(failed)?,
        password => password,
        sessions => sessions::rows(visit, own).await.map_err(failed)?,
        links => context! {
            sign_out => own.href(visit, "/account/sign-out"),
            download => own.href(visit, "/account/data"),
            delete => own.has_password().then(|| own.href(visit, "/account/delete")),
        },
    };
    Ok(visit.pages.render(visit, "account", StatusCode::OK, more))
}

fn may_change_password(own: &Own) -> bool {
    own.has_password() && own.user().status == UserStatus::Confirmed
}

impl Own {
    /// Whoever has none cannot be asked for it, and so does nothing here that asks for it.
    pub(super) const fn has_password(&self) -> bool {
        self.user().password.is_some()
    }
}

/// The page again, with something said about one section.
pub(super) async fn again(visit: &Visit, own: &Own, section: &'static str, key: &str) -> Answered {
    page(visit, own, Shown { said: Some(Said::problem(visit, section, key)), ..Shown::default() }).await
}

/// Of a password that was asked for once more: there is no name that could be wrong.
pub(super) fn key_of(error: &cognate_domain::Error) -> &'static str {
    problem::note(error);
    match problem::key(error) {
        "problem-credentials" => "problem-wrong-password",
        key => key,
    }
}

/// The hidden fields of a form.
pub(super) fn hidden(pairs: &[(&str, &str)]) -> Vec<Value> {
    pairs.iter().map(|(name, value)| context! { name => *name, value => *value }).collect()
}

/// A form of a page of its own.
pub(super) fn form_to(visit: &Visit, own: &Own, path: &str) -> Value {
    context! { action => own.href(visit, path), csrf => visit.xsrf() }
}

/// What a person has typed, without the spaces around it.
pub(super) fn entered<'f>(sent: &'f cognate_domain::oauth::Params, name: &str) -> &'f str {
    form::value(sent, name).trim()
}
