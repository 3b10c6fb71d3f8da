//! What a route asks for, and who is refused there: 403, where 401 is for tokens that are not good.

use cognate_authorizer::{AuthContext, Issuer, Refusal, Rule, TokenUse, TokenUses};
use http::StatusCode;
use serde_json::{Value, json};

use crate::kit::{CLIENT, PARTNER, Signer, access, id, keys, pool, trusting, verify};

fn who(changes: Value) -> AuthContext {
    let signer = Signer::new("k");
    verify(&trusting(pool(&signer)), &signer.sign(&access(changes))).unwrap()
}

#[test]
fn scopes_are_whole_words_in_their_own_case() {
    let who = who(json!({ "scope": "a/read b/write" }));
    let allows = |scope: &str| Rule::authenticated().scope(scope).allows(&who).is_ok();
    assert!(allows("a/read") && allows("b/write"));
    for wrong in ["a/readwrite", "a/rea", "a", "read", "A/READ", "a/read ", "a/read b/write", "", " ", "*", "a/*"] {
        assert!(!allows(wrong), "{wrong:?}");
    }
}

#[test]
fn all_scopes_are_all_and_any_is_one() {
    let who = who(json!({ "scope": "a b" }));
    let all = |scopes: &[&str]| Rule::authenticated().all_scopes(scopes.iter().copied()).allows(&who).is_ok();
    let any = |scopes: &[&str]| Rule::authenticated().any_scope(scopes.iter().copied()).allows(&who).is_ok();
    assert!(all(&["a", "b"]) && all(&[]) && !all(&["a", "c"]));
    assert!(any(&["c", "a"]) && !any(&["c", "d"]) && !any(&[]));

    let refused = Rule::authenticated().all_scopes(["a", "c"]).allows(&who).unwrap_err();
    assert_eq!(refused.to_string(), "the scopes are a b, expected a c");
    let refused = Rule::authenticated().any_scope(["c", "d"]).allows(&who).unwrap_err();
    assert_eq!(refused.to_string(), "the scopes are a b, expected one of c d");
}

#[test]
fn a_token_without_scopes_has_none() {
    for scope in [json!(null), json!(""), json!("   "), json!([])] {
        assert_eq!(who(json!({ "scope": scope })).scopes, [""; 0]);
    }
    assert!(Rule::authenticated().scope("").allows(&who(json!({ "scope": "" }))).is_err());
}

#[test]
fn nested_scopes_are_refused() {
    let signer = Signer::new("k");
    for scope in [json!([["orders/read"]]), json!([{ "scope": "a" }]), json!({ "a": "b" }), json!(["a b"]), json!(1)] {
        for claim in ["scope", "scp"] {
            let refused = verify(&trusting(pool(&signer)), &signer.sign(&access(json!({ claim: scope }))));
            assert!(matches!(refused, Err(Refusal::BadClaim { .. })), "{scope}");
        }
    }
}

/// What a person may write into a profile must not become what they may do.
#[test]
fn an_id_token_has_no_scopes() {
    let signer = Signer::new("k");
    let authorizer = trusting(pool(&signer).token_use(TokenUses::Id));
    let who = verify(&authorizer, &signer.sign(&id(json!({ "scope": "admin", "scp": ["admin"] })))).unwrap();
    assert_eq!(who.scopes, [""; 0]);
}

#[test]
fn groups_are_whole_names_of_the_claim_that_was_set() {
    let who = who(json!({ "cognito:groups": ["clerks", "admin s"], "groups": ["admins"] }));
    let allows = |group: &str| Rule::authenticated().any_group([group]).allows(&who).is_ok();
    assert!(allows("clerks") && allows("admin s"));
    for wrong in ["admins", "clerk", "Clerks", "admin", "s", ""] {
        assert!(!allows(wrong), "{wrong:?}");
    }
    assert!(Rule::authenticated().any_group(["x", "clerks"]).allows(&who).is_ok());
    assert!(Rule::authenticated().any_group([""; 0]).allows(&who).is_err());

    let signer = Signer::new("k");
    let foreign = || Issuer::oidc(PARTNER).any_audience().keys(keys([&signer]));
    let token =
        signer.sign(&access(json!({ "iss": PARTNER, "groups": ["a"], "roles": ["b"], "cognito:groups": ["c"] })));
    assert_eq!(verify(&trusting(foreign()), &token).unwrap().groups, ["a"]);
    assert_eq!(verify(&trusting(foreign().groups_claim("roles")), &token).unwrap().groups, ["b"]);
}

#[test]
fn groups_that_are_no_flat_array_are_refused() {
    let signer = Signer::new("k");
    for groups in [json!("admins"), json!([["admins"]]), json!({ "admins": true }), json!([1]), json!(["a", null])] {
        let refused = verify(&trusting(pool(&signer)), &signer.sign(&access(json!({ "cognito:groups": groups }))));
        assert!(matches!(refused, Err(Refusal::BadClaim { .. })), "{groups}");
    }
}

#[test]
fn a_check_of_ones_own_has_the_claims() {
    let of_acme = Rule::authenticated().check("of acme", |who| who.claims.get("custom:tenant") == Some(&json!("acme")));
    assert!(of_acme.allows(&who(json!({ "custom:tenant": "acme" }))).is_ok());
    for tenant in [json!(null), json!("Acme"), json!(["acme"])] {
        let refused = of_acme.allows(&who(json!({ "custom:tenant": tenant }))).unwrap_err();
        assert_eq!(refused, Refusal::CheckFailed { expected: "of acme".to_owned() });
    }
}

#[test]
fn all_parts_of_a_rule_must_hold() {
    let rule = Rule::authenticated()
        .only(TokenUse::Access)
        .scope("orders/read")
        .any_group(["clerks"])
        .check("of our client", |who| who.client_id.as_deref() == Some(CLIENT));
    assert!(rule.allows(&who(json!({ "cognito:groups": ["clerks"] }))).is_ok());
    assert!(matches!(rule.allows(&who(json!({}))), Err(Refusal::NotInGroup { .. })));
    let without = who(json!({ "cognito:groups": ["clerks"], "scope": "orders/write" }));
    assert!(matches!(rule.allows(&without), Err(Refusal::WithoutScope { .. })));
    assert_eq!(
        format!("{rule:?}"),
        r#"Rule { needs: [Only(Access), AllScopes(["orders/read"]), AnyGroup(["clerks"]), Check("of our client")] }"#
    );
}

#[test]
fn a_client_is_told_the_status_and_one_word() {
    let text = String::new;
    for (refusal, status, challenge) in [
        (Refusal::NoAuthorization, 401, "Bearer"),
        (Refusal::NotBearer, 401, "Bearer"),
        (Refusal::SeveralAuthorizations, 401, r#"Bearer error="invalid_request""#),
        (Refusal::Expired { expired_at: 1, now: 2 }, 401, r#"Bearer error="invalid_token""#),
        (Refusal::BadSignature { issuer: text(), kid: text() }, 401, r#"Bearer error="invalid_token""#),
        (Refusal::WrongTokenUse { expected: "id", actual: text() }, 401, r#"Bearer error="invalid_token""#),
        (Refusal::WithoutScope { expected: text(), actual: text() }, 403, r#"Bearer error="insufficient_scope""#),
        (Refusal::NotInGroup { expected: text(), actual: text() }, 403, r#"Bearer error="insufficient_scope""#),
        (Refusal::CheckFailed { expected: text() }, 403, r#"Bearer error="insufficient_scope""#),
    ] {
        let public = refusal.public();
        assert_eq!(
            (public.status, public.challenge()),
            (StatusCode::from_u16(status).unwrap(), challenge),
            "{refusal}"
        );
    }
}
