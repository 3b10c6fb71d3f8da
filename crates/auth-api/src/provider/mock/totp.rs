//! What an authenticator shows (RFC 6238): SHA-1, six digits, a new code every thirty seconds.

use aws_lc_rs::hmac;
use cognate_domain::Timestamp;
use cognate_jose::constant_time_eq;

const STEP: i64 = 30;
/// Clocks differ, and people are slow.
const EARLIER: i64 = 1;
const LATER: i64 = 1;

/// The step that a code belongs to, if it is one of about now.
pub(super) fn step_of(secret: &[u8], code: &str, now: Timestamp) -> Option<i64> {
    let this = now.seconds().div_euclid(STEP);
    let steps = this - EARLIER..=this + LATER;
    // Every one is compared, whichever fits.
    steps.fold(None, |found, step| {
        let fits = constant_time_eq(code_at(secret, step).as_bytes(), code.as_bytes());
        if fits { Some(step) } else { found }
    })
}

fn code_at(secret: &[u8], step: i64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let tag = tag.as_ref();
    let offset = usize::from(tag.last().map_or(0, |last| last & 0x0f));
    let chosen = tag.get(offset..offset + 4).and_then(|four| four.try_into().ok()).map_or(0, u32::from_be_bytes);
    format!("{:06}", (chosen & 0x7fff_ffff) % 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"12345678901234567890";

    /// Appendix B of the RFC; its codes have eight digits, of which these are the last six.
    #[test]
    fn codes_are_those_of_the_rfc() {
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(step_of(SECRET, code, Timestamp(seconds * 1000)), Some(seconds / STEP), "{seconds}");
        }
    }

    #[test]
    fn a_code_is_good_a_little_before_and_after_its_time() {
        let at = |seconds: i64| step_of(SECRET, "287082", Timestamp(seconds * 1000));
        assert_eq!((at(0), at(59), at(89)), (Some(1), Some(1), Some(1)));
        assert_eq!(at(90), None);
        for wrong in ["", "28708", "2870822", "287083", "x87082"] {
            assert_eq!(step_of(SECRET, wrong, Timestamp(59_000)), None, "{wrong}");
        }
    }
}
