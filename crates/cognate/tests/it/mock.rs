//! `cognate dev` with the mock.

use std::path::Path;

use serde_json::{Value, json};

use crate::process::{Answer, Server, get, refused, request};

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/examples/mock.toml");

fn start(data: &Path) -> Server {
    let data = data.to_str().unwrap();
    let mock = ["--auth-api-provider", "mock", "--auth-api-mock-file", EXAMPLE];
    Server::start(&[&["dev", "--json", "--listen", "127.0.0.1:0", "--data", data][..], &mock].concat())
}

fn post(address: &str, path: &str, body: &Value) -> Answer {
    request(address, &format!("POST {path} HTTP/1.1\nContent-Type: application/json"), &body.to_string())
}

fn sign_in(address: &str, email: &str) -> Answer {
    post(address, "/v1/auth/sign-in", &json!({ "identifier": email, "password": "Correct-Horse-9" }))
}

#[test]
fn a_file_signs_people_in_and_a_reset_begins_it_anew() {
    let folder = tempfile::tempdir().unwrap();
    let server = start(folder.path());
    let address = server.address();
    let issuer = format!("http://{address}/dev/mock");
    assert_eq!(server.json()["mockIssuer"], issuer);
    let document = get(&address, "/dev/mock/.well-known/openid-configuration").json();
    assert_eq!(document["issuer"], issuer);
    assert_eq!(document["id_token_signing_alg_values_supported"], json!(["RS256"]));
    let keys = get(&address, "/dev/mock/.well-known/jwks.json").json();
    assert_eq!(keys["keys"][0]["kty"], "RSA");

    let session = sign_in(&address, "ann@example.com");
    assert_eq!((session.status, &session.json()["user"]["provider"]), (200, &json!("mock")), "{}", session.body);

    let account = json!({ "email": "eve@example.com", "password": "Correct-Horse-9" });
    assert_eq!(post(&address, "/v1/auth/sign-up", &account).status, 201);
    let told = get(&address, "/dev/messages?to=eve@example.com").json();
    let confirm = json!({ "identifier": "eve@example.com", "code": told[0]["code"] });
    assert_eq!(post(&address, "/v1/auth/sign-up/confirm", &confirm).status, 204);
    assert_eq!(sign_in(&address, "eve@example.com").status, 200);

    let again = request(&address, "POST /dev/reset HTTP/1.1", "");
    assert_eq!((again.status, &again.json()["mockIssuer"]), (200, &json!(issuer)), "{}", again.body);
    assert_eq!(sign_in(&address, "eve@example.com").status, 401);
    let refresh = json!({ "refreshToken": session.json()["refreshToken"] });
    assert_eq!(post(&address, "/v1/auth/token/refresh", &refresh).status, 401);
    assert_eq!(sign_in(&address, "ann@example.com").status, 200);
}

#[test]
fn a_later_start_finds_the_same_people() {
    let folder = tempfile::tempdir().unwrap();
    let sub = |server: &Server| sign_in(&server.address(), "ann@example.com").json()["user"]["sub"].clone();
    let first = start(folder.path());
    let ann = sub(&first);
    assert!(first.terminate().success());
    let second = start(folder.path());
    assert_eq!(sub(&second), ann);
}

#[test]
fn a_page_of_another_origin_may_not_use_the_mock() {
    let folder = tempfile::tempdir().unwrap();
    let server = start(folder.path());
    for line in ["PUT /dev/mock/faults", "POST /dev/mock/oauth2/token", "GET /dev/mock/faults"] {
        let head = format!("{line} HTTP/1.1\nOrigin: http://localhost:3000");
        assert_eq!(request(&server.address(), &head, "{\"faults\":[]}").status, 403, "{line}");
    }
}

#[test]
fn without_a_mock_there_is_nothing_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::dev(folder.path());
    for path in ["/dev/mock/faults", "/dev/mock/.well-known/jwks.json"] {
        assert_eq!(get(&server.address(), path).status, 404, "{path}");
    }
}

#[test]
fn the_banner_says_who_signs_people_in() {
    let mut server = Server::start(&[
        "dev",
        "--ephemeral",
        "--listen",
        "127.0.0.1:0",
        "--auth-api-provider",
        "mock",
        "--auth-api-mock-file",
        EXAMPLE,
    ]);
    server.signal("-TERM");
    server.wait();
    let banner = server.first_line.clone() + &server.rest();
    assert!(banner.contains("/v1, where a mock signs people in: http://"), "{banner}");
}

#[test]
fn a_file_that_does_not_fit_stops_the_start_with_its_lines() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("users.toml");
    let path = file.to_str().unwrap();
    let dev = ["dev", "--ephemeral", "--auth-api-provider", "mock", "--auth-api-mock-file", path];
    refused(&dev, &["auth_api.mock.file", path, "cannot be read"]);
    std::fs::write(&file, "[[users]]\nemail = \"ann\"\npassword = \"\"\n").unwrap();
    let names = ["auth_api.mock.file", path, "line 2: This is no e-mail address.", "line 3: A password is 1 to 256"];
    refused(&dev, &names);
    refused(&["dev", "--ephemeral", "--auth-api-provider", "mock"], &["auth_api.mock.file", "is missing"]);
}

#[test]
fn serve_refuses_the_mock_by_its_name() {
    refused(
        &["check", "--auth-api-provider", "mock", "--auth-api-mock-file", EXAMPLE],
        &["auth_api.provider", "cognate dev"],
    );
}
