//! `POST /dev/mock/oauth2/token`: a machine gets an access token for its secret (RFC 6749, section 4.4).

use std::time::Duration;

use axum::body::{Body, to_bytes};
use cognate_domain::oauth::{OAuthCode, OAuthError, OAuthResult, Params};
use cognate_engine::{Cx, Secret};
use data_encoding::BASE64;
use http::{HeaderMap, header};
use tokio::time::timeout;

use super::Mock;
use super::script::Machine;
use super::state::same;
use crate::problem::{Code, Problem};

const LONGEST: usize = 16 * 1024;
const TIME: Duration = Duration::from_secs(20);
const FORM: &str = "application/x-www-form-urlencoded";

/// What a machine is answered.
pub(super) enum Refused {
    /// In OAuth's own language.
    OAuth(OAuthError),
    /// Ours, or a fault that is switched on.
    Failed(Problem),
}

impl From<OAuthError> for Refused {
    fn from(error: OAuthError) -> Self {
        Self::OAuth(error)
    }
}

impl From<OAuthCode> for Refused {
    fn from(code: OAuthCode) -> Self {
        Self::OAuth(code.into())
    }
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        match problem.code {
            Code::InvalidCredentials => Self::OAuth(OAuthCode::InvalidClient.into()),
            _ => Self::Failed(problem),
        }
    }
}

pub(super) async fn form(headers: &HeaderMap, body: Body) -> OAuthResult<Params> {
    let named = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let is_form = named.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case(FORM));
    match timeout(TIME, to_bytes(body, LONGEST)).await {
        Ok(Ok(bytes)) if is_form => Ok(Params::parse(&bytes)),
        _ => Err(OAuthCode::InvalidRequest.into()),
    }
}

impl Mock {
    pub(super) async fn token(&self, cx: &Cx, headers: &HeaderMap, params: &Params) -> Result<Secret, Refused> {
        self.faults.strike("token").await?;
        let grant_type = params.get("grant_type")?.ok_or(OAuthCode::InvalidRequest)?;
        let machine = self.machine(headers, params)?;
        if grant_type != "client_credentials" {
            return Err(OAuthCode::UnsupportedGrantType.into());
        }
        let scopes = scopes(machine, params)?;
        Ok(self.keys.of_machine(cx, machine, &scopes).await?)
    }

    fn machine(&self, headers: &HeaderMap, params: &Params) -> OAuthResult<&Machine> {
        let (client_id, secret) = presented(headers, params)?;
        let machine = self.script.machines.iter().find(|machine| machine.client_id == client_id);
        // Compared with something even where there is nothing.
        let fits = same(machine.map_or(&Secret::default(), |machine| &machine.client_secret), &secret);
        machine.filter(|_| fits).ok_or_else(|| OAuthCode::InvalidClient.into())
    }
}

/// In one way at a time. Neither id nor secret has a character that a form would encode.
fn presented(headers: &HeaderMap, params: &Params) -> OAuthResult<(String, Secret)> {
    let (id, secret) = (params.get("client_id")?, params.get("client_secret")?);
    let mut basic = headers.get_all(header::AUTHORIZATION).iter();
    match (basic.next(), basic.next(), secret) {
        (None, None, Some(secret)) => Ok((id.ok_or(OAuthCode::InvalidRequest)?.to_owned(), Secret::from(secret))),
        (None, None, None) => Err(OAuthCode::InvalidClient.into()),
        (Some(basic), None, None) => {
            let (named, secret) = basic.to_str().ok().and_then(of_basic).ok_or(OAuthCode::InvalidClient)?;
            if id.is_some_and(|id| id != named) { Err(OAuthCode::InvalidClient.into()) } else { Ok((named, secret)) }
        }
        _ => Err(OAuthCode::InvalidRequest.into()),
    }
}

fn of_basic(value: &str) -> Option<(String, Secret)> {
    let (scheme, encoded) = value.split_once(' ')?;
    let encoded = scheme.eq_ignore_ascii_case("basic").then_some(encoded)?;
    let decoded = Secret::from(String::from_utf8(BASE64.decode(encoded.trim().as_bytes()).ok()?).ok()?);
    let (id, secret) = decoded.expose().split_once(':')?;
    Some((id.to_owned(), Secret::from(secret)))
}

/// Those that are asked for; all of the machine's if none is.
fn scopes<'m>(machine: &'m Machine, params: &Params) -> OAuthResult<Vec<&'m str>> {
    let has = machine.scopes.iter().map(String::as_str);
    let Some(asked) = params.get("scope")? else { return Ok(has.collect()) };
    let asked: Vec<&str> = asked.split(' ').filter(|scope| !scope.is_empty()).collect();
    if asked.iter().any(|scope| !machine.scopes.iter().any(|own| own == scope)) {
        return Err(OAuthCode::InvalidScope.into());
    }
    Ok(has.filter(|scope| asked.contains(scope)).collect())
}
