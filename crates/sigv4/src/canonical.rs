//! The canonical request, the string to sign and the signature: the one place where a request becomes bytes to sign,
//! for signing and verifying alike.

use aws_lc_rs::{digest, hmac};
use data_encoding::HEXLOWER;
use std::fmt::Write as _;
use zeroize::Zeroizing;

use crate::characters::all;
use crate::signed_headers::SignedHeaders;
use crate::{ALGORITHM, Request, Scope, TERMINATOR};

/// Of a call to these services: seldom more.
const CANONICAL: usize = 1024;
const TO_SIGN: usize = 256;

/// `None` where the query has a broken escape or a signed header was not sent: two different requests must never have
/// one canonical form.
pub(crate) fn request(
    request: &Request<'_>,
    signed: &SignedHeaders,
    body_hash: &str,
    presigned: bool,
) -> Option<String> {
    let mut text = String::with_capacity(CANONICAL);
    text.push_str(request.method);
    text.push('\n');
    push_path(&mut text, request.path);
    text.push('\n');
    push_query(&mut text, request.query, presigned)?;
    text.push('\n');
    for name in signed.iter() {
        push_header(&mut text, name, request.all(name))?;
    }
    for part in ["\n", signed.as_str(), "\n", body_hash] {
        text.push_str(part);
    }
    Some(text)
}

pub(crate) fn string_to_sign(stamp: &str, scope: &Scope, canonical: &str) -> String {
    let Scope { date, region, service } = scope;
    let mut text = String::with_capacity(TO_SIGN);
    for part in [ALGORITHM, "\n", stamp, "\n", date, "/", region, "/", service, "/", TERMINATOR, "\n"] {
        text.push_str(part);
    }
    push_sha256_hex(&mut text, canonical.as_bytes());
    text
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
    let mut text = String::with_capacity(64);
    push_sha256_hex(&mut text, bytes);
    text
}

fn push_sha256_hex(text: &mut String, bytes: &[u8]) {
    HEXLOWER.encode_append(digest::digest(&digest::SHA256, bytes).as_ref(), text);
}

/// Dot segments and doubled slashes are taken out of the path as sent, escapes and all, then it is encoded once more.
fn push_path(text: &mut String, path: &str) {
    if path == "/" {
        return text.push('/'); // of nearly every call
    }
    let mut kept: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(kept.pop()),
            segment => kept.push(segment),
        }
    }
    for segment in &kept {
        text.push('/');
        encode(text, segment.as_bytes());
    }
    if kept.is_empty() || path.ends_with(['/']) || path.ends_with("/.") || path.ends_with("/..") {
        text.push('/');
    }
}

fn push_query(text: &mut String, raw: &str, presigned: bool) -> Option<()> {
    let mut pairs: Vec<(String, String)> = pairs(raw)?
        .iter()
        .filter(|(name, _)| !(presigned && name == b"X-Amz-Signature"))
        .map(|(name, value)| (encoded(name), encoded(value)))
        .collect();
    pairs.sort_unstable();
    for (at, (name, value)) in pairs.iter().enumerate() {
        let before = if at > 0 { "&" } else { "" };
        for part in [before, name, "=", value] {
            text.push_str(part);
        }
    }
    Some(())
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

fn push_header<'a>(text: &mut String, name: &str, mut values: impl Iterator<Item = &'a str>) -> Option<()> {
    text.push_str(name);
    text.push(':');
    push_trimmed(text, values.next()?);
    for value in values {
        text.push(',');
        push_trimmed(text, value);
    }
    text.push('\n');
    Some(())
}

/// Outer white space dropped, every run inside becomes one space. Most values have none at all.
fn push_trimmed(text: &mut String, value: &str) {
    if all(value, |byte| !byte.is_ascii_whitespace()) {
        return text.push_str(value);
    }
    for (at, word) in value.split_ascii_whitespace().enumerate() {
        if at > 0 {
            text.push(' ');
        }
        text.push_str(word);
    }
}
