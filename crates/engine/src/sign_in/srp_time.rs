//! `TIMESTAMP` of an SRP answer: `Tue Sep 1 09:05:07 UTC 2026`, English, UTC, the day not padded. It is signed as it came;
//! it is read only to refuse a proof that was made at another time. user-pools.md, section 10.

use std::time::Duration;

use cognate_domain::Timestamp;
use time::PrimitiveDateTime;
use time::macros::format_description;

/// How far a client's clock may be off. Not known of AWS: "within a few minutes".
const SKEW: Duration = Duration::from_mins(5);

pub(super) fn is_fresh(text: &str, now: Timestamp) -> bool {
    read(text).is_some_and(|at| at.since(now) <= SKEW && now.since(at) <= SKEW)
}

fn read(text: &str) -> Option<Timestamp> {
    let form = format_description!(
        "[weekday repr:short] [month repr:short] [day padding:none] [hour]:[minute]:[second] UTC [year]"
    );
    let at = PrimitiveDateTime::parse(text, form).ok()?.assume_utc();
    at.unix_timestamp().checked_mul(1000).map(Timestamp)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_amazons_clients_is_read_and_nothing_else() {
        assert_eq!(read("Tue Sep 1 09:05:07 UTC 2026"), Some(Timestamp(1_788_253_507_000)));
        assert_eq!(read("Sat Nov 21 23:59:59 UTC 2026"), Some(Timestamp(1_795_305_599_000)));
        for wrong in
            ["", "yesterday", "Tue Sep 1 09:05:07 CET 2026", "Tue Sep 1 9:05:07 UTC 2026", "2026-09-01T09:05:07Z"]
        {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_few_minutes_either_way_are_a_clock_and_more_is_another_time() {
        let at = Timestamp(1_788_253_507_000);
        for (minutes, fresh) in [(0, true), (5, true), (-5, true), (6, false), (-6, false)] {
            assert_eq!(is_fresh("Tue Sep 1 09:05:07 UTC 2026", Timestamp(at.0 + minutes * 60_000)), fresh, "{minutes}");
        }
    }
}
