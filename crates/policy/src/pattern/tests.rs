use proptest::prelude::*;

use super::*;

const ACTIONS: Names = Names::Actions;
const RESOURCES: Names = Names::Resources;

#[test]
fn a_pattern_covers_what_lies_below_it_at_a_border() {
    for (names, pattern, name, covered) in [
        (RESOURCES, "projects/*", "projects/a", true),
        (RESOURCES, "projects/*", "projects/a/b", true),
        (RESOURCES, "projects/*", "projects", false),
        (RESOURCES, "projects/*", "projectsx", false),
        (RESOURCES, "projects/*", "projectsx/a", false),
        (RESOURCES, "projects/*", "Projects/a", false),
        (RESOURCES, "projects/*", "x/projects/a", false),
        (RESOURCES, "projects/a1", "projects/a1", true),
        (RESOURCES, "projects/a1", "projects/a1/b", false),
        (RESOURCES, "projects/a1", "projects/a", false),
        (RESOURCES, "*", "projects", true),
        (RESOURCES, "*", "a/b/c", true),
        (ACTIONS, "documents:*", "documents:read", true),
        (ACTIONS, "documents:*", "documents:page:read", true),
        (ACTIONS, "documents:*", "documents", false),
        (ACTIONS, "documents:*", "documents:", false),
        (ACTIONS, "documents:*", "documents.x:read", false),
        (ACTIONS, "documents:*", "documentsx:read", false),
        (ACTIONS, "documents:read", "documents:read", true),
        (ACTIONS, "documents:read", "documents:read:all", false),
        (ACTIONS, "*", "anything", true),
    ] {
        assert_eq!(Pattern::read(names, pattern).unwrap().covers(name), covered, "{pattern} and {name}");
    }
}

#[test]
fn a_star_stands_only_at_the_end_of_a_pattern_behind_a_border() {
    let refused = [
        "",
        "**",
        "a*",
        "projects*",
        "*/a",
        "a/*/b",
        "a/*/*",
        "/*",
        "a//*",
        "a/./*",
        "../*",
        "a/",
        "/a",
        "a/../b",
        "a\n/*",
        "a/b\u{0}",
    ];
    for pattern in refused {
        assert!(Pattern::read(RESOURCES, pattern).is_err(), "{pattern:?}");
    }
    for pattern in ["", "**", "a*", "documents*", "*:read", "a:*:b", "a:*:*", "A:*", "a b:*", "a\"", "é:*", "a\n"] {
        assert!(Pattern::read(ACTIONS, pattern).is_err(), "{pattern:?}");
    }
}

#[test]
fn names_have_their_lengths_and_characters() {
    for (name, fits) in [
        ("a".repeat(100), true),
        ("a".repeat(101), false),
        ("documents:read".to_owned(), true),
        ("a.b_c-d:0".to_owned(), true),
        (String::new(), false),
        ("Documents:read".to_owned(), false),
        ("documents/read".to_owned(), false),
        ("documents:*".to_owned(), false),
        ("documents:read\n".to_owned(), false),
    ] {
        assert_eq!(ACTIONS.check(&name).is_ok(), fits, "{name:?}");
    }
    for (name, fits) in [
        ("a".repeat(512), true),
        ("a".repeat(513), false),
        ("ü".repeat(512), true),
        ("ü".repeat(513), false),
        ("a \"b\"\\c/';--".to_owned(), true),
        ("a/...".to_owned(), true),
        ("a/*b".to_owned(), true),
        ("a/*".to_owned(), false),
        ("*".to_owned(), false),
        (".".to_owned(), false),
        ("a/../b".to_owned(), false),
        ("a/./b".to_owned(), false),
        ("a//b".to_owned(), false),
        ("/a".to_owned(), false),
        ("a/".to_owned(), false),
        (String::new(), false),
        ("a\u{7f}".to_owned(), false),
        ("a\r\n".to_owned(), false),
    ] {
        assert_eq!(RESOURCES.check(&name).is_ok(), fits, "{name:?}");
    }
}

/// Segment by segment, as one would explain it.
fn naive(border: char, pattern: &str, name: &str) -> bool {
    let wanted: Vec<_> = pattern.split(border).collect();
    let given: Vec<_> = name.split(border).collect();
    match wanted.split_last() {
        Some((&"*", before)) => {
            given.len() > before.len() && given.iter().zip(before).all(|(given, wanted)| given == wanted)
        }
        _ => wanted == given,
    }
}

fn path() -> impl Strategy<Value = String> {
    prop::collection::vec("[ab]{1,2}", 1..5).prop_map(|segments| segments.join("/"))
}

proptest! {
    #[test]
    fn covering_is_what_a_naive_model_says(
        pattern in prop_oneof![path(), path().prop_map(|path| format!("{path}/*")), Just("*".to_owned())],
        name in path(),
    ) {
        let covered = naive('/', &pattern, &name);
        prop_assert_eq!(Pattern::read(RESOURCES, &pattern).unwrap().covers(&name), covered);
        let (pattern, name) = (pattern.replace('/', ":"), name.replace('/', ":"));
        prop_assert_eq!(Pattern::read(ACTIONS, &pattern).unwrap().covers(&name), covered);
    }

    #[test]
    fn the_prefixes_of_a_name_are_those_that_cover_it(name in path(), other in path()) {
        let below = format!("{other}/*");
        let Pattern::Below(prefix) = Pattern::read(RESOURCES, &below).unwrap() else { unreachable!() };
        prop_assert_eq!(RESOURCES.prefixes(&name).any(|own| own == prefix), naive('/', &below, &name));
        prop_assert_eq!(RESOURCES.prefixes(&name).next(), Some(""));
    }

    #[test]
    fn no_text_makes_reading_a_pattern_panic(text in any::<String>(), name in any::<String>()) {
        for names in [ACTIONS, RESOURCES] {
            let _ = names.check(&text);
            let _ = names.prefixes(&text).count();
            if let Ok(pattern) = Pattern::read(names, &text) {
                let _ = pattern.covers(&name);
            }
        }
    }
}
