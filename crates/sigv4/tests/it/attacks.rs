//! Altered requests, wrong clocks, foreign scopes.

use cognate_sigv4::Refusal;

use crate::call::{Call, MINUTE, NOW, SECRET, SERVICE, altered};

#[test]
fn what_we_sign_we_accept() {
    assert_eq!(Call::signed().verified(), Ok(()));
}

#[test]
fn any_altered_part_of_a_request_is_noticed() {
    let mismatch = Err(Refusal::Mismatch);
    assert_eq!(altered(|call| call.body.push(b' ')), mismatch, "body");
    assert_eq!(altered(|call| call.body.clear()), mismatch, "empty body");
    assert_eq!(altered(|call| call.header("x-amz-target").push('x')), mismatch, "target");
    assert_eq!(altered(|call| *call.header("host") = "other".to_owned()), mismatch, "host");
    assert_eq!(altered(|call| *call.header("content-type") = "text/plain".to_owned()), mismatch, "type");
    assert_eq!(altered(|call| call.path = "/other".to_owned()), mismatch, "path");
    assert_eq!(altered(|call| call.query = "a=b".to_owned()), mismatch, "query");
    assert_eq!(altered(|call| call.method = "GET".to_owned()), mismatch, "method");
    assert_eq!(altered(|call| *call.header("x-amz-date") = "20260101T000001Z".to_owned()), mismatch, "date");
    assert_eq!(altered(|call| call.headers.retain(|(name, _)| name != "Content-Type")), mismatch, "left out");
    let altered_text = |from: &'static str, to: &'static str| {
        altered(move |call| *call.header("authorization") = call.header("authorization").replace(from, to))
    };
    assert_eq!(altered_text("AKIDEXAMPLE", "AKIDEXAMPLE"), Ok(()));
    assert_eq!(altered_text("eu-west-1", "us-east-1"), mismatch, "region");
    assert_eq!(altered_text("content-type;host", "host"), mismatch, "fewer signed headers");
}

#[test]
fn every_flipped_bit_of_a_signature_is_noticed() {
    for at in 0..64 {
        let result = altered(|call| {
            let text = call.header("authorization");
            let from = text.len() - 64 + at;
            let other = if text.as_bytes()[from] == b'0' { "1" } else { "0" };
            text.replace_range(from..=from, other);
        });
        assert_eq!(result, Err(Refusal::Mismatch), "{at}");
    }
    for wrong in ["", "00", "zz", &"A".repeat(64)] {
        let result = altered(|call| {
            let text = call.header("authorization");
            text.truncate(text.len() - 64);
            text.push_str(wrong);
        });
        assert_eq!(result, Err(Refusal::Mismatch), "{wrong}");
    }
}

#[test]
fn another_secret_is_refused_with_amazons_sentence() {
    let refusal = Call::signed().verified_at(NOW, "another", SERVICE).unwrap_err();
    assert_eq!(refusal.code(), "InvalidSignatureException");
    assert_eq!(
        refusal.to_string(),
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access \
         Key and signing method. Consult the service documentation for details."
    );
}

#[test]
fn an_old_signature_is_refused_after_five_minutes() {
    let call = Call::signed();
    assert_eq!(call.verified_at(NOW + 5 * MINUTE, SECRET, SERVICE), Ok(()));
    let refusal = call.verified_at(NOW + 10 * MINUTE, SECRET, SERVICE).unwrap_err();
    assert_eq!(refusal.code(), "InvalidSignatureException");
    assert_eq!(
        refusal.to_string(),
        "Signature expired: 20260101T000000Z is now earlier than 20260101T000500Z (20260101T001000Z - 5 min.)"
    );
    assert!(call.verified_at(NOW + 5 * MINUTE + 1, SECRET, SERVICE).is_err());
}

#[test]
fn a_signature_from_the_future_is_refused() {
    let call = Call::signed();
    assert_eq!(call.verified_at(NOW - 5 * MINUTE, SECRET, SERVICE), Ok(()));
    let refusal = call.verified_at(NOW - 10 * MINUTE, SECRET, SERVICE).unwrap_err();
    assert_eq!(refusal.code(), "InvalidSignatureException");
    assert_eq!(
        refusal.to_string(),
        "Signature not yet current: 20260101T000000Z is still later than 20251231T235500Z (20251231T235000Z + 5 min.)"
    );
}

#[test]
fn a_signature_for_another_service_is_refused() {
    let refusal = Call::unsigned().sign_at(NOW, "sts").verified().unwrap_err();
    assert_eq!(refusal.code(), "InvalidSignatureException");
    assert_eq!(refusal.to_string(), "Credential should be scoped to correct service: 'cognito-idp'.");
}

#[test]
fn a_scope_with_another_date_or_terminator_is_refused() {
    let swapped = |from: &'static str, to: &'static str| {
        altered(move |call| *call.header("authorization") = call.header("authorization").replace(from, to)).unwrap_err()
    };
    assert_eq!(
        swapped("/20260101/", "/20251231/").to_string(),
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20251231' != \
         '20260101', from '20260101T000000Z'."
    );
    assert_eq!(
        swapped("aws4_request", "aws3_request").to_string(),
        "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws3_request'."
    );
}

#[test]
fn the_host_and_every_amazon_header_must_be_signed() {
    let unsigned = |name: &str| Err(Refusal::Unsigned(name.to_owned()));
    assert_eq!(Call::signed().add("x-amz-security-token", "smuggled").verified(), unsigned("x-amz-security-token"));
    assert_eq!(Call::signed().add("X-Amz-Meta", "smuggled").verified(), unsigned("x-amz-meta"));
    let cut = |from: &'static str, to: &'static str| {
        altered(move |call| *call.header("authorization") = call.header("authorization").replace(from, to))
    };
    assert_eq!(cut(";host;", ";"), unsigned("host"));
    assert_eq!(cut(";x-amz-date", ""), unsigned("x-amz-date"));
    assert_eq!(cut(";x-amz-target", ""), unsigned("x-amz-target"));
    assert_eq!(Call::signed().without("host").verified(), Err(Refusal::Mismatch));
}

#[test]
fn what_proxies_add_or_change_does_no_harm() {
    let mut call =
        Call::signed().add("X-Amzn-Trace-Id", "Root=1").add("X-Amz-Cf-Id", "x").add("X-Forwarded-For", "::1");
    *call.header("user-agent") = "changed".to_owned();
    assert_eq!(call.verified(), Ok(()));
}

#[test]
fn a_header_that_counts_may_not_be_sent_twice() {
    for name in ["Host", "X-Amz-Target", "X-Amz-Date", "Authorization", "Content-Type", "amz-sdk-invocation-id"] {
        let mut call = Call::signed().add("amz-sdk-invocation-id", "1");
        let again = call.header(name).clone();
        let refusal = call.add(name, &again).verified().unwrap_err();
        assert_eq!(refusal.code(), "IncompleteSignatureException", "{name}");
    }
}

#[test]
fn oversize_requests_are_refused_before_any_work() {
    let long = "x".repeat(64 * 1024);
    let mut many = Call::signed();
    many.headers.extend((0..200).map(|n| (format!("h{n}"), String::new())));
    let with = |change: &dyn Fn(&mut Call)| {
        let mut call = Call::signed();
        change(&mut call);
        call
    };
    let calls = [
        many,
        Call::signed().add("big", &long),
        with(&|call| call.path = format!("/{long}")),
        with(&|call| call.query.clone_from(&long)),
    ];
    for call in calls {
        assert_eq!(call.verified().unwrap_err().code(), "IncompleteSignatureException");
    }
}

#[test]
fn a_declared_body_hash_must_be_that_of_the_body() {
    let unsigned = |hash: &str| Call::unsigned().add("x-amz-content-sha256", hash).sign_at(NOW, SERVICE);
    let hash = "25ab165e7d3b5a54ac1c3ddf8e9c26c5bcd8bb9a3c7e4e9df3d4e9ed1e2a5c7b";
    assert_eq!(unsigned(hash).verified(), Err(Refusal::BodyHash));
    assert_eq!(unsigned("UNSIGNED-PAYLOAD").verified(), Err(Refusal::BodyHash));
}

#[test]
fn a_header_and_a_query_may_not_both_present_a_signature() {
    assert_eq!(altered(|call| call.query = "X-Amz-Algorithm=AWS4-HMAC-SHA256".to_owned()), Err(Refusal::Mismatch));
}

#[test]
fn extreme_clocks_do_no_harm() {
    for now in [i64::MIN, -1, 0, i64::MAX] {
        assert!(Call::signed().verified_at(now, SECRET, SERVICE).is_err());
    }
}
