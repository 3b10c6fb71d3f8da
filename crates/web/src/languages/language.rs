//! One language: its messages, and what is made of them for a page. Unicode's isolation marks stand around values only
//! where the text runs from right to left: there a name in Latin letters would otherwise turn the sentence about.

use std::iter;
use std::sync::Arc;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use super::tag::Tag;

/// What an operator's file calls its language in the language itself; ours have their names from us.
const OWN_NAME: &str = "language-own-name";

pub(super) type Messages = FluentBundle<FluentResource>;

/// The messages of a file, or its first mistake and the line where it is.
pub(super) fn parse(text: &str) -> Result<FluentResource, (usize, String)> {
    // Editors that begin a file with U+FEFF do not show it.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    FluentResource::try_new(text.to_owned()).map_err(|(read, mistakes)| {
        let Some(first) = mistakes.first() else { return (1, "cannot be read".to_owned()) };
        let before = read.source().bytes().take(first.pos.start);
        (1 + before.filter(|byte| *byte == b'\n').count(), first.to_string())
    })
}

/// A language that is still read together.
pub(super) struct Draft {
    pub(super) tag: Tag,
    name: Option<&'static str>,
    messages: Messages,
}

impl Draft {
    pub(super) fn new(tag: Tag, messages: FluentResource) -> Self {
        let mut bundle = Messages::new_concurrent(vec![tag.identifier().clone()]);
        bundle.set_use_isolating(tag.is_rtl());
        bundle.add_resource_overriding(messages);
        Self { tag, name: None, messages: bundle }
    }

    pub(super) fn named(self, name: &'static str) -> Self {
        Self { name: Some(name), ..self }
    }

    /// Each of these instead of the one with its key.
    pub(super) fn change(&mut self, messages: FluentResource) {
        self.messages.add_resource_overriding(messages);
    }

    pub(super) fn finish(self) -> Language {
        let written = self.tag.identifier().to_string();
        let name = (say(&self.messages, OWN_NAME, None))
            .unwrap_or_else(|| self.name.map_or_else(|| written.clone(), str::to_owned));
        Language { tag: self.tag, written, name, messages: Arc::new(self.messages), behind: Vec::new() }
    }
}

pub(crate) struct Language {
    tag: Tag,
    written: String,
    name: String,
    messages: Arc<Messages>,
    /// Asked in this order for what the own messages lack.
    behind: Vec<Arc<Messages>>,
}

impl Language {
    /// For example `zh-CN`.
    pub(crate) fn tag(&self) -> &str {
        &self.written
    }

    /// In the language itself.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// For the attribute `dir`.
    pub(crate) fn dir(&self) -> &'static str {
        if self.tag.is_rtl() { "rtl" } else { "ltr" }
    }

    /// A message with its values, as plain text. One that the language lacks is said in the nearest, and then in
    /// English; one that nobody has is its key.
    pub(crate) fn text(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.with(key, values.iter().copied())
    }

    /// The same of a message that depends on a number, `$count`.
    pub(crate) fn text_counted(&self, key: &str, count: i64) -> String {
        self.with(key, iter::once(("count", count)))
    }

    /// HTML: `<name>…</name>` becomes a link to the address that `links` has for the name, and all else is escaped.
    pub(crate) fn linked(&self, key: &str, links: &[(&str, &str)]) -> String {
        let text = self.text(key, &[]);
        let mut html = String::with_capacity(2 * text.len());
        let mut rest = text.as_str();
        while let Some((before, behind)) = rest.split_once('<') {
            escape(before, &mut html);
            rest = if let Some((href, words, behind)) = link_at(behind, links) {
                html.push_str("<a href=\"");
                escape(href, &mut html);
                html.push_str("\">");
                escape(words, &mut html);
                html.push_str("</a>");
                behind
            } else {
                html.push_str("&lt;");
                behind
            };
        }
        escape(rest, &mut html);
        html
    }

    pub(super) fn parsed(&self) -> &Tag {
        &self.tag
    }

    pub(super) fn messages(&self) -> Arc<Messages> {
        Arc::clone(&self.messages)
    }

    pub(super) fn stand_before(&mut self, behind: Vec<Arc<Messages>>) {
        self.behind = behind;
    }

    fn with<'a>(&self, key: &str, values: impl Iterator<Item = (&'a str, impl Into<FluentValue<'a>>)>) -> String {
        let values: FluentArgs<'_> = values.collect();
        let mut asked = iter::once(&self.messages).chain(&self.behind);
        asked.find_map(|messages| say(messages, key, Some(&values))).unwrap_or_else(|| key.to_owned())
    }
}

/// A value that a message asks for and nobody gave stands in it as `{$name}`.
fn say(messages: &Messages, key: &str, values: Option<&FluentArgs<'_>>) -> Option<String> {
    let pattern = messages.get_message(key)?.value()?;
    Some(messages.format_pattern(pattern, values, &mut Vec::new()).into_owned())
}

/// Of a text behind a `<`: the address of the link that begins there, its words, and what follows it.
fn link_at<'t, 'l>(text: &'t str, links: &[(&str, &'l str)]) -> Option<(&'l str, &'t str, &'t str)> {
    let (name, inside) = text.split_once('>')?;
    let (_, href) = links.iter().find(|(known, _)| *known == name)?;
    let (words, behind) = inside.split_once(&format!("</{name}>"))?;
    Some((href, words, behind))
}

/// For the text of an element and for an attribute in quotes.
fn escape(text: &str, html: &mut String) {
    for character in text.chars() {
        match character {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            other => html.push(other),
        }
    }
}
