//! The fetcher that is used where none is given: HTTPS by reqwest. It follows no redirect, asks no proxy of the
//! environment, waits three seconds and reads 256 KiB. Which addresses it is given was decided when the issuers were
//! set.

use std::time::Duration;

use reqwest::{Client, redirect, retry};

use super::{Fetch, FetchError, Fetching, MAX_ANSWER};

const TIMEOUT: Duration = Duration::from_secs(3);

#[derive(Clone, Debug)]
pub struct HttpFetch {
    client: Client,
}

impl HttpFetch {
    /// Fails only where TLS cannot be set up.
    pub fn new() -> Result<Self, FetchError> {
        let client = Client::builder()
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            .no_proxy()
            .referer(false)
            .timeout(TIMEOUT)
            .connect_timeout(TIMEOUT)
            .user_agent("cognate-authorizer")
            .build()
            .map_err(|_| FetchError::Unreachable)?;
        Ok(Self { client })
    }

    async fn get(&self, url: &str) -> Result<Vec<u8>, FetchError> {
        let mut response = self.client.get(url).send().await.map_err(|error| from_reqwest(&error))?;
        if !response.status().is_success() {
            return Err(FetchError::Status(response.status().as_u16()));
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| from_reqwest(&error))? {
            if body.len() + chunk.len() > MAX_ANSWER {
                return Err(FetchError::TooLong);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }
}

impl Fetch for HttpFetch {
    fn fetch<'a>(&'a self, url: &'a str) -> Fetching<'a> {
        Box::pin(self.get(url))
    }
}

fn from_reqwest(error: &reqwest::Error) -> FetchError {
    if error.is_timeout() { FetchError::Timeout } else { FetchError::Unreachable }
}
