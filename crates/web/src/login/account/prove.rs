//! The password, asked for once more: a session alone may have been stolen. What was about to be done travels in the
//! form.

use axum::response::Response;
use cognate_domain::oauth::Params;
use http::StatusCode;
use minijinja::context;

use super::{Own, form, page};
use crate::login::Stop;
use crate::login::fields::Field;
use crate::login::visit::Visit;

const NAME: &str = "current_password";

/// Which page asks, and what it carries.
#[derive(Clone, Copy)]
pub(super) struct Asking<'a> {
    pub(super) page: &'static str,
    pub(super) path: &'static str,
    pub(super) label: &'static str,
    pub(super) hidden: &'a [(&'a str, &'a str)],
}

impl<'a> Asking<'a> {
    /// Before what the hidden fields say.
    pub(super) const fn before(hidden: &'a [(&'a str, &'a str)]) -> Self {
        Self { page: "account_prove", path: "/account", label: "account-current-password-label", hidden }
    }
}

/// Goes on only if the form has the right password; otherwise the person is asked for it.
pub(super) async fn proven(visit: &mut Visit, own: &Own, form: &Params, asking: Asking<'_>) -> Result<(), Stop> {
    if !form.has(NAME) {
        return Err(Stop::from(ask(visit, own, asking, None)));
    }
    let password = form::value(form, NAME);
    if password.is_empty() {
        return Err(Stop::from(ask(visit, own, asking, Some("problem-required"))));
    }
    let proved = visit.cx.prove_password(&visit.site.pool, own.user(), password).await;
    proved.map_err(|error| Stop::from(ask(visit, own, asking, Some(page::key_of(&error)))))
}

pub(super) fn ask(visit: &Visit, own: &Own, asking: Asking<'_>, problem: Option<&str>) -> Response {
    let field = current(visit, asking.label).focused();
    let field = match problem {
        Some(key) => field.failed(visit, key),
        None => field,
    };
    let more = context! {
        app => own.client.config.name(),
        form => page::form_to(visit, own, asking.path),
        fields => [field],
        hidden => page::hidden(asking.hidden),
        links => context! { account => own.href(visit, "/account") },
    };
    visit.pages.render(visit, asking.page, StatusCode::OK, more)
}

/// The password that somebody has now.
pub(super) fn current(visit: &Visit, label: &str) -> Field {
    Field::password(visit).called(NAME, "current-password".to_owned()).labelled(visit.text(label))
}
