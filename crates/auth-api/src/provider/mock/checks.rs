//! What a file may say. Each rule stands beside the words for whoever breaks it.

mod directory;
mod people;

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use cognate_domain::directory::RoleScope;
use cognate_domain::directory::rules::Unfit;
use cognate_engine::Secret;
use toml::Spanned;

use super::faults;
use super::file::File;
use super::script::{Flaw, Script, line_of};

const MOST_ATTRIBUTES: usize = 50;
const LONGEST_CODE: usize = 256;

pub(super) struct Checks<'t> {
    text: &'t str,
    flaws: Vec<Flaw>,
    /// What was named before: addresses, numbers, subjects.
    names: HashSet<String>,
    /// A role's key and where it counts.
    roles: HashMap<String, RoleScope>,
    /// By address.
    subs: HashMap<String, String>,
    client_ids: HashSet<String>,
    has_code: bool,
}

impl<'t> Checks<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            text,
            flaws: Vec::new(),
            names: HashSet::new(),
            roles: HashMap::new(),
            subs: HashMap::new(),
            client_ids: HashSet::new(),
            has_code: false,
        }
    }

    pub(super) fn finish(mut self) -> Result<(), Vec<Flaw>> {
        self.flaws.sort_by_key(|flaw| flaw.line);
        if self.flaws.is_empty() { Ok(()) } else { Err(self.flaws) }
    }

    pub(super) fn script(&mut self, file: File) -> Script {
        let File { code, required_attributes, users, machines, workspaces, roles, grants, faults } = file;
        if let Some(code) = &code {
            self.secret(code, LONGEST_CODE, "A code is 1 to 256 characters on one line.");
        }
        self.has_code = code.is_some();
        let roles = self.roles(roles);
        Script {
            code: code.map(Spanned::into_inner),
            required_attributes: self.required_attributes(required_attributes),
            people: self.users(users),
            machines: self.machines(machines),
            workspaces: self.workspaces(workspaces),
            grants: self.grants(grants),
            roles,
            faults: self.faults(faults),
        }
    }

    fn flaw(&mut self, at: Range<usize>, sentence: impl Into<String>) {
        self.flaws.push(Flaw { line: line_of(self.text, at.start), sentence: sentence.into() });
    }

    /// The first of too many is named by no place of its own: the list is.
    fn most<T>(&mut self, list: &[T], most: usize, what: &str) {
        if list.len() > most {
            self.flaw(0..0, format!("There are more than {most} {what}."));
        }
    }

    /// What `rule` makes of a value; what it refuses is noted in its words.
    fn fit<T>(&mut self, text: &Spanned<String>, rule: impl FnOnce(&str) -> Result<T, Unfit>) -> Option<T> {
        match rule(text.as_ref()) {
            Ok(fits) => Some(fits),
            Err(Unfit(sentence)) => {
                self.flaw(text.span(), sentence);
                None
            }
        }
    }

    fn line(&mut self, text: &Spanned<String>, most: usize, otherwise: &str) {
        if !is_line(text.as_ref(), most) {
            self.flaw(text.span(), otherwise);
        }
    }

    fn secret(&mut self, text: &Spanned<Secret>, most: usize, otherwise: &str) {
        if !is_line(text.as_ref().expose(), most) {
            self.flaw(text.span(), otherwise);
        }
    }

    fn required_attributes(&mut self, names: Vec<Spanned<String>>) -> Vec<String> {
        self.most(&names, MOST_ATTRIBUTES, "required attributes");
        for name in &names {
            let known = !matches!(name.as_ref().as_str(), "sub" | "email" | "email_verified" | "phone_number_verified");
            let well_formed = name.as_ref().chars().all(|c| c.is_alphanumeric() || "_:-.".contains(c));
            if !(known && well_formed && is_line(name.as_ref(), 32)) {
                self.flaw(name.span(), "A required attribute is one that a person says, such as name or custom:team.");
            }
        }
        names.into_iter().map(Spanned::into_inner).collect()
    }

    fn faults(&mut self, faults: Vec<Spanned<faults::Fault>>) -> Vec<faults::Strike> {
        self.most(&faults, faults::MOST, "faults");
        let mut strikes = Vec::new();
        for fault in faults {
            let at = fault.span();
            match fault.into_inner().understood() {
                Ok(strike) => strikes.push(strike),
                Err(sentence) => self.flaw(at, sentence),
            }
        }
        strikes
    }
}

/// 1 to `most` characters, none of which is a control character.
fn is_line(text: &str, most: usize) -> bool {
    !text.is_empty() && text.chars().count() <= most && !text.chars().any(char::is_control)
}
