//! Bodies: JSON that fits its contract, or a problem that names each field that does not.

use std::borrow::Cow;

use cognate_domain::directory::rules::Unfit;
use cognate_engine::Secret;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

use crate::problem::{Code, FieldProblem, Problem};

/// What is wrong with a body, field by field.
#[derive(Default)]
pub(crate) struct Flaws(Vec<FieldProblem>);

/// A body that knows its bounds.
pub(crate) trait Checked {
    fn check(&self, flaws: &mut Flaws);
}

impl Flaws {
    pub(crate) fn add(&mut self, field: &str, message: impl Into<Cow<'static, str>>) {
        self.0.push(FieldProblem { field: format!("/{field}"), message: message.into() });
    }

    /// Text of 1 to `most` characters, none of which is a control character.
    pub(crate) fn text(&mut self, field: &str, text: &str, most: usize) {
        if text.is_empty() {
            self.add(field, "This is empty.");
        } else if text.chars().count() > most {
            self.add(field, format!("This is longer than {most} characters."));
        } else if text.chars().any(char::is_control) {
            self.add(field, "This holds a control character.");
        }
    }

    /// An address that could be somebody's: one `@` with something on both sides of it.
    pub(crate) fn email(&mut self, field: &str, text: &str, most: usize) {
        let before = self.0.len();
        self.text(field, text, most);
        if self.0.len() == before && !cognate_domain::username::is_email(text) {
            self.add(field, "This is not an e-mail address.");
        }
    }

    /// `+` and at most fifteen digits.
    pub(crate) fn phone(&mut self, field: &str, text: &str) {
        if !cognate_domain::username::is_phone(text) {
            self.add(field, "This is not a phone number: + and at most fifteen digits.");
        }
    }

    /// A rule of the directory's, in its own words.
    pub(crate) fn fits<T>(&mut self, field: &str, rule: &Result<T, Unfit>) {
        if let Err(unfit) = rule {
            self.add(field, unfit.0);
        }
    }

    pub(crate) fn secret(&mut self, field: &str, secret: &Secret, most: usize) {
        self.text(field, secret.expose(), most);
    }
}

/// What a body says of something that may be taken away: nothing, `null`, or a value.
#[derive(Clone, Debug, Default)]
pub(crate) enum Change<T> {
    #[default]
    Kept,
    Removed,
    Set(T),
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Change<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(from)?.map_or(Self::Removed, Self::Set))
    }
}

impl<T> Change<T> {
    pub(crate) fn apply(self, to: &mut Option<T>) {
        match self {
            Self::Kept => {}
            Self::Removed => *to = None,
            Self::Set(value) => *to = Some(value),
        }
    }
}

/// Of what identifies an account: Cognito's longest.
pub(crate) const IDENTIFIER: usize = 2048;
/// Of passwords: Cognito's longest.
pub(crate) const PASSWORD: usize = 256;
pub(crate) const CODE: usize = 2048;
/// Of refresh tokens and of challenges' sessions.
pub(crate) const TOKEN: usize = 8192;

pub(crate) fn read<B: DeserializeOwned + Checked>(bytes: &[u8]) -> Result<B, Problem> {
    // Serde would take a list for an object's fields in their order.
    if bytes.iter().find(|byte| !byte.is_ascii_whitespace()).is_some_and(|first| *first != b'{') {
        return Err(Problem::field("", "The body is not a JSON object."));
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let read: Result<B, _> = serde_path_to_error::deserialize(&mut reader);
    let body = read.map_err(|error| {
        let field = pointer(error.path());
        Problem::field(field, sentence(error.inner()))
    })?;
    reader.end().map_err(|_| Problem::field("", "Something follows the JSON document."))?;
    let mut flaws = Flaws::default();
    body.check(&mut flaws);
    if flaws.0.is_empty() { Ok(body) } else { Err(Problem { errors: flaws.0, ..Problem::new(Code::ValidationFailed) }) }
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter()
        .map(|segment| match segment {
            Segment::Seq { index } => format!("/{index}"),
            Segment::Map { key } => format!("/{}", key.replace('~', "~0").replace('/', "~1")),
            Segment::Enum { variant } => format!("/{variant}"),
            Segment::Unknown => String::new(),
        })
        .collect()
}

/// Serde's own sentence quotes what was sent, which may be a password in the wrong place.
fn sentence(error: &serde_json::Error) -> Cow<'static, str> {
    let said = error.to_string();
    for (begins, field) in [
        ("missing field `", "is missing"),
        ("unknown field `", "is not known here"),
        ("duplicate field `", "comes twice"),
    ] {
        if let Some(name) = said.strip_prefix(begins).and_then(|rest| rest.split('`').next()) {
            let name: String = name.chars().take(40).collect();
            return format!("`{name}` {field}.").into();
        }
    }
    match error.classify() {
        serde_json::error::Category::Data => "This is not of the type that belongs here.".into(),
        _ => "The body is not JSON.".into(),
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields, rename_all = "camelCase")]
    struct Body {
        identifier: String,
        #[expect(dead_code, reason = "only read")]
        some: Option<Vec<Inner>>,
    }

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        #[expect(dead_code, reason = "only read")]
        number: i32,
    }

    impl Checked for Body {
        fn check(&self, flaws: &mut Flaws) {
            flaws.text("identifier", &self.identifier, 8);
        }
    }

    fn flaw(body: &str) -> (String, String) {
        let problem = read::<Body>(body.as_bytes()).err().unwrap();
        assert_eq!(problem.code, Code::ValidationFailed);
        let first = problem.errors.into_iter().next().unwrap();
        (first.field, first.message.into_owned())
    }

    #[test]
    fn a_body_that_does_not_fit_says_where_and_never_what() {
        for (body, field, message) in [
            ("", "", "The body is not JSON."),
            ("{", "", "The body is not JSON."),
            (r#"{"identifier":"ann"} x"#, "", "Something follows the JSON document."),
            (r#"["ann"]"#, "", "The body is not a JSON object."),
            ("{}", "", "`identifier` is missing."),
            (r#"{"identifier":7}"#, "/identifier", "This is not of the type that belongs here."),
            (r#"{"identifier":"ann","userId":"7"}"#, "/userId", "`userId` is not known here."),
            (r#"{"identifier":"ann","identifier":"eve"}"#, "", "`identifier` comes twice."),
            (
                r#"{"identifier":"ann","some":[{"number":1},{"number":"x"}]}"#,
                "/some/1/number",
                "This is not of the type that belongs here.",
            ),
            (r#"{"identifier":""}"#, "/identifier", "This is empty."),
            (r#"{"identifier":"123456789"}"#, "/identifier", "This is longer than 8 characters."),
            (r#"{"identifier":"a\u0000"}"#, "/identifier", "This holds a control character."),
        ] {
            assert_eq!(flaw(body), (field.to_owned(), message.to_owned()), "{body}");
        }
        assert_eq!(read::<Body>(br#"{"identifier":"ann"}"#).ok().unwrap().identifier, "ann");
    }
}
