//! A bare HTTP server on the framework and the runtime that the server uses, in a process of its own: it reads the
//! request's body and answers one of a given length. Nothing of ours is in it.

use std::io::Write as _;
use std::time::Duration;

use anyhow::Result;
use axum::Router;
use axum::routing::post;
use bytes::Bytes;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;

/// Ends when standard input does: whoever started it is gone then.
pub(crate) fn serve(length: usize) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    std::thread::spawn(|| {
        let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        std::process::exit(0);
    });
    runtime.block_on(run(length))
}

async fn run(length: usize) -> Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let mut out = std::io::stdout();
    writeln!(out, "{}", listener.local_addr()?)?;
    out.flush()?;

    let body = Bytes::from(vec![b'x'; length]);
    let answer = move |asked: Bytes| {
        let body = body.clone();
        async move {
            drop(asked);
            ([("content-type", "application/x-amz-json-1.1")], body)
        }
    };
    let router = Router::new().route("/", post(answer));
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(Duration::from_secs(30)).max_buf_size(32 * 1024).max_headers(100);
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let service = TowerToHyperService::new(router.clone());
        tokio::spawn(http.serve_connection(TokioIo::new(stream), service));
    }
}
