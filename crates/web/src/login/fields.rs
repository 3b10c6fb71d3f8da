//! The fields of the forms, as the templates show them.

use cognate_domain::pool::Pool;
use cognate_domain::schema::Definition;
use cognate_domain::username::NameKind;
use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Serialize;

use super::visit::Visit;

/// As the API has it for what clients send.
pub(super) const LONGEST_NAME: usize = 128;
const LONGEST_PASSWORD: usize = 256;
const LONGEST_CODE: usize = 2048;
const LONGEST_VALUE: usize = 2048;
/// With whatever people put between its letters.
const LONGEST_USER_CODE: usize = 32;

#[derive(Clone, Debug, Default, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "as the templates read them")]
pub(crate) struct Field {
    pub(crate) name: String,
    id: String,
    label: String,
    r#type: &'static str,
    autocomplete: &'static str,
    inputmode: Option<&'static str>,
    pub(crate) value: String,
    required: bool,
    pub(crate) error: Option<String>,
    hint: Option<String>,
    maxlength: usize,
    autofocus: bool,
    is_code: bool,
    is_new_password: bool,
    /// Shown, and not to be changed.
    readonly: bool,
}

impl From<Field> for Value {
    fn from(field: Field) -> Self {
        Self::from(Serde(field))
    }
}

impl Field {
    /// Whatever a person signs in with in this pool.
    pub(super) fn username(visit: &Visit, value: &str) -> Self {
        let (label, kind, inputmode) = sign_in_name(&visit.site.pool);
        Self {
            name: "username".to_owned(),
            id: "signInFormUsername".to_owned(),
            label: visit.text(label),
            r#type: kind,
            autocomplete: "username",
            inputmode,
            value: value.to_owned(),
            required: true,
            maxlength: LONGEST_NAME,
            autofocus: value.is_empty(),
            ..Self::default()
        }
    }

    pub(super) fn password(visit: &Visit) -> Self {
        Self {
            name: "password".to_owned(),
            id: "signInFormPassword".to_owned(),
            label: visit.text("password-label"),
            r#type: "password",
            autocomplete: "current-password",
            required: true,
            maxlength: LONGEST_PASSWORD,
            ..Self::default()
        }
    }

    pub(super) fn new_password(visit: &Visit, label: &str) -> Self {
        Self {
            label: visit.text(label),
            id: "newPassword".to_owned(),
            autocomplete: "new-password",
            is_new_password: true,
            ..Self::password(visit)
        }
    }

    pub(super) fn code(visit: &Visit) -> Self {
        Self {
            name: "code".to_owned(),
            id: "code".to_owned(),
            label: visit.text("code-label"),
            r#type: "text",
            autocomplete: "one-time-code",
            inputmode: Some("numeric"),
            required: true,
            maxlength: LONGEST_CODE,
            autofocus: true,
            is_code: true,
            ..Self::default()
        }
    }

    /// What a device shows.
    pub(super) fn user_code(visit: &Visit, value: &str) -> Self {
        Self {
            name: "user_code".to_owned(),
            id: "userCode".to_owned(),
            autocomplete: "off",
            inputmode: None,
            value: value.chars().take(LONGEST_USER_CODE).collect(),
            maxlength: LONGEST_USER_CODE,
            ..Self::code(visit)
        }
    }

    /// An attribute of a person, under its own name.
    pub(super) fn attribute(visit: &Visit, definition: &Definition, value: &str) -> Self {
        let name = definition.name.as_str();
        let (kind, autocomplete, inputmode, hint) = match name {
            "email" => ("email", "email", None, None),
            "phone_number" => ("tel", "tel", None, Some("phone-hint")),
            "birthdate" => ("text", "bday", None, Some("birthdate-hint")),
            "name" => ("text", "name", None, None),
            "given_name" => ("text", "given-name", None, None),
            "family_name" => ("text", "family-name", None, None),
            "middle_name" => ("text", "additional-name", None, None),
            "nickname" => ("text", "nickname", None, None),
            "address" => ("text", "street-address", None, None),
            "website" | "profile" | "picture" => ("url", "url", None, None),
            _ => ("text", "off", None, None),
        };
        Self {
            name: name.to_owned(),
            id: format!("attribute-{}", name.replace(':', "-")),
            label: label(visit, name),
            r#type: kind,
            autocomplete,
            inputmode,
            value: value.to_owned(),
            required: definition.required,
            hint: hint.map(|key| visit.text(key)),
            maxlength: LONGEST_VALUE,
            ..Self::default()
        }
    }

    #[must_use]
    pub(super) fn failed(mut self, visit: &Visit, key: &str) -> Self {
        self.error = Some(visit.text(key));
        self
    }

    /// Under another name, on a page that has several forms.
    #[must_use]
    pub(super) fn called(mut self, name: &str, id: String) -> Self {
        (self.name, self.id) = (name.to_owned(), id);
        self
    }

    #[must_use]
    pub(super) fn labelled(mut self, label: String) -> Self {
        self.label = label;
        self
    }

    #[must_use]
    pub(super) fn fixed(mut self, visit: &Visit) -> Self {
        (self.readonly, self.required) = (true, false);
        self.hint = Some(visit.text("account-fixed-hint"));
        self
    }

    pub(super) const fn is_fixed(&self) -> bool {
        self.readonly
    }

    pub(super) const fn required(&self) -> bool {
        self.required
    }

    /// What is wrong with a value that does not look like what the field is for.
    pub(super) fn problem_of_its_kind(&self) -> &'static str {
        match self.r#type {
            "email" => "problem-email",
            "tel" => "problem-phone",
            _ => "problem-field",
        }
    }

    #[must_use]
    pub(super) fn holding(mut self, value: &str) -> Self {
        value.clone_into(&mut self.value);
        self
    }

    #[must_use]
    pub(super) fn focused(mut self) -> Self {
        self.autofocus = true;
        self
    }
}

/// Of a standard attribute in the person's language; of one that an operator made, its own name.
pub(super) fn label(visit: &Visit, name: &str) -> String {
    match name.split_once(':') {
        Some((_, custom)) => custom.replace('_', " "),
        None => visit.text(&format!("attribute-{name}")),
    }
}

/// The label of what a person signs in with, and how a browser lets them type it.
fn sign_in_name(pool: &Pool) -> (&'static str, &'static str, Option<&'static str>) {
    let names = match pool.config.names.kind {
        NameKind::Plain => (true, false, false),
        NameKind::Aliases { email, phone, .. } => (true, email, phone),
        NameKind::UsernameAttributes { email, phone } => (false, email, phone),
    };
    match names {
        (true, true, true) => ("username-email-or-phone-label", "text", None),
        (true, true, false) => ("username-or-email-label", "text", None),
        (true, false, true) => ("username-or-phone-label", "text", None),
        (true, false, false) => ("username-label", "text", None),
        (false, true, false) => ("email-label", "email", Some("email")),
        (false, false, true) => ("phone-label", "tel", Some("tel")),
        (false, ..) => ("email-or-phone-label", "text", None),
    }
}

/// What a new password must have in this pool, in the person's language.
pub(super) fn rules(visit: &Visit) -> Vec<Value> {
    use cognate_domain::password::CharacterClass::{Lowercase, Numeric, Symbol, Uppercase};

    let policy = &visit.site.pool.config.password_policy;
    let length = policy.minimum_length;
    let language = visit.language();
    let mut rules = vec![context! {
        kind => "length",
        count => length,
        text => language.text_counted("password-rule-length", i64::from(length)),
    }];
    for (class, kind) in [(Lowercase, "lower"), (Uppercase, "upper"), (Numeric, "digit"), (Symbol, "symbol")] {
        if policy.required.contains(&class) {
            rules.push(context! { kind => kind, text => visit.text(&format!("password-rule-{kind}")) });
        }
    }
    if policy.history_size > 0 {
        let count = policy.history_size;
        let text = language.text_counted("password-rule-history", i64::from(count));
        rules.push(context! { kind => "history", count => count, text => text });
    }
    rules
}
