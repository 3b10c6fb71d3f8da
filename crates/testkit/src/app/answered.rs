//! An answer as a client of AWS's reads it.

use std::fmt;
use std::ops::Index;

use bytes::Bytes;
use http::{HeaderMap, Response};
use serde_json::Value;

#[derive(Clone, Debug)]
pub struct Answered {
    pub status: u16,
    /// `NotAuthorizedException`; none in a good answer.
    pub error: Option<String>,
    pub message: String,
    /// Null where there is none.
    pub body: Value,
    pub headers: HeaderMap,
}

impl Answered {
    pub(super) fn read(response: Response<Bytes>) -> Self {
        let (head, bytes) = response.into_parts();
        let body: Value = if bytes.is_empty() {
            Value::Null
        } else {
            serde_json::from_slice(&bytes).unwrap_or_else(|_| String::from_utf8_lossy(&bytes).into_owned().into())
        };
        let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
        let (error, message) = (text("__type"), text("message").unwrap_or_default());
        Self { status: head.status.as_u16(), error, message, body, headers: head.headers }
    }

    /// The body of an answer that must be good.
    #[track_caller]
    pub fn good(self) -> Value {
        assert_eq!(self.status, 200, "{self}");
        self.body
    }

    #[track_caller]
    pub fn assert_good(&self) {
        assert_eq!(self.status, 200, "{self}");
    }

    /// That it is this error, in status, body and headers.
    #[track_caller]
    pub fn assert_refused(&self, error: &str, message: &str) {
        assert_eq!((self.error.as_deref(), self.message.as_str()), (Some(error), message), "{self}");
        assert_eq!(self.status, 400, "{self}");
        assert_eq!(self.header("x-amzn-errortype"), format!("{error}:"));
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// A text in the body by its JSON pointer.
    #[track_caller]
    pub fn text(&self, pointer: &str) -> String {
        let found = self.body.pointer(pointer).and_then(Value::as_str);
        found.unwrap_or_else(|| panic!("no text at {pointer} in {self}")).to_owned()
    }
}

impl Index<&str> for Answered {
    type Output = Value;

    fn index(&self, name: &str) -> &Value {
        self.body.get(name).unwrap_or(&Value::Null)
    }
}

impl fmt::Display for Answered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}\n{}", self.status, self.error.as_deref().unwrap_or_default(), self.body)
    }
}
