//! Where the outbound client goes, and where it does not.

use std::time::Duration;

use reqwest::Method;
use reqwest::header::HeaderMap;
use url::Url;

use super::outbound::{Answer, Outbound, OutboundError, OutboundSettings, is_public};
use super::peers::{Web, response};

fn outbound(allow: &[&str]) -> Outbound {
    let allow_hosts = allow.iter().map(|&host| host.to_owned()).collect();
    Outbound::new(OutboundSettings { allow_hosts, timeout: Duration::from_secs(2), max_body: 1000 }).unwrap()
}

async fn get(client: &Outbound, url: &str) -> Result<Answer, OutboundError> {
    client.send(Method::GET, &Url::parse(url).unwrap(), HeaderMap::new(), Vec::new()).await
}

#[tokio::test]
async fn a_host_allowed_by_name_may_have_any_address() {
    let web = Web::start(response("200 OK", "", "hello")).await;
    let answer = get(&outbound(&["LocalHost"]), &format!("http://localhost:{}/", web.port)).await.ok().unwrap();
    assert_eq!((answer.status, &answer.body[..]), (200, &b"hello"[..]));
    assert!(get(&outbound(&["127.0.0.1"]), &web.url("/")).await.is_ok());
}

#[tokio::test]
async fn a_name_that_resolves_to_a_private_address_is_refused_before_a_byte_is_sent() {
    let mut web = Web::start(response("200 OK", "", "")).await;
    for host in ["localhost", "LOCALHOST"] {
        let result = get(&outbound(&["127.0.0.1", "other"]), &format!("https://{host}:{}/", web.port)).await;
        assert!(matches!(result, Err(OutboundError::Forbidden(_))), "{host}");
    }
    // Whether this name resolves is up to the machine.
    assert!(get(&outbound(&["localhost"]), &format!("https://localhost.:{}/", web.port)).await.is_err());
    assert_eq!(web.heard(), Vec::<String>::new());
}

#[tokio::test]
async fn a_literal_address_in_any_spelling_is_looked_at() {
    let client = outbound(&["example.com"]);
    for host in [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "0.0.0.0",
        "10.1.2.3",
        "172.31.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:a9fe:a9fe]",
        "[::127.0.0.1]",
        "[fd00:ec2::254]",
        "[fe80::1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "255.255.255.255",
    ] {
        let result = get(&client, &format!("https://{host}/")).await;
        assert!(matches!(result, Err(OutboundError::Forbidden(_))), "{host}");
    }
}

#[test]
fn a_url_must_be_https_and_hold_no_password() {
    let client = outbound(&["inside.example"]);
    let check = |url: &str| client.check(&Url::parse(url).unwrap()).is_ok();
    assert!(check("https://example.com/x"));
    assert!(check("https://1.1.1.1/"));
    assert!(check("http://inside.example/x"));
    for url in [
        "http://example.com/",
        "ftp://inside.example/",
        "file:///etc/passwd",
        "https://a@example.com/",
        "https://:b@example.com/",
        "data:,x",
    ] {
        assert!(!check(url), "{url}");
    }
}

#[tokio::test]
async fn an_answer_that_never_comes_is_given_up() {
    let web = Web::start(None).await;
    let settings = OutboundSettings {
        allow_hosts: vec!["127.0.0.1".to_owned()],
        timeout: Duration::from_millis(200),
        max_body: 9,
    };
    let result = get(&Outbound::new(settings).unwrap(), &web.url("/")).await;
    assert_eq!(result.err(), Some(OutboundError::Timeout));
}

#[test]
fn the_addresses_of_the_registries_are_told_apart() {
    let public = |text: &str| is_public(text.parse().unwrap());
    for text in [
        "1.1.1.1",
        "8.8.8.8",
        "100.63.255.255",
        "100.128.0.0",
        "172.15.0.1",
        "172.32.0.1",
        "192.0.1.1",
        "192.167.0.1",
        "198.17.0.1",
        "198.20.0.1",
        "223.255.255.255",
        "2606:4700::1111",
        "2001:4860:4860::8888",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",
        "2002:808:808::1",
    ] {
        assert!(public(text), "{text}");
    }
    for text in [
        "0.1.2.3",
        "10.0.0.0",
        "100.64.0.0",
        "100.127.255.255",
        "127.255.255.255",
        "169.254.0.1",
        "172.16.0.0",
        "192.0.0.1",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.255.255",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:2::1",
        "2001:10::1",
        "2001:db8::1",
        "2002:a00:1::1",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fdff::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
    ] {
        assert!(!public(text), "{text}");
    }
}
