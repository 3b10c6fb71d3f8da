//! A form that comes back from a page: bounded, and from our own page in this browser, or it is not looked at.

use axum::body::Body;
use cognate_domain::oauth::Params;
use minijinja::{Value, context};

use super::visit::Visit;
use crate::oauth::form;

/// What came. A form that is not ours is empty: the page is shown again, and says so.
pub(super) enum Sent {
    Own(Params),
    NotOurs,
}

pub(super) async fn read(visit: &Visit, body: Body) -> Sent {
    match form::read(&visit.headers, body).await {
        Ok(params) if visit.is_own_form(&params) => Sent::Own(params),
        _ => Sent::NotOurs,
    }
}

/// A field's value; a field that comes twice is none.
pub(super) fn value<'p>(form: &'p Params, name: &str) -> &'p str {
    form.get(name).ok().flatten().unwrap_or_default()
}

/// Where a form goes: the page itself, or another one, with the authorization request carried along.
pub(super) fn to(visit: &Visit, path: &str) -> Value {
    context! { action => visit.href(path), csrf => visit.xsrf() }
}

/// What the page before has left to be said: a problem, or what was done.
pub(super) fn notice(visit: &Visit, key: &str) -> Value {
    alert(if key.starts_with("problem-") { "error" } else { "success" }, &visit.text(key))
}

pub(super) fn alert(kind: &str, text: &str) -> Value {
    context! { kind => kind, text => text }
}
