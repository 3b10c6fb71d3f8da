//! Lines that must not pass, and what a CSV says.

use serde_json::{Value, json};

use super::csv::{Columns, check_pool, header};
use super::{Course, Line};
use crate::Timestamp;
use crate::pool::{Pool, PoolConfig};

mod edges;

const POOL: &str = "us-east-1_Ab12Cd34E";
const ANN: &str = "00000000-0000-4000-8000-00000000000a";
const BOB: &str = "00000000-0000-4000-8000-00000000000b";

fn pool(settings: &Value) -> Pool {
    let mut request = json!({ "PoolName": "people", "AutoVerifiedAttributes": ["email"] });
    for (name, value) in settings.as_object().unwrap() {
        request[name] = value.clone();
    }
    Pool {
        id: POOL.to_owned(),
        region: "us-east-1".to_owned(),
        account: "123456789012".to_owned(),
        version: 1,
        created_at: Timestamp(0),
        modified_at: Timestamp(0),
        veil_key: [0; 32],
        config: PoolConfig::create(serde_json::from_value(request).unwrap()).unwrap(),
    }
}

/// A whole file of each kind of line.
fn lines() -> Vec<Value> {
    let config = serde_json::to_value(pool(&json!({})).config).unwrap();
    let key = |kid: &str, token_use: &str| json!({ "signingKey": { "kid": kid, "tokenUse": token_use, "privateKey": "AAAA", "createdAt": 1 } });
    let user = |id: &str, name: &str| {
        json!({ "user": { "id": id, "username": name, "status": "CONFIRMED", "enabled": true, "attributes": { "name": "A" },
            "groups": [{ "group": "staff", "addedAt": 1 }], "createdAt": 1, "modifiedAt": 1 } })
    };
    vec![
        json!({ "header": { "format": "cognate-export", "version": 1, "id": "0".repeat(32), "key": "0".repeat(16),
            "poolId": POOL, "region": "us-east-1", "account": "123456789012", "createdAt": 1 } }),
        json!({ "pool": { "config": config, "veilKey": "AAAA", "createdAt": 1, "modifiedAt": 1 } }),
        key("a", "access"),
        key("b", "id"),
        json!({ "client": { "id": "c1", "config": { "ClientName": "app", "RefreshTokenValidity": 30 },
            "createdAt": 1, "modifiedAt": 1 } }),
        json!({ "resourceServer": { "identifier": "https://api", "name": "api",
            "scopes": [{ "ScopeName": "read", "ScopeDescription": "reads" }] } }),
        json!({ "group": { "name": "staff", "id": "g1", "createdAt": 1, "modifiedAt": 1 } }),
        json!({ "domain": { "domain": "people", "config": { "managed_login_version": 1 }, "createdAt": 1, "modifiedAt": 1 } }),
        user(ANN, "ann"),
        user(BOB, "bob"),
        json!({ "footer": { "signingKeys": 2, "clients": 1, "resourceServers": 1, "groups": 1, "domains": 1, "users": 2 } }),
    ]
}

/// The first line that is refused, counted from 0, and why.
fn refusal(lines: &[Value]) -> Option<(usize, String)> {
    let mut course = Course::default();
    lines.iter().enumerate().find_map(|(at, line)| {
        let line: Result<Line, _> = serde_json::from_value(line.clone());
        let refused = match line {
            Ok(line) => course.accept(&line).err(),
            Err(error) => Some(error.to_string()),
        };
        refused.map(|reason| (at, reason))
    })
}

#[test]
fn a_whole_file_passes() {
    assert_eq!(refusal(&lines()), None);
}

#[test]
fn a_line_out_of_its_place_is_refused() {
    for (from, to) in [(0, 1), (1, 2), (2, 3), (4, 8), (6, 8), (8, 9), (9, 10)] {
        let mut moved = lines();
        moved.swap(from, to);
        assert!(refusal(&moved).is_some(), "{from} and {to} changed places");
    }
    for at in 0..lines().len() {
        let mut doubled = lines();
        doubled.insert(at, doubled[at].clone());
        assert_eq!(refusal(&doubled).map(|(line, _)| line), Some(at + 1), "line {at} twice");
    }
    for at in 0..lines().len() - 1 {
        let mut shorter = lines();
        shorter.remove(at);
        assert!(refusal(&shorter).is_some(), "without line {at}");
    }
}

#[test]
fn what_a_call_could_not_bring_a_line_cannot_either() {
    let long = "x".repeat(2049);
    for (at, pointer, value) in [
        (0, "/header/poolId", json!("eu-west-1_Ab12Cd34E")),
        (0, "/header/poolId", json!("us-east-1_")),
        (0, "/header/poolId", json!("us-east-1_a/b")),
        (0, "/header/account", json!("12345678901x")),
        (0, "/header/version", json!(2)),
        (0, "/header/format", json!("other")),
        (0, "/header/id", json!("0")),
        (0, "/header/createdAt", json!(-1)),
        (1, "/pool/config/described/Name", json!(7)),
        (1, "/pool/config/described/SmsVerificationMessage", json!("no code")),
        (1, "/pool/config/schema", json!([])),
        (1, "/pool/modifiedAt", json!(i64::MAX)),
        (2, "/signingKey/tokenUse", json!("both")),
        (2, "/signingKey/privateKey", json!("not base64")),
        (4, "/client/config/ClientName", json!("")),
        (4, "/client/config/RefreshTokenValidity", json!(99_999)),
        (4, "/client/id", json!("white space")),
        (5, "/resourceServer/name", json!("")),
        (5, "/resourceServer/scopes/0/ScopeName", json!("a b")),
        (6, "/group/name", json!("white space")),
        (6, "/group/id", json!("")),
        (7, "/domain/domain", json!("-")),
        (7, "/domain/domain", json!("cognito-people")),
        (7, "/domain/config", json!({ "managed_login_version": 9 })),
        (8, "/user/id", json!("ann")),
        (8, "/user/id", json!("00000000-0000-4000-8000-00000000000A")),
        (8, "/user/username", json!("")),
        (8, "/user/username", json!("white space")),
        (8, "/user/username", json!("x".repeat(129))),
        (8, "/user/status", json!("DEAD")),
        (8, "/user/attributes", json!({ "sub": "x" })),
        (8, "/user/attributes", json!({ "custom:unknown": "x" })),
        (8, "/user/attributes", json!({ "name": long })),
        (8, "/user/attributes", json!({ "name": "a\0b" })),
        (8, "/user/attributes", json!({ "email_verified": "yes" })),
        (8, "/user/groups", json!([{ "group": "nobody", "addedAt": 1 }])),
        (8, "/user/groups", json!([{ "group": "staff", "addedAt": 1 }, { "group": "staff", "addedAt": 1 }])),
        (8, "/user/pending", json!([{ "attribute": "email", "value": "none", "askedAt": 1 }])),
        (8, "/user/pending", json!([{ "attribute": "name", "value": "a@b.example", "askedAt": 1 }])),
        (8, "/user/password", json!({ "salt": "AAAA", "verifier": "AAAA" })),
        (8, "/user/sessions", json!([])),
        (10, "/footer/users", json!(3)),
    ] {
        let mut changed = lines();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        match changed[at].pointer_mut(parent).unwrap() {
            Value::Object(members) => drop(members.insert(name.to_owned(), value.clone())),
            Value::Array(items) => items[name.parse::<usize>().unwrap()] = value.clone(),
            _ => panic!("{pointer}"),
        }
        assert_eq!(refusal(&changed).map(|(line, _)| line), Some(at), "{pointer} = {value}");
    }
}

#[test]
fn a_pool_that_no_key_signs_for_is_refused() {
    for (at, retired) in [(2, "access"), (3, "id")] {
        let mut changed = lines();
        changed[at]["signingKey"]["retiredAt"] = json!(5);
        let (line, reason) = refusal(&changed).unwrap();
        assert_eq!((line, reason.as_str()), (10, "the pool has no key that signs"), "{retired}");
    }
}

#[test]
fn where_a_contact_is_the_name_the_username_is_the_id() {
    let config = serde_json::to_value(pool(&json!({ "UsernameAttributes": ["email"] })).config).unwrap();
    let mut changed = lines();
    changed[1]["pool"]["config"] = config;
    assert_eq!(refusal(&changed).map(|(line, _)| line), Some(8));
    changed[8]["user"]["username"] = json!(ANN);
    changed[9]["user"]["username"] = json!(BOB);
    assert_eq!(refusal(&changed), None);
}

const STANDARD: &str = "name,given_name,family_name,middle_name,nickname,preferred_username,profile,picture,website,\
    email,email_verified,gender,birthdate,zoneinfo,locale,phone_number,phone_number_verified,address,updated_at";

/// A row with these columns filled and the others empty.
fn row(columns: &[String], values: &[(&str, &str)]) -> String {
    let value = |column: &String| values.iter().rev().find(|(name, _)| name == column).map_or("", |(_, value)| value);
    columns.iter().map(value).collect::<Vec<_>>().join(",")
}

const GOOD: [(&str, &str); 4] = [
    ("cognito:username", "ann"),
    ("cognito:mfa_enabled", "false"),
    ("email", "ann@example.com"),
    ("email_verified", "TRUE"),
];

/// What becomes of a row with `GOOD` and these values.
fn judged(pool: &Pool, values: &[(&str, &str)]) -> Result<(String, Vec<(String, String)>), String> {
    let columns = header(&pool.config.schema);
    let read = Columns::read(columns.join(",").as_bytes(), &pool.config.schema).unwrap();
    let row = row(&columns, &[&GOOD[..], values].concat());
    let user = read.row(row.as_bytes(), pool)?;
    Ok((user.name, user.attributes.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()))
}

#[test]
fn the_header_is_that_of_the_pool_in_any_order() {
    let custom = json!({ "Schema": [{ "Name": "rank", "AttributeDataType": "Number" }] });
    let schema = pool(&custom).config.schema;
    let usual = format!("{STANDARD},custom:rank,cognito:mfa_enabled,cognito:username");
    assert_eq!(header(&schema).join(","), usual);

    let mut turned: Vec<_> = usual.split(',').collect();
    turned.reverse();
    Columns::read(turned.join(" , ").as_bytes(), &schema).unwrap();
    for (wrong, why) in [
        (format!("\u{feff}{usual}"), "a byte order mark"),
        (usual.replace(",email,", ","), "the column email is missing"),
        (format!("{usual},shoe_size"), "\"shoe_size\" is none of this pool's"),
        (format!("{usual},email"), "a column stands there twice"),
        (String::new(), "an empty line"),
    ] {
        let said = Columns::read(wrong.as_bytes(), &schema).unwrap_err();
        assert!(said.contains(why), "{said}");
    }
    assert_eq!(Columns::read(b"\xff,\xfe", &schema).unwrap_err(), "this is no UTF-8");
}

#[test]
fn values_are_trimmed_and_a_comma_has_a_backslash() {
    let (name, attributes) =
        judged(&pool(&json!({})), &[("cognito:username", " ann\t"), ("address", " 1 Main St\\, Town\\x ")]).unwrap();
    assert_eq!(name, "ann");
    let expected = [("email", "ann@example.com"), ("email_verified", "true"), ("address", "1 Main St, Town\\x")];
    assert_eq!(attributes, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
}

#[test]
fn a_row_that_breaks_a_rule_is_refused() {
    let plain = pool(&json!({}));
    let long = "x".repeat(16_000);
    let required = pool(&json!({ "Schema": [{ "Name": "name", "Required": true }] }));
    let aliased = pool(&json!({ "AliasAttributes": ["email"] }));
    let mfa = pool(&json!({ "MfaConfiguration": "OFF" }));
    for (pool, values, why) in [
        (&plain, vec![("cognito:username", "")], "cognito:username is empty"),
        (&plain, vec![("cognito:username", "an n")], "white space"),
        (&plain, vec![("cognito:mfa_enabled", "")], "cognito:mfa_enabled is neither true nor false"),
        (&mfa, vec![("cognito:mfa_enabled", "true")], "must be false"),
        (&plain, vec![("email_verified", "false")], "none of the attributes"),
        (&plain, vec![("email_verified", "")], "none of the attributes"),
        (&plain, vec![("email", "")], "email_verified is true and email is empty"),
        (&plain, vec![("phone_number_verified", "true")], "phone_number_verified is true and phone_number is empty"),
        (&plain, vec![("email_verified", "1")], "email_verified is neither true nor false"),
        (&plain, vec![("email", "nobody")], "email"),
        (&plain, vec![("phone_number", "12")], "phone number"),
        (&plain, vec![("birthdate", "1990-01-31")], "birthdate is not mm/dd/yyyy"),
        (&plain, vec![("birthdate", "02/30/1990")], "birthdate is not mm/dd/yyyy"),
        (&plain, vec![("birthdate", "1/31/1990")], "birthdate is not mm/dd/yyyy"),
        (&plain, vec![("updated_at", "yesterday")], "updated_at"),
        (&plain, vec![("name", "\"Ann\"")], "quotes are not allowed"),
        (&plain, vec![("name", "a\u{1}b")], "a control character"),
        (&plain, vec![("address", "a, b")], "22 values where the header has 21 columns"),
        (&plain, vec![("name", long.as_str())], "more than 16000 characters"),
        (&required, vec![], "the required attribute name is empty"),
        (&aliased, vec![("cognito:username", "a@b.example")], "email format"),
    ] {
        let said = judged(pool, &values).unwrap_err();
        assert!(said.contains(why), "{values:?}: {said}");
        assert!(!said.contains("ann@example.com"), "values are people's: {said}");
    }
    judged(&plain, &[("birthdate", "02/29/1992"), ("updated_at", "1471453471")]).unwrap();
    let no_auto = pool(&json!({ "AutoVerifiedAttributes": [] }));
    check_pool(&no_auto).unwrap_err();
    check_pool(&plain).unwrap();
}

#[test]
fn where_a_contact_is_the_name_it_fills_the_attribute() {
    let pool = pool(&json!({ "UsernameAttributes": ["email"] }));
    let (name, attributes) = judged(&pool, &[("cognito:username", "ann@example.com"), ("email", "")]).unwrap();
    assert_eq!(name, "ann@example.com");
    assert!(attributes.contains(&("email".to_owned(), "ann@example.com".to_owned())));
    let said = judged(&pool, &[("cognito:username", "bob@example.com")]).unwrap_err();
    assert_eq!(said, "cognito:username and email differ");
}
