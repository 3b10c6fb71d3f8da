//! Signed calls: with a key of the store's, at the clock's moment, for any region.

use bytes::Bytes;
use cognate_domain::Clock as _;
use cognate_sigv4::{Credentials, sign};
use http::header::HeaderName;
use http::{HeaderValue, Request};
use serde_json::Value;

use super::{REGION, TestApp};

/// An access key and the region it signs for.
#[derive(Clone, Debug)]
pub struct Key {
    pub id: String,
    pub secret: String,
    pub region: String,
    pub service: String,
}

impl TestApp {
    pub async fn new_key(&self, account: &str) -> Key {
        let made = self.app.create_access_key(account, "a test's").await.expect("an access key");
        let (region, service) = (REGION.to_owned(), "cognito-idp".to_owned());
        Key { id: made.id, secret: made.secret.expose().to_owned(), region, service }
    }

    /// A call that may be sent more than once.
    pub fn signed(&self, operation: &str, input: &Value) -> Request<Bytes> {
        let key = self.key.as_ref().expect("an app that serves has a key");
        self.sign(self.unsigned(operation, input.to_string()), key)
    }

    /// The call with an id of its own beside the signature, as boto3 and the AWS CLI send it.
    pub(super) fn invoke(&self, mut request: Request<Bytes>) -> Request<Bytes> {
        let id = cognate_domain::ids::uuid(self.app.entropy.as_ref()).to_string();
        request.headers_mut().insert("amz-sdk-invocation-id", HeaderValue::from_str(&id).expect("a header's value"));
        request
    }

    pub fn sign(&self, mut request: Request<Bytes>, key: &Key) -> Request<Bytes> {
        let headers: Vec<(&str, &str)> =
            request.headers().iter().map(|(name, value)| (name.as_str(), value.to_str().expect("text"))).collect();
        let to_sign = cognate_sigv4::Request {
            method: request.method().as_str(),
            path: request.uri().path(),
            query: request.uri().query().unwrap_or_default(),
            headers: &headers,
            body: request.body(),
        };
        let credentials = Credentials { access_key_id: &key.id, secret: &key.secret, session_token: None };
        let added = sign(&to_sign, &credentials, &key.region, &key.service, self.clock.now().0).expect("a signature");
        for (name, value) in added {
            let name: HeaderName = name.parse().expect("a header's name");
            request.headers_mut().insert(name, HeaderValue::from_str(&value).expect("a header's value"));
        }
        request
    }
}
