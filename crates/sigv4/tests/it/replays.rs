use cognate_sigv4::{Credentials, Presented, Replay, Request, sign};
use data_encoding::HEXLOWER;

const NOW: i64 = 1_767_225_600_000;

/// `signed` headers are covered by the signature, `unsigned` ones added afterwards as boto3 does.
fn replay_of(at: i64, signed: &[(&str, &str)], unsigned: &[(&str, &str)]) -> Replay {
    let mut headers = vec![("host", "localhost"), ("x-amz-target", "AWSCognitoIdentityProviderService.ListUserPools")];
    headers.extend(signed);
    let request = Request { method: "POST", path: "/", query: "", headers: &headers, body: b"{}" };
    let credentials = Credentials { access_key_id: "AKID", secret: "s", session_token: None };
    let added = sign(&request, &credentials, "us-east-1", "cognito-idp", at).unwrap();
    let mut headers = headers.clone();
    headers.extend(added.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    headers.extend(unsigned);
    let request = Request { headers: &headers, ..request };
    let presented = Presented::read(&request).ok().unwrap();
    presented.verify(&request, "s", at, "cognito-idp").unwrap();
    presented.replay()
}

#[test]
fn the_same_call_sent_again_is_the_same_call() {
    let id = [("amz-sdk-invocation-id", "1"), ("amz-sdk-request", "attempt=1")];
    assert_eq!(replay_of(NOW, &[], &id), replay_of(NOW, &[], &id));
    assert_eq!(replay_of(NOW, &id, &[]), replay_of(NOW, &id, &[]));
    assert_eq!(replay_of(NOW, &[], &[]), replay_of(NOW, &[], &[]));
}

#[test]
fn twins_of_boto3_in_one_second_are_two_calls_with_one_signature() {
    let one = replay_of(NOW, &[], &[("amz-sdk-invocation-id", "1")]);
    let other = replay_of(NOW + 999, &[], &[("Amz-Sdk-Invocation-Id", "2")]);
    assert_ne!(one.call, other.call);
    assert!(one.signature.is_some());
    assert_eq!(one.signature, other.signature);
}

#[test]
fn a_retry_in_the_same_second_is_another_call() {
    let id = ("amz-sdk-invocation-id", "1");
    let first = replay_of(NOW, &[], &[id, ("amz-sdk-request", "attempt=1; max=3")]);
    let retry = replay_of(NOW, &[], &[id, ("amz-sdk-request", "ttl=20260101T000100Z; attempt=2; max=3")]);
    assert_ne!(first.call, retry.call);
    assert_eq!(first.signature, retry.signature);
}

#[test]
fn a_signed_invocation_id_leaves_nothing_to_forge() {
    let one = replay_of(NOW, &[("amz-sdk-invocation-id", "1")], &[]);
    let other = replay_of(NOW, &[("amz-sdk-invocation-id", "2")], &[]);
    assert_ne!(one.call, other.call);
    assert_eq!((one.signature, other.signature), (None, None));
    // An unsigned attempt's number beside it changes nothing.
    assert_eq!(one, replay_of(NOW, &[("amz-sdk-invocation-id", "1")], &[("amz-sdk-request", "attempt=9")]));
}

#[test]
fn without_any_id_a_signature_is_good_for_one_call() {
    let bare = replay_of(NOW, &[], &[]);
    assert_eq!(bare.signature, None);
    // Dressed up with an id, the same signature is known by what it rests on.
    assert_eq!(replay_of(NOW, &[], &[("amz-sdk-invocation-id", "9")]).signature, Some(bare.call));
}

#[test]
fn it_may_be_forgotten_once_the_signature_has_expired() {
    assert_eq!(replay_of(NOW, &[], &[]).until_ms, NOW + 5 * 60 * 1000 + 1);
}

/// What the headers present, without a check of the signature.
fn presented(signed: &str, more: &[(&str, &str)]) -> Replay {
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential=A/20260101/eu-west-1/cognito-idp/aws4_request, SignedHeaders={signed}, \
         Signature={}",
        "a".repeat(64)
    );
    let mut headers = vec![("x-amz-date", "20260101T000000Z"), ("authorization", &*authorization)];
    headers.extend(more);
    let request = Request { method: "POST", path: "/", query: "", headers: &headers, body: b"" };
    Presented::read(&request).ok().unwrap().replay()
}

#[test]
fn what_is_remembered_stays_the_same_from_release_to_release() {
    // Computed with Python's hashlib: each part after its length in eight bytes.
    let sent = [
        ("aws-sdk-retry", "attempt=2"),
        ("aws-sdk-invocation-id", "2"),
        ("Amz-Sdk-Request", "attempt=1"),
        ("Aws-Sdk-Invocation-Id", "3"),
        ("amz-sdk-invocation-id", "1"),
    ];
    let Replay { call, signature, .. } = presented("host", &sent);
    assert_eq!(
        HEXLOWER.encode(&signature.unwrap()),
        "dd7e6281d6fcbc74aaa05f42d9068b22e17a3f390f9c2344fd2b2a0652bef538"
    );
    assert_eq!(HEXLOWER.encode(&call), "8f234c9a41bf02df34af81d0e1f188fe3bc4be6b9d213e1ee8b1d7db9230d0c8");
    assert_eq!(presented("host", &[]).call, signature.unwrap());
}

#[test]
fn only_what_the_signature_leaves_out_tells_calls_apart() {
    let one = ("amz-sdk-invocation-id", "1");
    let other = ("aws-sdk-invocation-id", "2");
    let attempts = [("amz-sdk-request", "attempt=1"), ("aws-sdk-retry", "attempt=2")];

    assert_eq!(presented("amz-sdk-invocation-id", &[one, other]), presented("host", &[other]));
    assert_eq!(presented("aws-sdk-invocation-id", &[one, other]), presented("host", &[one]));
    assert_eq!(presented("amz-sdk-invocation-id;aws-sdk-invocation-id", &[one, other]), presented("host", &[]));
    assert_eq!(presented("host", &attempts), presented("host", &[]), "an attempt is no id");
    assert_eq!(presented("amz-sdk-request", &[one, attempts[0], attempts[1]]), presented("host", &[one, attempts[1]]));
}
