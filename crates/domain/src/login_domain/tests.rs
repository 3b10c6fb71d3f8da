use serde_json::{Value, json};

use super::*;
use crate::error::ErrorKind;
use crate::pool::PoolConfig;

const NOW: Timestamp = Timestamp(1_751_419_191_000); // 2025-07-02T01:19:51Z
const SERVER: &str = "id.example.com";

fn pool(tier: &str) -> Pool {
    let asked = json!({ "PoolName": "p", "UserPoolTier": tier });
    Pool {
        id: "us-east-1_AbCdEf123".to_owned(),
        region: "us-east-1".to_owned(),
        account: "123456789012".to_owned(),
        version: 1,
        created_at: NOW,
        modified_at: NOW,
        veil_key: [0; 32],
        config: PoolConfig::create(serde_json::from_value(asked).unwrap()).unwrap(),
    }
}

fn merged(mut base: Value, more: Value) -> Value {
    if let (Value::Object(base), Value::Object(more)) = (&mut base, more) {
        base.extend(more);
    }
    base
}

fn create(domain: &str, more: Value, tier: &str) -> Result<LoginDomain> {
    let asked = merged(json!({ "Domain": domain, "UserPoolId": "us-east-1_AbCdEf123" }), more);
    LoginDomain::create(serde_json::from_value(asked).unwrap(), &pool(tier), Some(SERVER), NOW)
}

fn update(domain: LoginDomain, more: Value, tier: &str) -> Result<LoginDomain> {
    let asked = merged(json!({ "Domain": domain.name, "UserPoolId": "us-east-1_AbCdEf123" }), more);
    domain.update(&serde_json::from_value(asked).unwrap(), &pool(tier), Timestamp(NOW.0 + 1000))
}

fn certified() -> Value {
    json!({ "CustomDomainConfig": { "CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/one" } })
}

#[test]
fn prefixes_are_lower_case_letters_digits_and_inner_hyphens() {
    for good in ["a", "0", "tenant-a", "a--b", &"a".repeat(63), "ama-zon", "cogni-to"] {
        assert!(create(good, json!({}), "ESSENTIALS").is_ok(), "{good}");
    }
    for bad in [
        "",
        "-a",
        "a-",
        "A",
        "Tenant",
        "a_b",
        "a.b",
        "a b",
        "ä",
        "a/b",
        "a:1",
        "a\u{0}",
        "auth.example.com",
        &"a".repeat(64),
    ] {
        let error = create(bad, json!({}), "ESSENTIALS").unwrap_err();
        assert_eq!(error.to_string(), Error::malformed_domain().to_string(), "{bad}");
    }
}

#[test]
fn prefixes_do_not_borrow_the_names_of_aws() {
    for (prefix, word) in [("my-aws-app", "aws"), ("amazon", "amazon"), ("cognito1", "cognito"), ("flaws", "aws")] {
        let error = create(prefix, json!({}), "ESSENTIALS").unwrap_err();
        assert_eq!(error.to_string(), Error::reserved_domain_word(word).to_string(), "{prefix}");
    }
    assert!(create("auth.aws-shop.example", certified(), "ESSENTIALS").is_ok()); // a whole name is its owner's
}

#[test]
fn a_whole_name_is_what_dns_and_browsers_take_for_one_name() {
    for good in
        ["auth.example.com", "a.b", "x1.2y.example", "login.localhost", "1.2.3.4.example", "xn--mnchen-3ya.example"]
    {
        assert!(create(good, certified(), "ESSENTIALS").is_ok(), "{good}");
    }
    for bad in [
        "example",
        "",
        ".",
        "example.",
        ".example",
        "a..b",
        "Auth.example.com",
        "auth.example.COM",
        "-a.example",
        "a-.example",
        "a_b.example",
        "127.0.0.1",
        "1.2",
        "auth.example.0x7f",
        "auth.example.com:8443",
        "auth.example.com/x",
        "user@auth.example.com",
        "auth.example.com ",
        "münchen.example",
        "*.example.com",
        "[::1]",
    ] {
        let error = create(bad, certified(), "ESSENTIALS").unwrap_err();
        assert_eq!(error.to_string(), Error::malformed_custom_domain().to_string(), "{bad}");
    }
}

#[test]
fn no_pool_takes_the_place_of_the_server_itself() {
    let error = create(SERVER, certified(), "ESSENTIALS").unwrap_err();
    assert_eq!(error.to_string(), Error::domain_taken().to_string());
    assert!(create("auth.id.example.com", certified(), "ESSENTIALS").is_ok());
}

#[test]
fn pages_are_classic_unless_asked_for_and_never_managed_in_lite() {
    let version = |more: Value, tier: &str| {
        create("tenant", more, tier).map(|domain| domain.config.managed_login_version).map_err(|error| error.kind)
    };
    assert_eq!(version(json!({}), "LITE"), Ok(1));
    assert_eq!(version(json!({ "ManagedLoginVersion": 1 }), "LITE"), Ok(1));
    assert_eq!(version(json!({ "ManagedLoginVersion": 2 }), "LITE"), Err(ErrorKind::FeatureUnavailableInTier));
    assert_eq!(version(json!({ "ManagedLoginVersion": 2 }), "ESSENTIALS"), Ok(2));
    assert_eq!(version(json!({ "ManagedLoginVersion": 2 }), "PLUS"), Ok(2));
    for unknown in [0, 3, -1, i32::MAX] {
        assert_eq!(version(json!({ "ManagedLoginVersion": unknown }), "LITE"), Err(ErrorKind::InvalidParameter));
    }
}

#[test]
fn a_tier_that_lacks_the_pages_of_a_domain_does_not_fit_it() {
    use UserPoolTierType::{Essentials, Lite, Plus};
    let managed = Error::feature_unavailable_in_tier("Managed Login", "LITE").to_string();
    for (version, tier, refusal) in
        [(1, Lite, None), (1, Plus, None), (2, Essentials, None), (2, Plus, None), (2, Lite, Some(managed))]
    {
        let domain = create("tenant", json!({ "ManagedLoginVersion": version }), "ESSENTIALS").unwrap();
        assert_eq!(domain.fits(tier).err().map(|error| error.to_string()), refusal, "{version} in {tier:?}");
    }
}

#[test]
fn what_is_not_carried_out_is_not_taken() {
    let routing = json!({ "Routing": { "Failover": {
        "SecondaryRegion": "us-west-2", "PrimaryRoute53HealthCheckId": "abcdef11-2222-3333-4444-555555fedcba" } } });
    assert_eq!(create("tenant", routing.clone(), "PLUS").unwrap_err().kind, ErrorKind::NotImplemented);
    let domain = create("tenant", json!({}), "PLUS").unwrap();
    assert_eq!(update(domain, routing, "PLUS").unwrap_err().kind, ErrorKind::NotImplemented);
}

#[test]
fn an_update_replaces_the_certificate_and_keeps_the_version_that_is_left_out() {
    let domain = create("auth.example.com", merged(certified(), json!({ "ManagedLoginVersion": 2 })), "PLUS").unwrap();
    let other = json!({ "CustomDomainConfig": {
        "CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/two", "SecurityPolicy": "TLS_V1_2_2021" } });

    let domain = update(domain, other.clone(), "PLUS").unwrap();
    assert_eq!(serde_json::to_value(&domain.config.custom).unwrap(), other["CustomDomainConfig"]);
    assert_eq!(domain.config.managed_login_version, 2);
    assert_eq!((domain.created_at, domain.modified_at), (NOW, Timestamp(NOW.0 + 1000)));

    let domain = update(domain, merged(certified(), json!({ "ManagedLoginVersion": 1 })), "PLUS").unwrap();
    assert_eq!(domain.config.managed_login_version, 1);
    assert_eq!(domain.config.custom.unwrap().security_policy, None);
}

#[test]
fn a_prefix_and_a_name_of_ones_own_do_not_become_each_other() {
    let prefix = create("tenant", json!({}), "PLUS").unwrap();
    assert_eq!(
        update(prefix, certified(), "PLUS").unwrap_err().to_string(),
        Error::domain_stays_a_prefix().to_string()
    );
    let custom = create("auth.example.com", certified(), "PLUS").unwrap();
    let error = update(custom, json!({ "ManagedLoginVersion": 2 }), "PLUS").unwrap_err();
    assert_eq!(error.to_string(), Error::domain_stays_custom().to_string());
}

#[test]
fn a_domain_is_described_as_aws_describes_it() {
    let domain = create("auth.example.com", certified(), "PLUS").unwrap();
    let described = domain.into_wire("123456789012".to_owned(), target("https://id.example.com:8443"));
    assert_eq!(
        serde_json::to_value(described).unwrap(),
        json!({
            "UserPoolId": "us-east-1_AbCdEf123", "AWSAccountId": "123456789012", "Domain": "auth.example.com",
            "CloudFrontDistribution": "id.example.com", "Version": "20250702011951", "Status": "ACTIVE",
            "CustomDomainConfig": { "CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/one" },
            "ManagedLoginVersion": 1,
        })
    );
}

#[test]
fn what_dns_points_to_is_the_servers_host() {
    for (url, host) in [
        ("https://id.example.com", Some("id.example.com")),
        ("http://localhost:9229", Some("localhost")),
        ("http://127.0.0.1:9229/base", Some("127.0.0.1")),
        ("nonsense", None),
    ] {
        assert_eq!(target(url).as_deref(), host, "{url}");
    }
}
