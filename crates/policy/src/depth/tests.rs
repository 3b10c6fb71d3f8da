use super::*;

#[test]
fn what_is_nested_too_deeply_is_refused_where_it_becomes_so() {
    for (open, close) in [("(", ")"), ("[", "]"), ("{a:", "}"), ("if ", " else 1"), ("!(", ")")] {
        let nested = |deep: usize| format!("{}1{}", open.repeat(deep), close.repeat(deep));
        assert_eq!(check(&nested(32)), Ok(()), "{open}");
        let (at, sentence) = check(&nested(33)).unwrap_err();
        assert!(sentence.contains("nested") && at.line == 1 && at.column > 32, "{open}: {at:?} {sentence}");
    }
    assert_eq!(check(&"(a) [b] {c} ".repeat(40)), Ok(()));
}

#[test]
fn a_chain_ends_with_its_statement() {
    let chain = |length: usize| format!("a{};", ".a".repeat(length));
    assert_eq!(check(&chain(400)), Ok(()));
    assert!(check(&chain(401)).is_err());
    assert_eq!(check(&chain(400).repeat(3)), Ok(()));
    for (link, most) in [(" && true", 200), (" + 1", 200), (".a()", 200), (" when {a}", 200)] {
        assert_eq!(check(&format!("a{};", link.repeat(most))), Ok(()), "{link}");
        assert!(check(&format!("a{};", link.repeat(most + 1))).is_err(), "{link}");
    }
    for link in [" && true", " || true", " + 1", " * 2", " - 3", " when {a}", "@a"] {
        assert!(check(&format!("a{};", link.repeat(401))).is_err(), "{link}");
    }
}

#[test]
fn texts_and_comments_are_not_counted() {
    let deep = "(".repeat(100);
    for source in
        [format!("\"{deep}\""), format!("\"\\\"{deep}\""), format!("// {deep}\na"), format!("\"a\\\\\" // {deep}")]
    {
        assert_eq!(check(&source), Ok(()), "{source}");
    }
    for source in
        [format!("\"a\\\\\" {deep}"), format!("// a\n{deep}"), format!("a / {deep}"), format!("\"//\" {deep}")]
    {
        assert!(check(&source).is_err(), "{source}");
    }
    assert_eq!(check("\"unfinished \\"), Ok(()));
}

#[test]
fn the_place_is_that_of_the_sign() {
    let source = format!("a;\n  {}", "(".repeat(33));
    assert_eq!(check(&source).unwrap_err().0, Position { line: 2, column: 35 });
}
