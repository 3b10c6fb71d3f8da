//! One listener: accepts, serves HTTP/1.1 within limits, and drains when it is told to end.
//!
//! HTTP/2 is spoken by the proxy that ends TLS in front; unencrypted HTTP/2 has no time limit before its first frame.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use cognate_auth_api::ClientAddress;
use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tower::ServiceExt as _;

use super::Proxies;
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

pub(super) async fn run(
    listener: TcpListener,
    router: Router,
    proxies: Proxies,
    lanes: Arc<Lanes>,
    mut shutdown: Shutdown,
) {
    let proxies = Arc::new(proxies);
    let connections = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(LONGEST_HEAD).max_headers(MOST_HEADERS);

    loop {
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (accept(&listener).await, place)
        };
        let ((stream, peer), place) = tokio::select! {
            next = next => next,
            () = shutdown.begun() => break,
        };
        let (router, proxies) = (router.clone(), Arc::clone(&proxies));
        let service = service_fn(move |mut request: Request<Incoming>| {
            let client = proxies.client(peer.ip(), request.headers());
            request.extensions_mut().insert(ClientAddress(client));
            router.clone().oneshot(request)
        });
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
async fn accept(listener: &TcpListener) -> (std::net::TcpStream, SocketAddr) {
    loop {
        match listener.accept().await.and_then(|(stream, peer)| Ok((stream.into_std()?, peer))) {
            Ok((stream, peer)) => {
                if let Err(error) = stream.set_nodelay(true) {
                    tracing::debug!(%error, "a connection without TCP_NODELAY");
                }
                return (stream, peer);
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}
