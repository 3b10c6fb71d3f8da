//! `/confirmUser`: the link of a confirmation message. Whoever opens it has the code; nobody is signed in by it.

use axum::response::Response;
use cognate_engine::sign_up::Confirmation;
use cognate_engine::users::TakenAlias;
use http::StatusCode;
use minijinja::context;

use super::request::{named_client, refuse};
use super::visit::Visit;
use super::{problem, stop::Answered};

pub(super) async fn show(visit: Visit) -> Response {
    visit.answer(|visit| async move { confirm(visit).await }).await
}

async fn confirm(mut visit: Visit) -> Answered {
    let named = |name: &str| visit.params.get(name).ok().flatten().unwrap_or_default().to_owned();
    let (username, code) = (named("user_name"), named("confirmation_code"));
    let client = named_client(&visit, &visit.params).await?.ok_or_else(|| refuse(&visit, "invalid_request"))?;
    let asked = Confirmation { username: &username, code: &code, taken: TakenAlias::Refuse };
    let confirmed = visit.cx.confirm_sign_up(&visit.site.pool, &client, asked).await;
    if let Err(error) = &confirmed {
        problem::note(error);
    }
    let status = if confirmed.is_ok() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    let more = context! { app => client.config.name(), ok => confirmed.is_ok(), links => context! {} };
    Ok(visit.pages.render(&visit, "confirm_user", status, more))
}
