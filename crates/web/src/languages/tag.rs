//! A language tag (RFC 5646), and how near one is to another. `zh-TW` and `zh-Hant` are the same writing although they
//! share no subtag but the first: what is compared is the script and the region that a tag most likely means, by CLDR.

use unic_langid::{CharacterDirection, LanguageIdentifier};

/// Longer ones are nobody's language.
const LONGEST: usize = 64;

#[derive(Clone, Debug)]
pub(super) struct Tag {
    said: LanguageIdentifier,
    likely: LanguageIdentifier,
}

/// The same one, in whatever letters and with whichever separator it was written.
impl PartialEq for Tag {
    fn eq(&self, other: &Self) -> bool {
        self.said == other.said
    }
}

impl Tag {
    /// The whole of a text. Five letters and more are a tag by the grammar, but no language has one: it is a mistake.
    pub(super) fn exactly(text: &str) -> Option<Self> {
        Self::of(text.parse().ok()?).filter(|tag| tag.said.language.as_str().len() <= 3)
    }

    /// As much of a text as is a tag: what follows may be an extension (`de-u-co-phonebk`).
    pub(super) fn begins(text: &str) -> Option<Self> {
        let mut rest = Some(text).filter(|text| text.len() <= LONGEST)?;
        let said = loop {
            if let Ok(said) = rest.parse() {
                break said;
            }
            (rest, _) = rest.rsplit_once(['-', '_'])?;
        };
        Self::of(said)
    }

    fn of(said: LanguageIdentifier) -> Option<Self> {
        if said.language.is_empty() {
            return None;
        }
        let mut likely = said.clone();
        likely.maximize();
        Some(Self { said, likely })
    }

    /// How far a text of this other tag is from what is wanted; no language stands in for another.
    pub(super) fn distance(&self, other: &Self) -> Option<impl Ord + Copy + use<>> {
        let (wanted, given) = (&self.likely, &other.likely);
        (wanted.language == given.language).then(|| {
            (self != other, wanted.script != given.script, wanted.region != given.region, subtags(&other.said))
        })
    }

    pub(super) fn is_rtl(&self) -> bool {
        self.said.character_direction() == CharacterDirection::RTL
    }

    pub(super) fn identifier(&self) -> &LanguageIdentifier {
        &self.said
    }
}

/// How many follow the language: of two texts that are equally near, the more general one is nearer.
fn subtags(tag: &LanguageIdentifier) -> usize {
    usize::from(tag.script.is_some()) + usize::from(tag.region.is_some()) + tag.variants().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_the_same_in_any_letters() {
        assert_eq!(Tag::exactly("PT_br"), Tag::exactly("pt-BR"));
        assert_ne!(Tag::exactly("pt"), Tag::exactly("pt-BR"));
        for none in ["", "und", "notes", "d", "de-", "de-u-co-phonebk", "*", "12"] {
            assert_eq!(Tag::exactly(none), None, "{none}");
        }
    }

    #[test]
    fn what_follows_a_tag_is_passed_over() {
        for text in ["de-AT", "de-at-u-co-phonebk", "de_AT-x-a-b", "de-AT-", "de-AT-$%&"] {
            assert_eq!(Tag::begins(text), Tag::exactly("de-AT"), "{text}");
        }
        let longer = format!("de{}", "-AT".repeat(LONGEST));
        for none in ["", "-", "*", "$", "x-klingon", "\u{1f600}-de", "und-AT", &longer] {
            assert_eq!(Tag::begins(none), None, "{none}");
        }
    }

    #[test]
    fn the_direction_is_that_of_the_script() {
        for (tag, rtl) in [("ar", true), ("he", true), ("fa-IR", true), ("ur", true), ("az-Arab", true), ("az", false)]
        {
            assert_eq!(Tag::exactly(tag).unwrap().is_rtl(), rtl, "{tag}");
        }
    }
}
