//! The other ends of the carriers' tests, over real TCP: a scripted SMTP server and an HTTP server with one answer.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use cognate_domain::{Clock, Entropy, Timestamp};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::{Channel, Outgoing};

/// 2026-01-01T00:00:00Z
pub(super) const NOW: i64 = 1_767_225_600_000;

pub(super) struct Fixed;

impl Clock for Fixed {
    fn now(&self) -> Timestamp {
        Timestamp(NOW)
    }
}

impl Entropy for Fixed {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(7);
    }
}

pub(super) fn message(channel: Channel, to: &str) -> Outgoing {
    Outgoing {
        channel,
        to: to.to_owned(),
        from: None,
        reply_to: None,
        subject: Some("Your verification code".to_owned()),
        body: "Your confirmation code is 123456".to_owned(),
        code: Some("123456".to_owned()),
        trigger: "CustomMessage_SignUp",
        pool_id: "us-east-1_Ab12Cd34E".to_owned(),
    }
}

/// How a scripted SMTP server answers.
#[derive(Clone, Copy)]
pub(super) enum Manner {
    Kind,
    /// Answers `RCPT` with this line.
    Recipient(&'static str),
    /// Accepts the connection and says nothing.
    Silent,
    /// Takes the first message and never says so.
    MuteAfterFirstData,
}

pub(super) struct Mail {
    pub(super) port: u16,
    pub(super) connections: Arc<AtomicUsize>,
    commands: UnboundedReceiver<String>,
}

impl Mail {
    pub(super) async fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let connections = Arc::new(AtomicUsize::new(0));
        let (tell, commands) = unbounded_channel();
        let count = Arc::clone(&connections);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let first = count.fetch_add(1, Ordering::SeqCst) == 0;
                let manner = if first || !matches!(manner, Manner::MuteAfterFirstData) { manner } else { Manner::Kind };
                tokio::spawn(talk(stream, manner, tell.clone()));
            }
        });
        Self { port, connections, commands }
    }

    /// Every line heard so far.
    pub(super) fn heard(&mut self) -> Vec<String> {
        std::iter::from_fn(|| self.commands.try_recv().ok()).collect()
    }
}

async fn talk(stream: TcpStream, manner: Manner, tell: UnboundedSender<String>) {
    if matches!(manner, Manner::Silent) {
        std::future::pending::<()>().await;
    }
    let mut stream = BufReader::new(stream);
    let mut in_data = false;
    stream.write_all(b"220 peer ESMTP\r\n").await.unwrap();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
            return;
        }
        let line = line.trim_end().to_owned();
        drop(tell.send(line.clone()));
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        let answer = match verb.as_str() {
            "." if in_data => {
                in_data = false;
                if matches!(manner, Manner::MuteAfterFirstData) {
                    continue;
                }
                "250 taken"
            }
            _ if in_data => continue,
            "EHLO" => "250-peer\r\n250-AUTH PLAIN\r\n250 8BITMIME",
            "AUTH" => "235 welcome",
            "RCPT" => match manner {
                Manner::Recipient(answer) => answer,
                _ => "250 fine",
            },
            "DATA" => {
                in_data = true;
                "354 go on"
            }
            "QUIT" => "221 bye",
            _ => "250 fine",
        };
        if stream.write_all(format!("{answer}\r\n").as_bytes()).await.is_err() {
            return;
        }
    }
}

/// An HTTP server that tells what it was asked and gives one answer to all.
pub(super) struct Web {
    pub(super) port: u16,
    requests: UnboundedReceiver<String>,
}

impl Web {
    /// `answer` is the whole response; without one, the server accepts and stays silent.
    pub(super) async fn start(answer: impl Into<Option<String>>) -> Self {
        let answer = answer.into();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (tell, requests) = unbounded_channel();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, answer.clone(), tell.clone()));
            }
        });
        Self { port, requests }
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// The requests so far: head and body.
    pub(super) fn heard(&mut self) -> Vec<String> {
        std::iter::from_fn(|| self.requests.try_recv().ok()).collect()
    }
}

async fn serve(stream: TcpStream, answer: Option<String>, tell: UnboundedSender<String>) {
    let mut stream = BufReader::new(stream);
    let mut request = String::new();
    let mut length = 0;
    while !request.ends_with("\r\n\r\n") {
        let mut line = String::new();
        if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
            return;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        request.push_str(&line);
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.unwrap();
    request.push_str(&String::from_utf8(body).unwrap());
    drop(tell.send(request));
    match answer {
        Some(answer) => drop(stream.write_all(answer.as_bytes()).await),
        None => std::future::pending().await,
    }
}

/// A complete response.
pub(super) fn response(status: &str, extra: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n{extra}\r\n{body}")
}
