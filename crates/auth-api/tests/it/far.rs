//! A server somewhere else that speaks Cognito's API, well or badly, and remembers what it was asked.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use cognate_auth_api::provider::Cognito;
use cognate_auth_api::provider::cognito::{Credentials, LONGEST_ANSWER, Settings};
use cognate_engine::Secret;
use cognate_engine::carriers::outbound::{Outbound, OutboundSettings};
use cognate_testkit::TestApp;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

pub(crate) const POOL: &str = "eu-central-1_Ex4mpl3";
pub(crate) const CLIENT: &str = "1example23456789";

/// What it does when it is asked.
pub(crate) enum Play {
    Hang,
    Close,
    Say(Vec<u8>),
}

pub(crate) struct Asked {
    pub(crate) operation: String,
    pub(crate) head: String,
    pub(crate) body: Value,
}

pub(crate) struct Far {
    pub(crate) endpoint: Url,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Far {
    pub(crate) async fn open(play: impl Fn(&Asked) -> Play + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        let (asked, play) = (Arc::new(Mutex::new(Vec::new())), Arc::new(play));
        let kept = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream, Arc::clone(&kept), Arc::clone(&play)));
            }
        });
        Self { endpoint, asked }
    }

    /// The operations that it was asked for, in their order.
    pub(crate) fn operations(&self) -> Vec<String> {
        self.asked.lock().unwrap().iter().map(|asked| asked.operation.clone()).collect()
    }

    pub(crate) fn last(&self) -> (String, Value) {
        let asked = self.asked.lock().unwrap();
        let last = asked.last().unwrap();
        (last.head.clone(), last.body.clone())
    }

    pub(crate) fn provider(&self, app: &TestApp, with_credentials: bool) -> Cognito {
        let limits = OutboundSettings {
            allow_hosts: vec!["127.0.0.1".to_owned()],
            timeout: Duration::from_millis(500),
            max_body: LONGEST_ANSWER,
        };
        let credentials = Credentials {
            access_key_id: "AKIDEXAMPLE".to_owned(),
            secret: Secret::from("an-example"),
            session_token: Some(Secret::from("a-session")),
        };
        let settings = Settings {
            region: "eu-central-1".to_owned(),
            user_pool_id: POOL.to_owned(),
            client_id: CLIENT.to_owned(),
            client_secret: None,
            endpoint: self.endpoint.clone(),
            issuer: None,
            credentials: with_credentials.then_some(credentials),
        };
        let outbound = Outbound::new(limits).unwrap();
        Cognito::new(settings, outbound, Arc::clone(&app.app.clock), app.app.entropy.as_ref()).unwrap()
    }
}

async fn answer(
    mut stream: TcpStream,
    kept: Arc<Mutex<Vec<Asked>>>,
    play: Arc<impl Fn(&Asked) -> Play + Send + Sync + 'static>,
) {
    let Some(asked) = read(&mut stream).await else { return };
    let plays = play(&asked);
    kept.lock().unwrap().push(asked);
    match plays {
        Play::Hang => tokio::time::sleep(Duration::from_mins(1)).await,
        Play::Close => {}
        Play::Say(bytes) => {
            let _ = stream.write_all(&bytes).await; // whoever has heard enough goes away
            let _ = stream.shutdown().await;
        }
    }
}

async fn read(stream: &mut TcpStream) -> Option<Asked> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let header = |name: &str| {
                let found = head.lines().find(|line| line.to_ascii_lowercase().starts_with(name));
                found.and_then(|line| line.split_once(": ")).map(|(_, value)| value.to_owned())
            };
            let length = header("content-length").map_or(0, |length| length.parse().unwrap());
            if body.len() >= length {
                let target = header("x-amz-target").unwrap_or_default();
                let operation = target.rsplit('.').next().unwrap_or_default().to_owned();
                let body = serde_json::from_str(body).unwrap_or_default();
                return Some(Asked { operation, head: head.to_owned(), body });
            }
        }
        let mut chunk = [0; 4096];
        let count = stream.read(&mut chunk).await.ok().filter(|count| *count > 0)?;
        bytes.extend_from_slice(&chunk[..count]);
    }
}

/// An answer with this status line, these header lines and this body, and then the end.
pub(crate) fn raw(status: &str, headers: &str, body: &str) -> Play {
    let length = body.len();
    Play::Say(
        format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n{headers}\r\n{body}")
            .into_bytes(),
    )
}

pub(crate) fn says(body: &Value) -> Play {
    raw("200 OK", "content-type: application/x-amz-json-1.1\r\n", &body.to_string())
}

pub(crate) fn refuses(kind: &str, sentence: &str) -> Play {
    let body = serde_json::json!({ "__type": kind, "message": sentence });
    raw("400 Bad Request", "content-type: application/x-amz-json-1.1\r\n", &body.to_string())
}
