//! Where somebody is signed in: browsers, and applications that hold tokens. One can be ended by itself; all at once
//! asks for the password, so that a thief cannot shut out the owner.

use cognate_domain::Result;
use cognate_domain::login_session::LoginSession;
use cognate_domain::oauth::Params;
use cognate_engine::account::Application;
use minijinja::{Value, context};

use super::prove::{self, Asking};
use super::{Own, form};
use crate::login::problem;
use crate::login::stop::Answered;
use crate::login::visit::Visit;
use crate::moment;

const BROWSER: &str = "browser";
const APPLICATION: &str = "application";

/// This browser first.
pub(super) async fn rows(visit: &Visit, own: &Own) -> Result<Vec<Value>> {
    let at = visit.cx.signed_in_at(own.user()).await?;
    let (here, elsewhere): (Vec<_>, Vec<_>) =
        at.browsers.iter().partition(|session| session.id == own.found.session.id);
    let mut rows: Vec<Value> = here.into_iter().chain(elsewhere).map(|session| browser(visit, own, session)).collect();
    rows.extend(at.applications.iter().map(|held| application(visit, held)));
    Ok(rows)
}

fn browser(visit: &Visit, own: &Own, session: &LoginSession) -> Value {
    context! {
        id => format!("{BROWSER}.{}", session.id),
        label => visit.text("account-session-browser"),
        since => moment::minute(session.authenticated_at),
        until => moment::minute(session.expires_at),
        current => session.id == own.found.session.id,
    }
}

fn application(visit: &Visit, held: &Application) -> Value {
    let Application { family, name } = held;
    context! {
        id => format!("{APPLICATION}.{}", family.origin_jti),
        label => visit.language().text("account-session-app", &[("app", name)]),
        since => moment::minute(family.authenticated_at),
        until => moment::minute(family.expires_at),
        current => false,
    }
}

pub(super) async fn end(visit: &mut Visit, own: &Own, form: &Params) -> Answered {
    let session = form::value(form, "session");
    if session == "all" {
        return end_all(visit, own, form).await;
    }
    let ended = match session.split_once('.') {
        Some((BROWSER, id)) => visit.cx.sign_out_browser(own.user(), id).await,
        Some((APPLICATION, id)) => visit.cx.sign_out_application(own.user(), id).await,
        _ => return Ok(visit.redirect(&own.href(visit, "/account"))),
    };
    ended.map_err(|error| problem::failed(visit, &error))?;
    let is_here = session.split_once('.') == Some((BROWSER, &own.found.session.id));
    Ok(if is_here { own.leave(visit) } else { own.done(visit, "account-session-ended") })
}

async fn end_all(visit: &mut Visit, own: &Own, form: &Params) -> Answered {
    let hidden = [("section", "sessions"), ("session", "all")];
    prove::proven(visit, own, form, Asking::before(&hidden)).await?;
    let ended = visit.cx.sign_out_everywhere_else(&own.found).await;
    ended.map_err(|error| problem::failed(visit, &error))?;
    Ok(own.done(visit, "account-sessions-ended"))
}
