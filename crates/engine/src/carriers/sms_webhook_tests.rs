//! SMS against a webhook over real TCP.

use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::hmac;
use zeroize::Zeroizing;

use super::outbound::{Outbound, OutboundSettings};
use super::peers::{Fixed, Web, message, response};
use super::sms_webhook::{SmsWebhook, SmsWebhookSettings};
use super::{Carrier, Channel, DeliveryError, SetupError};

const SECRET: &str = "a secret of some length";

fn webhook(url: &str, allow: &[&str]) -> Result<SmsWebhook, SetupError> {
    let allow_hosts = allow.iter().map(|&host| host.to_owned()).collect();
    let settings = OutboundSettings { allow_hosts, timeout: Duration::from_millis(500), max_body: 1000 };
    let outbound = Outbound::new(settings).unwrap();
    let settings = SmsWebhookSettings {
        url: url.to_owned(),
        secret: Zeroizing::new(SECRET.to_owned()),
        from: Some("COGNATE".to_owned()),
    };
    SmsWebhook::new(settings, outbound, Arc::new(Fixed))
}

async fn answered(answer: impl Into<Option<String>>) -> (Result<(), DeliveryError>, Vec<String>) {
    let mut web = Web::start(answer).await;
    let carrier = webhook(&web.url("/sms?key=hidden"), &["127.0.0.1"]).unwrap();
    let result = carrier.deliver(&message(Channel::Sms, "+15550100")).await;
    (result, web.heard())
}

#[tokio::test]
async fn the_webhook_gets_the_message_and_a_signature_it_can_check() {
    let (result, heard) = answered(response("200 OK", "", "{}")).await;
    assert_eq!(result, Ok(()));
    let [request] = &heard[..] else { panic!("one request: {heard:?}") };
    let (top, body) = request.split_once("\r\n\r\n").unwrap();
    assert!(top.starts_with("POST /sms?key=hidden HTTP/1.1\r\n"), "{top}");
    assert!(top.contains("content-type: application/json"), "{top}");
    assert_eq!(
        body,
        r#"{"to":"+15550100","body":"Your confirmation code is 123456","from":"COGNATE","poolId":"us-east-1_Ab12Cd34E","trigger":"CustomMessage_SignUp"}"#
    );
    let signature = top.lines().find_map(|line| line.strip_prefix("cognate-signature: t=1767225600,v1=")).unwrap();
    let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
    let tag = data_encoding::HEXLOWER.decode(signature.as_bytes()).unwrap();
    assert!(hmac::verify(&key, format!("1767225600.{body}").as_bytes(), &tag).is_ok());
}

#[tokio::test]
async fn only_a_success_means_taken_over() {
    assert_eq!(answered(response("204 No Content", "", "")).await.0, Ok(()));
    assert_eq!(answered(response("400 Bad Request", "", "no")).await.0, Err(DeliveryError::Refused(400)));
    let later = Err(DeliveryError::Unavailable("the webhook asks to come later"));
    assert_eq!(answered(response("503 Busy", "", "")).await.0, later);
    assert_eq!(answered(response("429 Busy", "", "")).await.0, later);
    assert_eq!(
        answered("nonsense\r\n\r\n".to_owned()).await.0,
        Err(DeliveryError::Unavailable("the webhook cannot be reached"))
    );
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let mut elsewhere = Web::start(response("200 OK", "", "")).await;
    let location = format!("Location: {}\r\n", elsewhere.url("/"));
    for status in ["301 Moved", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"] {
        let (result, _) = answered(response(status, &location, "")).await;
        assert_eq!(result, Err(DeliveryError::Refused(status[..3].parse().unwrap())));
    }
    assert_eq!(elsewhere.heard(), Vec::<String>::new());
}

#[tokio::test]
async fn a_slow_or_endless_answer_is_cut_off() {
    assert_eq!(answered(None).await.0, Err(DeliveryError::Unavailable("the webhook is too slow")));
    let too_long = Err(DeliveryError::Unavailable("the webhook's answer is too long"));
    assert_eq!(answered(response("200 OK", "", &"x".repeat(1001))).await.0, too_long);
    let unannounced = format!("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{}", "x".repeat(5000));
    assert_eq!(answered(unannounced).await.0, too_long);
}

#[tokio::test]
async fn a_webhook_that_cannot_be_used_is_named_at_the_start() {
    let refused = |url: &str, allow: &[&str]| webhook(url, allow).err().map(|error| error.setting);
    assert_eq!(refused("https://sms.example.com/send", &[]), None);
    assert_eq!(refused("http://sms.example.com/send", &["sms.example.com"]), None);
    for url in [
        "http://sms.example.com/send",
        "sms.example.com",
        "ftp://sms.example.com",
        "https://10.0.0.1/",
        "https://u:p@sms.example.com/",
    ] {
        assert_eq!(refused(url, &[]), Some("url"), "{url}");
    }
    let outbound = Outbound::new(OutboundSettings::default()).unwrap();
    let settings = SmsWebhookSettings {
        url: "https://sms.example.com".to_owned(),
        secret: Zeroizing::new("short".to_owned()),
        from: None,
    };
    assert_eq!(SmsWebhook::new(settings, outbound, Arc::new(Fixed)).err().map(|error| error.setting), Some("secret"));
}

#[tokio::test]
async fn no_error_says_where_or_to_whom() {
    let carrier = webhook("http://localhost:1/sms?key=hidden", &["localhost"]).unwrap();
    let error = carrier.deliver(&message(Channel::Sms, "+15550100")).await.unwrap_err();
    for text in [error.to_string(), format!("{error:?}")] {
        assert!(!text.contains("hidden") && !text.contains("localhost") && !text.contains("5550100"), "{text}");
    }
}
