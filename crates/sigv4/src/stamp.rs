//! Times as they stand in requests: `20260101T000000Z`, and the older forms a `Date` header may have.

use time::format_description::StaticFormatDescription;
use time::format_description::well_known::Rfc2822;
use time::macros::format_description;
use time::{Date, Month, OffsetDateTime};

const COMPACT: StaticFormatDescription = format_description!("[year][month][day]T[hour][minute][second]Z");

/// A time outside years 0 to 9999 is written as the first second of 1970: it only ever stands in a sentence.
pub(crate) fn compact(ms: i64) -> String {
    try_compact(ms).unwrap_or_else(|| "19700101T000000Z".to_owned())
}

pub(crate) fn try_compact(ms: i64) -> Option<String> {
    let at = OffsetDateTime::from_unix_timestamp(ms.div_euclid(1000)).ok()?;
    (0..=9999).contains(&at.year()).then(|| at.format(COMPACT).ok()).flatten()
}

/// A time as it stands in a request.
pub(crate) struct Stamp {
    /// Since 1970; whole seconds.
    pub(crate) ms: i64,
    /// `20260101T000000Z`, whatever shape it was sent in.
    pub(crate) text: String,
}

pub(crate) fn parse_compact(text: &str) -> Option<Stamp> {
    let (date, clock) = text.strip_suffix('Z')?.split_once('T')?;
    if date.len() != 8 || clock.len() != 6 {
        return None;
    }
    let (year, month, day) = in_pairs(date)?;
    let (hour, minute, second) = in_pairs(clock)?;
    let date = Date::from_calendar_date(year.into(), Month::try_from(month).ok()?, day).ok()?;
    let at = date.with_hms(u8::try_from(hour).ok()?, minute, second).ok()?.assume_utc();
    Some(Stamp { ms: at.unix_timestamp() * 1000, text: text.to_owned() })
}

/// A `Date` header: the compact form or that of HTTP, `Mon, 09 Sep 2011 23:36:00 GMT`.
pub(crate) fn parse_date(text: &str) -> Option<Stamp> {
    if text.len() > 40 {
        return None;
    }
    parse_compact(text).or_else(|| {
        let ms = OffsetDateTime::parse(text, &Rfc2822).ok()?.unix_timestamp() * 1000;
        Some(Stamp { ms, text: compact(ms) })
    })
}

/// Of at most eight digits: the last two, the two before them, and the rest.
fn in_pairs(digits: &str) -> Option<(u16, u8, u8)> {
    let digit = |byte| char::from(byte).to_digit(10);
    let number = digits.bytes().try_fold(0, |number, byte| Some(number * 10 + digit(byte)?))?;
    let pair = |number: u32| u8::try_from(number % 100).ok();
    Some((u16::try_from(number / 10_000).ok()?, pair(number / 100)?, pair(number)?))
}
