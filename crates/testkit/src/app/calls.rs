//! Calling operations, as a client would and as no client should.

use bytes::Bytes;
use http::Request;
use serde_json::Value;

use super::{Answered, TestApp};

pub const TARGET: &str = "AWSCognitoIdentityProviderService";

impl TestApp {
    /// An operation of the user-pool API.
    pub async fn idp(&self, operation: &str, input: Value) -> Answered {
        self.raw(operation, input.to_string()).await
    }

    /// With a body that need not be JSON.
    pub async fn raw(&self, operation: &str, body: impl Into<Bytes>) -> Answered {
        let request = self.unsigned(operation, body);
        let request = match &self.key {
            Some(key) => self.invoke(self.sign(request, key)),
            None => request,
        };
        self.send(request).await
    }

    pub async fn send(&self, request: Request<Bytes>) -> Answered {
        Answered::read(cognate_api::answer(&self.app, request).await)
    }

    pub fn unsigned(&self, operation: &str, body: impl Into<Bytes>) -> Request<Bytes> {
        Request::post("/")
            .header("host", "cognito-idp.us-east-1.amazonaws.com")
            .header("content-type", "application/x-amz-json-1.1")
            .header("x-amz-target", format!("{TARGET}.{operation}"))
            .body(body.into())
            .expect("a request")
    }
}
