//! AWS's APIs: user pools (built), identity pools and STS (admitted and validated, not built). One runner, one file per
//! operation. `answer` is the whole door; the binary adds listeners and limits.

mod admit;
mod identity;
mod idp;
mod page;
mod protocol;
mod query;
mod run;
mod services;
mod sts;

/// What every operation needs.
pub(crate) mod prelude {
    pub(crate) use cognate_domain::{Error, Result};
    pub(crate) use cognate_engine::Cx;
    pub(crate) use cognate_wire::idp::*;
}

use std::sync::Arc;

use bytes::Bytes;
use cognate_domain::Error;
use cognate_engine::{App, Cx};
use http::{HeaderMap, Method, Request, Response};

/// Answers `POST /` and `OPTIONS /`.
pub async fn answer(app: &Arc<App>, request: Request<Bytes>) -> Response<Bytes> {
    if request.method() == Method::OPTIONS {
        return protocol::preflight(request.headers());
    }
    let mut cx = Cx::new(Arc::clone(app));
    if query::speaks(&request) {
        return Box::pin(query::answer(&mut cx, &request)).await; // seldom: not worth a place in every request
    }
    let outcome = services::run(&mut cx, &request).await;
    protocol::respond(&cx, outcome)
}

/// Whether a request asks for nothing to be changed: whoever waits for its answer may drop it half-way.
pub fn only_reads(headers: &HeaderMap) -> bool {
    let target = headers.get("x-amz-target").and_then(|target| target.to_str().ok());
    target.and_then(|target| target.split_once('.')).is_some_and(|(_, operation)| admit::only_reads(operation))
}

/// Answers a request that was not even read: too large, or broken off.
pub fn refuse(app: &Arc<App>, error: &Error) -> Response<Bytes> {
    protocol::refuse(&Cx::new(Arc::clone(app)), error)
}
