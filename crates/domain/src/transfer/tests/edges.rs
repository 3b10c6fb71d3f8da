//! How far each rule of the lines and of the CSV reaches: the last value that passes, and the first that does not.

use serde_json::{Value, json};

use super::super::csv::{Columns, LARGEST_FILE, LONGEST_ROW, header};
use super::super::{Course, LONGEST_LINE, Line};
use super::{ANN, BOB, POOL, judged, lines, pool, refusal};

/// A whole file with one value changed or added.
fn changed(at: usize, pointer: &str, value: &Value) -> Vec<Value> {
    let mut lines = lines();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    lines[at].pointer_mut(parent).unwrap()[name] = value.clone();
    lines
}

/// Holds of each value: it passes if there is no sentence, and is refused with it in its own line otherwise.
fn holds(at: usize, pointer: &str, cases: &[(Value, Option<&str>)]) {
    for (value, expected) in cases {
        let found = refusal(&changed(at, pointer, value));
        let expected = expected.map(|sentence| (at, sentence.to_owned()));
        assert_eq!(found, expected, "{pointer} = {value}");
    }
}

#[test]
fn limits_are_those_that_the_guide_names() {
    assert_eq!((LONGEST_LINE, LARGEST_FILE, LONGEST_ROW), (4_194_304, 104_857_600, 16_000));
}

#[test]
fn a_header_says_what_the_file_is_and_whose() {
    let (none, unreadable) = (Some("the pool's id is none"), Some("the file's id or its key's is not readable"));
    let account = Some("the account is not twelve digits");
    holds(0, "/header/format", &[(json!("other"), Some("this is no export of Cognate's"))]);
    holds(0, "/header/version", &[(json!(2), Some("the file is of version 2, this program knows 1"))]);
    for (member, length) in [("/header/id", 32), ("/header/key", 16)] {
        holds(
            0,
            member,
            &[
                (json!("0123456789abcdef".repeat(length / 16)), None),
                (json!("0".repeat(length - 1)), unreadable),
                (json!("0".repeat(length + 1)), unreadable),
                (json!("F".repeat(length)), unreadable),
                (json!("g".repeat(length)), unreadable),
            ],
        );
    }
    holds(
        0,
        "/header/account",
        &[(json!("12345678901"), account), (json!("1234567890123"), account), (json!("12345678901x"), account)],
    );
    holds(
        0,
        "/header/createdAt",
        &[
            (json!(0), None),
            (json!(253_402_300_799_999_i64), None),
            (json!(253_402_300_800_000_i64), Some("a time lies outside the years 1970 to 9999")),
            (json!(-1), Some("a time lies outside the years 1970 to 9999")),
        ],
    );
    for (region, id, sound) in [
        ("eu-central-2", "eu-central-2_Ab12Cd34E", true),
        ("eu-central-2", "us-east-1_Ab12Cd34E", false),
        ("us-east-1", "us-east-1-Ab12Cd34E", false),
        ("us-east-1", "us-east-1_", false),
        ("us-east-1", "us-east-1_a-b", false),
        ("us east", "us east_Ab12Cd34E", false),
        ("", "_Ab12Cd34E", false),
        (&"a".repeat(45), &format!("{}_Ab12Cd34E", "a".repeat(45)), true),
        (&"a".repeat(46), &format!("{}_Ab12Cd34E", "a".repeat(46)), false),
    ] {
        let mut lines = lines();
        lines[0]["header"]["region"] = json!(region);
        lines[0]["header"]["poolId"] = json!(id);
        let expected = none.filter(|_| !sound).map(|sentence| (0, sentence.to_owned()));
        assert_eq!(refusal(&lines), expected, "{region:?} {id:?}");
    }
}

#[test]
fn a_schema_has_every_standard_attribute_and_each_once() {
    let standard = lines()[1]["pool"]["config"]["schema"].as_array().unwrap().clone();
    let custom =
        |n: usize| json!({ "name": format!("custom:{n}"), "kind": "Boolean", "mutable": true, "required": false });
    let with = |count: usize| Value::Array([standard.clone(), (0..count).map(custom).collect()].concat());
    let (twice, lacking) = ("the schema has an attribute twice, or too many", "the schema lacks a standard attribute");
    holds(
        1,
        "/pool/config/schema",
        &[
            (with(128 - 21), None),
            (with(129 - 21), Some(twice)),
            (Value::Array([&standard[..], &[custom(1), custom(1)]].concat()), Some(twice)),
            (Value::Array(standard[1..].to_vec()), Some(lacking)),
            (json!([]), Some(lacking)),
        ],
    );
}

#[test]
fn ids_of_secrets_and_groups_are_readable_and_not_too_many() {
    let secret = |id: &str| json!({ "id": id, "secret": "AAAA", "createdAt": 1 });
    let secrets = |count: usize| Value::Array((0..count).map(|n| secret(&n.to_string())).collect());
    let unreadable = Some("the ids of the client's secrets are not readable");
    holds(
        4,
        "/client/addedSecrets",
        &[
            (json!([secret(&"x".repeat(256))]), None),
            (json!([secret(&"x".repeat(257))]), unreadable),
            (json!([secret("")]), unreadable),
            (json!([secret("a"), secret("a")]), unreadable),
            (secrets(8), None),
            (secrets(9), Some("the client has more secrets than a client can")),
        ],
    );

    let unreadable = Some("the group's id is not readable");
    holds(
        6,
        "/group/id",
        &[
            (json!("x".repeat(128)), None),
            (json!("x".repeat(129)), unreadable),
            (json!(""), unreadable),
            (json!("a b"), unreadable),
        ],
    );
    let mut doubled = lines();
    let mut other = doubled[6].clone();
    other["group"]["name"] = json!("team");
    doubled.insert(7, other);
    assert_eq!(refusal(&doubled), Some((7, "two groups have the same id".to_owned())));
}

#[test]
fn a_user_is_one_that_the_pool_could_have() {
    let name = Some("the username is none that a user can have");
    holds(
        8,
        "/user/username",
        &[
            (json!("x".repeat(128)), None),
            (json!("é".repeat(128)), None),
            (json!("x".repeat(129)), name),
            (json!(""), name),
            (json!("a b"), name),
            (json!("a\u{1}b"), name),
        ],
    );
    let flag = |name: &str| format!("the attribute {name:?} is neither true nor false");
    let long = Some("the attribute \"name\" is too long, or has a NUL character");
    holds(
        8,
        "/user/attributes",
        &[
            (json!({ "name": "é".repeat(2048) }), None),
            (json!({ "name": "x".repeat(2049) }), long),
            (json!({ "name": "a\0b" }), long),
            (json!({ "sub": "x" }), Some("the attribute \"sub\" is not in the pool's schema")),
            (json!({ "custom:x": "x" }), Some("the attribute \"custom:x\" is not in the pool's schema")),
            (json!({ "email_verified": "true", "phone_number_verified": "false" }), None),
            (json!({ "email_verified": "yes" }), Some(&flag("email_verified"))),
            (json!({ "phone_number_verified": "" }), Some(&flag("phone_number_verified"))),
        ],
    );
    let password = |salt: &str| json!({ "salt": salt, "verifier": "AAAA", "expiresAt": 1 });
    holds(
        8,
        "/user/password",
        &[
            (password("AAAAAAAAAAAAAAAAAAAAAA=="), None),
            (password("AAAA"), Some("the salt is not 16 bytes")),
            (password("AAAAAAAAAAAAAAAAAAAAAAAA"), Some("the salt is not 16 bytes")),
        ],
    );
    let waiting = |attribute: &str, value: &str| json!({ "attribute": attribute, "value": value, "askedAt": 1 });
    let (email, phone) = (waiting("email", "a@b.example"), waiting("phone_number", "+15551231234"));
    let unreadable = Some("a contact that waits for its proof is not readable");
    holds(
        8,
        "/user/pending",
        &[
            (json!([email, phone]), None),
            (json!([email, email]), unreadable),
            (json!([waiting("email", "+15551231234")]), unreadable),
            (json!([waiting("phone_number", "a@b.example")]), unreadable),
            (json!([waiting("name", "a@b.example")]), unreadable),
        ],
    );
}

#[test]
fn no_time_of_a_user_lies_outside_the_calendar() {
    let outside = Some("a time lies outside the years 1970 to 9999");
    for (pointer, value) in [
        ("/user/createdAt", json!(-1)),
        ("/user/modifiedAt", json!(-1)),
        ("/user/groups", json!([{ "group": "staff", "addedAt": -1 }])),
        ("/user/pending", json!([{ "attribute": "email", "value": "a@b.example", "askedAt": -1 }])),
        ("/user/password", json!({ "salt": "AAAAAAAAAAAAAAAAAAAAAA==", "verifier": "AAAA", "expiresAt": -1 })),
    ] {
        holds(8, pointer, &[(value, outside)]);
    }
}

#[test]
fn somebody_from_elsewhere_keeps_their_name_where_a_contact_is_the_name() {
    let mut lines = lines();
    lines[1]["pool"]["config"] =
        serde_json::to_value(pool(&json!({ "UsernameAttributes": ["email"] })).config).unwrap();
    lines[8]["user"]["username"] = json!("Google_1");
    lines[8]["user"]["status"] = json!("EXTERNAL_PROVIDER");
    lines[9]["user"]["username"] = json!(BOB);
    assert_eq!(refusal(&lines), None);
    lines[8]["user"]["status"] = json!("CONFIRMED");
    let refused = "in a pool where a contact is the name, the username is the id".to_owned();
    assert_eq!(refusal(&lines), Some((8, refused)));
}

#[test]
fn what_is_out_of_place_is_told_so() {
    let order = "this line does not belong here: lines come in a fixed order, each once";
    for (without, at, sentence) in [
        (0, 0, "this is no export of Cognate's"),
        (1, 1, "the pool itself should stand in the second line"),
        (6, 7, "the user is in a group that is not in this file"),
        (9, 9, "the last line counts other lines than there are"),
    ] {
        let mut shorter = lines();
        shorter.remove(without);
        assert_eq!(refusal(&shorter), Some((at, sentence.to_owned())), "without line {without}");
    }
    for (at, sentence) in [(0, "a second header"), (2, order), (8, order), (10, order)] {
        let mut doubled = lines();
        doubled.insert(at, doubled[at].clone());
        assert_eq!(refusal(&doubled), Some((at + 1, sentence.to_owned())), "line {at} twice");
    }
    let for_neither = "a signing key is for `id` or `access` tokens";
    holds(2, "/signingKey/tokenUse", &[(json!("both"), Some(for_neither))]);
}

#[test]
fn a_pool_has_so_many_domains_and_signing_keys_and_no_more() {
    let mut domains = lines();
    let second = json!({ "domain": { "domain": "staff", "config": { "managed_login_version": 1 },
        "createdAt": 1, "modifiedAt": 1 } });
    domains.insert(8, second.clone());
    domains[11]["footer"]["domains"] = json!(2);
    assert_eq!(refusal(&domains), None);
    let mut third = second;
    third["domain"]["domain"] = json!("third");
    domains.insert(9, third);
    assert_eq!(refusal(&domains), Some((9, "more than 2 domains".to_owned())));

    let key = |n: usize| json!({ "signingKey": { "kid": format!("k{n:04}"), "tokenUse": "id", "privateKey": "AAAA", "createdAt": 1 } });
    let mut keys = lines();
    keys.splice(4..4, (0..998).map(key));
    keys[1008]["footer"]["signingKeys"] = json!(1000);
    assert_eq!(refusal(&keys), None);
    keys.insert(1002, key(998));
    assert_eq!(refusal(&keys), Some((1002, "more than 1000 signing keys".to_owned())));
}

#[test]
fn a_course_knows_how_far_it_has_come() {
    let mut course = Course::default();
    let mut told = Vec::new();
    for line in lines() {
        course.accept(&serde_json::from_value::<Line>(line).unwrap()).unwrap();
        told.push((
            course.last_user().map(str::to_owned),
            course.group_id("staff").map(str::to_owned),
            course.has_ended(),
        ));
    }
    let (group, nobody) = (Some("g1".to_owned()), None);
    assert_eq!(told[0], (nobody.clone(), None, false));
    assert_eq!(told[7], (nobody.clone(), group.clone(), false));
    assert_eq!(told[8], (Some(ANN.to_owned()), group.clone(), false));
    assert_eq!(told[9], (Some(BOB.to_owned()), group.clone(), false));
    assert_eq!(told[10], (nobody, group, true));
    assert_eq!(course.group_id("team"), None);
    assert_eq!(serde_json::to_value(course.counts()).unwrap(), lines()[10]["footer"]);
    assert_eq!(lines()[0]["header"]["poolId"], POOL);
}

#[test]
fn values_of_a_row_pass_up_to_their_limits() {
    let plain = pool(&json!({}));
    let (on, optional) = (json!({ "MfaConfiguration": "ON" }), json!({ "MfaConfiguration": "OPTIONAL" }));
    let mfa = |mut mode: Value| {
        mode["SmsConfiguration"] = json!({ "SnsCallerArn": "arn:aws:iam::123456789012:role/r" });
        pool(&mode)
    };
    let (on, optional) = (mfa(on), mfa(optional));
    let by_phone = pool(&json!({ "AutoVerifiedAttributes": ["phone_number"] }));
    let by_email = pool(&json!({ "UsernameAttributes": ["email"] }));
    let (longest, longer) = ("x".repeat(128), "x".repeat(129));
    for (pool, name, value, refused) in [
        (&plain, "cognito:username", longest.as_str(), None),
        (&plain, "cognito:username", longer.as_str(), Some("more than 128 characters")),
        (&plain, "cognito:username", "a\tb", Some("white space")),
        (&plain, "updated_at", "123456789012345", None),
        (&plain, "updated_at", "1234567890123456", Some("updated_at is not a number")),
        (&plain, "updated_at", "-1", Some("updated_at is not a number")),
        (&plain, "birthdate", "12/31/1999", None),
        (&plain, "birthdate", "12/31/1999/1", Some("birthdate")),
        (&plain, "birthdate", "+1/31/1999", Some("birthdate")),
        (&plain, "birthdate", "13/31/1999", Some("birthdate")),
        (&plain, "birthdate", "12/31", Some("birthdate")),
        (&on, "cognito:mfa_enabled", "TRUE", None),
        (&on, "cognito:mfa_enabled", "false", Some("must be true: the pool requires MFA")),
        (&optional, "cognito:mfa_enabled", "true", None),
        (&optional, "cognito:mfa_enabled", "false", None),
        (&plain, "cognito:mfa_enabled", "true", Some("must be false: the pool has no MFA")),
        (&by_phone, "phone_number", "+15551231234", Some("none of the attributes")),
        (&by_email, "cognito:username", "ann@example.com", None),
        (&by_email, "cognito:username", "bob@example.com", Some("cognito:username and email differ")),
    ] {
        let said = judged(pool, &[(name, value)]).err();
        match refused {
            Some(why) => assert!(said.clone().unwrap_or_default().contains(why), "{name} = {value}: {said:?}"),
            None => assert_eq!(said, None, "{name} = {value}"),
        }
    }
    let phone = [("phone_number", "+15551231234"), ("phone_number_verified", "true")];
    judged(&by_phone, &phone).unwrap();
}

#[test]
fn a_row_is_read_up_to_its_longest() {
    let pool = pool(&json!({}));
    let columns = header(&pool.config.schema);
    let read = Columns::read(columns.join(",").as_bytes(), &pool.config.schema).unwrap();
    let row = super::row(&columns, &super::GOOD);
    let padded = |length: usize| format!("{row}{}", " ".repeat(length - row.len()));
    assert!(read.row(padded(16_000).as_bytes(), &pool).is_ok());
    assert_eq!(read.row(padded(16_001).as_bytes(), &pool).unwrap_err(), "more than 16000 characters");
}
