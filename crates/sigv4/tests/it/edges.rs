//! Exactly as long as may be, and one byte longer; paths that end in dot segments; times in other shapes.

use cognate_sigv4::{Presented, Refusal};

use crate::call::{Call, MINUTE, NOW, altered};

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
        "20260101t000000Z",
        "20260101T000000z",
        "+20260101T000000Z",
        "0260101T000000Z",
        "020260101T000000Z",
        "20260101T00000Z",
        "20260101T0000000Z",
        "2026\u{661}1T000000Z", // sixteen bytes, one of them in a digit that is not of ASCII
        "T20260101T00000Z",
        "20260101T00000TZ",
        "00000000T000000Z",
    ] {
        assert_eq!(at(wrong), None, "{wrong}");
    }
}

#[test]
fn every_digit_of_a_time_counts_and_the_calendar_is_kept() {
    let at = |date: &str| {
        let mut call = Call::signed();
        date.clone_into(call.header("x-amz-date"));
        call.with(|request| Presented::read(request).ok().map(|presented| presented.signed_ms()))
    };
    for (date, expected) in [
        ("19870623T154839Z", Some(551_461_719_000)),
        ("20240229T000000Z", Some(1_709_164_800_000)),
        ("00000101T000000Z", Some(-62_167_219_200_000)),
        ("99991231T235959Z", Some(253_402_300_799_000)),
        ("20230229T000000Z", None),
        ("20260001T000000Z", None),
        ("20261301T000000Z", None),
        ("20260100T000000Z", None),
        ("20260132T000000Z", None),
        ("20260101T240000Z", None),
        ("20260101T006000Z", None),
        ("20260101T000060Z", None),
    ] {
        assert_eq!(at(date), expected, "{date}");
    }
}

#[test]
fn a_call_dated_by_its_date_header_is_signed_with_the_compact_time() {
    // Computed with Python's hmac and hashlib.
    let call = Call::unsigned().without("x-amz-target").add("Date", "Thu, 01 Jan 2026 00:00:00 GMT").add(
        "Authorization",
        "AWS4-HMAC-SHA256 Credential=A/20260101/eu-west-1/cognito-idp/aws4_request, SignedHeaders=date;host, \
         Signature=b6406a26d319cc33a0a3b880f42710131045ded07ed2c36f20d87eba70759546",
    );
    assert_eq!(call.verified(), Ok(()));
    let later = call.clone().add("X-Amz-Date", "20260101T000100Z");
    let signed_ms = later.with(|request| Presented::read(request).ok().unwrap().signed_ms());
    assert_eq!(signed_ms, NOW + MINUTE, "X-Amz-Date comes first");
}

#[test]
fn an_altered_time_is_noticed() {
    assert_eq!(altered(|call| *call.header("x-amz-date") = "20260101T000001Z".to_owned()), Err(Refusal::Mismatch));
}

#[test]
fn of_several_headers_sent_again_the_first_in_the_alphabet_is_named() {
    let sent_again =
        |name: &str| Err(Refusal::IncompleteSignature(format!("The header '{name}' may be sent only once.")));
    let names = [
        "X-Amz-User-Agent",
        "x-amz-target",
        "x-amz-security-token",
        "X-AMZ-DATE",
        "x-amz-content-sha256",
        "Host",
        "date",
        "Content-Type",
        "authorization",
        "Amz-Sdk-Invocation-Id",
    ];
    let mut call = Call { headers: Vec::new(), ..Call::unsigned() };
    for name in names {
        call = call.add(name, "1");
    }
    assert_eq!(read(&call), Err(Refusal::MissingAuthenticationToken), "each of them once");
    for name in names {
        call = call.add(&name.to_ascii_uppercase(), "2");
        assert_eq!(read(&call), sent_again(&name.to_ascii_lowercase()));
    }

    let other = Call::signed().add("hosts", "1").add("hosts", "2").add("hos", "1").add("hos", "2");
    assert_eq!(other.verified(), Ok(()), "others may be repeated");
}

#[test]
fn white_space_around_a_header_that_is_read_does_not_count() {
    let padded = |name: &'static str| {
        altered(move |call| {
            let value = call.header(name);
            *value = format!(" {value}\t");
        })
    };
    assert_eq!((padded("authorization"), padded("x-amz-date")), (Ok(()), Ok(())));
}

#[test]
fn a_value_signs_like_the_same_words_with_single_spaces() {
    for (signed, sent, same) in [
        ("", "  \t ", true),
        (" ", "", true),
        ("a b", "\ta \t b\r", true),
        ("a b", "ab", false),
        ("a", "a,", false),
        ("a\u{a0}b", "a\u{a0}b", true),
        ("a\u{a0}b", "a b", false),
    ] {
        let mut call = Call::unsigned().add("x-words", signed).sign_at(NOW, "cognito-idp");
        sent.clone_into(call.header("x-words"));
        assert_eq!(call.verified(), if same { Ok(()) } else { Err(Refusal::Mismatch) }, "{signed:?} {sent:?}");
    }
}

#[test]
fn signed_headers_are_names_in_lower_case_and_ascending_order() {
    let naming = |list: &str| {
        let mut call = Call::signed();
        let header = call.header("authorization");
        *header = header.replace("content-type;host;x-amz-date;x-amz-target", list);
        read(&call)
    };
    for list in ["host", "a", "a.b_c-d;host", "0;a", "a;aa", "a-;a0;aa"] {
        assert_eq!(naming(list), Ok(()), "{list}");
    }
    for list in ["", ";", ";host", "host;", "a;;b", "b;a", "a;a", "aa;a", "A", "a;hosT", "a b", "a:b", "\u{e9}"] {
        let sentence = "'SignedHeaders' must be at most 64 header names in lower case and ascending order.";
        assert_eq!(naming(list), Err(Refusal::IncompleteSignature(sentence.to_owned())), "{list}");
    }
}

#[test]
fn a_header_is_signed_by_its_whole_name_in_any_case() {
    let call = Call::unsigned().add("X-Amz-Meta", "1").sign_at(NOW, "cognito-idp");
    assert_eq!(call.verified(), Ok(()));
    for name in ["x-amz-met", "x-amz-metas", "x-amz-meta;x"] {
        let more = call.clone().add(name, "1");
        assert_eq!(more.verified(), Err(Refusal::Unsigned(name.to_owned())), "{name}");
    }
    let mut renamed = Call::signed();
    let header = renamed.header("authorization");
    *header = header.replace(";host;", ";hosts;");
    assert_eq!(renamed.verified(), Err(Refusal::Unsigned("host".to_owned())));
}

#[test]
fn a_credential_has_five_parts_of_plain_characters_and_bounded_length() {
    let with = |credential: &str| {
        let mut call = Call::signed();
        let header = call.header("authorization");
        *header = header.replace("AKIDEXAMPLE/20260101/eu-west-1/cognito-idp/aws4_request", credential);
        read(&call).err().map(|refusal| refusal.to_string())
    };
    let count = "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.";
    let parts = "Credential has an element that is empty, too long or has a character that none may have.";
    let longest = ["k", "d", "r", "s", "t"].iter().zip([128, 8, 32, 64, 12]).map(|(part, most)| part.repeat(most));
    let longest: Vec<String> = longest.collect();

    assert_eq!(with(&longest.join("/")), None);
    assert_eq!(with("a.b_c-D/1/2/3/4"), None);
    for at in 0..5 {
        let changed = |part: String| {
            let mut all = longest.clone();
            all[at] = part;
            with(&all.join("/"))
        };
        assert_eq!(changed(format!("{}x", longest[at])), Some(parts.to_owned()), "{at}: too long");
        assert_eq!(changed(String::new()), Some(parts.to_owned()), "{at}: empty");
        for wrong in ["a b", "+", "a:", ";", "\u{e9}", "a%"] {
            assert_eq!(changed(wrong.to_owned()), Some(parts.to_owned()), "{at}: {wrong}");
        }
        assert_eq!(changed("a/b".to_owned()), Some(count.to_owned()), "{at}: a part more");
    }
    for wrong in ["", "a", "a/b/c/d"] {
        assert_eq!(with(wrong), Some(count.to_owned()), "{wrong}");
    }
}

#[test]
fn a_signature_is_exactly_64_digits() {
    for wrong in [0, 1, 32, 62, 63, 65, 66, 128] {
        let result = altered(|call| {
            let header = call.header("authorization");
            header.truncate(header.len() - 64);
            header.push_str(&"0".repeat(wrong));
        });
        assert_eq!(result, Err(Refusal::Mismatch), "{wrong}");
    }
}
