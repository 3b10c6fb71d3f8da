//! `cognate serve` and `cognate check`

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use serde_json::json;
use tempfile::TempDir;

use crate::process::{Server, cognate, get, idp, refused, run, stdout};

pub(crate) const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
pub(crate) const OTHER_KEY: &str = "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=";

pub(crate) fn private(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}

/// A folder with `cognate.toml` and the master key it names.
pub(crate) fn configured(environment: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    private(&folder.path().join("master.key"), KEY);
    let at = folder.path().display();
    let text = format!(
        "[server]\nlisten = \"127.0.0.1:0\"\nadmin_listen = \"127.0.0.1:0\"\npublic_url = \"https://id.example.com\"\n\
         environment = \"{environment}\"\n[store]\ndata = \"{at}/data\"\n[keys]\nmaster_key_file = \"{at}/master.key\"\n"
    );
    fs::write(folder.path().join("cognate.toml"), text).unwrap();
    folder
}

pub(crate) fn config(folder: &TempDir) -> String {
    folder.path().join("cognate.toml").to_str().unwrap().to_owned()
}

/// The two addresses of the line that `serve` says first.
pub(crate) fn addresses(server: &Server) -> (String, String) {
    let words: Vec<_> = server.first_line.split([' ', ';', '\n']).filter(|word| word.starts_with("127.")).collect();
    (words[0].to_owned(), words[1].to_owned())
}

#[test]
fn nothing_is_refused_in_the_example_and_it_serves() {
    let folder = configured("production");
    let check = run(&["check", "--config", &config(&folder)]);
    assert!(check.status.success(), "{check:?}");
    assert!(stdout(&check).starts_with("Nothing to refuse"));
    assert!(!folder.path().join("data").exists(), "check makes nothing");

    let server = Server::start(&["serve", "--config", &config(&folder)]);
    let (public, admin) = addresses(&server);

    assert_eq!(get(&admin, "/health/ready").status, 200);
    assert!(get(&admin, "/metrics").body.contains("cognate_build"));
    assert_eq!(get(&public, "/health/ready").status, 404, "health is not public");
    assert_eq!(get(&public, "/metrics").status, 404, "figures are not public");
    for path in ["/dev/messages", "/dev/inbox"] {
        assert_eq!(get(&public, path).status, 404, "{path}");
    }
    let unsigned = idp(&public, "ListUserPools", &json!({ "MaxResults": 1 }));
    assert_eq!(unsigned.status, 400);
    assert_eq!(unsigned.json()["__type"], "MissingAuthenticationTokenException");
    assert!(server.terminate().success());

    let again = run(&["check", "--config", &config(&folder)]);
    assert_eq!(stdout(&again), "Nothing to refuse.\n");
}

#[test]
fn everything_unsafe_is_named_at_once_and_check_and_serve_agree() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cognate.toml");
    let open_key = folder.path().join("open.key");
    fs::write(&open_key, KEY).unwrap();
    fs::set_permissions(&open_key, fs::Permissions::from_mode(0o644)).unwrap();
    let text = format!(
        "[server]\npublic_url = \"http://id.example.com\"\nfaces = [\"aws\", \"gateway\"]\nlisten_on = \"x\"\n\
         [keys]\nmaster_key_file = \"{}\"\n[tls]\ncert = \"x\"\n\
         [messages]\nsms_webhook_url = \"http://sms.example.com\"\nsms_webhook_secret = \"short\"\n",
        open_key.display()
    );
    fs::write(&file, text).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    let names = [
        "server.public_url",
        "server.environment",
        "server.faces",
        "server.listen_on",
        "[tls]",
        "store.database",
        "open.key has mode 0644",
        "messages.sms_webhook_url",
    ];
    let file = file.to_str().unwrap();
    let by_check = refused(&["check", "--config", file], &names[..6]);
    let by_serve = refused(&["serve", "--config", file], &names[..6]);
    assert_eq!(by_check, by_serve);
    for name in ["mode 0644", "sms_webhook"] {
        assert!(by_check.contains(name), "{name} is not named in: {by_check}");
    }
}

#[test]
fn a_configuration_that_is_not_there_is_named() {
    refused(&["serve", "--config", "/nowhere/cognate.toml"], &["/nowhere/cognate.toml"]);
}

#[test]
fn the_master_key_may_come_from_the_environment_or_a_command() {
    for (name, value) in [
        ("COGNATE__KEYS__MASTER_KEY", KEY.to_owned()),
        ("COGNATE__KEYS__MASTER_KEY_COMMAND", format!("printf %s {KEY}")),
    ] {
        let folder = configured("production");
        let text = fs::read_to_string(config(&folder)).unwrap();
        let lines: Vec<_> = text.lines().filter(|line| !line.starts_with("master_key")).collect();
        fs::write(config(&folder), lines.join("\n")).unwrap();
        refused(&["check", "--config", &config(&folder)], &["keys.master_key"]);

        let server = Server::spawn(cognate(&["serve", "--config", &config(&folder)]).env(name, value));
        assert!(server.terminate().success(), "{name}");
    }
}
