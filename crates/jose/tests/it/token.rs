use std::sync::{Arc, OnceLock};

use cognate_jose::{Alg, Jwk, JwkSet, KeyError, SigningKey, VerifyError, VerifyingKey, peek};
use data_encoding::{BASE64, BASE64URL_NOPAD};

const CLAIMS: &[u8] = br#"{"iss":"https:\/\/example","token_use":"access","n":1}"#;

/// RSA keys take tenths of a second to make: two serve all tests.
fn keys() -> &'static [SigningKey; 2] {
    static KEYS: OnceLock<[SigningKey; 2]> = OnceLock::new();
    KEYS.get_or_init(|| [SigningKey::generate().unwrap().0, SigningKey::generate().unwrap().0])
}

fn verifier(key: &SigningKey) -> VerifyingKey {
    VerifyingKey::from_jwk(&key.public_jwk()).unwrap()
}

fn encode(bytes: &[u8]) -> String {
    BASE64URL_NOPAD.encode(bytes)
}

#[test]
fn the_example_of_rfc_7515_verifies() {
    let key = Jwk {
        alg: String::new(),
        e: "AQAB".into(),
        kid: String::new(),
        kty: "RSA".into(),
        n: "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ".into(),
        usage: String::new(),
        ..Jwk::default()
    };
    let token = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
    let claims = VerifyingKey::from_jwk(&key).unwrap().verify(token).unwrap();
    assert_eq!(claims, b"{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}");
}

#[test]
fn a_signed_token_verifies_with_the_published_key_and_keeps_its_claims_byte_for_byte() {
    let [key, _] = keys();
    let token = key.sign(CLAIMS).unwrap();
    let published: JwkSet =
        serde_json::from_str(&serde_json::to_string(&JwkSet { keys: vec![key.public_jwk()] }).unwrap()).unwrap();
    let seen = peek(&token).unwrap();
    let public = published.find(seen.kid.as_deref().unwrap()).unwrap();
    assert_eq!(VerifyingKey::from_jwk(public).unwrap().verify(&token).unwrap(), CLAIMS);
    assert_eq!((seen.alg, seen.payload.as_slice()), (Alg::Rs256, CLAIMS));
}

#[test]
fn the_header_and_kid_look_like_cognitos() {
    let [key, other] = keys();
    let token = key.sign(CLAIMS).unwrap();
    let header = BASE64URL_NOPAD.decode(token.split('.').next().unwrap().as_bytes()).unwrap();
    assert_eq!(header, format!(r#"{{"kid":"{}","alg":"RS256"}}"#, key.kid()).as_bytes());
    assert_eq!(key.kid().len(), 44);
    assert_eq!(BASE64.decode(key.kid().as_bytes()).unwrap().len(), 32);
    assert_ne!(key.kid(), other.kid());
    let jwk = key.public_jwk();
    assert_eq!(
        (jwk.alg.as_str(), jwk.e.as_str(), jwk.kty.as_str(), jwk.usage.as_str()),
        ("RS256", "AQAB", "RSA", "sig")
    );
    assert_eq!((jwk.n.len(), jwk.kid.as_str()), (342, key.kid()));
}

#[test]
fn a_key_read_back_from_its_pkcs8_is_the_same_key() {
    let (key, pkcs8) = SigningKey::generate().unwrap();
    let again = SigningKey::from_pkcs8(&pkcs8).unwrap();
    assert_eq!(again.public_jwk(), key.public_jwk());
    // PKCS#1 v1.5 signatures are deterministic.
    assert_eq!(again.sign(CLAIMS).unwrap(), key.sign(CLAIMS).unwrap());
    assert_eq!(SigningKey::from_pkcs8(&pkcs8[..pkcs8.len() - 1]).unwrap_err(), KeyError::NotPkcs8);
    assert_eq!(SigningKey::from_pkcs8(b"").unwrap_err(), KeyError::NotPkcs8);
}

#[test]
fn a_key_of_another_size_is_refused() {
    use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
    let pair = aws_lc_rs::rsa::KeyPair::generate(aws_lc_rs::rsa::KeySize::Rsa3072).unwrap();
    let der: Pkcs8V1Der<'_> = pair.as_der().unwrap();
    assert_eq!(SigningKey::from_pkcs8(der.as_ref()).unwrap_err(), KeyError::NotRsa2048);
}

#[test]
fn every_changed_character_of_a_token_is_noticed() {
    let [key, _] = keys();
    let (token, public) = (key.sign(CLAIMS).unwrap(), verifier(key));
    for at in 0..token.len() {
        for with in ['A', 'B', '_', '.', '='] {
            let mut changed = token.clone();
            changed.replace_range(at..=at, &with.to_string());
            assert!(changed == token || public.verify(&changed).is_err(), "{with} at {at}");
        }
        assert!(public.verify(&token[..at]).is_err(), "cut at {at}");
    }
}

#[test]
fn each_kind_of_tampering_has_its_name() {
    let [key, other] = keys();
    let token = key.sign(CLAIMS).unwrap();
    let [header, payload, signature] = token.split('.').collect::<Vec<_>>()[..] else { panic!("three parts") };
    let public = verifier(key);

    let typed = encode(format!(r#"{{"kid":"{}","alg":"RS256","typ":"JWT"}}"#, key.kid()).as_bytes());
    let swapped = encode(format!(r#"{{"kid":"{}","alg":"RS256"}}"#, other.kid()).as_bytes());
    let nameless = encode(br#"{"alg":"RS256"}"#);
    let unsigned = encode(format!(r#"{{"kid":"{}","alg":"none"}}"#, key.kid()).as_bytes());
    let symmetric = encode(format!(r#"{{"kid":"{}","alg":"HS256"}}"#, key.kid()).as_bytes());
    let claims = encode(br#"{"iss":"https:\/\/example","token_use":"access","n":2}"#);
    // The classic confusion: an HMAC whose key is the public modulus.
    let mac = encode(&cognate_jose::hmac_sha256(
        key.public_jwk().n.as_bytes(),
        &[symmetric.as_bytes(), b".", payload.as_bytes()],
    ));
    let zeros = encode(&[0; 256]);
    for (changed, reason) in [
        (format!("{typed}.{payload}.{signature}"), VerifyError::BadSignature),
        (format!("{swapped}.{payload}.{signature}"), VerifyError::WrongKey),
        (format!("{nameless}.{payload}.{signature}"), VerifyError::WrongKey),
        (format!("{header}.{claims}.{signature}"), VerifyError::BadSignature),
        (format!("{header}.{payload}."), VerifyError::BadSignature),
        (format!("{header}.{payload}.{zeros}"), VerifyError::BadSignature),
        (format!("{header}..{signature}"), VerifyError::BadSignature),
        (format!("{unsigned}.{payload}."), VerifyError::WrongAlgorithm),
        (format!("{symmetric}.{payload}.{mac}"), VerifyError::WrongAlgorithm),
        (format!("{header}.{payload}"), VerifyError::NotThreeParts),
        (format!("{token}="), VerifyError::NotBase64Url),
    ] {
        assert_eq!(public.verify(&changed), Err(reason), "{changed}");
    }
    assert_eq!(verifier(other).verify(&token), Err(VerifyError::WrongKey));
    // Another key under this key's name does not verify either.
    let impostor = Jwk { kid: key.kid().to_owned(), ..other.public_jwk() };
    assert_eq!(VerifyingKey::from_jwk(&impostor).unwrap().verify(&token), Err(VerifyError::BadSignature));
}

#[test]
fn a_token_that_nobody_would_read_is_not_made() {
    let [key, _] = keys();
    let long = key.sign(&vec![b' '; 11_000]).unwrap();
    assert_eq!(verifier(key).verify(&long).unwrap().len(), 11_000);
    assert_eq!(key.sign(&vec![b' '; 13_000]), Err(KeyError::ClaimsTooLong));
}

#[test]
fn a_jwk_that_is_no_rs256_key_makes_no_verifier() {
    let good = keys()[0].public_jwk();
    let number = |text: &str| BASE64URL_NOPAD.decode(text.as_bytes()).unwrap();
    let zero_led = encode(&[&[0][..], &number(&good.n)].concat());
    let mut even = number(&good.n);
    *even.last_mut().unwrap() &= 0xfe;
    for (bad, reason) in [
        (Jwk { kty: "EC".into(), ..good.clone() }, KeyError::UnsuitableJwk),
        (Jwk { alg: "RS512".into(), ..good.clone() }, KeyError::UnsuitableJwk),
        (Jwk { usage: "enc".into(), ..good.clone() }, KeyError::UnsuitableJwk),
        (Jwk { n: String::new(), ..good.clone() }, KeyError::BadJwk),
        (Jwk { n: format!("{}==", good.n), ..good.clone() }, KeyError::BadJwk),
        (Jwk { n: encode(&[0xff; 128]), ..good.clone() }, KeyError::BadJwk),
        (Jwk { n: encode(&[0xff; 2048]), ..good.clone() }, KeyError::BadJwk),
        (Jwk { n: zero_led, ..good.clone() }, KeyError::BadJwk),
        (Jwk { n: encode(&even), ..good.clone() }, KeyError::BadJwk),
        (Jwk { e: String::new(), ..good.clone() }, KeyError::BadJwk),
        (Jwk { e: encode(&[1]), ..good.clone() }, KeyError::BadJwk),
        (Jwk { e: encode(&[2]), ..good.clone() }, KeyError::BadJwk),
    ] {
        assert_eq!(VerifyingKey::from_jwk(&bad).unwrap_err(), reason, "{bad:?}");
    }
}

#[test]
fn one_key_signs_on_many_threads() {
    let key = Arc::new(SigningKey::generate().unwrap().0);
    let wanted = key.sign(CLAIMS).unwrap();
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let key = Arc::clone(&key);
            std::thread::spawn(move || (0..20).map(|_| key.sign(CLAIMS).unwrap()).collect::<Vec<_>>())
        })
        .collect();
    for thread in threads {
        assert!(thread.join().unwrap().iter().all(|token| *token == wanted));
    }
}

#[test]
fn keys_of_curves_sign_verify_and_come_back() {
    for (alg, name, kty) in [(Alg::Es256, "ES256", "EC"), (Alg::EdDsa, "EdDSA", "OKP")] {
        let (key, pkcs8) = SigningKey::generate_for(alg).unwrap();
        let (token, again) = (key.sign(CLAIMS).unwrap(), SigningKey::from_pkcs8(&pkcs8).unwrap());
        let jwk = key.public_jwk();
        assert_eq!((jwk.alg.as_str(), jwk.kty.as_str(), jwk.usage.as_str()), (name, kty, "sig"));
        assert_eq!((again.public_jwk(), again.alg(), key.kid().len()), (jwk.clone(), alg, 44));
        assert_eq!(verifier(&key).verify(&token).unwrap(), CLAIMS);
        assert_eq!(verifier(&again).verify(&key.sign_at_jwt(CLAIMS).unwrap()).unwrap(), CLAIMS);
        let header = BASE64URL_NOPAD.decode(token.split('.').next().unwrap().as_bytes()).unwrap();
        assert_eq!(header, format!(r#"{{"kid":"{}","alg":"{name}"}}"#, key.kid()).as_bytes());

        let (other, _) = SigningKey::generate_for(alg).unwrap();
        let named_like_it = Jwk { kid: key.kid().to_owned(), ..other.public_jwk() };
        assert_eq!(
            VerifyingKey::from_jwk(&named_like_it).unwrap().verify(&token).unwrap_err(),
            VerifyError::BadSignature
        );
        for wrong in [
            Jwk { alg: "RS256".into(), ..jwk.clone() },
            Jwk { crv: "P-384".into(), ..jwk.clone() },
            Jwk { usage: "enc".into(), ..jwk.clone() },
        ] {
            assert_eq!(VerifyingKey::from_jwk(&wrong).unwrap_err(), KeyError::UnsuitableJwk);
        }
        let short = Jwk { x: "AA".into(), ..jwk.clone() };
        assert_eq!(VerifyingKey::from_jwk(&short).unwrap_err(), KeyError::BadJwk);
    }
}

/// The key says which algorithm, never the token.
#[test]
fn a_token_that_names_another_algorithm_than_its_key_is_refused() {
    let [rsa, _] = keys();
    let (ec, _) = SigningKey::generate_for(Alg::Es256).unwrap();
    let header = encode(format!(r#"{{"kid":"{}","alg":"ES256"}}"#, rsa.kid()).as_bytes());
    let token = ec.sign(CLAIMS).unwrap();
    let (_, rest) = token.split_once('.').unwrap();
    assert_eq!(verifier(rsa).verify(&format!("{header}.{rest}")).unwrap_err(), VerifyError::WrongAlgorithm);
}

/// OpenID Connect Core, 3.1.3.6: half of the digest that the algorithm uses.
#[test]
fn the_digest_of_a_token_is_its_algorithms() {
    let [rsa, _] = keys();
    assert_eq!(rsa.left_half("example-access-token"), "Z1P3Ll-e0JrOBqzfbrTXjQ");
    let half = |alg| SigningKey::generate_for(alg).unwrap().0.left_half("example-access-token");
    assert_eq!(half(Alg::Es256), "Z1P3Ll-e0JrOBqzfbrTXjQ");
    assert_eq!(BASE64URL_NOPAD.decode(half(Alg::EdDsa).as_bytes()).unwrap().len(), 32);
}
