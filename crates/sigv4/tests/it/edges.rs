//! Exactly as long as may be, and one byte longer; paths that end in dot segments; times in other shapes.

use cognate_sigv4::{Presented, Refusal};

use crate::call::{Call, NOW, altered};

fn read(call: &Call) -> Result<(), Refusal> {
    call.with(|request| Presented::read(request).map(drop))
}

fn too_long() -> Result<(), Refusal> {
    Err(Refusal::IncompleteSignature("The request's path, query or headers are too long.".to_owned()))
}

#[test]
fn a_request_may_be_exactly_as_large_as_the_limits() {
    let call = Call::signed();
    let with_path = |length: usize| Call { path: format!("/{}", "a".repeat(length - 1)), ..call.clone() };
    let with_query = |length: usize| Call { query: format!("a={}", "b".repeat(length - 2)), ..call.clone() };
    let used: usize = call.headers.iter().map(|(name, value)| name.len() + value.len()).sum();
    let with_headers = |bytes: usize| call.clone().add("x-long", &"c".repeat(bytes - used - "x-long".len()));

    assert_eq!((read(&with_path(4 * 1024)), read(&with_path(4 * 1024 + 1))), (Ok(()), too_long()));
    assert_eq!((read(&with_query(32 * 1024)), read(&with_query(32 * 1024 + 1))), (Ok(()), too_long()));
    assert_eq!((read(&with_headers(48 * 1024)), read(&with_headers(48 * 1024 + 1))), (Ok(()), too_long()));
}

#[test]
fn an_authorization_header_may_be_exactly_8_kib_and_name_64_headers() {
    let padded = |length: usize| {
        let mut call = Call::signed();
        let header = call.header("authorization");
        let missing = length - header.len();
        *header += ", Padding=";
        *header += &"p".repeat(missing - ", Padding=".len());
        read(&call)
    };
    let refused = Err(Refusal::IncompleteSignature("The Authorization header is too long.".to_owned()));
    assert_eq!((padded(8 * 1024), padded(8 * 1024 + 1)), (Ok(()), refused));

    let naming = |count: usize| {
        let names: Vec<String> = (0..count).map(|at| format!("x-{at:03}")).collect();
        let mut call = Call::signed();
        let header = call.header("authorization");
        *header = header.replace("content-type;host;x-amz-date;x-amz-target", &names.join(";"));
        read(&call)
    };
    assert_eq!((naming(64), naming(65).is_err()), (Ok(()), true));
}

#[test]
fn what_is_wrong_with_an_authorization_header_is_said_with_its_digest() {
    let mut call = Call::signed();
    *call.header("authorization") = "AWS4-HMAC-SHA256 nonsense".to_owned();

    let said = read(&call).unwrap_err().to_string();

    // printf 'AWS4-HMAC-SHA256 nonsense' | openssl dgst -sha256 -binary | base64
    assert!(
        said.ends_with(
            "(hashed with SHA-256 and encoded with Base64): '/GgzqArXSgHmeH9zKGL5W27LTpQAGGlulZHcz25KRcI='."
        ),
        "{said}"
    );
}

#[test]
fn a_path_that_ends_in_dot_segments_is_signed_as_the_folder_it_names() {
    let mut folder = Call::unsigned();
    folder.path = "/a/".to_owned();
    let signed = folder.sign_at(NOW, "cognito-idp");
    for (path, expected) in [("/a/.", true), ("/a/b/..", true), ("/a/", true), ("/a", false), ("/a/b/.", false)] {
        let sent = Call { path: path.to_owned(), ..signed.clone() };
        assert_eq!(sent.verified().is_ok(), expected, "{path}");
    }
}

#[test]
fn times_are_read_in_their_two_shapes_and_no_other() {
    let at = |date: &str| {
        let mut call = Call::signed();
        date.clone_into(call.header("x-amz-date"));
        call.with(|request| Presented::read(request).ok().map(|presented| presented.signed_ms()))
    };
    assert_eq!(at("20260101T000000Z"), Some(NOW));
    assert_eq!(at("Thu, 01 Jan 2026 00:00:00 +0000"), Some(NOW));
    let long = "Thu, 01 Jan 2026 00:00:00        +0000";
    assert_eq!(at(&format!("{long}  ")), Some(NOW), "outer space is not counted");
    assert_eq!(at("Thu, 01 Jan 2026 00:00:00          +0000"), Some(NOW), "40 characters");
    assert_eq!(at("Thu, 01 Jan 2026 00:00:00           +0000"), None, "41 characters");
    for wrong in [
        "20260101T0000+0Z",
        "20260101T00000 Z",
        "2026010aT000000Z",
        "20260101T000000",
        "20260101 000000Z",
        "+20260101T000000Z",
    ] {
        assert_eq!(at(wrong), None, "{wrong}");
    }
}

#[test]
fn an_altered_time_is_noticed() {
    assert_eq!(altered(|call| *call.header("x-amz-date") = "20260101T000001Z".to_owned()), Err(Refusal::Mismatch));
}
