//! The characters that a credential and the name of a header are made of.

/// Looks at every byte, even after one that breaks the rule: so the compiler can take many at a time.
pub(crate) fn all(text: &str, rule: impl Fn(u8) -> bool) -> bool {
    text.bytes().fold(true, |kept, byte| kept & rule(byte))
}

pub(crate) fn word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
}
