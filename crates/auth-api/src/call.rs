//! One call of the Auth API, from its bytes to its bytes: bounded in length and time, in a task of its own, traced, logged, counted.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use cognate_engine::tokens::standing;
use cognate_engine::{Cx, Secret};
use cognate_store::tokens;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::time::{Instant, timeout};

use crate::check::Checked;
use crate::problem::{Code, Problem};
use crate::provider::{Bearer, Proved, Step};
use crate::session::SignInAnswer;
use crate::trace::{TRACEPARENT, Trace};
use crate::{Api, AuthApi};

const LONGEST_BODY: usize = 64 * 1024;
const BODY: Duration = Duration::from_secs(20);

/// A call under way.
pub(crate) struct Call {
    pub(crate) api: Arc<AuthApi>,
    pub(crate) cx: Cx,
    pub(crate) headers: HeaderMap,
    pub(crate) noted: Noted,
}

/// What the log learns of a call, beside its outcome.
#[derive(Clone, Default)]
pub(crate) struct Noted(Arc<Mutex<Notes>>);

#[derive(Default)]
struct Notes {
    provider: Option<Duration>,
    challenge: Option<&'static str>,
}

impl Noted {
    fn with(&self, note: impl FnOnce(&mut Notes)) {
        note(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    pub(crate) fn provider(&self, took: Duration) {
        self.with(|notes| *notes.provider.get_or_insert_default() += took);
    }

    pub(crate) fn challenge(&self, name: &'static str) {
        self.with(|notes| notes.challenge = Some(name));
    }
}

/// Asks the provider, and notes how long it took.
macro_rules! ask {
    ($call:expr, $method:ident($($argument:expr),* $(,)?)) => {{
        let provider = std::sync::Arc::clone(&$call.api.provider);
        let asked = tokio::time::Instant::now();
        let answer = provider.$method(&mut $call.cx, $($argument),*).await;
        $call.noted.provider(asked.elapsed());
        answer
    }};
}
pub(crate) use ask;

impl Call {
    /// Whose access token came with the call. A token in a body, an address or a cookie is none, and neither is one of two.
    pub(crate) async fn bearer(&mut self) -> Result<Bearer, Problem> {
        let none = |cause| Problem::new(Code::Unauthenticated).because(cause);
        let mut sent = self.headers.get_all(header::AUTHORIZATION).iter();
        let (Some(only), None) = (sent.next(), sent.next()) else { return Err(none("no bearer, or several")) };
        let token = only.to_str().ok().and_then(|value| value.split_once(' '));
        let token = token.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, token)| token.trim());
        let token = token.filter(|token| (1..=LONGEST_BEARER).contains(&token.len()));
        let token = Secret::from(token.ok_or_else(|| none("no bearer"))?);
        let provider = Arc::clone(&self.api.provider);
        let proved = provider.prove(&self.cx, token.expose(), self.api.settings.uses).await?;
        self.stands(&proved).await?;
        Ok(Bearer { token, proved })
    }

    /// Of a token of this server's own: its sign-in is neither revoked nor its user shut out. Read every time.
    async fn stands(&self, proved: &Proved) -> Result<(), Problem> {
        let Some(family) = &proved.family else { return Ok(()) };
        let mut tx = self.cx.read().await?;
        let held = tokens::find_bearer(&mut tx, &family.pool_id, &family.user_id, &family.origin_jti).await?;
        let held = held.ok_or_else(|| Problem::new(Code::Unauthenticated).because("no such sign-in"))?;
        standing(&proved.client_id, &held).map_err(|error| Problem::new(Code::Unauthenticated).because(error.message))
    }

    pub(crate) fn answer_step(&self, step: Step) -> Result<Reply, Problem> {
        if let Step::Challenge(challenge) = &step {
            self.noted.challenge(challenge.kind.name());
        }
        Reply::ok(&SignInAnswer::of(&self.cx, self.api.provider.name(), step)?)
    }
}

/// Of an access token.
const LONGEST_BEARER: usize = 16 * 1024;

/// What a call comes to.
pub(crate) struct Reply {
    status: StatusCode,
    /// JSON, or nothing.
    body: Option<Vec<u8>>,
}

impl Reply {
    pub(crate) fn ok(body: &impl Serialize) -> Result<Self, Problem> {
        Self::json(StatusCode::OK, body)
    }

    pub(crate) fn json(status: StatusCode, body: &impl Serialize) -> Result<Self, Problem> {
        let body = serde_json::to_vec(body).map_err(|error| Problem::new(Code::Internal).because(error.to_string()))?;
        Ok(Self { status, body: Some(body) })
    }

    pub(crate) const fn nothing() -> Self {
        Self { status: StatusCode::NO_CONTENT, body: None }
    }
}

/// Answers a call that brings a body. `name` is the operation's, for the log and the counters.
pub(crate) async fn with_body<B, W>(
    api: Arc<AuthApi>,
    name: &'static str,
    request: Request,
    work: impl FnOnce(Call, B) -> W,
) -> Response
where
    B: DeserializeOwned + Checked,
    W: Future<Output = Result<Reply, Problem>> + Send + 'static,
{
    let (head, body) = request.into_parts();
    let begun = Begun::new(&api, name, &head.headers);
    let read = match read(&head.headers, body).await {
        Ok(bytes) => crate::check::read(&bytes),
        Err(problem) => Err(problem),
    };
    match read {
        Ok(body) => {
            let work = work(begun.call(api, head.headers), body);
            begun.finish(work).await
        }
        Err(problem) => begun.end(Err(problem)),
    }
}

/// A call as its end has to know it.
struct Begun {
    name: &'static str,
    at: Instant,
    trace: Trace,
    noted: Noted,
}

impl Begun {
    fn new(api: &AuthApi, name: &'static str, headers: &HeaderMap) -> Self {
        let trace = Trace::of(headers, api.app.entropy.as_ref());
        Self { name, at: Instant::now(), trace, noted: Noted::default() }
    }

    fn call(&self, api: Arc<AuthApi>, headers: HeaderMap) -> Call {
        let cx = Cx::new(Arc::clone(&api.app));
        Call { api, cx, headers, noted: self.noted.clone() }
    }

    /// In a task of its own: what changes something is finished even if the client goes away, and a panic costs one answer.
    async fn finish(self, work: impl Future<Output = Result<Reply, Problem>> + Send + 'static) -> Response {
        let done = tokio::spawn(work).await;
        self.end(done.unwrap_or_else(|_| Err(Problem::new(Code::Internal).because("a call panicked"))))
    }

    fn end(self, done: Result<Reply, Problem>) -> Response {
        let (outcome, cause) = match &done {
            Ok(_) => ("ok", None),
            Err(problem) => (problem.code.name(), problem.cause.as_deref().map(str::to_owned)),
        };
        let mut response = match done {
            Ok(reply) => shown(reply),
            Err(problem) => problem.into_response(&self.trace.id),
        };
        if let Ok(parent) = HeaderValue::from_str(&self.trace.header()) {
            response.headers_mut().insert(TRACEPARENT, parent);
        }
        self.log(outcome, cause.as_deref(), response.status());
        response
    }

    /// Never a token, a password, a code or an address: none of them is in what is noted.
    fn log(&self, outcome: &str, cause: Option<&str>, status: StatusCode) {
        let (name, trace_id, status) = (self.name, self.trace.id.as_str(), status.as_u16());
        let took_us = micros(self.at.elapsed());
        self.noted.with(|notes| {
            let provider_us = notes.provider.map(micros);
            let challenge = notes.challenge;
            if status >= 500 {
                tracing::warn!(trace_id, outcome, status, cause, challenge, took_us, provider_us, "{name}: {outcome}");
            } else {
                tracing::info!(trace_id, outcome, status, cause, challenge, took_us, provider_us, "{name}: {outcome}");
            }
        });
    }
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

fn shown(reply: Reply) -> Response {
    let mut response = match reply.body {
        Some(body) => {
            let mut response = (reply.status, body).into_response();
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
            response
        }
        None => reply.status.into_response(),
    };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn read(headers: &HeaderMap, body: Body) -> Result<bytes::Bytes, Problem> {
    if axum::body::HttpBody::is_end_stream(&body) {
        return Ok(bytes::Bytes::from_static(b"{}")); // what has no member that must be there
    }
    let named = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let is_json = named.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"));
    if !is_json {
        return Err(Problem::new(Code::UnsupportedMediaType));
    }
    match timeout(BODY, to_bytes(body, LONGEST_BODY)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(_)) => Err(Problem::new(Code::BodyTooLarge)),
        Err(_) => Err(Problem::new(Code::ValidationFailed).saying("The body did not arrive in time.")),
    }
}

pub(crate) async fn nothing_here(State(api): Api, request: Request) -> Response {
    Begun::new(&api, "unknown", request.headers()).end(Err(Problem::new(Code::NotFound)))
}

pub(crate) async fn method_not_allowed(State(api): Api, request: Request) -> Response {
    Begun::new(&api, "unknown", request.headers()).end(Err(Problem::new(Code::MethodNotAllowed)))
}
