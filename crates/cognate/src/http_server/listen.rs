//! One listener: accepts, serves HTTP/1.1 within limits, and drains when it is told to end.
//!
//! HTTP/2 is spoken by the proxy that ends TLS in front; unencrypted HTTP/2 has no time limit before its first frame.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

use super::lanes::Lanes;
use crate::shutdown::Shutdown;

/// For the head of a request, and for how long an idle connection is kept.
const HEAD: Duration = Duration::from_secs(30);
/// Names, values and the request line together; hyper looks after each read, so one read more may slip through.
const LONGEST_HEAD: usize = 32 * 1024;
const MOST_HEADERS: usize = 100;
const MOST_CONNECTIONS: usize = 8192;
/// What is in flight when the end begins has this long.
const DRAIN: Duration = Duration::from_secs(10);

pub(super) async fn run(listener: TcpListener, router: Router, lanes: Arc<Lanes>, mut shutdown: Shutdown) {
    let connections = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(LONGEST_HEAD).max_headers(MOST_HEADERS);

    loop {
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (accept(&listener).await, place)
        };
        let (stream, place) = tokio::select! {
            next = next => next,
            () = shutdown.begun() => break,
        };
        let service = TowerToHyperService::new(router.clone());
        let (http, watcher) = (http.clone(), connections.watcher());
        lanes.next().spawn(async move {
            match TcpStream::from_std(stream) {
                Ok(stream) => {
                    let connection = watcher.watch(http.serve_connection(TokioIo::new(stream), service));
                    if let Err(error) = connection.await {
                        tracing::debug!(%error, "a connection ended early");
                    }
                }
                Err(error) => tracing::warn!(%error, "a connection could not be served"),
            }
            drop(place);
        });
    }
    drop(listener);

    if tokio::time::timeout(DRAIN, connections.shutdown()).await.is_err() {
        tracing::warn!("requests that took longer than {} seconds to finish were given up", DRAIN.as_secs());
    }
}

/// The next connection, of no runtime yet. Where accepting fails (out of file descriptors), a pause lets others end.
async fn accept(listener: &TcpListener) -> std::net::TcpStream {
    loop {
        match listener.accept().await.and_then(|(stream, _)| stream.into_std()) {
            Ok(stream) => {
                if let Err(error) = stream.set_nodelay(true) {
                    tracing::debug!(%error, "a connection without TCP_NODELAY");
                }
                return stream;
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}
