//! A migration's text as statements: split at each `;`, comments left out, for either engine.
//!
//! It knows `'text'`, `"names"` and `-- comments`; nothing else of SQL, so no `/* */` and no `$$` quoting. A line that ends in
//! `--sqlite` or `--postgres` is for that engine alone.

/// Which words of the text are to be changed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    /// TEXT becomes `TEXT COLLATE "C"`: bytewise, as SQLite's is, whatever the database's own collation. Not after
    /// AS, where it is the target of a CAST. `WITHOUT ROWID`, SQLite's own, is left out.
    Postgres,
}

impl Dialect {
    /// How a line ends that is not for this engine.
    const fn not_ours(self) -> &'static str {
        match self {
            Self::Sqlite => "--postgres",
            Self::Postgres => "--sqlite",
        }
    }
}

pub(crate) fn statements(script: &str, dialect: Dialect) -> Vec<String> {
    let mut statements = Vec::new();
    let mut now = String::new();
    let mut last = String::new(); // the word before this one
    let ours: String =
        script.split_inclusive('\n').filter(|line| !line.trim_end().ends_with(dialect.not_ours())).collect();
    let mut rest = ours.as_str();

    while let Some(first) = rest.chars().next() {
        let length = match first {
            '\'' | '"' => quoted(rest, first),
            '-' if rest.starts_with("--") => rest.find('\n').unwrap_or(rest.len()),
            first if is_word(first) => rest.find(|other| !is_word(other)).unwrap_or(rest.len()),
            first => first.len_utf8(),
        };
        let (token, after) = rest.split_at(length);
        rest = after;

        match first {
            ';' => statements.push(std::mem::take(&mut now)),
            '-' if token.len() > 1 => {}
            _ if dialect == Dialect::Postgres && matches!(token, "WITHOUT" | "ROWID") => {}
            first if is_word(first) => {
                now.push_str(token);
                if dialect == Dialect::Postgres && token == "TEXT" && !last.eq_ignore_ascii_case("as") {
                    now.push_str(" COLLATE \"C\"");
                }
                token.clone_into(&mut last);
            }
            _ => now.push_str(token),
        }
    }
    statements.push(now);

    statements.iter().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()).collect()
}

fn is_word(char: char) -> bool {
    char.is_alphanumeric() || char == '_'
}

/// The length of a quoted piece; a doubled quote inside reads as two pieces side by side, which comes to the same.
fn quoted(text: &str, quote: char) -> usize {
    text.char_indices().skip(1).find(|(_, char)| *char == quote).map_or(text.len(), |(at, _)| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_semicolon_ends_a_statement_unless_it_is_quoted_or_commented() {
        let script = "-- first; nothing yet\nINSERT INTO a VALUES ('x;''y', 1); -- and; so\n\nDELETE FROM \"a;b\"\n;\n";
        assert_eq!(statements(script, Dialect::Sqlite), ["INSERT INTO a VALUES ('x;''y', 1)", "DELETE FROM \"a;b\""]);
    }

    #[test]
    fn text_is_bytewise_on_postgresql_and_casts_and_quotes_stay() {
        let script = "CREATE TABLE a (x TEXT NOT NULL, TEXT_LIKE BIGINT, y TEXT DEFAULT 'TEXT');SELECT CAST(1 AS TEXT)";
        assert_eq!(
            statements(script, Dialect::Postgres),
            [
                "CREATE TABLE a (x TEXT COLLATE \"C\" NOT NULL, TEXT_LIKE BIGINT, y TEXT COLLATE \"C\" DEFAULT 'TEXT')",
                "SELECT CAST(1 AS TEXT)"
            ]
        );
        assert_eq!(statements(script, Dialect::Sqlite).len(), 2);
    }

    #[test]
    fn a_line_may_be_for_one_engine_alone() {
        let script = "CREATE TABLE a (\nx INTEGER PRIMARY KEY --sqlite\nx BIGINT --postgres\n);";
        assert_eq!(statements(script, Dialect::Sqlite), ["CREATE TABLE a (\nx INTEGER PRIMARY KEY \n)"]);
        assert_eq!(statements(script, Dialect::Postgres), ["CREATE TABLE a (\nx BIGINT \n)"]);
    }

    #[test]
    fn only_sqlite_hears_of_rowids() {
        let script = "CREATE TABLE a (x BIGINT NOT NULL PRIMARY KEY) WITHOUT ROWID;";
        let sqlite = "CREATE TABLE a (x BIGINT NOT NULL PRIMARY KEY) WITHOUT ROWID";
        assert_eq!(statements(script, Dialect::Sqlite), [sqlite]);
        assert_eq!(statements(script, Dialect::Postgres), ["CREATE TABLE a (x BIGINT NOT NULL PRIMARY KEY)"]);
    }
}
