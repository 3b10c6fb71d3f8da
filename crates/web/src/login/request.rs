//! The authorization request behind a page, read anew from its query by every page: nothing that a browser carries
//! makes one good. Until its target is proved, errors are shown on a page of ours; afterwards they travel to the client
//! (section 4.3). Pages of ours need no target.

use std::sync::Arc;

use axum::response::Response;
use cognate_domain::client::Client;
use cognate_domain::oauth::{Asked, OAuthCode, OAuthError, Params, Prompt, Target, Unproven, check};
use cognate_domain::pool::Extension;
use cognate_engine::login::{Goal, Login};
use cognate_engine::pushed_requests::Reference;
use cognate_engine::sign_in::Door;
use http::StatusCode;
use url::form_urlencoded::Serializer;

use super::own_page::{self, OwnPage};
use super::visit::Visit;
use super::{Stop, error_page, problem};
use crate::oauth::is_client_id;
use crate::{answer, site};

/// A query that is longer is not looked at.
const LONGEST: usize = 16 * 1024;

pub(crate) struct Request {
    pub(crate) client: Arc<Client>,
    purpose: Purpose,
}

/// What a person signs in for.
enum Purpose {
    Application(Box<Application>),
    Page(OwnPage),
}

/// What an application asks for, and where it is answered.
struct Application {
    target: Target,
    asked: Asked,
    /// For whom alone it asks.
    subject: Option<String>,
}

/// Whom an application says it asks for, by an ID token from before (OpenID Connect Core, 3.1.2.1). AWS does not know it. Nobody is whom
/// a token means that is not ours.
async fn subject(visit: &Visit, target: &Target) -> Result<Option<String>, Stop> {
    let refuse = |error: OAuthError| Stop::from(refuse_to(visit, target, &error));
    if !visit.site.pool.config.profile().is_oidc() {
        return Ok(None);
    }
    let Some(hint) = visit.params.get("id_token_hint").map_err(refuse)? else { return Ok(None) };
    let hint = visit.cx.hint(&visit.site.pool.id, hint).await.map_err(|error| refuse(error.into()))?;
    hint.map(|hint| Some(hint.subject)).ok_or_else(|| refuse(OAuthCode::LoginRequired.into()))
}

impl Request {
    /// Of a page that leads to an application, or to a page of ours.
    pub(super) async fn read(visit: &Visit) -> Result<Self, Stop> {
        let own = OwnPage::wanted(&visit.params).filter(|_| visit.pushed.is_none() && visit.query.len() <= LONGEST);
        match own {
            Some(page) => Ok(Self { client: own_page::client(visit).await?, purpose: Purpose::Page(page) }),
            None => Self::authorization(visit).await,
        }
    }

    /// What an application asks for.
    pub(crate) async fn authorization(visit: &Visit) -> Result<Self, Stop> {
        let config = &visit.site.pool.config;
        let client = named_client(visit, &visit.params).await?;
        if config.has(Extension::RequirePar) && visit.pushed.is_none() {
            return Err(refuse(visit, Unproven::Request.as_str()));
        }
        if visit.query.len() > LONGEST {
            return Err(refuse(visit, Unproven::Request.as_str()));
        }
        let target = Target::prove(client.as_deref(), &visit.params);
        let target = target.map_err(|unproven| refuse(visit, unproven.as_str()))?;
        let client = client.ok_or_else(|| refuse(visit, Unproven::Request.as_str()))?;
        let target = if config.has(Extension::Iss) {
            target.of_issuer(visit.cx.app.settings.issuer(&visit.site.pool.id))
        } else {
            target
        };
        match check(&client, &visit.params, config) {
            Ok(asked) => {
                let subject = subject(visit, &target).await?;
                let application = Application { target, asked, subject };
                Ok(Self { client, purpose: Purpose::Application(Box::new(application)) })
            }
            Err(error) => Err(Stop::from(refuse_to(visit, &target, &error))),
        }
    }

    pub(crate) fn door<'a>(&'a self, site: &'a site::Site) -> Door<'a> {
        Door { pool: &site.pool, client: &self.client }
    }

    pub(crate) fn login<'a>(&'a self, pushed: Option<&'a Reference>) -> Goal<'a> {
        match &self.purpose {
            Purpose::Application(application) => {
                let Application { target, asked, subject } = &**application;
                Goal::Answer(Login { target, asked, pushed, subject: subject.as_deref() })
            }
            Purpose::Page(_) => Goal::Page,
        }
    }

    /// What an application asks for; nothing if it is a page of ours.
    pub(crate) fn asked(&self) -> Option<&Asked> {
        match &self.purpose {
            Purpose::Application(application) => Some(&application.asked),
            Purpose::Page(_) => None,
        }
    }

    /// Whether it may be answered for this person.
    pub(super) fn is_for(&self, user_id: &str) -> bool {
        match &self.purpose {
            Purpose::Application(application) => application.subject.as_deref().is_none_or(|one| one == user_id),
            Purpose::Page(_) => true,
        }
    }

    /// The page of ours that the person signs in for.
    pub(super) fn page(&self) -> Option<OwnPage> {
        match self.purpose {
            Purpose::Application(_) => None,
            Purpose::Page(page) => Some(page),
        }
    }

    pub(crate) fn prompt(&self) -> Prompt {
        self.asked().map_or(Prompt::IfNeeded, |asked| asked.prompt)
    }
}

/// The client that `client_id` names, if it is one of this domain's pool.
pub(super) async fn named_client(visit: &Visit, params: &Params) -> Result<Option<Arc<Client>>, Stop> {
    let Some(id) = params.get("client_id").ok().flatten().filter(|id| is_client_id(id)) else { return Ok(None) };
    let found = visit.cx.app.client(id).await.map_err(|error| problem::failed(visit, &error))?;
    Ok(found.filter(|client| client.pool_id == visit.site.pool.id))
}

/// An error that nobody but the person may see.
pub(super) fn refuse(visit: &Visit, code: &str) -> Stop {
    let client_id = visit.params.get("client_id").ok().flatten().filter(|id| is_client_id(id));
    let mut query = Serializer::new(String::new());
    query.append_pair("error", code);
    query.append_pair("client_id", client_id.unwrap_or_default());
    Stop::from(visit.redirect(&format!("{}/error?{}", visit.site.base, query.finish())))
}

/// An error that travels to the client, if there is one.
pub(crate) fn refuse_at(visit: &Visit, request: &Request, error: &OAuthError) -> Response {
    if let Purpose::Application(application) = &request.purpose {
        return refuse_to(visit, &application.target, error);
    }
    note(error);
    error_page::page(visit, StatusCode::INTERNAL_SERVER_ERROR, "server_error")
}

fn refuse_to(visit: &Visit, target: &Target, error: &OAuthError) -> Response {
    note(error);
    visit.redirect(&target.refuse(error))
}

fn note(error: &OAuthError) {
    if let Some(source) = &error.source {
        answer::log_failure(source);
    }
}
