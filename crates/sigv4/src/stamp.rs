//! Times as they stand in requests: `20260101T000000Z`, and the older forms a `Date` header may have.

use time::format_description::StaticFormatDescription;
use time::format_description::well_known::Rfc2822;
use time::macros::format_description;
use time::{OffsetDateTime, PrimitiveDateTime};

const COMPACT: StaticFormatDescription = format_description!("[year][month][day]T[hour][minute][second]Z");

/// A time outside years 0 to 9999 is written as the first second of 1970: it only ever stands in a sentence.
pub(crate) fn compact(ms: i64) -> String {
    try_compact(ms).unwrap_or_else(|| "19700101T000000Z".to_owned())
}

pub(crate) fn try_compact(ms: i64) -> Option<String> {
    let at = OffsetDateTime::from_unix_timestamp(ms.div_euclid(1000)).ok()?;
    (0..=9999).contains(&at.year()).then(|| at.format(COMPACT).ok()).flatten()
}

/// Milliseconds since 1970 of `20260101T000000Z`.
pub(crate) fn parse_compact(text: &str) -> Option<i64> {
    if text.len() != 16 {
        return None; // a year may have a sign to `time`
    }
    Some(PrimitiveDateTime::parse(text, COMPACT).ok()?.assume_utc().unix_timestamp() * 1000)
}

/// A `Date` header: the compact form or that of HTTP, `Mon, 09 Sep 2011 23:36:00 GMT`.
pub(crate) fn parse_date(text: &str) -> Option<i64> {
    if text.len() > 40 {
        return None;
    }
    parse_compact(text).or_else(|| Some(OffsetDateTime::parse(text, &Rfc2822).ok()?.unix_timestamp() * 1000))
}
