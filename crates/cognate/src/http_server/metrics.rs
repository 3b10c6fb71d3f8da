//! Figures for Prometheus. Label values come from the contract and from our own routes, never from a client, so their number is bounded.

use std::borrow::Cow;
use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use cognate_auth_api::AuthApi;
use http::{HeaderMap, StatusCode, header};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use tokio::time::Instant;

use super::Shared;

const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
const SECONDS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    operation: &'static str,
    outcome: Cow<'static, str>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct AtLogin {
    path: String,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Build {
    version: &'static str,
}

pub(crate) struct Metrics {
    registry: Registry,
    requests: Family<Answered, Counter>,
    login: Family<AtLogin, Counter>,
    seconds: Histogram,
    in_flight: Gauge,
}

impl Metrics {
    pub(crate) fn new(auth: Option<&AuthApi>) -> Self {
        let requests = Family::<Answered, Counter>::default();
        let login = Family::<AtLogin, Counter>::default();
        let seconds = Histogram::new(SECONDS);
        let in_flight = Gauge::default();
        let build = Family::<Build, Gauge>::default();
        build.get_or_create(&Build { version: env!("CARGO_PKG_VERSION") }).set(1);

        let mut registry = Registry::with_prefix("cognate");
        registry.register("requests", "AWS requests by operation and outcome", requests.clone());
        registry.register("login_requests", "Requests at login domains by path and status", login.clone());
        registry.register("request_seconds", "How long AWS requests took", seconds.clone());
        registry.register("requests_in_flight", "AWS requests being answered", in_flight.clone());
        registry.register("build", "The version that runs", build);
        if let Some(auth) = auth {
            auth.register_figures(&mut registry);
        }
        Self { registry, requests, login, seconds, in_flight }
    }

    pub(crate) fn begin(self: &Arc<Self>, headers: &HeaderMap, at: Instant) -> Measured {
        self.in_flight.inc();
        Measured { metrics: Arc::clone(self), operation: operation(headers), at }
    }
}

/// Counts what is answered at login domains: by the route, and of whatever has none, `other`.
pub(super) async fn count_login(
    State(shared): State<Shared>,
    matched: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    let response = next.run(request).await;
    let path = matched.as_ref().map_or("other", |matched| {
        let path = matched.as_str();
        path.strip_prefix("/domains/{domain}").unwrap_or(path)
    });
    let answered = AtLogin { path: path.to_owned(), status: response.status().as_u16() };
    shared.metrics.login.get_or_create(&answered).inc();
    response
}

/// A request being answered. Dropped without an end (the client went away), it is not counted as answered.
pub(crate) struct Measured {
    metrics: Arc<Metrics>,
    operation: &'static str,
    at: Instant,
}

impl Measured {
    pub(crate) fn end(self, response: &http::Response<Bytes>) {
        let outcome = outcome(response);
        self.metrics.seconds.observe(self.at.elapsed().as_secs_f64());
        self.metrics.requests.get_or_create(&Answered { operation: self.operation, outcome }).inc();
    }
}

impl Drop for Measured {
    fn drop(&mut self) {
        self.metrics.in_flight.dec();
    }
}

/// The contract's own name of the operation, or `unknown`.
fn operation(headers: &HeaderMap) -> &'static str {
    let target = headers.get("x-amz-target").and_then(|target| target.to_str().ok());
    let Some((service, wanted)) = target.and_then(|target| target.split_once('.')) else { return "unknown" };
    let names = match service {
        "AWSCognitoIdentityProviderService" => cognate_wire::idp::NAMES,
        "AWSCognitoIdentityService" => cognate_wire::identity::NAMES,
        _ => &[],
    };
    names.binary_search(&wanted).ok().and_then(|at| names.get(at)).copied().unwrap_or("unknown")
}

/// `ok`, or the error's own name as the answer has it.
fn outcome(response: &http::Response<Bytes>) -> Cow<'static, str> {
    if response.status().is_success() {
        return "ok".into();
    }
    let name = response.headers().get("x-amzn-errortype").and_then(|name| name.to_str().ok());
    let name = name.and_then(|name| name.split(':').next());
    name.map_or_else(|| response.status().as_u16().to_string(), str::to_owned).into()
}

pub(super) async fn show(State(shared): State<Shared>) -> Response {
    let mut text = String::new();
    match encode(&mut text, &shared.metrics.registry) {
        Ok(()) => ([(header::CONTENT_TYPE, CONTENT_TYPE)], text).into_response(),
        Err(error) => {
            let message = format!("the figures cannot be written: {error}");
            (StatusCode::INTERNAL_SERVER_ERROR, message).into_response()
        }
    }
}
