//! The services on the one address, told apart by the prefix of `X-Amz-Target`.

use bytes::Bytes;
use cognate_domain::{Error, Result};
use cognate_engine::Cx;
use cognate_wire::{ErrorKind, Facts};
use http::Request;

use crate::run::{self, Entry};
use crate::{identity, idp};

/// What is the same for all operations of a service.
pub(crate) struct Service {
    pub(crate) target_prefix: &'static str,
    /// In the credential scope of a signature.
    pub(crate) signing_name: &'static str,
    pub(crate) facts: &'static [Facts],
    pub(crate) built: &'static [Entry],
    /// How a violated constraint is called.
    pub(crate) invalid: ErrorKind,
}

static SERVICES: [&Service; 2] = [&idp::SERVICE, &identity::SERVICE];

pub(crate) async fn run_target(
    cx: &mut Cx,
    service: &Service,
    name: &str,
    request: &Request<Bytes>,
) -> Result<Vec<u8>> {
    let facts = Facts::find(service.facts, name).ok_or_else(Error::unknown_operation)?;
    match service.built.binary_search_by(|entry| entry.facts.name.cmp(name)).ok().and_then(|at| service.built.get(at)) {
        Some(entry) => run::run(cx, service, entry, request).await,
        None => run::run_unbuilt(cx, service, facts, request).await,
    }
}

pub(crate) async fn run(cx: &mut Cx, request: &Request<Bytes>) -> Result<Vec<u8>> {
    let target = request.headers().get("x-amz-target").and_then(|target| target.to_str().ok());
    let (prefix, name) = target.and_then(|target| target.split_once('.')).ok_or_else(Error::unknown_operation)?;
    let service =
        SERVICES.iter().find(|service| service.target_prefix == prefix).ok_or_else(Error::unknown_operation)?;
    run_target(cx, service, name, request).await
}
