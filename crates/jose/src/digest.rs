//! SHA-256 and what Cognito makes of it.

use aws_lc_rs::{constant_time, digest, hmac};
use data_encoding::BASE64;

/// The 32 bytes of a SHA-256 tag or digest; aws-lc hands them out as slices of that length.
fn thirty_two(bytes: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(bytes);
    out
}

pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    thirty_two(digest::digest(&digest::SHA256, bytes).as_ref())
}

/// HMAC over the concatenation of `parts`. The parts are not separated: whoever needs them told apart adds lengths.
pub fn hmac_sha256(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, key));
    for part in parts {
        context.update(part);
    }
    thirty_two(context.sign().as_ref())
}

/// The time taken depends on the lengths only.
pub fn constant_time_eq(a: &[u8], b: &[u8]) -> bool {
    constant_time::verify_slices_are_equal(a, b).is_ok()
}

/// `SECRET_HASH`: standard base64. `username` is the text of that very request, not the user's stored name.
pub fn secret_hash(client_secret: &str, username: &str, client_id: &str) -> String {
    BASE64.encode(&hmac_sha256(client_secret.as_bytes(), &[username.as_bytes(), client_id.as_bytes()]))
}

#[cfg(test)]
mod tests {
    use data_encoding::HEXLOWER;

    use super::*;

    #[test]
    fn digests_agree_with_published_vectors() {
        assert_eq!(
            HEXLOWER.encode(&sha256(b"abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        // RFC 4231, case 2, its text in two parts.
        assert_eq!(
            HEXLOWER.encode(&hmac_sha256(b"Jefe", &[b"what do ya want ", b"for nothing?"])),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn a_secret_hash_is_what_an_aws_client_sends() {
        assert_eq!(
            secret_hash(
                "1a2b3c4d5e6f7g8h9i0jklmnopqrstuv1a2b3c4d5e6f7g8h9i0",
                "jane@example.com",
                "6h89qn2bfglbmvfebq9aaknqk0"
            ),
            "vLQDhA3Ofj0YC6yyCAdQnmvacxNz4msruawK3m8rD1Q="
        );
    }

    #[test]
    fn equality_sees_content_and_length() {
        assert!(constant_time_eq(b"same", b"same"));
        assert!(!constant_time_eq(b"same", b"sane"));
        assert!(!constant_time_eq(b"same", b"sam"));
        assert!(constant_time_eq(b"", b""));
    }
}
