//! Moments for people and scripts: ISO 8601 with milliseconds, and how long ago.

use cognate_domain::Timestamp;
use time::OffsetDateTime;
use time::macros::format_description;

/// `2026-01-02T03:04:05.678Z`
pub(crate) fn iso(moment: Timestamp) -> String {
    let form = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(moment.0) * 1_000_000)
        .ok()
        .and_then(|moment| moment.format(form).ok())
        .unwrap_or_default()
}

/// `2026-01-02 03:04 UTC`
pub(crate) fn minute(moment: Timestamp) -> String {
    let form = format_description!("[year]-[month]-[day] [hour]:[minute] UTC");
    let at = OffsetDateTime::from_unix_timestamp(moment.seconds()).ok();
    at.and_then(|moment| moment.format(form).ok()).unwrap_or_default()
}

pub(crate) fn ago(now: Timestamp, then: Timestamp) -> String {
    let seconds = now.since(then).as_secs();
    let (count, unit) = match seconds {
        0..5 => return "just now".into(),
        5..60 => (seconds, "second"),
        60..3600 => (seconds / 60, "minute"),
        3600..86400 => (seconds / 3600, "hour"),
        _ => (seconds / 86400, "day"),
    };
    format!("{count} {unit}{} ago", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_reads_as_iso_8601() {
        assert_eq!(iso(Timestamp(1_767_323_045_678)), "2026-01-02T03:04:05.678Z");
    }

    #[test]
    fn ages_are_told_in_the_largest_whole_unit() {
        let ago = |seconds: i64| ago(Timestamp(1_000_000_000), Timestamp(1_000_000_000 - seconds * 1000));
        assert_eq!(
            [ago(2), ago(59), ago(60), ago(7199), ago(90_000)],
            ["just now", "59 seconds ago", "1 minute ago", "1 hour ago", "1 day ago"]
        );
    }
}
