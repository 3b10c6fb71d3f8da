//! A request that can be altered between signing and verifying.

use cognate_sigv4::{Credentials, Presented, Refusal, Request, sign};

pub(crate) const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
pub(crate) const SERVICE: &str = "cognito-idp";
/// 2026-01-01T00:00:00Z
pub(crate) const NOW: i64 = 1_767_225_600_000;
pub(crate) const MINUTE: i64 = 60_000;

#[derive(Clone)]
pub(crate) struct Call {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Call {
    pub(crate) fn unsigned() -> Self {
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        Self {
            method: "POST".to_owned(),
            path: "/".to_owned(),
            query: String::new(),
            headers: vec![
                header("Host", "127.0.0.1:9229"),
                header("Content-Type", "application/x-amz-json-1.1"),
                header("X-Amz-Target", "AWSCognitoIdentityProviderService.ListUserPools"),
                header("User-Agent", "tests"),
            ],
            body: br#"{"MaxResults": 5}"#.to_vec(),
        }
    }

    pub(crate) fn signed() -> Self {
        Self::unsigned().sign_at(NOW, SERVICE)
    }

    pub(crate) fn sign_at(mut self, at: i64, service: &str) -> Self {
        let credentials = Credentials { access_key_id: "AKIDEXAMPLE", secret: SECRET, session_token: None };
        let added = self.with(|request| sign(request, &credentials, "eu-west-1", service, at)).unwrap();
        self.headers.extend(added);
        self
    }

    pub(crate) fn with<T>(&self, use_it: impl FnOnce(&Request<'_>) -> T) -> T {
        let headers: Vec<(&str, &str)> = self.headers.iter().map(|(name, value)| (&**name, &**value)).collect();
        let (method, path, query) = (&*self.method, &*self.path, &*self.query);
        use_it(&Request { method, path, query, headers: &headers, body: &self.body })
    }

    pub(crate) fn header(&mut self, name: &str) -> &mut String {
        &mut self.headers.iter_mut().find(|(given, _)| given.eq_ignore_ascii_case(name)).unwrap().1
    }

    pub(crate) fn add(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(given, _)| !given.eq_ignore_ascii_case(name));
        self
    }

    pub(crate) fn verified(&self) -> Result<(), Refusal> {
        self.verified_at(NOW, SECRET, SERVICE)
    }

    pub(crate) fn verified_at(&self, now: i64, secret: &str, service: &str) -> Result<(), Refusal> {
        self.with(|request| Presented::read(request)?.verify(request, secret, now, service))
    }
}

pub(crate) fn altered(change: impl FnOnce(&mut Call)) -> Result<(), Refusal> {
    let mut call = Call::signed();
    change(&mut call);
    call.verified()
}
