//! Page tokens: where a list goes on, sealed, bound to the list it belongs to, good for an hour.

use std::time::Duration;

use cognate_domain::{Error, Result, Timestamp};
use cognate_engine::Cx;
use cognate_engine::sealing::Sealed;
use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};

const LIFE: Duration = Duration::from_hours(1);

/// AWS: 0 and absent mean the most, where `Limit` is 0 to 60.
pub(crate) fn limit(asked: Option<i32>) -> i64 {
    i64::from(asked.filter(|asked| *asked != 0).unwrap_or(60))
}

#[derive(Serialize, Deserialize)]
struct Token {
    after: Vec<String>,
    expires_at: i64,
}

/// `list` names the operation and everything that tells one list from another.
fn token(cx: &Cx, list: &str, after: Vec<String>) -> Result<String> {
    let token = Token { after, expires_at: (cx.now + LIFE).0 };
    let plain = serde_json::to_vec(&token).map_err(Error::internal)?;
    Ok(BASE64URL_NOPAD.encode(&cx.app.seal(Sealed::PageToken, list, &plain)?))
}

/// Cuts a list that was asked for one row too many; the token of the next page, if there is one.
pub(crate) fn cut<T>(
    cx: &Cx,
    list: &str,
    rows: &mut Vec<T>,
    limit: i64,
    place: impl Fn(&T) -> Vec<String>,
) -> Result<Option<String>> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    if rows.len() <= limit {
        return Ok(None);
    }
    rows.truncate(limit);
    rows.last().map(|last| token(cx, list, place(last))).transpose()
}

/// Where to go on: nothing for a first page.
pub(crate) fn after(cx: &Cx, list: &str, token: Option<&str>) -> Result<Vec<String>> {
    let Some(token) = token else { return Ok(Vec::new()) };
    let sealed = BASE64URL_NOPAD.decode(token.as_bytes()).ok();
    let plain = sealed.and_then(|sealed| cx.app.open_from_client(Sealed::PageToken, list, &sealed));
    let token: Option<Token> = plain.and_then(|plain| serde_json::from_slice(&plain).ok());
    let token = token.filter(|token| Timestamp(token.expires_at) > cx.now);
    token.map(|token| token.after).ok_or_else(Error::invalid_pagination_token)
}
