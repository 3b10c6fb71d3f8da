//! `/device` (RFC 8628, section 3.3), where the pool offers it: a person types the code that a device shows, sees what they let in, and
//! says so. What they see before they decide is met by its address, so that they can go back to it. Whoever comes by an address that
//! names the application signs in before a code of theirs is looked at.

use std::sync::Arc;

use axum::body::Body;
use axum::response::Response;
use cognate_domain::Error;
use cognate_domain::client::Client;
use cognate_domain::error::ErrorKind;
use cognate_domain::oauth::Params;
use cognate_domain::oauth::device::UserCode;
use cognate_domain::pool::Extension;
use cognate_domain::resource_server::is_standard_scope;
use cognate_engine::device::Decision;
use cognate_store::device_grants::Waiting;
use cognate_store::login_sessions::Found;
use http::StatusCode;
use minijinja::{Value, context};

use super::choose_account::{called, person};
use super::fields::Field;
use super::form::{self, Sent};
use super::memo::Memo;
use super::own_page::{OwnPage, client};
use super::stop::Answered;
use super::visit::Visit;
use super::{Stop, error_page, problem, session};

/// How it ended, as the page before has left it: heading, text and sign.
const ENDINGS: [(&str, &str, &str); 2] =
    [("device-allowed-title", "device-allowed", "success"), ("device-refused-title", "device-refused", "info")];

pub(super) async fn show(visit: Visit) -> Response {
    let answered = visit.answer(|visit| async move {
        let door = Door::enter(&visit).await?;
        let memo = Memo::read(&visit);
        let ending = ENDINGS.into_iter().find(|(title, ..)| memo.notice.as_deref() == Some(*title));
        if let Some((title, text, kind)) = ending {
            let more = context! {
                title => visit.text(title),
                text => visit.text(text),
                kind => kind,
                links => context! {},
            };
            let mut response = visit.pages.render(&visit, "done", StatusCode::OK, more);
            visit.leave(&mut response, &Memo::default());
            return Ok(response);
        }
        let code = visit.params.get("user_code").ok().flatten().unwrap_or_default().to_owned();
        // What the page before has found to be right; other codes of an address are only filled in.
        if memo.device.as_ref() == Some(&code) && door.here.is_some() {
            let device = Device::find_again(&visit, &door, &code).await?;
            return confirm(&visit, device.entered(&visit, &door)?, &device).await;
        }
        Ok(ask(&visit, &door, Entered { code: &code, ..Entered::default() }))
    });
    answered.await
}

pub(super) async fn submit(visit: Visit, body: Body) -> Response {
    let answered = visit.answer(|mut visit| async move {
        let door = Door::enter(&visit).await?;
        let Sent::Own(form) = form::read(&visit, body).await else {
            let alert = Some(form::alert("error", &visit.text("problem-form-expired")));
            return Ok(ask(&visit, &door, Entered { alert, ..Entered::default() }));
        };
        let typed = form::value(&form, "user_code");
        if typed.trim().is_empty() {
            return Ok(ask(&visit, &door, Entered { problem: Some("problem-required"), ..Entered::default() }));
        }
        let decision = match form::value(&form, "decision") {
            "allow" => Some(Decision::Allow),
            "refuse" => Some(Decision::Refuse),
            _ => None,
        };
        if let Some(decision) = decision {
            return decide(&mut visit, &door, &form, decision).await;
        }
        let Device { code, client, .. } = Device::find(&mut visit, &door, typed).await?;
        let code = code.to_string();
        let query = [("client_id", Some(client.id.as_str())), ("user_code", Some(code.as_str()))];
        let mut response = visit.redirect(&visit.href_with(OwnPage::Device.path(), &query));
        visit.leave(&mut response, &Memo { device: Some(code), ..Memo::default() });
        Ok(response)
    });
    answered.await
}

/// A device that waits, by the code that it shows, and its application.
struct Device {
    code: UserCode,
    waiting: Waiting,
    client: Arc<Client>,
}

impl Device {
    /// By what somebody has typed, which counts as a guess.
    async fn find(visit: &mut Visit, door: &Door, typed: &str) -> Result<Self, Stop> {
        let code = UserCode::parse(typed);
        let user = door.here.as_ref().map(|found| &found.user);
        let waiting = visit.cx.waiting_device(&visit.site.pool, user, code.as_ref()).await;
        Self::of(visit, door, typed, (code, waiting)).await
    }

    /// By a code that was right a moment ago.
    async fn find_again(visit: &Visit, door: &Door, typed: &str) -> Result<Self, Stop> {
        let code = UserCode::parse(typed);
        let waiting = match &code {
            Some(code) => visit.cx.device_still_waiting(&visit.site.pool, code).await,
            None => Ok(None),
        };
        Self::of(visit, door, typed, (code, waiting)).await
    }

    /// One whose application may still ask.
    async fn of(
        visit: &Visit,
        door: &Door,
        typed: &str,
        found: (Option<UserCode>, cognate_domain::Result<Option<Waiting>>),
    ) -> Result<Self, Stop> {
        let (code, waiting) = found;
        let waiting = waiting.map_err(|error| refused(visit, door, typed, &error))?;
        let (Some(code), Some(waiting)) = (code, waiting) else { return Err(Stop::from(unknown(visit, door, typed))) };
        let client = visit.cx.app.client(&waiting.client_id).await.map_err(|error| problem::failed(visit, &error))?;
        let client = client.filter(|client| client.pool_id == visit.site.pool.id && client.takes_part_in_oauth());
        match client {
            Some(client) => Ok(Self { code, waiting, client }),
            None => Err(Stop::from(unknown(visit, door, typed))),
        }
    }

    /// Whoever is signed in, if they may come in by this application's door; anybody else signs in first.
    fn entered<'d>(&self, visit: &Visit, door: &'d Door) -> Result<&'d Found, Stop> {
        let here = door.here.as_ref();
        here.filter(|here| self.client.providers().contains(&here.session.provider))
            .ok_or_else(|| Stop::from(visit.redirect(&OwnPage::Device.sign_in_href(visit, &self.client))))
    }
}

/// Does as the person says who is signed in, if it is they who were shown.
async fn decide(visit: &mut Visit, door: &Door, form: &Params, decision: Decision) -> Answered {
    let typed = form::value(form, "user_code");
    let device = Device::find(visit, door, typed).await?;
    let here = device.entered(visit, door)?;
    if form::value(form, "session") != here.session.id {
        return confirm(visit, here, &device).await;
    }
    match visit.cx.decide_device(here, &device.waiting, decision).await {
        Ok(true) => Ok(decided(visit, decision)),
        Ok(false) => Ok(unknown(visit, door, typed)),
        Err(error) => Err(refused(visit, door, typed, &error)),
    }
}

/// By which a person comes in.
struct Door {
    /// Who is signed in, which without an application need be nobody.
    here: Option<Found>,
    client: Option<Arc<Client>>,
}

impl Door {
    async fn enter(visit: &Visit) -> Result<Self, Stop> {
        if !visit.site.pool.config.has(Extension::Device) {
            return Err(Stop::from(error_page::nothing_here(visit)));
        }
        if visit.params.has("client_id") {
            let client = client(visit).await?;
            let here = OwnPage::Device.enter(visit, &client).await?;
            return Ok(Self { here: Some(here), client: Some(client) });
        }
        let here = session::find(visit).await.map_err(|error| problem::failed(visit, &error))?;
        Ok(Self { here, client: None })
    }
}

#[derive(Default)]
struct Entered<'e> {
    code: &'e str,
    problem: Option<&'static str>,
    alert: Option<Value>,
}

fn unknown(visit: &Visit, door: &Door, code: &str) -> Response {
    ask(visit, door, Entered { code, problem: Some("problem-device-code"), ..Entered::default() })
}

/// What may be tried again in a while is said on the page; what is a fault of ours, on one of its own.
fn refused(visit: &Visit, door: &Door, code: &str, error: &Error) -> Stop {
    if !matches!(error.kind, ErrorKind::LimitExceeded | ErrorKind::TooManyRequests) {
        return problem::failed(visit, error);
    }
    let alert = Some(form::alert("error", &visit.text(problem::key(error))));
    Stop::from(ask(visit, door, Entered { code, alert, ..Entered::default() }))
}

fn ask(visit: &Visit, door: &Door, entered: Entered<'_>) -> Response {
    let field = Field::user_code(visit, entered.code);
    let field = match entered.problem {
        Some(key) => field.failed(visit, key),
        None => field,
    };
    let more = context! {
        app => door.client.as_ref().map(|client| client.config.name().to_owned()),
        alert => entered.alert,
        form => form::to(visit, OwnPage::Device.path()),
        fields => [field],
    };
    visit.pages.render(visit, "device", StatusCode::OK, more)
}

/// What is about to be let in, and as whom. Section 5.4: the person compares the code, for somebody else may have sent it.
async fn confirm(visit: &Visit, here: &Found, device: &Device) -> Answered {
    let Device { code, waiting, client } = device;
    let code = code.to_string();
    let (name, detail) = called(&here.user);
    let described = visit.cx.describe_scopes(&visit.site.pool.id, &waiting.grant.scopes).await;
    let described = described.map_err(|error| problem::failed(visit, &error))?;
    let standard = waiting.grant.scopes.iter().filter(|scope| is_standard_scope(scope));
    let may: Vec<String> = standard.map(|scope| visit.text(text_of(scope))).chain(described).collect();
    let more = context! {
        app => client.config.name(),
        account => person(name, detail),
        code => code.as_str(),
        may => may,
        form => form::to(visit, OwnPage::Device.path()),
        // The session as well: whoever takes their place meanwhile has decided nothing.
        hidden => [
            context! { name => "user_code", value => code.as_str() },
            context! { name => "session", value => here.session.id.as_str() },
        ],
        links => context! { other => OwnPage::Device.sign_in_again_href(visit, client) },
    };
    Ok(visit.pages.render(visit, "device_confirm", StatusCode::OK, more))
}

/// What a standard scope lets an application do, in words.
fn text_of(scope: &str) -> &'static str {
    match scope {
        "openid" => "device-scope-openid",
        "email" => "device-scope-email",
        "phone" => "device-scope-phone",
        "profile" => "device-scope-profile",
        _ => "device-scope-account",
    }
}

/// A page of its own, so that going back or loading anew decides nothing again.
fn decided(visit: &Visit, decision: Decision) -> Response {
    let [(allowed, ..), (refused, ..)] = ENDINGS;
    let notice = match decision {
        Decision::Allow => allowed,
        Decision::Refuse => refused,
    };
    let mut response = visit.redirect(&visit.href_with(OwnPage::Device.path(), &[("user_code", None)]));
    visit.leave(&mut response, &Memo::notice(notice));
    response
}
