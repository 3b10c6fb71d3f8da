//! The canonical request, the string to sign and the signature: the one place where a request becomes bytes to sign,
//! for signing and verifying alike.

use aws_lc_rs::{digest, hmac};
use data_encoding::HEXLOWER;
use std::fmt::Write as _;
use zeroize::Zeroizing;

use crate::{ALGORITHM, Request, Scope, TERMINATOR};

/// Of a call to these services: seldom more.
const CANONICAL: usize = 1024;

/// `signed` is lower-case and in ascending order. `None` where the query has a broken escape or a signed header was
/// not sent: two different requests must never have one canonical form.
pub(crate) fn request<S: AsRef<str>>(request: &Request<'_>, signed: &[S], presigned: bool) -> Option<String> {
    let mut text = String::with_capacity(CANONICAL);
    let _ = write!(text, "{}\n{}\n{}\n", request.method, path(request.path), query(request.query, presigned)?);
    for name in signed {
        let name = name.as_ref();
        let mut values = request.all(name);
        let _ = write!(text, "{name}:");
        push_trimmed(&mut text, values.next()?);
        for value in values {
            text.push(',');
            push_trimmed(&mut text, value);
        }
        text.push('\n');
    }
    text.push('\n');
    for (at, name) in signed.iter().enumerate() {
        if at > 0 {
            text.push(';');
        }
        text.push_str(name.as_ref());
    }
    text.push('\n');
    text.push_str(&sha256_hex(request.body));
    Some(text)
}

pub(crate) fn string_to_sign(stamp: &str, scope: &Scope, canonical: &str) -> String {
    let Scope { date, region, service } = scope;
    let hash = sha256_hex(canonical.as_bytes());
    format!("{ALGORITHM}\n{stamp}\n{date}/{region}/{service}/{TERMINATOR}\n{hash}")
}

/// The key that signs for one day, region and service. Deriving it costs more than using it, so whoever verifies often
/// keeps it. Without `Debug`: it is as good as the secret, for a day.
pub struct SigningKey(hmac::Key);

impl SigningKey {
    pub fn derive(secret: &str, scope: &Scope) -> Self {
        Self(signing_key(secret, scope))
    }

    pub(crate) fn sign(&self, text: &str) -> hmac::Tag {
        hmac::sign(&self.0, text.as_bytes())
    }

    pub(crate) fn verify(&self, text: &str, signature: &[u8]) -> bool {
        hmac::verify(&self.0, text.as_bytes(), signature).is_ok()
    }
}

fn signing_key(secret: &str, scope: &Scope) -> hmac::Key {
    let first = Zeroizing::new(format!("AWS4{secret}"));
    let mut key = hmac::Key::new(hmac::HMAC_SHA256, first.as_bytes());
    for part in [scope.date.as_str(), &scope.region, &scope.service, TERMINATOR] {
        key = hmac::Key::new(hmac::HMAC_SHA256, hmac::sign(&key, part.as_bytes()).as_ref());
    }
    key
}

pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    HEXLOWER.encode(digest::digest(&digest::SHA256, bytes).as_ref())
}

/// Dot segments and doubled slashes are taken out of the path as sent, escapes and all, then it is encoded once more.
fn path(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(kept.pop()),
            segment => kept.push(segment),
        }
    }
    let mut text = String::with_capacity(path.len() + 8);
    for segment in &kept {
        text.push('/');
        encode(&mut text, segment.as_bytes());
    }
    if text.is_empty() || path.ends_with(['/']) || path.ends_with("/.") || path.ends_with("/..") {
        text.push('/');
    }
    text
}

fn query(raw: &str, presigned: bool) -> Option<String> {
    let mut pairs: Vec<(String, String)> = pairs(raw)?
        .iter()
        .filter(|(name, _)| !(presigned && name == b"X-Amz-Signature"))
        .map(|(name, value)| (encoded(name), encoded(value)))
        .collect();
    pairs.sort_unstable();
    Some(pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&"))
}

/// The query's names and values without their escapes, in the order sent; `None` if an escape is broken. A `+` is a
/// plus: every AWS signer writes a space as `%20`.
pub(crate) fn pairs(raw: &str) -> Option<Vec<(Vec<u8>, Vec<u8>)>> {
    raw.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Some((decoded(name)?, decoded(value)?))
        })
        .collect()
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    let mut bytes = text.bytes();
    let mut out = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            out.push(byte);
            continue;
        }
        let high = char::from(bytes.next()?).to_digit(16)?;
        let low = char::from(bytes.next()?).to_digit(16)?;
        out.push(u8::try_from(high * 16 + low).ok()?);
    }
    Some(out)
}

fn encoded(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    encode(&mut text, bytes);
    text
}

fn encode(text: &mut String, bytes: &[u8]) {
    for &byte in bytes {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
    }
}

/// Outer white space dropped, every run inside becomes one space.
fn push_trimmed(text: &mut String, value: &str) {
    for (at, word) in value.split_ascii_whitespace().enumerate() {
        if at > 0 {
            text.push(' ');
        }
        text.push_str(word);
    }
}
