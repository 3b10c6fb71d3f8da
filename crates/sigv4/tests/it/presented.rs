//! What may be presented: by real clients, by header, by query, and what cannot be read.

use cognate_sigv4::{Credentials, Presented, Refusal, Unsignable, sign};

use crate::call::{Call, MINUTE, NOW, SECRET, SERVICE, altered};

#[test]
fn what_is_presented_can_be_read() {
    Call::signed().with(|request| {
        let presented = Presented::read(request).ok().unwrap();
        assert_eq!(presented.access_key_id(), "AKIDEXAMPLE");
        assert_eq!(presented.scope().region, "eu-west-1");
        assert_eq!(presented.scope().service, "cognito-idp");
        assert_eq!(presented.scope().date, "20260101");
        assert_eq!(presented.signed_ms(), NOW);
        assert_eq!(presented.session_token(), None);
        assert_eq!(presented.signed_headers(), "content-type;host;x-amz-date;x-amz-target");
    });
}

#[test]
fn a_call_that_boto3_signed_is_accepted() {
    // Observed: boto3 1.44.5, list_user_pools(MaxResults=5), access key AKIDEXAMPLE, secret "s", token "tok".
    let call = Call { headers: Vec::new(), ..Call::unsigned() }
        .add("Host", "127.0.0.1:18777")
        .add("Accept-Encoding", "identity")
        .add("X-Amz-Target", "AWSCognitoIdentityProviderService.ListUserPools")
        .add("Content-Type", "application/x-amz-json-1.1")
        .add("X-Amz-Date", "20261121T101538Z")
        .add("X-Amz-Security-Token", "tok")
        .add(
            "Authorization",
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261121/us-east-1/cognito-idp/aws4_request, \
             SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target, \
             Signature=06bbfb2a07effb01bad032e2ef09b2c0f69dde125103d8891a67b51991afe592",
        )
        .add("amz-sdk-invocation-id", "572cdfbb-f18f-4523-801a-fded25262661")
        .add("Content-Length", "17");
    assert_eq!(call.verified_at(1_795_256_138_000, "s", SERVICE), Ok(()));
}

#[test]
fn a_call_that_the_sdk_for_javascript_signed_is_accepted() {
    // Observed: @aws-sdk/client-cognito-identity-provider 3.1168.0, the same call.
    let mut call = Call { headers: Vec::new(), ..Call::unsigned() };
    call.body = br#"{"MaxResults":5}"#.to_vec();
    let call = call
        .add("content-type", "application/x-amz-json-1.1")
        .add("x-amz-target", "AWSCognitoIdentityProviderService.ListUserPools")
        .add("content-length", "16")
        .add("x-amz-user-agent", "aws-sdk-js/3.1168.0")
        .add("host", "127.0.0.1:18777")
        .add("amz-sdk-invocation-id", "71b2cd98-745f-4ede-b8e9-5eef93f8c02a")
        .add("amz-sdk-request", "attempt=1; max=3")
        .add("x-amz-date", "20261121T101539Z")
        .add("x-amz-security-token", "tok")
        .add("x-amz-content-sha256", "82eef3ee4d2728db9e62c35b6d42acf8a5c1a903c67b99303e68d73ba2635306")
        .add(
            "authorization",
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261121/us-east-1/cognito-idp/aws4_request, \
             SignedHeaders=amz-sdk-invocation-id;amz-sdk-request;content-length;content-type;host;x-amz-content-sha256;\
             x-amz-date;x-amz-security-token;x-amz-target;x-amz-user-agent, \
             Signature=03fef9351092b4180729241759323f710febdc4be5c9d5a0541acc73fc924b1b",
        )
        .add("Connection", "keep-alive");
    assert_eq!(call.verified_at(1_795_256_139_000, "s", SERVICE), Ok(()));
}

#[test]
fn a_request_without_a_signature_lacks_a_token() {
    for call in [
        Call::unsigned(),
        Call::unsigned().add("Authorization", "Bearer abc"),
        Call::unsigned().add("Authorization", ""),
    ] {
        let refusal = call.verified().unwrap_err();
        assert_eq!(refusal.code(), "MissingAuthenticationTokenException");
        assert_eq!(refusal.to_string(), "Missing Authentication Token");
    }
}

#[test]
fn an_incomplete_header_is_told_what_it_lacks_and_not_repeated() {
    let refusal =
        Call::unsigned().add("Authorization", "AWS4-HMAC-SHA256 Credential=secretish").verified().unwrap_err();
    assert_eq!(refusal.code(), "IncompleteSignatureException");
    let sentence = refusal.to_string();
    assert!(
        sentence.starts_with(
            "Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' \
             parameter. Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. (Hashed \
             with SHA-256 and encoded with Base64) Authorization="
        ),
        "{sentence}"
    );
    assert!(!sentence.contains("secretish"));
}

#[test]
fn malformed_headers_are_incomplete_signatures() {
    let good = |credential: &str, headers: &str| {
        format!("AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders={headers}, Signature={}", "a".repeat(64))
    };
    let scope = "A/20260101/r/cognito-idp/aws4_request";
    for header in [
        "AWS4-HMAC-SHA512 Credential=a".to_owned(),
        "AWS4-HMAC-SHA256 nonsense".to_owned(),
        good("A/20260101/r/aws4_request", "host"),
        good("A/B/20260101/r/cognito-idp/aws4_request", "host"),
        good("/20260101/r/cognito-idp/aws4_request", "host"),
        good("A/20260101/r\u{e9}/cognito-idp/aws4_request", "host"),
        good(&format!("{}/20260101/r/cognito-idp/aws4_request", "A".repeat(129)), "host"),
        good(scope, ""),
        good(scope, "Host"),
        good(scope, "x-amz-date;host"),
        good(scope, "host;host"),
        good(scope, &(0..65).map(|n| format!("h{n:02}")).collect::<Vec<_>>().join(";")),
        format!("{}, Credential=b", good(scope, "host")),
        format!("{}{}", good(scope, "host"), ", x=".repeat(4000)),
    ] {
        let call = Call::unsigned().add("X-Amz-Date", "20260101T000000Z").add("Authorization", &header);
        let refusal = call.verified().unwrap_err();
        assert_eq!(refusal.code(), "IncompleteSignatureException", "{}", &header[..header.len().min(120)]);
    }
    for date in ["", "2026-01-01T00:00:00Z", "20261301T000000Z", "20260101T000000", "+0260101T000000Z", &"1".repeat(99)]
    {
        let call = Call::unsigned().add("X-Amz-Date", date).add("Authorization", &good(scope, "host"));
        assert_eq!(call.verified().unwrap_err().code(), "IncompleteSignatureException", "{date}");
    }
}

#[test]
fn a_call_dated_by_its_date_header_must_sign_it() {
    let header = "AWS4-HMAC-SHA256 Credential=A/20260101/r/cognito-idp/aws4_request, SignedHeaders=host, Signature=";
    let call = Call::unsigned()
        .without("x-amz-target")
        .add("Date", "Thu, 01 Jan 2026 00:00:00 GMT")
        .add("Authorization", &format!("{header}{}", "a".repeat(64)));
    assert_eq!(call.verified(), Err(Refusal::Unsigned("date".to_owned())));
    assert_eq!(call.with(|request| Presented::read(request).ok().unwrap().signed_ms()), NOW);
}

#[test]
fn a_broken_escape_in_the_query_is_refused() {
    for query in ["a=%", "a=%2", "a=%zz", "%G0=1"] {
        let refusal = altered(|call| call.query = query.to_owned()).unwrap_err();
        assert_eq!(refusal.code(), "IncompleteSignatureException", "{query}");
        let mut call = Call::unsigned();
        call.query = query.to_owned();
        let credentials = Credentials { access_key_id: "A", secret: "s", session_token: None };
        assert_eq!(call.with(|request| sign(request, &credentials, "r", "s", NOW)), Err(Unsignable::Query));
    }
}

#[test]
fn what_cannot_be_signed_is_said() {
    let credentials = Credentials { access_key_id: "A", secret: "s", session_token: None };
    let signed = |call: Call, at| call.with(|request| sign(request, &credentials, "r", "s", at));
    assert_eq!(signed(Call::unsigned().without("host"), NOW), Err(Unsignable::NoHost));
    assert_eq!(signed(Call::signed(), NOW), Err(Unsignable::AlreadySigned));
    assert_eq!(signed(Call::unsigned(), i64::MAX), Err(Unsignable::Time));
}

#[test]
fn a_presigned_call_expires_when_it_says() {
    // From the published vector get-vanilla.
    let mut call = Call::unsigned();
    call.method = "GET".to_owned();
    call.body.clear();
    call.headers = vec![("Host".to_owned(), "example.amazonaws.com".to_owned())];
    call.query =
        "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20150830%2Fus-east-1%2Fservice%2Faws4_request\
                  &X-Amz-Date=20150830T123600Z&X-Amz-SignedHeaders=host&X-Amz-Expires=3600\
                  &X-Amz-Signature=e93c787ed7f371d5c6b165c1b38ede9550f4dce4144713e844b25b7192d3865d"
            .to_owned();
    let signed_at = 1_440_938_160_000;
    assert_eq!(call.verified_at(signed_at + 60 * MINUTE, SECRET, "service"), Ok(()));
    assert!(matches!(call.verified_at(signed_at + 61 * MINUTE, SECRET, "service"), Err(Refusal::Expired { .. })));

    let swapped = |from: &str, to: &str| {
        let mut call = call.clone();
        call.query = call.query.replace(from, to);
        call.verified_at(signed_at, SECRET, "service").unwrap_err()
    };
    assert_eq!(swapped("Expires=3600", "Expires=604800"), Refusal::Mismatch);
    for (from, to) in [
        ("Expires=3600", "Expires=604801"),
        ("Expires=3600", "Expires=0"),
        ("Expires=3600", "Expires=-1"),
        ("Expires=3600", "Expires=x"),
        ("&X-Amz-Expires=3600", ""),
        ("&X-Amz-SignedHeaders=host", ""),
        ("SignedHeaders=host", "SignedHeaders=host&X-Amz-Expires=1"),
    ] {
        assert_eq!(swapped(from, to).code(), "IncompleteSignatureException", "{from} -> {to}");
    }
}
