//! An answer that ends a handler early: a page's work goes on with `?`.

use axum::response::{IntoResponse, Response};

pub(crate) struct Stop(Box<Response>);

pub(crate) type Answered = Result<Response, Stop>;

impl From<Response> for Stop {
    fn from(response: Response) -> Self {
        Self(Box::new(response))
    }
}

impl IntoResponse for Stop {
    fn into_response(self) -> Response {
        *self.0
    }
}
