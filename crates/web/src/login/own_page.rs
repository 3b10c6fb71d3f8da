//! Pages of ours for whose sake a person signs in. No application asks for it and none is answered: the address names
//! one only as the door by which people get in.

use std::sync::Arc;

use cognate_domain::client::Client;
use cognate_domain::login_session::LOCAL;
use cognate_domain::oauth::Params;
use cognate_domain::oauth::device::UserCode;
use cognate_store::login_sessions::Found;
use http::StatusCode;
use url::form_urlencoded::Serializer;

use super::request::{named_client, refuse};
use super::visit::Visit;
use super::{Stop, error_page, problem, session};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OwnPage {
    /// One's own account.
    Account,
    /// Where a device is let in.
    Device,
}

impl OwnPage {
    /// The one that the address of a sign-in names, if that is no authorization request.
    pub(super) fn wanted(params: &Params) -> Option<Self> {
        let named = params.get("to").ok().flatten().filter(|_| !params.has("response_type"))?;
        [Self::Account, Self::Device].into_iter().find(|page| page.name() == named)
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Device => "device",
        }
    }

    pub(crate) const fn path(self) -> &'static str {
        match self {
            Self::Account => "/account",
            Self::Device => "/device",
        }
    }

    pub(super) fn href(self, visit: &Visit, client: &Client) -> String {
        let code = self.carried(visit);
        let more: Vec<_> = code.iter().map(|code| ("user_code", code.as_str())).collect();
        href_with(visit, client, self.path(), &more)
    }

    /// Where people prove who they are, and come back from.
    pub(super) fn sign_in_href(self, visit: &Visit, client: &Client) -> String {
        self.sign_in_href_with(visit, client, &[])
    }

    /// The same for somebody else than whoever is signed in.
    pub(super) fn sign_in_again_href(self, visit: &Visit, client: &Client) -> String {
        self.sign_in_href_with(visit, client, &[("prompt", "login")])
    }

    fn sign_in_href_with(self, visit: &Visit, client: &Client, more: &[(&str, &str)]) -> String {
        let code = self.carried(visit);
        let code = code.iter().map(|code| ("user_code", code.as_str()));
        let language = visit.params.get("lang").ok().flatten().map(|tag| ("lang", tag));
        let all: Vec<_> =
            [("to", self.name())].into_iter().chain(code).chain(language).chain(more.iter().copied()).collect();
        href_with(visit, client, "/login", &all)
    }

    /// The code that a device shows, as the address has it.
    fn carried(self, visit: &Visit) -> Option<String> {
        let code = visit.params.get("user_code").ok().flatten().filter(|_| self == Self::Device);
        code.and_then(UserCode::parse).map(|code| code.to_string())
    }

    /// Whoever is signed in here, if they may come in by this application's door; anybody else signs in first.
    pub(super) async fn enter(self, visit: &Visit, client: &Client) -> Result<Found, Stop> {
        let found = session::find(visit).await.map_err(|error| problem::failed(visit, &error))?;
        found
            .filter(|found| client.providers().contains(&found.session.provider))
            .ok_or_else(|| Stop::from(visit.redirect(&self.sign_in_href(visit, client))))
    }
}

/// The application that the address names: one that takes part in OAuth and whose people are the pool's own.
pub(super) async fn client(visit: &Visit) -> Result<Arc<Client>, Stop> {
    let client = named_client(visit, &visit.params).await?.ok_or_else(|| refuse(visit, "invalid_request"))?;
    if !client.takes_part_in_oauth() {
        return Err(refuse(visit, "unauthorized_client"));
    }
    if !client.providers().iter().any(|provider| provider == LOCAL) {
        return Err(Stop::from(error_page::page(visit, StatusCode::BAD_REQUEST, "provider")));
    }
    Ok(client)
}

/// A page of ours: nothing of it but what is named here comes from the browser.
pub(super) fn href_with(visit: &Visit, client: &Client, path: &str, more: &[(&str, &str)]) -> String {
    let mut query = Serializer::new(String::new());
    query.append_pair("client_id", &client.id).extend_pairs(more);
    format!("{}{path}?{}", visit.site.base, query.finish())
}
