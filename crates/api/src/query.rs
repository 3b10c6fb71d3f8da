//! AWS Query: a form with `Action`, answers and errors in XML. STS speaks it. identity-pools.md, section on STS.

use std::collections::BTreeMap;

use bytes::Bytes;
use cognate_domain::{Error, Result};
use cognate_engine::Cx;
use cognate_wire::shape::{Kind, Refusal, Shape, validate};
use cognate_wire::{ErrorKind, Facts};
use http::header::CONTENT_TYPE;
use http::{Request, Response};
use serde_json::{Map, Value};

use crate::{admit, protocol, run, sts};

const FORM: &str = "application/x-www-form-urlencoded";
const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

pub(crate) fn speaks(request: &Request<Bytes>) -> bool {
    let content_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    !request.headers().contains_key("x-amz-target") && content_type.is_some_and(|value| value.starts_with(FORM))
}

pub(crate) async fn answer(cx: &mut Cx, request: &Request<Bytes>) -> Response<Bytes> {
    let error = match answered(cx, request).await {
        Ok(facts) => Error::not_built(facts.name),
        Err(error) => run::told(error),
    };
    protocol::log(cx, &error);
    let (code, kind) = (error_code(error.kind), if error.kind.status() < 500 { "Sender" } else { "Receiver" });
    let body = format!(
        "<ErrorResponse xmlns=\"{NAMESPACE}\"><Error><Type>{kind}</Type><Code>{code}</Code><Message>{}</Message></Error>\
         <RequestId>{}</RequestId></ErrorResponse>",
        escape(&error.message),
        cx.request_id
    );
    let mut response = protocol::with_headers(cx, Response::new(Bytes::from(body)), "text/xml");
    *response.status_mut() = protocol::status(&error);
    response
}

async fn answered(cx: &mut Cx, request: &Request<Bytes>) -> Result<&'static Facts> {
    let form = Form::read(request.body())?;
    let action = form.value("Action");
    let facts = Facts::find(sts::SERVICE.facts, action).ok_or_else(|| Error::unknown_action(action))?;
    admit::signature(cx, &sts::SERVICE, facts, request).await?;
    match validate(facts.input, &form.shaped(facts.input, "")) {
        Ok(()) => Ok(facts),
        Err(Refusal::Type(sentence)) => Err(Error::new(ErrorKind::Serialization, sentence)),
        Err(Refusal::Constraint(sentence)) => Err(Error::new(ErrorKind::Validation, sentence)),
    }
}

/// More than any operation can need. A list has no more items than the form has pairs.
const MOST_PAIRS: usize = 1000;

/// In order of the names, so that what begins with a prefix stands together. Of two pairs of one name the first counts.
struct Form(BTreeMap<String, String>);

impl Form {
    fn read(body: &[u8]) -> Result<Self> {
        let mut pairs = BTreeMap::new();
        for (at, (name, value)) in url::form_urlencoded::parse(body).enumerate() {
            if at == MOST_PAIRS {
                let sentence = format!("A request may have {MOST_PAIRS} parameters at most.");
                return Err(Error::new(ErrorKind::Serialization, sentence));
            }
            pairs.entry(name.into_owned()).or_insert_with(|| value.into_owned());
        }
        Ok(Self(pairs))
    }

    fn value(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// Whether the form has the name itself or anything below it.
    fn has(&self, name: &str) -> bool {
        let below = format!("{name}.");
        let first = self.0.range(below.clone()..).next();
        first.is_some_and(|(found, _)| found.starts_with(&below)) || self.0.contains_key(name)
    }

    /// The JSON value that the validator reads: `Tags.member.1.Key=..` is a list of structures.
    fn shaped(&self, shape: &'static Shape, prefix: &str) -> Value {
        match &shape.kind {
            Kind::Structure(members) => {
                let mut object = Map::new();
                for member in *members {
                    let name =
                        if prefix.is_empty() { member.name.to_owned() } else { format!("{prefix}.{}", member.name) };
                    if self.has(&name) {
                        object.insert(member.name.to_owned(), self.shaped(member.shape, &name));
                    }
                }
                Value::Object(object)
            }
            Kind::List { item, .. } => (1..=MOST_PAIRS)
                .map(|at| format!("{prefix}.member.{at}"))
                .take_while(|name| self.has(name))
                .map(|name| self.shaped(item, &name))
                .collect(),
            kind => {
                let text = self.value(prefix);
                match kind {
                    Kind::Integer(_) | Kind::Long(_) => text.parse::<i64>().map_or_else(|_| text.into(), Value::from),
                    Kind::Boolean => text.parse::<bool>().map_or_else(|_| text.into(), Value::from),
                    _ => text.into(),
                }
            }
        }
    }
}

/// The Query names of what JSON services call otherwise.
fn error_code(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Validation => "ValidationError",
        ErrorKind::UnknownOperation => "InvalidAction",
        ErrorKind::MissingAuthenticationToken => "MissingAuthenticationToken",
        ErrorKind::UnrecognizedClient => "InvalidClientTokenId",
        ErrorKind::InvalidSignature => "SignatureDoesNotMatch",
        ErrorKind::IncompleteSignature => "IncompleteSignature",
        ErrorKind::Serialization => "MalformedInput",
        ErrorKind::NotImplemented => "NotImplemented",
        ErrorKind::TooManyRequests => "Throttling",
        ErrorKind::InternalError => "InternalFailure",
        other => other.name(),
    }
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            letter => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    fn shaped(operation: &str, form: &str) -> Value {
        let facts = Facts::find(sts::SERVICE.facts, operation).unwrap();
        Form::read(form.as_bytes()).unwrap().shaped(facts.input, "")
    }

    #[test]
    fn a_form_is_read_as_lists_of_structures() {
        let value = shaped(
            "AssumeRole",
            "Action=AssumeRole&PolicyArns.member.2.arn=b&PolicyArns.member.1.arn=a&PolicyArns.member.4.arn=lost\
             &DurationSeconds=900&RoleArn=first&RoleArn=second&RoleArnold.x=1&Tags.member.1.Key=k",
        );
        assert_eq!(
            value,
            serde_json::json!({
                "PolicyArns": [{ "arn": "a" }, { "arn": "b" }],
                "DurationSeconds": 900,
                "RoleArn": "first",
                "Tags": [{ "Key": "k" }],
            })
        );
    }

    #[test]
    fn a_form_as_large_as_may_be_costs_little() {
        let one = (1..=500).map(|at| format!("PolicyArns.member.{at}.arn=a"));
        let more = (0..500).map(|at| format!("Filler{at}=b"));
        let form = one.chain(more).collect::<Vec<_>>().join("&");
        let begun = Instant::now();

        let value = shaped("AssumeRoleWithWebIdentity", &form);

        assert_eq!(value["PolicyArns"].as_array().unwrap().len(), 500);
        assert!(begun.elapsed() < Duration::from_millis(500), "{:?}", begun.elapsed());
    }

    #[test]
    fn a_larger_form_is_refused_before_it_is_looked_at() {
        let full = vec!["a=b"; MOST_PAIRS].join("&");
        assert!(Form::read(full.as_bytes()).is_ok());

        let error = Form::read(format!("{full}&a=b").as_bytes()).err().unwrap();

        assert_eq!(error_code(error.kind), "MalformedInput");
    }
}
