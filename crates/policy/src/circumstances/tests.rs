use serde_json::json;

use super::*;

fn read(value: &Value) -> Result<Circumstances, BadQuestion> {
    Circumstances::read(value.as_object().unwrap())
}

#[test]
fn members_are_sorted_by_type_and_named_by_their_path() {
    let read = read(&json!({
        "owner": "u-1", "nothing": null, "order": { "total": 5.0, "state": "open", "lines": { "first": true } },
        "tags": ["a", "b"], "none": {}, "least": i64::MIN,
    }));
    let expected = Circumstances {
        owner: Some("u-1".into()),
        texts: vec![("owner".into(), "u-1".into()), ("order.state".into(), "open".into())],
        numbers: vec![("order.total".into(), 5), ("least".into(), i64::MIN)],
        flags: vec![("order.lines.first".into(), true)],
        lists: vec![("tags".into(), vec!["a".into(), "b".into()])],
    };
    assert_eq!(read.unwrap(), expected);
}

#[test]
fn what_cannot_be_told_is_refused_and_not_left_out() {
    let many: Map<String, Value> = (0..65).map(|at| (format!("n{at}"), json!(at))).collect();
    for (bad, part) in [
        (json!({ "amount": 1.5 }), "amount is no whole number"),
        (json!({ "amount": 1e16 }), "amount is no whole number"),
        (json!({ "amount": u64::MAX }), "amount is no whole number"),
        (json!({ "list": [1] }), "something else than texts"),
        (json!({ "list": [["a"]] }), "something else than texts"),
        (json!({ "list": vec!["a"; 101] }), "more than 100 entries"),
        (json!({ "text": "a".repeat(1025) }), "more than 1024 characters"),
        (json!({ "a": { "list": ["a".repeat(1025)] } }), "a.list has more than 1024 characters"),
        (json!({ "a": { "b": { "c": { "d": {} } } } }), "at most 4 deep"),
        (json!({ "a.b": 1 }), "names have"),
        (json!({ "": 1 }), "names have"),
        (json!({ "a\"": 1 }), "names have"),
        (json!({ "a".repeat(65): 1 }), "names have"),
        (Value::Object(many), "at most 64 members"),
        (json!({ "owner": 5 }), "owner is the id"),
        (json!({ "owner": ["u"] }), "owner is the id"),
    ] {
        let refused = read(&bad).unwrap_err();
        assert!(refused.field == "context" && refused.sentence.contains(part), "{bad}: {refused}");
    }
}

#[test]
fn the_bounds_themselves_are_inside() {
    let many: Map<String, Value> = (0..64).map(|at| (format!("n{at}"), json!(at))).collect();
    for good in [
        json!({}),
        json!({ "owner": null }),
        json!({ "a": { "b": { "c": { "d": 1 } } } }),
        json!({ "list": vec!["a"; 100], "text": "ü".repeat(1024), "a".repeat(64): true }),
        Value::Object(many),
    ] {
        assert!(read(&good).is_ok(), "{good}");
    }
}
