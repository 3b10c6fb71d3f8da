//! What a grant or a policy speaks about: one thing, all below a name, or all. `documents:*` covers `documents:read`;
//! `projects/*` covers `projects/a` and `projects/a/b`, but neither `projects` nor `projectsx`.

use std::borrow::Cow;

/// Actions are divided by colons, resources by slashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Names {
    Actions,
    Resources,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Pattern {
    Exactly(String),
    /// Everything that begins with this, which ends at a border. Empty: everything.
    Below(String),
}

const LONGEST_ACTION: usize = 100;
const LONGEST_RESOURCE: usize = 512;

impl Names {
    pub(crate) const fn border(self) -> char {
        match self {
            Self::Actions => ':',
            Self::Resources => '/',
        }
    }

    /// Whether this names one thing.
    pub(crate) fn check(self, name: &str) -> Result<(), &'static str> {
        match self {
            Self::Actions => check_action(name),
            Self::Resources => check_resource(name),
        }
    }

    /// What a name lies below, from the widest: `""`, `projects/`, `projects/a1/` for `projects/a1/documents`.
    pub(crate) fn prefixes(self, name: &str) -> impl Iterator<Item = &str> {
        let ends = name.match_indices(self.border()).map(|(at, border)| at + border.len());
        std::iter::once(0).chain(ends).filter_map(|end| name.get(..end)).filter(move |prefix| *prefix != name)
    }
}

impl Pattern {
    pub(crate) fn read(names: Names, text: &str) -> Result<Self, Cow<'static, str>> {
        let border = names.border();
        let Some(prefix) = text.strip_suffix('*') else {
            if text.contains('*') {
                return Err("a * stands only at the end".into());
            }
            names.check(text)?;
            return Ok(Self::Exactly(text.to_owned()));
        };
        if prefix.is_empty() {
            return Ok(Self::Below(String::new()));
        }
        let Some(name) = prefix.strip_suffix(border) else {
            return Err(format!("a * stands alone or behind a {border}").into());
        };
        if name.contains('*') {
            return Err("a * stands only at the end".into());
        }
        names.check(name)?;
        Ok(Self::Below(prefix.to_owned()))
    }

    pub(crate) fn covers(&self, name: &str) -> bool {
        match self {
            Self::Exactly(one) => one == name,
            Self::Below(prefix) => name.len() > prefix.len() && name.starts_with(prefix),
        }
    }
}

fn check_action(name: &str) -> Result<(), &'static str> {
    if name.is_empty() || name.len() > LONGEST_ACTION {
        return Err("an action has 1 to 100 characters");
    }
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_.:-".contains(c);
    if name.chars().all(fits) { Ok(()) } else { Err("an action is made of a-z, 0-9, _, ., : and -") }
}

fn check_resource(path: &str) -> Result<(), &'static str> {
    if path.is_empty() || path.chars().count() > LONGEST_RESOURCE {
        return Err("a resource has 1 to 512 characters");
    }
    if path.contains(char::is_control) {
        return Err("a resource has no control characters");
    }
    if path.split('/').any(|segment| matches!(segment, "" | "." | ".." | "*")) {
        return Err("no part of a resource is empty, ., .. or *");
    }
    Ok(())
}

#[cfg(test)]
mod tests;
