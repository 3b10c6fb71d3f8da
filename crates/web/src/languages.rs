//! The languages of the pages: ours, and an operator's own or changed ones from a folder. Messages are in Fluent's
//! format (<https://projectfluent.org>). What a language lacks is said in the nearest of its kind, and then in English.

mod accept;
mod language;
mod tag;
#[cfg(test)]
mod tests;

use std::fs;
use std::iter;
use std::path::{Path, PathBuf};

use cognate_domain::{Error, Result};

use language::Draft;
pub(crate) use language::Language;
use tag::Tag;

/// Tag, own name and messages.
type Ours = (&'static str, &'static str, &'static str);

const ENGLISH: Ours = ("en", "English", include_str!("../pages/locales/en.ftl"));

const OTHERS: [Ours; 7] = [
    ("ar", "العربية", include_str!("../pages/locales/ar.ftl")),
    ("de", "Deutsch", include_str!("../pages/locales/de.ftl")),
    ("es", "Español", include_str!("../pages/locales/es.ftl")),
    ("fr", "Français", include_str!("../pages/locales/fr.ftl")),
    ("ja", "日本語", include_str!("../pages/locales/ja.ftl")),
    ("ko", "한국어", include_str!("../pages/locales/ko.ftl")),
    ("zh-CN", "简体中文", include_str!("../pages/locales/zh-CN.ftl")),
];

/// The languages of the pages: ours, and an operator's own or changed ones from a folder.
pub(crate) struct Languages {
    english: Language,
    /// By tag.
    others: Vec<Language>,
}

/// What a request says of the language that it wants.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Wanted<'a> {
    /// By the address, `lang`.
    pub(crate) asked: Option<&'a str>,
    /// By the cookie of an earlier choice.
    pub(crate) kept: Option<&'a str>,
    /// By the browser, `Accept-Language`.
    pub(crate) accepted: Option<&'a str>,
}

impl Languages {
    /// Ours alone.
    pub(crate) fn built_in() -> Result<Self> {
        let (english, others) = ours().map_err(Error::corrupt)?;
        Ok(Self::of(english, others))
    }

    /// Those of `folder` too: `xx.ftl` adds a language, or replaces single messages of one that is there. A file that
    /// does not parse, or is named for no language tag, is an error that names it and its line.
    pub(crate) fn with_folder(folder: &Path) -> Result<Self, String> {
        let (mut english, mut others) = ours()?;
        for path in files_of(folder)? {
            let file = path.display();
            let named = path.file_stem().and_then(|name| name.to_str()).and_then(Tag::exactly);
            let tag = named.ok_or_else(|| format!("{file}: no language tag such as de or pt-BR names this file"))?;
            let text = fs::read_to_string(&path).map_err(|error| format!("{file}: cannot be read: {error}"))?;
            let messages = language::parse(&text).map_err(|(line, error)| format!("{file}:{line}: {error}"))?;
            match iter::once(&mut english).chain(&mut others).find(|draft| draft.tag == tag) {
                Some(draft) => draft.change(messages),
                None => others.push(Draft::new(tag, messages)),
            }
        }
        Ok(Self::of(english, others))
    }

    fn of(english: Draft, others: Vec<Draft>) -> Self {
        let mut languages = Self { english: english.finish(), others: others.into_iter().map(Draft::finish).collect() };
        languages.others.sort_by(|one, other| one.tag().cmp(other.tag()));
        let behind: Vec<_> = languages
            .others
            .iter()
            .map(|language| {
                let nearest = languages.nearest(language.parsed(), |other| other.tag() != language.tag());
                nearest.into_iter().chain([&languages.english]).map(Language::messages).collect()
            })
            .collect();
        for (language, behind) in languages.others.iter_mut().zip(behind) {
            language.stand_before(behind);
        }
        languages
    }

    /// In this order: what the address asks for, what was chosen before, what the browser prefers, English.
    pub(crate) fn choose(&self, wanted: Wanted<'_>) -> &Language {
        (wanted.asked.and_then(|tag| self.find(tag)))
            .or_else(|| self.find(wanted.kept?))
            .or_else(|| self.preferred(wanted.accepted?))
            .unwrap_or(&self.english)
    }

    /// English first, then by tag.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Language> {
        iter::once(&self.english).chain(&self.others)
    }

    /// The one with this very tag, English for want of it: without reading the tag, so for every text of a page.
    pub(crate) fn called(&self, tag: &str) -> &Language {
        self.others.iter().find(|language| language.tag() == tag).unwrap_or(&self.english)
    }

    /// The nearest to one tag: `de-AT` finds `de`, and `zh-Hant` finds `zh-CN` unless there is a better one.
    pub(crate) fn find(&self, tag: &str) -> Option<&Language> {
        self.nearest(&Tag::begins(tag)?, |_| true)
    }

    fn nearest(&self, wanted: &Tag, may: impl Fn(&Language) -> bool) -> Option<&Language> {
        let near = |language| Some((wanted.distance(Language::parsed(language))?, language));
        let (_, nearest) = self.all().filter(|language| may(language)).filter_map(near).min_by_key(|near| near.0)?;
        Some(nearest)
    }

    /// Of equal weights the first, whatever its place among ours.
    fn preferred(&self, accepted: &str) -> Option<&Language> {
        let found = |(range, weight)| match range {
            "*" => Some((&self.english, weight)),
            tag => Some((self.find(tag)?, weight)),
        };
        let (preferred, _) = accept::ranges(accepted)
            .filter_map(found)
            .reduce(|best, next| if next.1 > best.1 { next } else { best })?;
        Some(preferred)
    }
}

fn ours() -> Result<(Draft, Vec<Draft>), String> {
    let draft = |(tag, name, text): Ours| {
        let messages = language::parse(text).map_err(|(line, error)| format!("{tag}.ftl:{line}: {error}"))?;
        let tag = Tag::exactly(tag).ok_or_else(|| format!("{tag} is no language tag"))?;
        Ok(Draft::new(tag, messages).named(name))
    };
    Ok((draft(ENGLISH)?, OTHERS.into_iter().map(draft).collect::<Result<_, String>>()?))
}

/// In the order of their names, so that two which mean the same tag always change it in the same order.
fn files_of(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let listed = fs::read_dir(folder).and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect());
    let mut files: Vec<PathBuf> = listed.map_err(|error| format!("{}: cannot be read: {error}", folder.display()))?;
    files.retain(|path| path.extension().is_some_and(|ending| ending == "ftl"));
    files.sort();
    Ok(files)
}
