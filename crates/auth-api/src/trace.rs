//! W3C Trace Context: the trace that a call belongs to, and our own span in it. <https://www.w3.org/TR/trace-context/>

use std::fmt::Write as _;

use cognate_domain::{Entropy, ids};
use http::{HeaderMap, HeaderName};

pub(crate) const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// Of a trace that begins here: recorded, or not, is for others to say.
const NOT_SAMPLED: u8 = 0;

#[derive(Clone, Debug)]
pub(crate) struct Trace {
    /// 32 lower-case hexadecimal digits.
    pub(crate) id: String,
    span: String,
    flags: u8,
}

impl Trace {
    /// The caller's trace, or a new one if what it sent is none.
    pub(crate) fn of(headers: &HeaderMap, entropy: &dyn Entropy) -> Self {
        let span = hex(&ids::random::<8>(entropy));
        let mut sent = headers.get_all(TRACEPARENT).iter();
        let parent = match (sent.next(), sent.next()) {
            (Some(only), None) => only.to_str().ok().and_then(parent),
            _ => None,
        };
        match parent {
            Some((id, flags)) => Self { id, span, flags },
            None => Self { id: hex(&ids::random::<16>(entropy)), span, flags: NOT_SAMPLED },
        }
    }

    /// With our span as the parent of what comes next.
    pub(crate) fn header(&self) -> String {
        format!("00-{}-{}-{:02x}", self.id, self.span, self.flags)
    }
}

/// Trace and flags of a `traceparent`. Of later versions what this one knows is read, and what follows it is left alone.
fn parent(text: &str) -> Option<(String, u8)> {
    let mut parts = text.splitn(5, '-');
    let (version, id, span, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let well_formed = is_hex(version, 2) && is_hex(id, 32) && is_hex(span, 16) && is_hex(flags, 2);
    let means_something =
        version != "ff" && id.bytes().any(|digit| digit != b'0') && span.bytes().any(|digit| digit != b'0');
    let ends = version != "00" || parts.next().is_none();
    if !(well_formed && means_something && ends) {
        return None;
    }
    u8::from_str_radix(flags, 16).ok().map(|flags| (id.to_owned(), flags & 1))
}

fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}"); // a String takes everything
        text
    })
}

#[cfg(test)]
mod tests {
    use super::parent;

    const ID: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

    #[test]
    fn a_parent_is_read_and_a_malformed_one_is_none() {
        let of = |text: &str| parent(text);
        assert_eq!(of(&format!("00-{ID}-00f067aa0ba902b7-01")), Some((ID.to_owned(), 1)));
        assert_eq!(of(&format!("cc-{ID}-00f067aa0ba902b7-03-what-comes")), Some((ID.to_owned(), 1)));
        for wrong in [
            String::new(),
            format!("00-{ID}-00f067aa0ba902b7"),
            format!("00-{ID}-00f067aa0ba902b7-01-more"),
            format!("ff-{ID}-00f067aa0ba902b7-01"),
            format!("00-{}-00f067aa0ba902b7-01", "0".repeat(32)),
            format!("00-{ID}-0000000000000000-01"),
            format!("00-{}-00f067aa0ba902b7-01", ID.to_uppercase()),
            format!("00-{ID}é-00f067aa0ba902b7-01"),
        ] {
            assert_eq!(of(&wrong), None, "{wrong}");
        }
    }
}
