//! `POST /` and `OPTIONS /`: AWS's APIs. Bodies are bounded in length and in time; a panic costs one answer.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, HttpBody as _};
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use bytes::{Bytes, BytesMut};
use cognate_domain::Error;
use http::{HeaderMap, StatusCode, header};
use tokio::time::{Instant, timeout};

use super::Shared;

const LONGEST_BODY: usize = 2 * 1024 * 1024;
/// A body that is too long is still read this far, so that the client hears why instead of a broken connection.
const READ_AWAY: usize = 32 * 1024 * 1024;
const BODY: Duration = Duration::from_secs(20);

pub(super) fn routes(shared: &Shared) -> Router {
    Router::new().route("/", post(answer).options(answer)).with_state(shared.clone())
}

async fn answer(State(shared): State<Shared>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let measured = shared.metrics.begin(&head.headers, Instant::now());

    let response = match timeout(BODY, collect(&head.headers, body)).await {
        Ok(Ok(body)) => {
            let app = Arc::clone(&shared.app);
            let only_reads = cognate_api::only_reads(&head.headers);
            let request = http::Request::from_parts(head, body);
            let answered = if only_reads {
                unless_it_panics(pin!(cognate_api::answer(&app, request))).await
            } else {
                // In a task of its own: what changes something is finished even if the client goes away.
                tokio::spawn(async move { cognate_api::answer(&app, request).await }).await.ok()
            };
            answered.unwrap_or_else(|| cognate_api::refuse(&shared.app, &Error::corrupt("a request panicked")))
        }
        Ok(Err(Fault::TooLong)) => cognate_api::refuse(&shared.app, &Error::body_too_large()),
        Ok(Err(Fault::Broken)) => return StatusCode::BAD_REQUEST.into_response(),
        Err(_) => return (StatusCode::REQUEST_TIMEOUT, [(header::CONNECTION, "close")]).into_response(),
    };
    measured.end(&response);
    response.map(Body::from)
}

/// A panic ends the one answer; nothing of it is used again.
async fn unless_it_panics<T>(mut work: Pin<&mut impl Future<Output = T>>) -> Option<T> {
    poll_fn(|cx| match catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(cx))) {
        Ok(poll) => poll.map(Some),
        Err(_) => Poll::Ready(None),
    })
    .await
}

enum Fault {
    TooLong,
    Broken,
}

async fn collect(headers: &HeaderMap, mut body: Body) -> Result<Bytes, Fault> {
    let announced = body.size_hint().lower();
    let waits_to_be_asked = headers.contains_key(header::EXPECT);
    if announced > LONGEST_BODY as u64 && (waits_to_be_asked || announced > READ_AWAY as u64) {
        return Err(Fault::TooLong);
    }
    let mut kept = BytesMut::new();
    let mut seen = 0;
    while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        let Ok(data) = frame.map_err(|_| Fault::Broken)?.into_data() else { continue };
        seen += data.len();
        if seen > READ_AWAY {
            return Err(Fault::TooLong);
        }
        if seen <= LONGEST_BODY {
            kept.extend_from_slice(&data);
        }
    }
    if seen > LONGEST_BODY { Err(Fault::TooLong) } else { Ok(kept.freeze()) }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use super::unless_it_panics;

    #[tokio::test]
    async fn a_panic_costs_its_own_answer_alone() {
        assert_eq!(unless_it_panics(pin!(async { 1 })).await, Some(1));
        let panics = pin!(async {
            tokio::task::yield_now().await;
            assert!(std::env::args().count() == 0, "as a fault of ours would");
        });
        assert_eq!(unless_it_panics(panics).await, None);
        assert_eq!(unless_it_panics(pin!(async { 2 })).await, Some(2));
    }
}
