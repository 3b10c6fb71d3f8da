//! When a token is good, to the second.

use std::time::Duration;

use cognate_authorizer::{ConfigError, Refusal};
use serde_json::json;

use crate::kit::{NOW, Signer, access, at, pool, trusting, verify};

#[test]
fn a_token_ends_with_the_second_that_exp_names() {
    let signer = Signer::new("k");
    let authorizer = trusting(pool(&signer));
    let ending = |exp: i64| verify(&authorizer, &signer.sign(&access(json!({ "exp": exp }))));
    assert!(ending(NOW + 1).is_ok());
    assert_eq!(ending(NOW).unwrap_err(), Refusal::Expired { expired_at: NOW, now: NOW });
    assert!(ending(NOW - 1).is_err());
    assert!(ending(i64::MIN).is_err());
    assert!(ending(i64::MAX).is_ok());
}

#[test]
fn a_token_is_not_good_before_its_time() {
    let signer = Signer::new("k");
    let authorizer = trusting(pool(&signer));
    let from = |nbf: i64| verify(&authorizer, &signer.sign(&access(json!({ "nbf": nbf }))));
    assert!(from(NOW).is_ok());
    assert!(from(i64::MIN).is_ok());
    assert_eq!(from(NOW + 1).unwrap_err(), Refusal::NotYetValid { not_before: NOW + 1, now: NOW });
    assert!(from(i64::MAX).is_err());

    let issued = |iat: i64| verify(&authorizer, &signer.sign(&access(json!({ "iat": iat }))));
    assert!(issued(NOW).is_ok());
    assert_eq!(issued(NOW + 1).unwrap_err(), Refusal::IssuedInTheFuture { issued_at: NOW + 1, now: NOW });
}

#[test]
fn a_token_without_an_end_is_refused() {
    let signer = Signer::new("k");
    let refused = verify(&trusting(pool(&signer)), &signer.sign(&access(json!({ "exp": null })))).unwrap_err();
    assert_eq!(refused, Refusal::MissingClaim { expected: "exp" });
}

#[test]
fn times_that_are_no_whole_seconds_are_refused() {
    let signer = Signer::new("k");
    let authorizer = trusting(pool(&signer));
    for claim in ["exp", "nbf", "iat"] {
        for value in
            ["1.7e9", "1799999999.5", r#""1799999999""#, "true", "[1799999999]", "null", "18446744073709551615"]
        {
            let claims = access(json!({ claim: "HERE" })).to_string().replace(r#""HERE""#, value);
            let refused = verify(&authorizer, &signer.sign_as(r#"{"alg":"EdDSA","kid":"k"}"#, &claims)).unwrap_err();
            assert!(matches!(refused, Refusal::BadClaim { claim: ref named, .. } if named == claim), "{claim} {value}");
        }
    }
}

#[test]
fn leeway_is_as_long_as_it_was_set() {
    let signer = Signer::new("k");
    let authorizer = at(NOW).leeway(Duration::from_secs(30)).issuer(pool(&signer)).build().unwrap();
    let good = |claims| verify(&authorizer, &signer.sign(&access(claims))).is_ok();
    assert!(good(json!({ "exp": NOW - 29 })));
    assert!(!good(json!({ "exp": NOW - 30 })));
    assert!(good(json!({ "nbf": NOW + 30, "iat": NOW + 30 })));
    assert!(!good(json!({ "nbf": NOW + 31 })));
    assert!(!good(json!({ "iat": NOW + 31 })));
}

#[test]
fn an_issuers_fast_clock_makes_nothing_good_for_longer() {
    let signer = Signer::new("k");
    let authorizer = at(NOW).early_leeway(Duration::from_mins(1)).issuer(pool(&signer)).build().unwrap();
    assert!(verify(&authorizer, &signer.sign(&access(json!({ "iat": NOW + 60 })))).is_ok());
    assert!(verify(&authorizer, &signer.sign(&access(json!({ "exp": NOW })))).is_err());
}

#[test]
fn more_than_a_minute_of_leeway_is_a_mistake() {
    let signer = Signer::new("k");
    let of = |seconds| at(NOW).leeway(Duration::from_secs(seconds)).issuer(pool(&signer)).build().map(drop);
    assert_eq!((of(60), of(61)), (Ok(()), Err(ConfigError::Leeway)));
    let early = at(NOW).early_leeway(Duration::from_secs(61)).issuer(pool(&signer)).build().map(drop);
    assert_eq!(early, Err(ConfigError::Leeway));
}

#[test]
fn times_at_the_ends_of_what_can_be_said_break_nothing() {
    let signer = Signer::new("k");
    for now in [i64::MIN, -1, 0, i64::MAX] {
        let authorizer = at(now).leeway(Duration::from_mins(1)).issuer(pool(&signer)).build().unwrap();
        for time in [i64::MIN, 0, i64::MAX] {
            let claims = access(json!({ "exp": time, "nbf": time, "iat": time }));
            drop(verify(&authorizer, &signer.sign(&claims)));
        }
    }
}
