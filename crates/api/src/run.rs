//! One request, from bytes to bytes. The only place that knows the order: signature, parse, validate, token, run.
//!
//! What is the same for all operations is compiled once; only `call` is generic.

use std::pin::Pin;

use bytes::Bytes;
use cognate_domain::{Error, Result};
use cognate_engine::Cx;
use cognate_store::Fault;
use cognate_wire::shape::{Refusal, validate};
use cognate_wire::{ErrorKind, Facts, Operation};
use http::Request;
use serde_json::Value;

use crate::admit;
use crate::services::Service;

pub(crate) type Answer<'a> = Pin<Box<dyn Future<Output = Result<Vec<u8>>> + Send + 'a>>;

/// A built operation.
pub(crate) struct Entry {
    pub(crate) facts: Facts,
    pub(crate) call: for<'a> fn(&'a mut Cx, Value) -> Answer<'a>,
}

pub(crate) async fn run(cx: &mut Cx, service: &Service, entry: &Entry, request: &Request<Bytes>) -> Result<Vec<u8>> {
    let value = admitted(cx, service, &entry.facts, request).await.map_err(told)?;

    let answer = (entry.call)(cx, value).await;
    let noted = cx.note_call().await; // a refused call is good once too
    let answer = answer.and_then(|body| noted.map(|()| body)).map_err(told);

    answer.inspect_err(|error| {
        debug_assert!(may_fail_with(&entry.facts, error.kind), "{} answers {error}", entry.facts.name);
    })
}

/// An operation of AWS's that is not built: it is admitted and validated like every other.
pub(crate) async fn run_unbuilt(
    cx: &mut Cx,
    service: &Service,
    facts: &Facts,
    request: &Request<Bytes>,
) -> Result<Vec<u8>> {
    admitted(cx, service, facts, request).await.map_err(told)?;
    Err(Error::not_built(facts.name))
}

/// A store that had no connection free, or a write that lost all its races, is no fault of ours: clients come again.
pub(crate) fn told(error: Error) -> Error {
    if error.kind != ErrorKind::InternalError {
        return error;
    }
    let mut cause = std::error::Error::source(&error);
    while let Some(this) = cause {
        if let Some(Fault::Again | Fault::Busy) = this.downcast_ref() {
            return Error::too_many_requests().caused_by(error);
        }
        cause = this.source();
    }
    error
}

async fn admitted(cx: &mut Cx, service: &Service, facts: &Facts, request: &Request<Bytes>) -> Result<Value> {
    admit::signature(cx, service, facts, request).await?; // over the raw body and headers, before anything is parsed
    let mut value = parse(request.body())?;
    drop_nulls(&mut value);
    check(service, facts, &value)?;
    admit::token(cx, facts.auth, &value).await?;
    Ok(value)
}

fn parse(body: &[u8]) -> Result<Value> {
    serde_json::from_slice(body).map_err(|fault| Error::unreadable_body().caused_by(fault))
}

/// `null` is absent, in maps too: JavaScript's clients send it for what they do not have.
fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|_, member| !member.is_null());
            members.values_mut().for_each(drop_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}

fn check(service: &Service, facts: &Facts, value: &Value) -> Result<()> {
    match validate(facts.input, value) {
        Ok(()) => refuse_nul(value, service.invalid),
        Err(Refusal::Type(sentence)) => Err(Error::new(ErrorKind::Serialization, sentence)),
        Err(Refusal::Constraint(sentence)) => Err(Error::new(service.invalid, sentence)),
    }
}

/// U+0000 can be kept by no text column of PostgreSQL, so no engine keeps it.
fn refuse_nul(value: &Value, kind: ErrorKind) -> Result<()> {
    match value {
        Value::String(text) if text.contains('\0') => Err(Error::new(kind, "Invalid character in request: U+0000.")),
        Value::Array(items) => items.iter().try_for_each(|item| refuse_nul(item, kind)),
        Value::Object(members) => members.iter().try_for_each(|(name, member)| {
            if name.contains('\0') { refuse_nul(&Value::String(name.clone()), kind) } else { refuse_nul(member, kind) }
        }),
        _ => Ok(()),
    }
}

/// Errors that AWS documents for an operation and leaves out of the model.
const BEYOND_THE_MODEL: &[(&str, ErrorKind)] = &[
    ("AdminCreateUser", ErrorKind::AliasExists),
    ("AdminResetUserPassword", ErrorKind::CodeDeliveryFailure),
    ("AdminUpdateUserAttributes", ErrorKind::CodeDeliveryFailure),
    ("GlobalSignOut", ErrorKind::UserNotFound),
];

fn may_fail_with(facts: &Facts, kind: ErrorKind) -> bool {
    facts.may_fail_with(kind) || BEYOND_THE_MODEL.contains(&(facts.name, kind))
}

pub(crate) async fn call<Op, F>(cx: &mut Cx, value: Value, operation: F) -> Result<Vec<u8>>
where
    Op: Operation,
    F: AsyncFnOnce(&mut Cx, Op::Input) -> Result<Op::Output>,
{
    let input = Op::read(value).map_err(|fault| Error::unreadable_body().caused_by(fault))?;
    let output = operation(cx, input).await?;
    Op::write(&output).map_err(Error::internal)
}

/// The one table of what is built: sorted by name, as the model is.
macro_rules! operations {
    ($crate_name:ident :: $service:ident => $($name:ident => $noun:ident :: $file:ident),* $(,)?) => {
        use cognate_wire::$service as contract;

        pub(crate) static OPERATIONS: &[crate::run::Entry] = &[$(crate::run::Entry {
            facts: cognate_wire::facts::<contract::$name>(),
            call: |cx, value| Box::pin(crate::run::call::<contract::$name, _>(cx, value, $noun::$file::$file)),
        }),*];
    };
}
pub(crate) use operations;
