//! `cognate dev`

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

use serde_json::json;

use crate::process::{Server, cognate, get, idp, refused, request};

#[test]
fn the_first_line_says_where_everything_is_and_all_of_it_answers() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::dev(folder.path());
    let first = server.json();
    let address = server.address();

    let keys: Vec<_> = first.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["endpoint", "region", "userPoolId", "clientId", "issuer", "jwksUri", "loginUrl", "inboxUrl"]);
    let pool = first["userPoolId"].as_str().unwrap();
    let endpoint = first["endpoint"].as_str().unwrap();
    assert!(pool.starts_with("us-east-1_"), "{pool}");
    assert_eq!(first["clientId"].as_str().unwrap().len(), 26);
    assert_eq!(first["issuer"], format!("{endpoint}/{pool}"));
    assert_eq!(first["jwksUri"], format!("{endpoint}/{pool}/.well-known/jwks.json"));
    assert_eq!(first["inboxUrl"], format!("{endpoint}/dev/messages"));

    let discovery = get(&address, &format!("/{pool}/.well-known/openid-configuration"));
    assert_eq!(discovery.json()["issuer"], first["issuer"]);
    assert!(discovery.head.contains("access-control-allow-origin: *"), "{}", discovery.head);
    let jwks = get(&address, &format!("/{pool}/.well-known/jwks.json"));
    assert_eq!(jwks.json()["keys"].as_array().unwrap().len(), 2);
    assert_eq!(get(&address, "/dev/messages").json(), json!([]));
    assert_eq!(get(&address, "/dev/inbox").status, 200);
    assert_eq!(get(&address, "/health/live").status, 200);
    assert_eq!(get(&address, "/health/ready").status, 200);
}

#[test]
fn sigterm_and_ctrl_c_end_it_with_success() {
    for signal in ["-TERM", "-INT"] {
        let mut server = Server::start(&["dev", "--ephemeral", "--json", "--listen", "127.0.0.1:0"]);
        server.signal(signal);
        assert_eq!(server.wait().code(), Some(0), "{signal}");
        assert_eq!(server.rest(), "", "the first line is the only one");
    }
}

#[test]
fn the_sample_is_found_again_at_a_later_start() {
    let folder = tempfile::tempdir().unwrap();
    let first = Server::dev(folder.path());
    let (pool, client) = (first.json()["userPoolId"].clone(), first.json()["clientId"].clone());
    assert!(first.terminate().success());

    let second = Server::dev(folder.path());
    assert_eq!(second.json()["userPoolId"], pool);
    assert_eq!(second.json()["clientId"], client);

    let key = std::fs::metadata(folder.path().join("master.key")).unwrap();
    assert_eq!(key.permissions().mode() & 0o777, 0o600);
}

#[test]
fn an_ephemeral_store_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = cognate(&["dev", "--ephemeral", "--json", "--listen", "127.0.0.1:0"]);
    let server = Server::spawn(command.env("TMPDIR", folder.path()).current_dir(folder.path()));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    assert!(server.terminate().success());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn without_json_a_banner_can_be_copied_from() {
    let mut server = Server::start(&["dev", "--ephemeral", "--listen", "127.0.0.1:0"]);
    server.signal("-TERM");
    server.wait();
    let banner = server.first_line.clone() + &server.rest();
    for part in ["boto3.client(", "aws cognito-idp", "Amplify.configure(", "/dev/inbox"] {
        assert!(banner.contains(part), "{part} is missing in: {banner}");
    }
}

#[test]
fn a_wrong_flag_stops_the_start_and_is_named() {
    let said = refused(&["dev", "--listn", "127.0.0.1:0"], &["--listn"]);
    assert!(said.contains("--listen"), "{said}");
    refused(&["dev", "--region", "EU West"], &["server.region", "flag --region"]);
    refused(&["dev", "--smtp-host", "x"], &["--smtp-host"]);
}

#[test]
fn a_variable_is_a_setting_and_an_unknown_one_is_refused() {
    let mut command = cognate(&["dev", "--ephemeral", "--json", "--listen", "127.0.0.1:0"]);
    let server = Server::spawn(command.env("COGNATE__SERVER__REGION", "eu-central-1"));
    assert_eq!(server.json()["region"], "eu-central-1");

    let output = cognate(&["dev", "--ephemeral"]).env("COGNATE__SERVER__REGON", "eu-central-1").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("COGNATE__SERVER__REGON"));
}

#[test]
fn an_address_that_others_can_reach_needs_expose() {
    refused(&["dev", "--ephemeral", "--listen", "0.0.0.0:0"], &["server.listen", "--expose"]);
    let server = Server::start(&["dev", "--ephemeral", "--json", "--expose", "--listen", "0.0.0.0:0"]);
    assert!(server.address().starts_with("127.0.0.1:"));
}

#[test]
fn an_unknown_host_is_refused_on_every_path() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::dev(folder.path());
    let address = server.address();
    for path in ["/health/live", "/dev/messages", "/us-east-1_x/.well-known/jwks.json"] {
        let answer = request(&address, &format!("GET {path} HTTP/1.1\nHost: rebound.example"), "");
        assert_eq!(answer.status, 421, "{path}");
        assert!(answer.json()["message"].as_str().unwrap().contains("--public-url"));
    }
    let answer = request(&address, "GET /health/live HTTP/1.1\nHost: dev.auth.localhost:9229", "");
    assert_eq!(answer.status, 200);
}

#[test]
fn a_page_of_another_origin_may_not_use_dev() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::dev(folder.path());
    let address = server.address();
    for line in ["GET /dev/messages", "DELETE /dev/messages", "POST /dev/reset", "OPTIONS /dev/messages"] {
        let answer = request(&address, &format!("{line} HTTP/1.1\nOrigin: http://localhost:3000"), "");
        assert_eq!(answer.status, 403, "{line}");
        assert!(!answer.head.contains("access-control-"), "{}", answer.head);
    }
    let own = request(&address, &format!("DELETE /dev/messages HTTP/1.1\nOrigin: http://{address}"), "");
    assert_eq!(own.status, 204);
    assert!(!own.head.contains("access-control-"), "{}", own.head);
}

#[test]
fn a_code_arrives_in_the_inbox_and_on_its_page() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::dev(folder.path());
    let address = server.address();
    let sign_up = |name: &str| {
        let input = json!({
            "ClientId": server.json()["clientId"],
            "Username": name,
            "Password": "Correct-horse-7",
            "UserAttributes": [{ "Name": "email", "Value": format!("{name}+test@example.com") }],
        });
        let answer = idp(&address, "SignUp", &input);
        assert_eq!(answer.status, 200, "{}", answer.body);
    };
    sign_up("ann");
    sign_up("bob");

    let all = get(&address, "/dev/messages").json();
    let to: Vec<_> = all.as_array().unwrap().iter().map(|message| message["to"].as_str().unwrap()).collect();
    assert_eq!(to, ["bob+test@example.com", "ann+test@example.com"], "newest first");

    let anns = get(&address, "/dev/messages?to=ann+test@example.com&channel=email").json();
    assert_eq!(anns.as_array().unwrap().len(), 1, "an unencoded plus is a plus");
    let message = &anns[0];
    let keys: Vec<_> = message.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["id", "channel", "to", "from", "subject", "body", "code", "trigger", "createdAt"]);
    let code = message["code"].as_str().unwrap();
    assert!(message["body"].as_str().unwrap().contains(code));
    assert!(message["createdAt"].as_str().unwrap().ends_with('Z'));
    assert_eq!(get(&address, "/dev/messages?channel=sms").json(), json!([]));
    assert_eq!(get(&address, "/dev/messages?channel=fax").status, 400);

    let page = get(&address, "/dev/inbox");
    assert!(page.body.contains(code) && page.body.contains("ann+test@example.com"), "{}", page.body);
    assert!(page.head.contains("content-security-policy: default-src 'none'"), "{}", page.head);

    assert_eq!(request(&address, "DELETE /dev/messages HTTP/1.1", "").status, 204);
    assert_eq!(get(&address, "/dev/messages").json(), json!([]));
}

#[test]
fn what_is_in_flight_is_answered_before_the_end_and_an_idle_connection_does_not_delay_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::dev(folder.path());
    let address = server.address();
    let idle = TcpStream::connect(&address).unwrap();
    let mut stream = TcpStream::connect(&address).unwrap();
    let body = r#"{"MaxResults":10}"#;
    let head = format!(
        "POST / HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/x-amz-json-1.1\r\n\
         X-Amz-Target: AWSCognitoIdentityProviderService.ListUserPools\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(format!("{head}{}", &body[..5]).as_bytes()).unwrap();
    std::thread::sleep(Duration::from_millis(200)); // the head must have been read

    server.signal("-TERM");
    std::thread::sleep(Duration::from_millis(300));
    assert!(TcpStream::connect(&address).is_err(), "nobody new is let in");
    stream.write_all(&body.as_bytes()[5..]).unwrap();

    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert_eq!(server.wait().code(), Some(0));
    drop(idle);
}

#[test]
fn an_unknown_pool_has_no_documents() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::dev(folder.path());
    for document in ["openid-configuration", "jwks.json"] {
        let answer = get(&server.address(), &format!("/us-east-1_Nowhere00/.well-known/{document}"));
        assert_eq!(answer.status, 404);
        assert!(answer.json()["message"].is_string());
        assert!(answer.head.contains("access-control-allow-origin: *"));
    }
}

#[test]
fn a_body_that_is_too_long_is_answered_in_the_language_of_aws() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::dev(folder.path());
    let answer = idp(&server.address(), "ListUserPools", &json!({ "NextToken": "x".repeat(3 * 1024 * 1024) }));
    assert_eq!(answer.status, 413, "{}", answer.body);
    assert_eq!(answer.json()["__type"], "RequestEntityTooLargeException");
    assert!(answer.head.contains("x-amzn-requestid:"), "{}", answer.head);
}

#[test]
fn requests_are_counted_by_operation_and_outcome() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::dev(folder.path());
    let address = server.address();
    idp(&address, "ListUserPools", &json!({ "MaxResults": 10 }));
    idp(&address, "DescribeUserPool", &json!({ "UserPoolId": "us-east-1_Nowhere00" }));
    idp(&address, "Hostile\\\"Name", &json!({}));
    get(&address, "/domains/dev/login");
    get(&address, "/domains/dev/hostile");

    let figures = get(&address, "/metrics").body;

    assert!(figures.contains("cognate_requests_total{operation=\"ListUserPools\",outcome=\"ok\"} 1"), "{figures}");
    let refused = "cognate_requests_total{operation=\"DescribeUserPool\",outcome=\"ResourceNotFoundException\"} 1";
    assert!(figures.contains(refused), "{figures}");
    assert!(figures.contains("cognate_login_requests_total{path=\"/login\",status=\"302\"} 1"), "{figures}");
    assert!(figures.contains("cognate_login_requests_total{path=\"other\",status=\"404\"} 1"), "{figures}");
    assert!(!figures.contains("hostile"), "{figures}");
    assert!(figures.contains("operation=\"unknown\"") && !figures.contains("Hostile"), "{figures}");
}
