//! One call of the Auth API, from its bytes to its bytes: bounded in length and time, in a task of its own, traced, logged, counted.

use std::borrow::Cow;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use cognate_engine::Cx;
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::time::{Instant, timeout};

use crate::check::Checked;
use crate::figures::{Ended, Figures};
use crate::parameters::Parameters;
use crate::problem::{Code, Problem};
use crate::provider::{ChallengeKind, Step};
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
    /// The trace's id: what a person reads to support.
    pub(crate) trace: String,
    /// Where the call comes from.
    pub(crate) address: Option<IpAddr>,
}

/// Where a request comes from, as the listener knows it; an extension of the request.
#[derive(Clone, Copy, Debug)]
pub struct ClientAddress(pub IpAddr);

/// What the log learns of a call, beside its outcome.
#[derive(Clone, Default)]
pub(crate) struct Noted(Arc<Mutex<Notes>>);

#[derive(Default)]
struct Notes {
    provider: Option<Duration>,
    challenge: Option<&'static str>,
    /// A workspace's id.
    tenant: Option<String>,
    by_id_token: bool,
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

    /// Which workspace it is about.
    pub(crate) fn tenant(&self, id: &str) {
        self.with(|notes| notes.tenant = Some(id.to_owned()));
    }

    /// That the bearer is an ID token, in a time of transition.
    pub(crate) fn by_id_token(&self) {
        self.with(|notes| notes.by_id_token = true);
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
    /// The version that a client says it has: of `If-Match`, or of `If-None-Match`.
    pub(crate) fn named_version(&self, name: &HeaderName) -> Option<Result<i64, Problem>> {
        let mut sent = self.headers.get_all(name).iter();
        let first = sent.next()?;
        let unreadable = || Problem::field(name.as_str(), "This is no version of ours: send the ETag as it came.");
        if sent.next().is_some() {
            return Some(Err(unreadable()));
        }
        let text = first.to_str().ok().map(|text| text.trim().trim_start_matches("W/"));
        let text = text.and_then(|text| text.strip_prefix('"')?.strip_suffix('"')?.parse().ok());
        Some(text.ok_or_else(unreadable))
    }

    /// What `If-Match` demands of what was read at this version.
    pub(crate) fn must_match(&self, version: i64) -> Result<(), Problem> {
        match self.named_version(&header::IF_MATCH) {
            None => Ok(()),
            Some(Ok(named)) if named == version => Ok(()),
            Some(Ok(_)) => Err(Problem::new(Code::PreconditionFailed)),
            Some(Err(problem)) => Err(problem),
        }
    }

    /// `answered`: the challenge whose answer this follows.
    pub(crate) async fn answer_step(&mut self, step: Step, answered: Option<ChallengeKind>) -> Result<Reply, Problem> {
        if let Step::Challenge(challenge) = &step {
            self.noted.challenge(challenge.kind.name());
        }
        let answer = SignInAnswer::of(&self.cx, self.api.provider.name(), step)?;
        if let SignInAnswer::Session(body) = &answer {
            self.note_sign_in(body, answered).await;
        }
        Reply::ok(&answer)
    }
}

/// What a call comes to.
pub(crate) struct Reply {
    status: StatusCode,
    /// JSON, or nothing.
    body: Option<Vec<u8>>,
    etag: Option<String>,
}

impl Reply {
    pub(crate) fn ok(body: &impl Serialize) -> Result<Self, Problem> {
        Self::json(StatusCode::OK, body)
    }

    pub(crate) fn json(status: StatusCode, body: &impl Serialize) -> Result<Self, Problem> {
        let body = serde_json::to_vec(body).map_err(|error| Problem::new(Code::Internal).because(error.to_string()))?;
        Ok(Self { status, body: Some(body), etag: None })
    }

    pub(crate) fn created(body: &impl Serialize) -> Result<Self, Problem> {
        Self::json(StatusCode::CREATED, body)
    }

    pub(crate) const fn nothing() -> Self {
        Self { status: StatusCode::NO_CONTENT, body: None, etag: None }
    }

    /// What the client has is what there is.
    pub(crate) fn not_modified(version: i64) -> Self {
        Self { status: StatusCode::NOT_MODIFIED, body: None, etag: None }.versioned(version)
    }

    /// With the version as its `ETag`: what `If-Match` and `If-None-Match` name.
    pub(crate) fn versioned(mut self, version: i64) -> Self {
        self.etag = Some(format!("\"{version}\""));
        self
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
    let (begun, headers, bytes) = begin(&api, name, request).await;
    match bytes.and_then(|bytes| crate::check::read(&bytes)) {
        Ok(body) => {
            let work = work(begun.call(api, headers), body);
            begun.finish(work).await
        }
        Err(problem) => begun.end(Err(problem)),
    }
}

/// The same for a body that has to be looked at as it came, because it is signed.
pub(crate) async fn with_bytes<W>(
    api: Arc<AuthApi>,
    name: &'static str,
    request: Request,
    work: impl FnOnce(Call, Bytes) -> W,
) -> Response
where
    W: Future<Output = Result<Reply, Problem>> + Send + 'static,
{
    let (begun, headers, bytes) = begin(&api, name, request).await;
    match bytes {
        Ok(bytes) => {
            let work = work(begun.call(api, headers), bytes);
            begun.finish(work).await
        }
        Err(problem) => begun.end(Err(problem)),
    }
}

async fn begin(api: &AuthApi, name: &'static str, request: Request) -> (Begun, HeaderMap, Result<Bytes, Problem>) {
    let (head, body) = request.into_parts();
    let begun = Begun::new(api, name, &head);
    let bytes = read(&head.headers, body).await;
    (begun, head.headers, bytes)
}

/// Answers a call that brings no body. Parameters are read by `Parameters`, which refuses those that it does not know.
pub(crate) async fn without_body<W>(
    api: Arc<AuthApi>,
    name: &'static str,
    request: Request,
    work: impl FnOnce(Call, Parameters) -> W,
) -> Response
where
    W: Future<Output = Result<Reply, Problem>> + Send + 'static,
{
    let (head, _) = request.into_parts();
    let begun = Begun::new(&api, name, &head);
    match Parameters::of(&head.uri) {
        Ok(parameters) => {
            let work = work(begun.call(api, head.headers), parameters);
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
    address: Option<IpAddr>,
    figures: Arc<Figures>,
}

impl Begun {
    fn new(api: &AuthApi, name: &'static str, head: &Parts) -> Self {
        let trace = Trace::of(&head.headers, api.app.entropy.as_ref());
        let address = head.extensions.get::<ClientAddress>().map(|from| from.0);
        Self { name, at: Instant::now(), trace, noted: Noted::default(), address, figures: Arc::clone(&api.figures) }
    }

    fn call(&self, api: Arc<AuthApi>, headers: HeaderMap) -> Call {
        let cx = Cx::new(Arc::clone(&api.app));
        Call { api, cx, headers, noted: self.noted.clone(), trace: self.trace.id.clone(), address: self.address }
    }

    /// In a task of its own: what changes something is finished even if the client goes away, and a panic costs one answer.
    async fn finish(self, work: impl Future<Output = Result<Reply, Problem>> + Send + 'static) -> Response {
        let done = tokio::spawn(work).await;
        self.end(done.unwrap_or_else(|_| Err(Problem::new(Code::Internal).because("a call panicked"))))
    }

    fn end(self, done: Result<Reply, Problem>) -> Response {
        let (outcome, cause) = match &done {
            Ok(_) => ("ok", None),
            Err(problem) => (problem.code.name(), problem.cause.clone()),
        };
        let mut response = match done {
            Ok(reply) => shown(reply),
            Err(problem) => problem.into_response(&self.trace.id),
        };
        if let Ok(parent) = HeaderValue::from_str(&self.trace.header()) {
            response.headers_mut().insert(TRACEPARENT, parent);
        }
        self.tell(outcome, cause.as_ref(), response.status());
        response
    }

    /// Never a token, a password, a code or an address: none of them is in what is noted.
    fn tell(&self, outcome: &'static str, cause: Option<&Cow<'static, str>>, status: StatusCode) {
        let (name, trace_id, status) = (self.name, self.trace.id.as_str(), status.as_u16());
        let took = self.at.elapsed();
        self.noted.with(|notes| {
            let Notes { provider, challenge, by_id_token, .. } = *notes;
            let (took_us, provider_us) = (micros(took), provider.map(micros));
            let (tenant, cause_said) = (notes.tenant.as_deref(), cause.map(AsRef::as_ref));
            macro_rules! say {
                ($level:ident) => {
                    tracing::$level!(
                        trace_id,
                        outcome,
                        status,
                        cause = cause_said,
                        challenge,
                        tenant,
                        by_id_token,
                        took_us,
                        provider_us,
                        "{name}: {outcome}"
                    )
                };
            }
            if status >= 500 {
                say!(warn);
            } else {
                say!(info);
            }
            let cause = if let Some(Cow::Borrowed(cause)) = cause { Some(*cause) } else { None };
            self.figures.count(&Ended { operation: name, outcome, cause, took, provider, challenge, by_id_token });
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
    let headers = response.headers_mut();
    // What has a version may be kept, and is asked for again before it is used.
    let kept = if reply.etag.is_some() { "private, no-cache" } else { "no-store" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(kept));
    if let Some(etag) = reply.etag.and_then(|etag| HeaderValue::from_str(&etag).ok()) {
        headers.insert(header::ETAG, etag);
    }
    response
}

async fn read(headers: &HeaderMap, body: Body) -> Result<Bytes, Problem> {
    if axum::body::HttpBody::is_end_stream(&body) {
        return Ok(Bytes::from_static(b"{}")); // what has no member that must be there
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
    Begun::new(&api, "unknown", &request.into_parts().0).end(Err(Problem::new(Code::NotFound)))
}

pub(crate) async fn method_not_allowed(State(api): Api, request: Request) -> Response {
    Begun::new(&api, "unknown", &request.into_parts().0).end(Err(Problem::new(Code::MethodNotAllowed)))
}
