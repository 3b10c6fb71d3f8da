//! The cases at a login domain: what programs ask of the token endpoint, and the way of a browser from page to page.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use super::{Case, Job, Tokens};
use crate::chance::Chance;
use crate::http::{Answer, Connection};
use crate::login::{Login, parameter};

/// Codes that are made before a round: more than it redeems.
const CODES: u32 = 10_000;

/// Codes that nobody has redeemed.
pub(crate) type Codes = Arc<Mutex<Vec<String>>>;

/// Of the token endpoint's answer, the tokens.
#[derive(Deserialize)]
struct Given {
    #[serde(rename = "access_token")]
    access: String,
    #[serde(rename = "id_token")]
    id: Option<String>,
    #[serde(rename = "refresh_token")]
    refresh: Option<String>,
}

impl Job {
    /// Carries the case out once; how long the client waited.
    pub(super) async fn at_login_domain(&self, connection: &mut Connection, chance: &mut Chance) -> Result<Duration> {
        let login = self.site.login()?;
        let mut browser = Browser::new(connection);
        match self.case {
            Case::ClientCredentials => {
                let given = tokens(&browser.ask(&login.client_credentials(), 200).await?)?;
                jwt(&given.access)?;
            }
            Case::OauthRefresh => {
                let token = &self.token(chance)?.refresh;
                let given = tokens(&browser.ask(&login.refresh(token), 200).await?)?;
                jwt(&given.access)?;
                jwt(given.id.as_deref().unwrap_or_default())?;
            }
            Case::CodeExchange => {
                let code = self.codes().pop().context("no code is left")?;
                exchange(login, &mut browser, &code).await?;
            }
            Case::LoginPage => {
                form_of(&browser.ask(&login.login_page(), 200).await?)?;
            }
            Case::AuthorizeSession => {
                let code = authorize(login, &mut browser, chance.below(login.sessions())).await?;
                if self.keeps_codes {
                    self.codes().push(code);
                }
            }
            _ => {
                sign_in(login, &mut browser, chance.below(self.site.pool.users)).await?;
            }
        }
        Ok(browser.waited)
    }

    /// The tokens of somebody whose browser is signed in.
    pub(super) async fn tokens_by_session(&self, connection: &mut Connection, chance: &mut Chance) -> Result<Tokens> {
        let (login, mut browser) = (self.site.login()?, Browser::new(connection));
        let code = authorize(login, &mut browser, chance.below(login.sessions())).await?;
        exchange(login, &mut browser, &code).await
    }

    /// What makes the codes that this case redeems, and how many. They live five minutes, so each round gets its own.
    pub(crate) fn maker(&self) -> Result<Option<(Arc<Self>, u32)>> {
        if self.case != Case::CodeExchange {
            return Ok(None);
        }
        self.codes().clear();
        let maker = Self::new(self.site.clone(), Case::AuthorizeSession, Arc::default())?;
        Ok(Some((Arc::new(Self { codes: Arc::clone(&self.codes), keeps_codes: true, ..maker }), CODES)))
    }

    pub(super) fn codes(&self) -> MutexGuard<'_, Vec<String>> {
        self.codes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A person whose browser knows nothing yet, from the client's link to the client's tokens.
async fn sign_in(login: &Login, browser: &mut Browser<'_>, number: u64) -> Result<Tokens> {
    let page = browser.ask(&login.authorize(), 302).await?;
    let page = page.header("location").context("authorize led nowhere")?.to_owned();
    form_of(&browser.ask(&login.get(&page, &browser.cookies()), 200).await?)?;
    let csrf = browser.cookie("XSRF-TOKEN").context("the page left no cookie")?;
    let form = login.submit(&page, (&browser.cookies(), &csrf), number);
    let code = code_of(&browser.ask(&form, 302).await?)?;
    exchange(login, browser, &code).await
}

/// The code that a live session gets.
async fn authorize(login: &Login, browser: &mut Browser<'_>, session: u64) -> Result<String> {
    code_of(&browser.ask(&login.authorize_by_session(session), 302).await?)
}

async fn exchange(login: &Login, browser: &mut Browser<'_>, code: &str) -> Result<Tokens> {
    let given = tokens(&browser.ask(&login.exchange(code), 200).await?)?;
    jwt(&given.access)?;
    jwt(given.id.as_deref().unwrap_or_default())?;
    Ok(Tokens { access: given.access, refresh: given.refresh.context("no refresh token came")? })
}

fn tokens(answer: &Answer<'_>) -> Result<Given> {
    serde_json::from_slice(answer.body).context("the tokens are not understood")
}

/// A token that nobody has signed is no figure.
fn jwt(token: &str) -> Result<()> {
    if token.starts_with("eyJ") && token.split('.').count() == 3 { Ok(()) } else { bail!("a token is no JWT") }
}

fn code_of(answer: &Answer<'_>) -> Result<String> {
    let location = answer.header("location").unwrap_or_default();
    match parameter(location, "code") {
        Some(code) => Ok(code.to_owned()),
        None => bail!("no code: {}", parameter(location, "error").unwrap_or("the login page")),
    }
}

fn form_of(answer: &Answer<'_>) -> Result<()> {
    let wanted = b"name=\"password\"";
    let found = answer.body.windows(wanted.len()).any(|window| window == wanted);
    if found { Ok(()) } else { bail!("the page has no field for the password") }
}

/// A connection that keeps its cookies, and how long it has waited for answers.
struct Browser<'c> {
    connection: &'c mut Connection,
    jar: Vec<(String, String)>,
    waited: Duration,
}

impl<'c> Browser<'c> {
    fn new(connection: &'c mut Connection) -> Self {
        Self { connection, jar: Vec::new(), waited: Duration::ZERO }
    }

    async fn ask(&mut self, request: &[u8], wanted: u16) -> Result<Answer<'_>> {
        let began = Instant::now();
        let answer = self.connection.ask(request).await?;
        self.waited += began.elapsed();
        if answer.status != wanted {
            bail!("{}: {}", answer.status, String::from_utf8_lossy(answer.body.get(..200).unwrap_or(answer.body)));
        }
        for cookie in answer.headers("set-cookie") {
            let Some((name, value)) = cookie.split(';').next().and_then(|pair| pair.split_once('=')) else { continue };
            self.jar.retain(|(had, _)| had != name);
            self.jar.push((name.to_owned(), value.to_owned()));
        }
        Ok(answer)
    }

    fn cookie(&self, name: &str) -> Option<String> {
        self.jar.iter().find(|(had, _)| had == name).map(|(_, value)| value.clone())
    }

    fn cookies(&self) -> String {
        let pairs: Vec<_> = self.jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.join("; ")
    }
}
