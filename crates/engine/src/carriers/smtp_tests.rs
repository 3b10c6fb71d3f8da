//! E-mail against a scripted SMTP server.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

use super::peers::{Fixed, Mail, Manner, message};
use super::smtp::{Security, Smtp, SmtpSettings};
use super::{Carrier, Channel, DeliveryError, Outgoing, SetupError};

fn settings(port: u16) -> SmtpSettings {
    SmtpSettings {
        host: "127.0.0.1".to_owned(),
        port,
        security: Security::None,
        allow_plaintext: false,
        login: None,
        from: "Cognate <no-reply@example.com>".to_owned(),
        timeout: Duration::from_secs(5),
    }
}

fn smtp(settings: SmtpSettings) -> Result<Smtp, SetupError> {
    Smtp::new(settings, Arc::new(Fixed), Arc::new(Fixed))
}

async fn sent(change: impl FnOnce(&mut Outgoing)) -> (Result<(), DeliveryError>, Vec<String>) {
    let mut peer = Mail::start(Manner::Kind).await;
    let carrier = smtp(settings(peer.port)).unwrap();
    let mut mail = message(Channel::Email, "jo@example.org");
    change(&mut mail);
    let result = carrier.deliver(&mail).await;
    (result, peer.heard())
}

fn has(heard: &[String], line: &str) -> bool {
    heard.iter().any(|said| said == line)
}

#[tokio::test]
async fn a_message_arrives_as_html_with_its_own_id_and_date() {
    let (result, heard) = sent(|_| {}).await;
    assert_eq!(result, Ok(()));
    for line in [
        "MAIL FROM:<no-reply@example.com>",
        "RCPT TO:<jo@example.org>",
        "From: Cognate <no-reply@example.com>",
        "To: jo@example.org",
        "Subject: Your verification code",
        "Content-Type: text/html; charset=utf-8",
        "Date: Thu, 01 Jan 2026 00:00:00 +0000",
        "Message-ID: <07070707070747078707070707070707@example.com>",
        "Your confirmation code is 123456",
    ] {
        assert!(has(&heard, line), "{line}\n{heard:#?}");
    }
}

#[tokio::test]
async fn the_pool_may_name_sender_and_reply_address() {
    let (result, heard) = sent(|mail| {
        mail.from = Some("Acme <hello@acme.example>".to_owned());
        mail.reply_to = Some("help@acme.example".to_owned());
    })
    .await;
    assert_eq!(result, Ok(()));
    assert!(has(&heard, "MAIL FROM:<hello@acme.example>"));
    assert!(has(&heard, "From: Acme <hello@acme.example>"));
    assert!(has(&heard, "Reply-To: help@acme.example"));
}

#[tokio::test]
async fn text_of_any_language_arrives_whole() {
    let (result, heard) = sent(|mail| {
        mail.subject = Some("Ihr Bestätigungscode".to_owned());
        mail.body = "<p>验证码 123456</p>\r\n.\r\nRSET".to_owned();
    })
    .await;
    assert_eq!(result, Ok(()));
    assert!(heard.iter().any(|line| line.starts_with("Subject: Ihr =?utf-8?b?")), "{heard:#?}");
    assert!(heard.iter().all(|line| line.is_ascii()));
    assert_eq!(heard.iter().filter(|line| *line == ".").count(), 1, "the body cannot end the message");
    assert!(!has(&heard, "RSET"));
}

#[tokio::test]
async fn no_text_can_add_a_header_or_a_recipient() {
    let (result, heard) = sent(|mail| {
        mail.subject = Some("hello\r\nBcc: evil@example.net\u{b}\nX-Evil: 1".to_owned());
        mail.from = Some("\"A, B: \\\"C\\\"\" <a@example.com>".to_owned());
    })
    .await;
    assert_eq!(result, Ok(()));
    assert!(has(&heard, "Subject: hello Bcc: evil@example.net X-Evil: 1"), "{heard:#?}");
    assert!(!heard.iter().any(|line| line.starts_with("Bcc:") || line.starts_with("X-Evil")));
    assert_eq!(heard.iter().filter(|line| line.starts_with("RCPT")).count(), 1);

    for to in [
        "",
        "jo",
        "jo@",
        "@example.org",
        "jo@example.org\r\nRCPT TO:<evil@example.net>",
        "jo@example.org, b@example.org",
        "Jo <jo@example.org>",
        "\"a\r\nb\"@example.org",
        "jo@exam ple.org",
        "jo@example.org>",
        "<jo@example.org>",
    ] {
        let (result, heard) = sent(|mail| mail.to = to.to_owned()).await;
        assert_eq!(result, Err(DeliveryError::Message("the recipient is no e-mail address")), "{to}");
        assert_eq!(heard, Vec::<String>::new(), "{to}");
    }
    for from in ["nobody", "A\r\nBcc: b@c.de <a@b.de>", "a@b.de, c@d.ef", ""] {
        let (result, _) = sent(|mail| mail.from = Some(from.to_owned())).await;
        assert_eq!(result, Err(DeliveryError::Message("the sender is no e-mail address")), "{from}");
        let (result, _) = sent(|mail| mail.reply_to = Some(from.to_owned())).await;
        assert_eq!(result, Err(DeliveryError::Message("the reply address is no e-mail address")), "{from}");
    }
}

#[tokio::test]
async fn it_logs_in_where_it_has_a_login() {
    let mut peer = Mail::start(Manner::Kind).await;
    let login = Some(("user".to_owned(), Zeroizing::new("pass".to_owned())));
    let carrier = smtp(SmtpSettings { login, ..settings(peer.port) }).unwrap();
    assert_eq!(carrier.deliver(&message(Channel::Email, "jo@example.org")).await, Ok(()));
    assert!(has(&peer.heard(), "AUTH PLAIN AHVzZXIAcGFzcw=="));
}

#[tokio::test]
async fn a_connection_serves_many_messages() {
    let peer = Mail::start(Manner::Kind).await;
    let carrier = smtp(settings(peer.port)).unwrap();
    for _ in 0..5 {
        assert_eq!(carrier.deliver(&message(Channel::Email, "jo@example.org")).await, Ok(()));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(peer.connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_refusal_keeps_its_status_and_no_address() {
    let peer = Mail::start(Manner::Recipient("550 jo@example.org does not live here")).await;
    let carrier = smtp(settings(peer.port)).unwrap();
    let error = carrier.deliver(&message(Channel::Email, "jo@example.org")).await.unwrap_err();
    assert_eq!(error, DeliveryError::Refused(550));
    assert_eq!(error.to_string(), "the message was refused with status 550");

    let peer = Mail::start(Manner::Recipient("451 later")).await;
    let carrier = smtp(settings(peer.port)).unwrap();
    let error = carrier.deliver(&message(Channel::Email, "jo@example.org")).await.unwrap_err();
    assert_eq!(error, DeliveryError::Unavailable("the mail server asks to come later"));
}

#[tokio::test]
async fn a_silent_or_absent_server_is_not_waited_for_long() {
    let started = Instant::now();
    let peer = Mail::start(Manner::Silent).await;
    let carrier = smtp(SmtpSettings { timeout: Duration::from_millis(200), ..settings(peer.port) }).unwrap();
    let error = carrier.deliver(&message(Channel::Email, "jo@example.org")).await.unwrap_err();
    assert_eq!(error, DeliveryError::Unavailable("the mail server is too slow"));

    let carrier = smtp(settings(1)).unwrap();
    let error = carrier.deliver(&message(Channel::Email, "jo@example.org")).await.unwrap_err();
    assert_eq!(error, DeliveryError::Unavailable("the mail server cannot be reached"));
    assert!(started.elapsed() < Duration::from_secs(3));
}

#[tokio::test]
async fn an_abandoned_delivery_does_not_spoil_the_next() {
    let mut peer = Mail::start(Manner::MuteAfterFirstData).await;
    let carrier = smtp(SmtpSettings { timeout: Duration::from_millis(400), ..settings(peer.port) }).unwrap();
    let first = message(Channel::Email, "first@example.org");
    let abandoned = tokio::time::timeout(Duration::from_millis(100), carrier.deliver(&first)).await;
    assert!(abandoned.is_err(), "the caller went away in the middle");

    assert_eq!(carrier.deliver(&message(Channel::Email, "second@example.org")).await, Ok(()));
    let heard = peer.heard();
    assert!(has(&heard, "RCPT TO:<second@example.org>"));
    assert_eq!(peer.connections.load(Ordering::SeqCst), 2, "the broken conversation's connection is not used again");
}

#[tokio::test]
async fn codes_do_not_leave_this_machine_in_the_clear() {
    let with = |host: &str, allow_plaintext| {
        smtp(SmtpSettings { host: host.to_owned(), allow_plaintext, ..settings(25) }).err().map(|error| error.setting)
    };
    assert_eq!(with("mail.example.com", false), Some("security"));
    assert_eq!(with("10.0.0.1", false), Some("security"));
    assert_eq!(with("localhost.example.com", false), Some("security"));
    assert_eq!(with("mail.example.com", true), None);
    assert_eq!(with("localhost", false), None);
    assert_eq!(with("::1", false), None);
    assert_eq!(with("", false), Some("host"));
    let from = smtp(SmtpSettings { from: "nobody".to_owned(), ..settings(25) }).err();
    assert_eq!(from.map(|error| error.to_string()), Some("from is no e-mail address".to_owned()));
}

#[tokio::test]
async fn starttls_is_never_given_up_for_plain_text() {
    let mut peer = Mail::start(Manner::Kind).await;
    let carrier = smtp(SmtpSettings { security: Security::StartTls, ..settings(peer.port) }).unwrap();
    assert!(carrier.deliver(&message(Channel::Email, "jo@example.org")).await.is_err());
    assert!(!peer.heard().iter().any(|line| line.starts_with("MAIL")));
}
