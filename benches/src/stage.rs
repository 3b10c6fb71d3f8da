//! A server of ours on a filled store, with whatever some cases need before they begin: tokens, a login domain, live sessions.

use std::sync::Arc;

use anyhow::Result;

use crate::cases::{Case, Job, Tokens};
use crate::database::Database;
use crate::load::{Clients, Meter};
use crate::login::Login;
use crate::report::progress;
use crate::server::Server;
use crate::site::Site;
use crate::store::{Place, Store};

/// Live sessions beside those that the cases begin.
const SESSIONS: u64 = 10_000;

pub(crate) struct Stage {
    _server: Server,
    pub(crate) site: Site,
    pub(crate) meter: Meter,
    /// From the API, and from the login domain.
    tokens: [Arc<Vec<Tokens>>; 2],
}

/// What is to be there.
pub(crate) struct Wanted<'w> {
    pub(crate) cases: &'w [Case],
    /// Over which what is needed is asked for.
    pub(crate) connections: usize,
    /// How many users sign in beforehand.
    pub(crate) tokens: u32,
}

impl Stage {
    pub(crate) async fn set(place: &Place, database: &Database, users: u64, wanted: Wanted<'_>) -> Result<Self> {
        let store = place.copy(database, users)?;
        let any = |of: fn(Case) -> bool| wanted.cases.iter().any(|case| of(*case));
        let sessions = if any(Case::is_at_login_domain) { SESSIONS } else { 0 };
        store.sign_in(sessions).await?;
        if any(|case| case == Case::Me) {
            store.know_everybody().await?;
        }
        let mut stage = Self::on(place, database, &store, sessions).await?;
        for (of, kind) in [(Case::needs_tokens as fn(Case) -> bool, Case::Password), (is_refresh, Case::OauthRefresh)] {
            if any(of) {
                progress("signing users in, for their tokens");
                let tokens = collect(&stage.site, kind, wanted.connections, wanted.tokens).await?;
                *stage.tokens_of(kind) = tokens;
            }
        }
        Ok(stage)
    }

    /// On a store with this many live sessions; without any it gets no login domain.
    pub(crate) async fn on(place: &Place, database: &Database, store: &Store, sessions: u64) -> Result<Self> {
        let server = Server::start(&place.binary, &store.folder)?;
        server.settle().await?;
        let mut site = store.site(&server.address);
        if sessions > 0 {
            site.login = Some(Arc::new(Login::open(&site, sessions).await?));
        }
        let meter = Meter { server: server.pid(), database: database.pid() };
        Ok(Self { _server: server, site, meter, tokens: Default::default() })
    }

    pub(crate) fn job(&mut self, case: Case) -> Result<Arc<Job>> {
        let tokens = Arc::clone(self.tokens_of(case));
        Ok(Arc::new(Job::new(self.site.clone(), case, tokens)?))
    }

    fn tokens_of(&mut self, case: Case) -> &mut Arc<Vec<Tokens>> {
        let [of_api, of_login] = &mut self.tokens;
        if case.is_at_login_domain() { of_login } else { of_api }
    }
}

fn is_refresh(case: Case) -> bool {
    case == Case::OauthRefresh
}

/// Tokens of users drawn at random, who sign in as this kind of case wants it.
pub(crate) async fn collect(site: &Site, kind: Case, connections: usize, count: u32) -> Result<Arc<Vec<Tokens>>> {
    let job = Arc::new(Job::new(site.clone(), kind, Arc::default())?);
    Ok(Arc::new(Clients::new(&job, connections).collect(&job, count).await?))
}
