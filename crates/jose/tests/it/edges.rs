//! What a person reads of keys in a log, and the exact length at which a token is too long.

use cognate_jose::{KeyError, Keyring, MAX_TOKEN, MasterKey, SigningKey, VerifyError, VerifyingKey, peek};
use data_encoding::BASE64URL_NOPAD;

#[test]
fn keys_are_printed_by_their_id_and_never_by_their_secret() {
    let (key, pkcs8) = SigningKey::generate().unwrap();
    let public = VerifyingKey::from_jwk(&key.public_jwk()).unwrap();
    assert_eq!(format!("{key:?}"), format!("SigningKey {{ kid: {:?}, .. }}", key.kid()));
    assert_eq!(format!("{public:?}"), format!("VerifyingKey {{ kid: {:?}, .. }}", key.kid()));
    assert_eq!((public.kid(), pkcs8.len() > 1000), (key.kid(), true));

    let master = MasterKey::from_bytes([7; 32]);
    let id = master.id();
    assert_eq!((format!("{id:?}"), id.to_string().len()), (id.to_string(), 16));
    assert_eq!(format!("{master:?}"), format!("MasterKey({id})"));
    assert!(!format!("{:?}", Keyring::new(master, vec![])).contains("07, 07"));
}

#[test]
fn a_token_may_be_exactly_as_long_as_the_longest() {
    let token = |payload: &str| {
        let header = BASE64URL_NOPAD.encode(br#"{"alg":"RS256","kid":"k"}"#);
        format!("{header}.{payload}.{}", "A".repeat(342))
    };
    let payload = "A".repeat(MAX_TOKEN - token("").len());

    assert_eq!(token(&payload).len(), MAX_TOKEN);
    assert_eq!(peek(&token(&payload)).unwrap().kid.as_deref(), Some("k"));
    assert!(matches!(peek(&token(&format!("{payload}A"))), Err(VerifyError::TooLong)));
}

/// Our own header leaves no room for a token of that very length: base64 has no text of 1 more than a multiple of four.
#[test]
fn claims_that_do_not_fit_are_not_signed() {
    let (key, _) = SigningKey::generate().unwrap();
    let signed = |claims: usize| key.sign(format!("{{\"a\":\"{}\"}}", "x".repeat(claims)).as_bytes());
    let longest = (11_000..12_500).rev().find(|claims| signed(*claims).is_ok()).unwrap();

    assert_eq!(signed(longest).unwrap().len(), MAX_TOKEN - 1);
    assert_eq!(signed(longest + 1).unwrap_err(), KeyError::ClaimsTooLong);
}
