//! `cognate auth-api admins`

use cognate_testkit::{TestDb, both_engines};
use serde_json::{Value, json};

use crate::process::{Answer, Server, idp, refused, request, run, stderr, stdout};
use crate::serve::{config, configured};

fn post(address: &str, path: &str, body: &Value) -> Answer {
    request(address, &format!("POST {path} HTTP/1.1\nContent-Type: application/json"), &body.to_string())
}

fn get(address: &str, path: &str, token: &str) -> Answer {
    request(address, &format!("GET {path} HTTP/1.1\nAuthorization: Bearer {token}"), "")
}

both_engines! {
    async fn an_administrator_is_named_while_the_server_runs(db: TestDb) {
        let data = tempfile::tempdir().unwrap();
        let folder = data.path().to_str().unwrap();
        let place = ["--data", folder, "--database", &db.url];
        let server = Server::start(&[&["dev", "--json", "--listen", "127.0.0.1:0"][..], &place].concat());
        let address = server.address();
        let admins = |arguments: &[&str]| run(&[&["auth-api", "admins"][..], arguments, &place].concat());

        let person = json!({
            "UserPoolId": server.json()["userPoolId"], "Username": "ann", "TemporaryPassword": "Correct-Horse-9", "MessageAction": "SUPPRESS",
        });
        let made = idp(&address, "AdminCreateUser", &person);
        assert_eq!(made.status, 200, "{}", made.body);
        let password = json!({
            "UserPoolId": server.json()["userPoolId"], "Username": "ann", "Password": "Correct-Horse-9", "Permanent": true,
        });
        assert_eq!(idp(&address, "AdminSetUserPassword", &password).status, 200);
        let body = json!({ "identifier": "ann", "password": "Correct-Horse-9" });
        let session = post(&address, "/v1/auth/sign-in", &body).json();
        let (sub, token) = (session["user"]["sub"].as_str().unwrap(), session["accessToken"].as_str().unwrap());
        assert_eq!(get(&address, "/v1/admin/audit", token).status, 403, "nobody is one by default");

        let added = admins(&["add", "--sub", sub]);
        assert!(added.status.success(), "{}", stderr(&added));
        assert!(stdout(&added).starts_with(&format!("{sub} is an administrator: subject ")), "{}", stdout(&added));
        let log = get(&address, "/v1/admin/audit", token).json();
        let entry = &log["items"][0];
        assert_eq!(
            (&entry["actor"], &entry["action"], &entry["details"]),
            (&json!("operator"), &json!("subject.assign_role"), &json!({ "to": "platform_admin" })),
        );
        assert!(stdout(&admins(&["add", "--sub", sub])).contains("before"));

        let last = admins(&["remove", "--sub", sub]);
        assert_eq!(last.status.code(), Some(1));
        assert!(stderr(&last).contains("the last administrator"), "{}", stderr(&last));
        let machine = admins(&["add", "--sub", "a-client", "--kind", "machine"]);
        assert!(machine.status.success(), "{}", stderr(&machine));
        let listed: Value = serde_json::from_str(&stdout(&admins(&["list", "--json"]))).unwrap();
        let mut kinds: Vec<_> = listed.as_array().unwrap().iter().map(|admin| (&admin["sub"], &admin["kind"])).collect();
        kinds.sort_by_key(|admin| admin.1.to_string());
        assert_eq!(kinds, [(&json!("a-client"), &json!("machine")), (&json!(sub), &json!("user"))]);
        assert!(stdout(&admins(&["list"])).contains(sub));

        assert!(stdout(&admins(&["remove", "--sub", sub])).contains("no longer"));
        assert_eq!(get(&address, "/v1/admin/audit", token).status, 403, "at once");
        let again = admins(&["remove", "--sub", sub]);
        assert_eq!((again.status.code(), stderr(&again).contains("is no administrator")), (Some(1), true));
        assert!(server.terminate().success());
    }
}

#[test]
fn the_first_administrator_is_named_before_the_server_has_run() {
    let folder = configured("production");
    let place = config(&folder);
    let added = run(&["auth-api", "admins", "add", "--sub", "somebody", "--known-by", "cognito", "--config", &place]);
    assert!(added.status.success(), "{}", stderr(&added));
    let listed = stdout(&run(&["auth-api", "admins", "list", "--json", "--config", &place]));
    let listed: Value = serde_json::from_str(&listed).unwrap();
    assert_eq!((&listed[0]["provider"], &listed[0]["state"]), (&json!("cognito"), &json!("active")));
}

#[test]
fn a_name_that_is_none_is_refused() {
    let folder = configured("production");
    let place = config(&folder);
    refused(&["auth-api", "admins", "add", "--sub", "", "--config", &place], &["sub", "1 to 255 characters"]);
    for wrong in [["--known-by", "mock"], ["--kind", "device"]] {
        let output = run(&[&["auth-api", "admins", "add", "--sub", "x", "--config", &place][..], &wrong].concat());
        assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    }
}
