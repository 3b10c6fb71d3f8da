use super::*;

fn refusal(condition: &Value) -> String {
    read(condition.as_object().unwrap()).unwrap_err()
}

#[test]
fn a_condition_that_cannot_be_read_is_refused() {
    for (condition, part) in [
        (json!({}), "says something"),
        (json!({ "owns": true }), "\"owns\" is no condition"),
        (json!({ "own": false }), "own is true"),
        (json!({ "own": "true" }), "own is true"),
        (json!({ "scopes": [] }), "scopes is a list"),
        (json!({ "scopes": "a" }), "scopes is a list"),
        (json!({ "scopes": [1] }), "scopes is a list"),
        (json!({ "groups": [""] }), "groups is a list"),
        (json!({ "plan": ["a".repeat(257)] }), "plan is a list"),
        (json!({ "entitlements": vec!["a"; 101] }), "entitlements is a list"),
        (json!({ "kinds": ["person"] }), "\"person\" is no kind"),
        (json!({ "kinds": [] }), "kinds is a list"),
        (json!({ "own": true, "plan": null }), "plan is a list"),
    ] {
        let sentence = refusal(&condition);
        assert!(sentence.contains(part), "{condition}: {sentence}");
    }
}

#[test]
fn a_network_is_an_address_with_or_without_a_length() {
    for good in ["10.0.0.0/8", "10.0.0.1", "0.0.0.0/0", "1.2.3.4/32", "::/0", "2001:db8::/32", "::1", "::1/128"] {
        assert!(read(json!({ "within": [good] }).as_object().unwrap()).is_ok(), "{good}");
    }
    for bad in [
        "10.0.0.0/33",
        "10.0.0.0/",
        "10.0.0.0/-1",
        "10.0.0.0/+8",
        "10.0.0.0/08",
        "10.0.0/8",
        "10.0.0.0/8/8",
        "::/129",
        "::ffff:10.0.0.1",
        "example.com",
        "10.0.0.0/8 ",
        "\"); permit(principal,action,resource); //",
    ] {
        assert!(refusal(&json!({ "within": [bad] })).ends_with("is no network"), "{bad}");
    }
}
