//! Settings that would take nothing, or more than was meant, make no authorizer.

use cognate_authorizer::{Authorizer, ConfigError, Issuer, KeySet, KeySetError, TokenUses};
use serde_json::json;

use crate::kit::{CLIENT, PARTNER, POOL, Signer, access, pool, set, trusting, verify};

fn build(issuer: Issuer) -> Result<(), ConfigError> {
    Authorizer::builder().issuer(issuer).build().map(drop)
}

#[test]
fn whose_tokens_are_taken_must_be_said() {
    assert_eq!(Authorizer::builder().build().map(drop), Err(ConfigError::NoIssuer));
    assert_eq!(build(Issuer::cognito(POOL)), Err(ConfigError::ClientsNotSaid(POOL.to_owned())));
    assert_eq!(build(Issuer::cognito(POOL).audiences(["a"])), Err(ConfigError::ClientsNotSaid(POOL.to_owned())));
    assert_eq!(build(Issuer::oidc(PARTNER)), Err(ConfigError::AudiencesNotSaid(PARTNER.to_owned())));
    assert_eq!(build(Issuer::oidc(PARTNER).clients(["a"])), Err(ConfigError::AudiencesNotSaid(PARTNER.to_owned())));
    let asked = Issuer::oidc(PARTNER).audiences(["a"]).token_use(TokenUses::Id);
    assert_eq!(build(asked), Err(ConfigError::ClientsNotSaid(PARTNER.to_owned())));
    assert_eq!(build(Issuer::cognito(POOL).any_client()), Ok(()));
    assert_eq!(build(Issuer::oidc(PARTNER).any_audience()), Ok(()));
}

#[test]
fn empty_lists_are_mistakes() {
    let empty = |what| Err(ConfigError::EmptyList { issuer: POOL.to_owned(), what });
    assert_eq!(build(Issuer::cognito(POOL).clients([""; 0])), empty("clients"));
    assert_eq!(build(Issuer::cognito(POOL).any_client().audiences([""; 0])), empty("audiences"));
    assert_eq!(build(Issuer::cognito(POOL).any_client().algorithms([])), empty("algorithms"));
}

#[test]
fn an_issuer_stands_there_once() {
    let issuer = Issuer::cognito(POOL).any_client();
    let twice = Authorizer::builder().issuers([issuer.clone(), issuer]).build().map(drop);
    assert_eq!(twice, Err(ConfigError::IssuerTwice(POOL.to_owned())));
}

#[test]
fn keys_do_not_come_over_plain_http_from_elsewhere() {
    let bad = |issuer| matches!(build(issuer), Err(ConfigError::BadAddress { .. }));
    assert!(bad(Issuer::cognito("http://cognate:9000/pool").any_client()));
    assert!(bad(Issuer::cognito(POOL).any_client().jwks_uri("http://cognate:9000/jwks.json")));
    assert!(bad(Issuer::cognito(POOL).any_client().jwks_uri("file:///etc/passwd")));
    assert!(bad(Issuer::oidc("https://a.example/?tenant=b").any_audience()));
    assert!(bad(Issuer::oidc("").any_audience()));
    assert_eq!(build(Issuer::cognito("http://cognate:9000/pool").any_client().plain_http()), Ok(()));
    assert_eq!(build(Issuer::cognito("http://localhost:9229/pool").any_client()), Ok(()));
    assert_eq!(build(Issuer::cognito("http://cognate:9000/pool").any_client().keys(KeySet::default())), Ok(()));
}

#[test]
fn a_pool_of_amazons_is_known_by_its_id() {
    let signer = Signer::new("k");
    let issuer = Issuer::amazon("eu-central-1_Test").clients([CLIENT]);
    let authorizer = trusting(issuer.keys(crate::kit::keys([&signer])).algorithms([cognate_authorizer::Alg::EdDsa]));
    assert_eq!(verify(&authorizer, &signer.sign(&access(json!({})))).unwrap().issuer, POOL);
}

#[test]
fn keys_from_a_file_need_no_network() {
    let signer = Signer::new("k");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("jwks.json");
    std::fs::write(&path, serde_json::to_vec(&set([&signer])).unwrap()).unwrap();
    let authorizer = trusting(pool(&Signer::new("other")).keys(KeySet::from_file(&path).unwrap()));
    assert!(verify(&authorizer, &signer.sign(&access(json!({})))).is_ok());

    std::fs::write(&path, vec![b' '; 256 * 1024 + 1]).unwrap();
    assert_eq!(KeySet::from_file(&path).map(drop), Err(KeySetError::TooLong));
    assert!(matches!(KeySet::from_file(folder.path().join("none")), Err(KeySetError::NotReadable(_))));
}

#[test]
fn a_set_is_read_as_far_as_its_keys_are_of_use() {
    let signer = Signer::new("good");
    let (good, mut encryption, mut nameless) = (signer.jwk(), signer.jwk(), signer.jwk());
    (encryption.kid, encryption.usage) = ("encryption".to_owned(), "enc".to_owned());
    nameless.kid = String::new();
    let set = json!({ "keys": [
        encryption, nameless, { "kty": "EC", "crv": "P-521", "kid": "curve" }, { "kid": "kindless" }, 7, null,
        { "kty": "OKP", "crv": "Ed25519", "kid": "short", "x": "AA" }, good,
    ] });
    let keys = KeySet::from_json(set.to_string().as_bytes()).unwrap();
    assert_eq!(keys.kids().collect::<Vec<_>>(), ["good"]);
    assert_eq!(format!("{keys:?}"), r#"{"good"}"#);
}

#[test]
fn what_is_no_set_is_refused() {
    for json in
        ["", "{}", "[]", r#"{"keys":{}}"#, r#"{"keys":null}"#, "<html>", r#"{"keys":[],"keys":[]}"#, r#"{"keys":["#]
    {
        assert_eq!(KeySet::from_json(json.as_bytes()).map(drop), Err(KeySetError::NotASet), "{json}");
    }
    let many = json!({ "keys": vec![json!({}); 101] });
    let refused = KeySet::from_json(many.to_string().as_bytes()).map(drop);
    assert_eq!(refused, Err(KeySetError::TooManyKeys { actual: 101 }));
}
