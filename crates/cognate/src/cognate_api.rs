use std::sync::Arc;
use bytes::Bytes;
pub async fn answer(_: &Arc<cognate_engine::App>, _: http::Request<Bytes>) -> http::Response<Bytes> { http::Response::new(Bytes::new()) }
pub fn refuse(_: &Arc<cognate_engine::App>, _: &cognate_domain::Error) -> http::Response<Bytes> { http::Response::new(Bytes::new()) }
