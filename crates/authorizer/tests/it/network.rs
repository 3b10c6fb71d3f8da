//! The fetcher that is used by default, against servers on this machine that behave as badly as they can.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use cognate_authorizer::{Authorizer, Fetch, FetchError, HttpFetch, Issuer, KeySetError, Refusal, Rule};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::kit::{CLIENT, NOW, Signer, access, at, set};

struct Server {
    url: String,
    asked: Arc<AtomicUsize>,
    serving: JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Server {
    /// Writes these bytes to whoever asks, and then says nothing more for as long as it is told to.
    async fn start(bytes: Vec<u8>, then: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(AtomicUsize::new(0));
        let serving = tokio::spawn({
            let (asked, bytes) = (Arc::clone(&asked), Arc::new(bytes));
            async move {
                while let Ok((stream, _)) = listener.accept().await {
                    asked.fetch_add(1, Ordering::Relaxed);
                    tokio::spawn(answer(stream, Arc::clone(&bytes), then));
                }
            }
        });
        Self { url, asked, serving }
    }

    async fn saying(status: &str, headers: &str, body: &[u8]) -> Self {
        let head = format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n", body.len());
        Self::start([head.as_bytes(), body].concat(), Duration::ZERO).await
    }

    fn times_asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }

    async fn fetch(&self) -> Result<Vec<u8>, FetchError> {
        HttpFetch::new().unwrap().fetch(&self.url).await
    }
}

async fn answer(mut stream: TcpStream, bytes: Arc<Vec<u8>>, then: Duration) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    // Whoever has read enough hangs up.
    drop(stream.write_all(&bytes).await);
    tokio::time::sleep(then).await;
}

fn trusting(server: &Server) -> Authorizer {
    at(NOW).issuer(Issuer::cognito(server.url.as_str()).clients([CLIENT])).build().unwrap()
}

fn reason(outcome: Result<(), Refusal>) -> FetchError {
    match outcome {
        Err(Refusal::NoKeys { reason, .. }) => reason,
        other => unreachable!("{other:?}"),
    }
}

#[tokio::test]
async fn keys_come_over_the_network() {
    let signer = Signer::new("k");
    let server = Server::saying("200 OK", "", &serde_json::to_vec(&set([&signer])).unwrap()).await;
    let authorizer = trusting(&server);
    let token = signer.sign(&access(json!({ "iss": server.url })));
    let who = authorizer.verify(&token, &Rule::authenticated()).await.unwrap();
    assert_eq!(who.issuer, server.url);
    assert!(authorizer.verify(&token, &Rule::authenticated()).await.is_ok());
    assert_eq!(server.times_asked(), 1);
}

#[tokio::test]
async fn a_server_that_hangs_costs_three_seconds() {
    for said in [&b""[..], b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"keys\":["] {
        let server = Server::start(said.to_vec(), Duration::from_hours(1)).await;
        let begun = Instant::now();
        assert_eq!(reason(trusting(&server).preload().await), FetchError::Timeout);
        assert!((2900..4500).contains(&begun.elapsed().as_millis()), "{:?}", begun.elapsed());
    }
}

#[tokio::test]
async fn an_answer_of_ten_megabytes_is_not_taken() {
    let big = vec![b' '; 10_000_000];
    let announced = Server::saying("200 OK", "", &big).await;
    assert_eq!(announced.fetch().await, Err(FetchError::TooLong));

    // In pieces, without saying how many will come.
    let piece = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
    let chunked = format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{}0\r\n\r\n", piece.repeat(160));
    let server = Server::start(chunked.into_bytes(), Duration::ZERO).await;
    assert_eq!(reason(trusting(&server).preload().await), FetchError::TooLong);
}

#[tokio::test]
async fn an_answer_of_the_longest_length_is_taken() {
    let server = Server::saying("200 OK", "", &vec![b' '; 256 * 1024]).await;
    assert_eq!(server.fetch().await.map(|body| body.len()), Ok(256 * 1024));
    let server = Server::saying("200 OK", "", &vec![b' '; 256 * 1024 + 1]).await;
    assert_eq!(server.fetch().await, Err(FetchError::TooLong));
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let keys = serde_json::to_vec(&set([&Signer::new("k")])).unwrap();
    let elsewhere = Server::saying("200 OK", "", &keys).await;
    for status in ["301 Moved Permanently", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"] {
        let server = Server::saying(status, &format!("location: {}\r\n", elsewhere.url), &keys).await;
        let code = status[..3].parse().unwrap();
        assert_eq!(reason(trusting(&server).preload().await), FetchError::Status(code));
    }
    assert_eq!(elsewhere.times_asked(), 0);
}

#[tokio::test]
async fn a_server_that_lies_gives_no_keys() {
    let keys = serde_json::to_vec(&set([&Signer::new("k")])).unwrap();
    let failing = Server::saying("500 Internal Server Error", "", &keys).await;
    assert_eq!(reason(trusting(&failing).preload().await), FetchError::Status(500));
    let html = Server::saying("200 OK", "content-type: application/json\r\n", b"<html>sign in</html>").await;
    assert_eq!(reason(trusting(&html).preload().await), FetchError::NotKeys(KeySetError::NotASet));
    let short =
        Server::start(b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{\"keys\":[]}".to_vec(), Duration::ZERO).await;
    assert_eq!(reason(trusting(&short).preload().await), FetchError::Unreachable);
    let babbling = Server::start(b"220 mail.example ESMTP\r\n".to_vec(), Duration::ZERO).await;
    assert_eq!(reason(trusting(&babbling).preload().await), FetchError::Unreachable);
}

#[tokio::test]
async fn where_nobody_listens_there_are_no_keys() {
    let url = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    let authorizer = at(NOW).issuer(Issuer::cognito(url).any_client()).build().unwrap();
    assert_eq!(reason(authorizer.preload().await), FetchError::Unreachable);
}

/// A header may ask for it; nobody goes there.
#[tokio::test]
async fn the_address_that_a_token_names_is_never_asked() {
    let (signer, thief) = (Signer::new("k"), Signer::new("thief"));
    let jwks = |signer: &Signer| serde_json::to_vec(&set([signer])).unwrap();
    let own = Server::saying("200 OK", "", &jwks(&signer)).await;
    let thiefs = Server::saying("200 OK", "", &jwks(&thief)).await;
    let authorizer = trusting(&own);
    let claims = access(json!({ "iss": own.url })).to_string();
    for header in ["jku", "x5u"] {
        let header = format!(r#"{{"alg":"EdDSA","kid":"thief","{header}":"{}"}}"#, thiefs.url);
        let refused = authorizer.verify(&thief.sign_as(&header, &claims), &Rule::authenticated()).await.unwrap_err();
        assert!(matches!(refused, Refusal::UnknownKey { .. }), "{refused}");
    }
    let foreign = access(json!({ "iss": thiefs.url }));
    assert!(authorizer.verify(&thief.sign(&foreign), &Rule::authenticated()).await.is_err());
    assert_eq!((own.times_asked(), thiefs.times_asked()), (1, 0));
}
