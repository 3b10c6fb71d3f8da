//! `/account/delete`: the person is gone, with everything that is only theirs. It asks for the password.

use axum::body::Body;
use axum::response::Response;
use cognate_domain::error::ErrorKind;
use http::StatusCode;
use minijinja::context;

use super::prove::{self, Asking};
use super::{Own, expired, form};
use crate::login::form::Sent;
use crate::login::visit::Visit;
use crate::login::{problem, session};

const ASKING: Asking<'static> =
    Asking { page: "account_delete", path: "/account/delete", label: "account-delete-confirm-label", hidden: &[] };

pub(super) async fn show(visit: Visit) -> Response {
    let answered = visit.answer(|visit| async move {
        let own = Own::enter(&visit).await?;
        if !own.has_password() {
            return Ok(visit.redirect(&own.href(&visit, "/account")));
        }
        Ok(prove::ask(&visit, &own, ASKING, None))
    });
    answered.await
}

pub(super) async fn submit(visit: Visit, body: Body) -> Response {
    let answered = visit.answer(|mut visit| async move {
        let own = Own::enter(&visit).await?;
        let Sent::Own(form) = form::read(&visit, body).await else { return expired(&visit, &own).await };
        prove::proven(&mut visit, &own, &form, ASKING).await?;
        match visit.cx.delete_user(own.user()).await {
            Err(error) if error.kind != ErrorKind::UserNotFound => Err(problem::failed(&visit, &error)),
            _ => Ok(session::forget(&visit, gone(&visit))),
        }
    });
    answered.await
}

fn gone(visit: &Visit) -> Response {
    let more = context! {
        title => visit.text("account-deleted-title"),
        text => visit.text("account-deleted"),
        links => context! { sign_in => None::<&str> },
    };
    visit.pages.render(visit, "done", StatusCode::OK, more)
}
