//! What `serve` refuses, and how it names it.

use std::os::unix::fs::PermissionsExt as _;

use super::layers::{Given, Layer, Raw, from_text};
use super::{Config, Judged, Mode, ProviderSettings, Refusal, Sources, table};

/// The smallest configuration that `serve` accepts.
const GOOD: &[(&str, &str)] = &[
    ("server.public_url", "https://id.example.com/"),
    ("server.environment", "production"),
    ("store.database", "postgres://cognate@db.example.com/cognate"),
    ("keys.master_key", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
];

fn sources(changes: &[(&str, Option<&str>)]) -> Sources {
    let mut layer = Layer::new();
    let all = GOOD.iter().map(|(name, value)| (*name, Some(*value))).chain(changes.iter().copied());
    for (name, value) in all {
        let setting = table::find(name).unwrap();
        layer.remove(setting.name);
        if let Some(value) = value {
            let raw = from_text(setting.kind, value).unwrap();
            layer.insert(setting.name, Given { raw, origin: "a test".into() });
        }
    }
    Sources { layer, refusals: Vec::new() }
}

fn refused(changes: &[(&str, Option<&str>)]) -> Vec<Refusal> {
    sources(changes).config(Mode::Serve).refusals
}

fn refused_names(changes: &[(&str, Option<&str>)]) -> Vec<String> {
    refused(changes).into_iter().map(|refusal| refusal.name).collect()
}

#[test]
fn a_safe_configuration_is_accepted_and_loses_its_slash() {
    let config = sources(&[]).config(Mode::Serve).accepted().unwrap_or_else(|refused| panic!("{refused}"));
    assert_eq!(config.server.public_url.as_deref(), Some("https://id.example.com"));
    assert_eq!(config.server.listen.to_string(), "127.0.0.1:9229");
    assert_eq!(config.server.admin_listen.to_string(), "127.0.0.1:9230");
}

#[test]
fn all_that_is_missing_is_named_at_once() {
    let nothing: Vec<_> = GOOD.iter().map(|(name, _)| (*name, None)).collect();
    assert_eq!(
        refused_names(&nothing),
        ["server.public_url", "server.environment", "store.database", "keys.master_key"]
    );
}

#[test]
fn an_http_public_url_must_be_allowed_by_name() {
    let http = ("server.public_url", Some("http://id.example.com"));
    assert_eq!(refused_names(&[http]), ["server.public_url"]);
    assert!(sources(&[http, ("server.allow_http_public_url", Some("true"))]).config(Mode::Serve).refusals.is_empty());
}

#[test]
fn each_unsafe_value_is_refused_by_its_name() {
    let cases = [
        ("server.public_url", "https://id.example.com/auth"),
        ("server.public_url", "https://user:word@id.example.com"),
        ("server.public_url", "id.example.com"),
        ("server.environment", "dev"),
        ("server.environment", "Production!"),
        ("server.listen", "everywhere"),
        ("server.admin_listen", "127.0.0.1:9229"),
        ("server.account", "1234"),
        ("server.region", "EU West"),
        ("server.faces", "aws,gateway"),
        ("server.faces", "aws,pigeon"),
        ("server.log_format", "xml"),
        ("store.database", "mysql://db/cognate"),
        ("store.database", "sqlite::memory:"),
        ("store.database", "postgres://u:p@db.example.com/c?sslmode=disable"),
        ("keys.master_key_file", "/nowhere/second.key"),
        ("auth_api.provider", "mok"),
        ("auth_api.mock.file", "users.toml"),
        ("messages.smtp_user", "somebody"),
        ("messages.sms_webhook_secret", "alone"),
    ];
    for (name, value) in cases {
        let names = refused_names(&[(name, Some(value))]);
        let expected = if name == "keys.master_key_file" { "keys.master_key" } else { name };
        assert_eq!(names, [expected], "{name} = {value}");
    }
}

/// What `dev` makes of these alone.
fn in_dev(settings: &[(&str, Option<&str>)]) -> Judged<Config> {
    let nothing = GOOD.iter().map(|(name, _)| (*name, None));
    let all: Vec<_> = nothing.chain(settings.iter().copied()).collect();
    sources(&all).config(Mode::Dev)
}

#[test]
fn the_mock_signs_people_in_for_development_alone() {
    let mock = [("auth_api.provider", Some("mock")), ("auth_api.mock.file", Some("users.toml"))];
    assert_eq!(refused_names(&mock), ["auth_api.provider"]);

    let config = in_dev(&mock).accepted().unwrap_or_else(|refused| panic!("{refused}"));
    assert!(matches!(&config.auth_api.provider, Some(ProviderSettings::Mock { file }) if file.ends_with("users.toml")));
    for (wrong, name) in [
        (vec![("auth_api.provider", Some("mock"))], "auth_api.mock.file"),
        (vec![("auth_api.mock.file", Some("users.toml"))], "auth_api.mock.file"),
        ([&mock[..], &[("auth_api.client", Some("5ab1s"))]].concat(), "auth_api.client"),
        ([&mock[..1], &[("auth_api.mock.file", Some(" "))]].concat(), "auth_api.mock.file"),
    ] {
        let names: Vec<_> = in_dev(&wrong).refusals.into_iter().map(|refusal| refusal.name).collect();
        assert_eq!(names, [name]);
    }
}

#[test]
fn a_refusal_says_where_the_value_came_from() {
    let refusals = refused(&[("server.account", Some("12"))]);
    assert_eq!(refusals[0].to_string(), "server.account: \"12\" must be twelve digits (from a test)");
}

#[test]
fn a_mail_server_needs_a_sender_and_has_the_usual_port() {
    let host = ("messages.smtp_host", Some("mail.example.com"));
    assert_eq!(refused_names(&[host]), ["messages.smtp_from"]);

    let whole = [host, ("messages.smtp_security", Some("tls")), ("messages.smtp_from", Some("no-reply@example.com"))];
    let config = sources(&whole).config(Mode::Serve).accepted().unwrap_or_else(|refused| panic!("{refused}"));
    assert_eq!(config.carriers.smtp.unwrap().port, 465);
}

#[test]
fn text_messages_are_signed() {
    let url = ("messages.sms_webhook_url", Some("https://sms.example.com/send"));
    assert_eq!(refused_names(&[url]), ["messages.sms_webhook_secret"]);
}

#[test]
fn a_secret_in_a_file_that_others_can_read_is_refused() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "hunter2\n").unwrap();
    let path = file.path().to_str().unwrap();
    let settings = [
        ("messages.smtp_host", Some("mail.example.com")),
        ("messages.smtp_from", Some("no-reply@example.com")),
        ("messages.smtp_user", Some("cognate")),
        ("messages.smtp_password_file", Some(path)),
    ];
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert_eq!(refused_names(&settings), ["messages.smtp_password_file"]);

    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
    let config = sources(&settings).config(Mode::Serve).accepted().unwrap_or_else(|refused| panic!("{refused}"));
    assert_eq!(config.carriers.smtp.unwrap().login.unwrap().1.as_str(), "hunter2");
}

#[test]
fn a_setting_of_serve_is_refused_in_dev_rather_than_ignored() {
    let layer = Layer::from([(
        "server.environment",
        Given { raw: Raw::Text("staging".into()), origin: "variable COGNATE__SERVER__ENVIRONMENT".into() },
    )]);
    let refusals = Sources { layer, refusals: Vec::new() }.config(Mode::Dev).refusals;
    assert_eq!(refusals[0].name, "server.environment");
}

const COGNITO: [(&str, Option<&str>); 4] = [
    ("server.faces", Some("auth-api")),
    ("auth_api.provider", Some("cognito")),
    ("auth_api.cognito.user_pool_id", Some("eu-central-1_Ex4mpl3")),
    ("auth_api.cognito.client_id", Some("1example23456789")),
];

#[test]
fn a_pool_elsewhere_needs_its_id_and_its_clients() {
    let config = sources(&COGNITO).config(Mode::Serve).accepted().unwrap_or_else(|refused| panic!("{refused}"));
    let Some(ProviderSettings::Cognito(cognito)) = config.auth_api.provider else { panic!("another provider") };
    assert_eq!(cognito.region, "eu-central-1");
    assert_eq!(cognito.endpoint.as_str(), "https://cognito-idp.eu-central-1.amazonaws.com/");
    assert_eq!(refused_names(&COGNITO[..2]), ["auth_api.cognito.user_pool_id", "auth_api.cognito.client_id"]);
}

#[test]
fn what_is_wrong_with_a_pool_elsewhere_is_refused_by_its_name() {
    for (name, value) in [
        ("auth_api.provider", "amazon"),
        ("auth_api.cognito.user_pool_id", "Ex4mpl3"),
        ("auth_api.cognito.client_id", "a client"),
        ("auth_api.cognito.endpoint", "http://cognito.example.com"),
        ("auth_api.cognito.endpoint", "https://cognito.example.com/idp"),
        ("auth_api.cognito.issuer", "cognito.example.com"),
        ("auth_api.cognito.region", "EU West"),
        ("auth_api.cognito.session_token", "without a key"),
        ("auth_api.client", "1example23456789"),
    ] {
        let mut changes = COGNITO.to_vec();
        changes.push((name, Some(value)));
        let refused = refused_names(&changes);
        assert!(refused.iter().any(|refused| refused == name), "{name} {value}: {refused:?}");
    }
    let key = ("auth_api.cognito.access_key_id", Some("AKIDEXAMPLE"));
    assert_eq!(refused_names(&[&COGNITO[..], &[key]].concat()), ["auth_api.cognito.secret_access_key"]);
    let secret = ("auth_api.cognito.secret_access_key", Some("an-example"));
    assert_eq!(refused_names(&[&COGNITO[..], &[secret]].concat()), ["auth_api.cognito.access_key_id"]);
    let plain = ("auth_api.cognito.endpoint", Some("http://moto:5000"));
    let allowed = ("auth_api.cognito.allow_http_endpoint", Some("true"));
    assert!(refused_names(&[&COGNITO[..], &[plain, allowed]].concat()).is_empty());
}

#[test]
fn with_a_pool_of_this_server_those_settings_mean_nothing() {
    assert_eq!(refused_names(&[COGNITO[2]]), ["auth_api.cognito.user_pool_id"]);
}
