//! Tokens that were made to be taken for something that they are not (RFC 8725).

use cognate_authorizer::{Alg, Issuer, KeySet, Refusal};
use cognate_jose::{Jwk, JwkSet, SigningKey, hmac_sha256};
use data_encoding::BASE64URL_NOPAD;
use proptest::prelude::*;
use serde_json::json;

use crate::kit::{CLIENT, NOW, PARTNER, POOL, Signer, access, at, keys, pool, trusting, unsigned, verify};

fn header_with(more: &str) -> String {
    format!(r#"{{"alg":"EdDSA","kid":"k",{more}}}"#)
}

fn good() -> String {
    access(json!({})).to_string()
}

#[test]
fn a_good_token_says_who_sends_it() {
    let signer = Signer::new("k");
    let who = verify(&trusting(pool(&signer)), &signer.sign(&access(json!({ "cognito:groups": ["clerks"] })))).unwrap();
    assert_eq!((who.issuer.as_str(), who.subject.as_str()), (POOL, "ann"));
    assert_eq!((who.client_id.as_deref(), who.username.as_deref()), (Some(CLIENT), Some("ann1")));
    assert_eq!(
        (who.scopes.as_slice(), who.groups.as_slice()),
        (&["orders/read".into(), "openid".into()][..], &["clerks".into()][..])
    );
    assert_eq!((who.expires_at, who.issued_at), (NOW + 300, Some(NOW - 5)));
    assert_eq!((who.jti.as_deref(), who.origin_jti.as_deref()), (Some("j"), Some("o")));
    assert_eq!(who.claims["token_use"], "access");
}

#[test]
fn every_algorithm_of_ours_is_verified_by_its_own_kind_of_key() {
    for alg in [Alg::Rs256, Alg::Es256, Alg::EdDsa] {
        let (key, _) = SigningKey::generate_for(alg).unwrap();
        let keys = KeySet::from_jwks(&JwkSet { keys: vec![key.public_jwk()] }).unwrap();
        let issuer = Issuer::cognito(POOL).clients([CLIENT]).keys(keys);
        let token = key.sign(good().as_bytes()).unwrap();
        assert_eq!(verify(&trusting(issuer.clone()), &token).unwrap().subject, "ann");
        assert!(verify(&trusting(issuer.clone()), &key.sign_at_jwt(good().as_bytes()).unwrap()).is_ok());

        let others = [Alg::Rs256, Alg::Es256, Alg::EdDsa].into_iter().filter(|other| *other != alg);
        let refused = verify(&trusting(issuer.algorithms(others)), &token).unwrap_err();
        assert!(matches!(refused, Refusal::WrongAlgorithm { ref actual, .. } if actual == alg.as_str()), "{refused}");
    }
}

#[test]
fn a_token_without_a_signature_is_refused() {
    let signer = Signer::new("k");
    let authorizer = trusting(pool(&signer));
    for alg in ["none", "None", "NONE", "nOnE", ""] {
        let token = format!("{}.", unsigned(&format!(r#"{{"alg":"{alg}","kid":"k"}}"#), &good()));
        let refused = verify(&authorizer, &token).unwrap_err();
        assert!(matches!(refused, Refusal::WrongAlgorithm { ref actual, .. } if actual == alg), "{refused}");
    }
    let without = format!("{}.", unsigned(r#"{"alg":"EdDSA","kid":"k"}"#, &good()));
    assert!(matches!(verify(&authorizer, &without), Err(Refusal::BadSignature { .. })));
}

/// The public key is known to everybody; as the secret of an HMAC it would let everybody sign.
#[test]
fn the_bytes_of_a_public_key_are_no_secret_to_sign_with() {
    let (key, _) = SigningKey::generate().unwrap();
    let jwk = key.public_jwk();
    let keys = KeySet::from_jwks(&JwkSet { keys: vec![jwk.clone()] }).unwrap();
    let authorizer = trusting(Issuer::cognito(POOL).clients([CLIENT]).keys(keys));
    let modulus = BASE64URL_NOPAD.decode(jwk.n.as_bytes()).unwrap();
    let json = serde_json::to_vec(&jwk).unwrap();

    for alg in ["HS256", "HS384", "HS512", "RS256"] {
        for secret in [modulus.as_slice(), jwk.n.as_bytes(), &json] {
            let signed = unsigned(&format!(r#"{{"alg":"{alg}","kid":{:?}}}"#, jwk.kid), &good());
            let mac = BASE64URL_NOPAD.encode(&hmac_sha256(secret, &[signed.as_bytes()]));
            let refused = verify(&authorizer, &format!("{signed}.{mac}")).unwrap_err();
            let of_the_name = matches!(refused, Refusal::WrongAlgorithm { ref actual, .. } if actual == alg);
            let of_the_signature = alg == "RS256" && matches!(refused, Refusal::BadSignature { .. });
            assert!(of_the_name || of_the_signature, "{refused}");
        }
    }
}

#[test]
fn a_symmetric_key_in_a_set_verifies_nothing() {
    let set = json!({ "keys": [{ "kty": "oct", "kid": "k", "k": "c2VjcmV0", "alg": "HS256" }] });
    assert!(KeySet::from_json(set.to_string().as_bytes()).unwrap().is_empty());
}

#[test]
fn a_key_that_comes_with_the_token_is_not_used() {
    let (signer, thief) = (Signer::new("k"), Signer::new("k"));
    let authorizer = trusting(pool(&signer));
    let own = serde_json::to_string(&thief.jwk()).unwrap();
    for more in [
        r#""jku":"https://thief.example/jwks.json""#.to_owned(),
        r#""x5u":"https://thief.example/chain.pem""#.to_owned(),
        format!(r#""jwk":{own}"#),
        r#""x5c":["MIIB"]"#.to_owned(),
    ] {
        let refused = verify(&authorizer, &thief.sign_as(&header_with(&more), &good())).unwrap_err();
        assert!(matches!(refused, Refusal::BadSignature { .. }), "{more}: {refused}");
        let other_kid = thief.sign_as(&header_with(&more).replace(r#""k""#, r#""thief""#), &good());
        assert!(matches!(verify(&authorizer, &other_kid), Err(Refusal::UnknownKey { .. })), "{more}");
        // What the issuer itself has signed is good, and what is in the header means nothing.
        assert!(verify(&authorizer, &signer.sign_as(&header_with(&more), &good())).is_ok(), "{more}");
    }
}

#[test]
fn headers_that_change_how_a_token_is_read_are_refused() {
    let signer = Signer::new("k");
    let authorizer = trusting(pool(&signer));
    for (more, expected) in [
        (r#""crit":["exp"]"#, Refusal::Critical),
        (r#""crit":[]"#, Refusal::Critical),
        (r#""crit":["b64"],"b64":false"#, Refusal::Critical),
        (r#""b64":false"#, Refusal::UnencodedPayload),
        (r#""kid":"k""#, Refusal::BadHeader),
        (r#""alg":"none""#, Refusal::BadHeader),
        (r#""typ":"JWT","typ":"JWT""#, Refusal::BadHeader),
        (r#""typ":["JWT"]"#, Refusal::BadHeader),
        (r#""typ":"logout+jwt""#, Refusal::WrongType { actual: "logout+jwt".to_owned() }),
        (r#""typ":"dpop+jwt""#, Refusal::WrongType { actual: "dpop+jwt".to_owned() }),
        (r#""typ":"secevent+jwt""#, Refusal::WrongType { actual: "secevent+jwt".to_owned() }),
        (r#""typ":"JWE\n""#, Refusal::WrongType { actual: "JWE\\n".to_owned() }),
    ] {
        assert_eq!(verify(&authorizer, &signer.sign_as(&header_with(more), &good())).unwrap_err(), expected, "{more}");
    }
    for typ in ["JWT", "jwt", "at+jwt", "application/at+jwt"] {
        let token = signer.sign_as(&header_with(&format!(r#""typ":"{typ}""#)), &good());
        assert!(verify(&authorizer, &token).is_ok(), "{typ}");
    }
}

#[test]
fn a_token_must_name_its_key() {
    let signer = Signer::new("k");
    let authorizer = trusting(pool(&signer));
    for header in [r#"{"alg":"EdDSA"}"#, r#"{"alg":"EdDSA","kid":""}"#] {
        assert_eq!(verify(&authorizer, &signer.sign_as(header, &good())).unwrap_err(), Refusal::NoKeyId);
    }
    for kid in ["K", "k ", "../k", "k' OR '1'='1", "\\u0000k"] {
        let token = signer.sign_as(&format!(r#"{{"alg":"EdDSA","kid":"{kid}"}}"#), &good());
        assert!(matches!(verify(&authorizer, &token), Err(Refusal::UnknownKey { .. })), "{kid}");
    }
}

#[test]
fn two_keys_of_one_name_are_told_apart_by_what_they_sign() {
    let (ed, (ec, _)) = (Signer::new("k"), SigningKey::generate_for(Alg::Es256).unwrap());
    let ec_jwk = Jwk { kid: "k".to_owned(), ..ec.public_jwk() };
    for keys in [vec![ec_jwk.clone(), ed.jwk()], vec![ed.jwk(), ec_jwk]] {
        let keys = KeySet::from_jwks(&JwkSet { keys }).unwrap();
        let authorizer = trusting(Issuer::cognito(POOL).clients([CLIENT]).keys(keys));
        assert!(verify(&authorizer, &ed.sign(&access(json!({})))).is_ok());
        let refused = verify(&authorizer, &Signer::new("k").sign(&access(json!({})))).unwrap_err();
        assert!(matches!(refused, Refusal::BadSignature { .. }), "{refused}");
    }
}

#[test]
fn an_issuer_cannot_sign_for_another() {
    let (signer, partner) = (Signer::new("k"), Signer::new("k"));
    let partner_issuer = Issuer::cognito(PARTNER).any_client().keys(keys([&partner]));
    let authorizer = at(NOW).issuer(pool(&signer)).issuer(partner_issuer).build().unwrap();

    let forged = partner.sign(&access(json!({})));
    assert!(matches!(verify(&authorizer, &forged), Err(Refusal::BadSignature { ref issuer, .. }) if issuer == POOL));
    assert_eq!(verify(&authorizer, &partner.sign(&access(json!({ "iss": PARTNER })))).unwrap().issuer, PARTNER);
    assert_eq!(verify(&authorizer, &signer.sign(&access(json!({})))).unwrap().issuer, POOL);
}

#[test]
fn an_issuer_is_known_by_its_exact_name() {
    let signer = Signer::new("k");
    let authorizer = trusting(pool(&signer));
    for iss in [
        format!("{POOL}/"),
        POOL.to_uppercase(),
        POOL.replace("https", "http"),
        POOL.replace("amazonaws.com", "amazonaws.com:443"),
        format!(" {POOL}"),
        format!("{POOL}#"),
        POOL.trim_end_matches("Test").to_owned(),
        "https://thief.example".to_owned(),
    ] {
        let refused = verify(&authorizer, &signer.sign(&access(json!({ "iss": iss })))).unwrap_err();
        assert!(matches!(refused, Refusal::UnknownIssuer { .. }), "{refused}");
    }
    for (iss, expected) in [(json!(null), "the claim iss is missing"), (json!(""), "the claim iss is missing")] {
        assert_eq!(
            verify(&authorizer, &signer.sign(&access(json!({ "iss": iss })))).unwrap_err().to_string(),
            expected
        );
    }
    let refused = verify(&authorizer, &signer.sign(&access(json!({ "iss": [POOL] })))).unwrap_err();
    assert_eq!(refused.to_string(), "the claim iss is an array, expected a string");
}

#[test]
fn claims_that_stand_twice_are_refused() {
    let signer = Signer::new("k");
    let authorizer = trusting(pool(&signer));
    let once = good();
    for twice in [
        once.replacen('{', r#"{"sub":"root","#, 1),
        once.replacen('{', r#"{"\u0073ub":"root","#, 1),
        once.replacen('{', r#"{"address":{"a":1,"a":2},"#, 1),
        once.replacen('}', r#","exp":9999999999}"#, 1),
    ] {
        let refused = verify(&authorizer, &signer.sign_as(r#"{"alg":"EdDSA","kid":"k"}"#, &twice)).unwrap_err();
        assert!(matches!(refused, Refusal::BadClaims { .. }), "{refused}");
    }
}

#[test]
fn a_huge_token_is_not_even_taken_apart() {
    let signer = Signer::new("k");
    let authorizer = trusting(pool(&signer));
    let of = |length: usize| signer.sign(&access(json!({ "padding": "x".repeat(length) })));
    assert!(verify(&authorizer, &of(10_000)).is_ok());
    let huge = of(1_000_000);
    let expected = Refusal::TooLong { expected: 16 * 1024, actual: huge.len() };
    assert_eq!(verify(&authorizer, &huge).unwrap_err(), expected);
    assert!(matches!(verify(&authorizer, &"\u{0}.".repeat(10_000)), Err(Refusal::TooLong { .. })));
}

#[test]
fn what_is_no_token_is_refused() {
    let signer = Signer::new("k");
    let authorizer = trusting(pool(&signer));
    let token = signer.sign(&access(json!({})));
    assert_eq!(verify(&authorizer, ""), Err(Refusal::NotThreeParts { actual: 1 }));
    assert_eq!(verify(&authorizer, "a.b"), Err(Refusal::NotThreeParts { actual: 2 }));
    assert_eq!(verify(&authorizer, &format!("{token}.a.b")), Err(Refusal::NotThreeParts { actual: 5 }));
    assert_eq!(verify(&authorizer, &format!("{token}=")), Err(Refusal::NotBase64Url));
    assert_eq!(verify(&authorizer, &format!(" {token}")), Err(Refusal::NotBase64Url));
    for claims in ["[]", "null", "1", "", "{", r#"{"iss":"#] {
        let token = signer.sign_as(r#"{"alg":"EdDSA","kid":"k"}"#, claims);
        assert!(matches!(verify(&authorizer, &token), Err(Refusal::BadClaims { .. })), "{claims}");
    }
}

/// DPoP or mutual TLS: whoever has only the token has stolen it (RFC 9449, section 7.1).
#[test]
fn a_token_bound_to_its_holders_key_is_not_a_bearers() {
    let signer = Signer::new("k");
    for cnf in [json!({ "jkt": "thumbprint" }), json!({ "x5t#S256": "digest" }), json!({})] {
        let token = signer.sign(&access(json!({ "cnf": cnf })));
        assert_eq!(verify(&trusting(pool(&signer)), &token).unwrap_err(), Refusal::Bound);
        assert_eq!(verify(&trusting(pool(&signer).bound_tokens()), &token).unwrap().claims["cnf"], cnf);
    }
}

proptest! {
    #[test]
    fn no_character_of_a_token_can_be_changed(at in any::<prop::sample::Index>(), to in "[A-Za-z0-9_.=-]") {
        let signer = Signer::new("k");
        let token = signer.sign(&access(json!({})));
        let at = at.index(token.len());
        let mut changed = token.clone();
        changed.replace_range(at..=at, &to);
        prop_assert!(changed == token || verify(&trusting(pool(&signer)), &changed).is_err());
    }

    #[test]
    fn no_text_is_taken_for_a_token_or_breaks_anything(text in "\\PC{0,40}(\\.\\PC{0,40}){0,4}") {
        prop_assert!(verify(&trusting(pool(&Signer::new("k"))), &text).is_err());
    }
}
