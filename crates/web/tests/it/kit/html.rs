//! Just enough HTML to fill a form as a browser does, and to see what a page is made of.

/// An element's beginning: its name, and its attributes as they are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tag {
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
    /// What follows, up to the next tag.
    pub(crate) text: String,
}

impl Tag {
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Its name and those of its attributes: what no text that is shown may change.
    pub(crate) fn shape(&self) -> String {
        let names: Vec<&str> = self.attributes.iter().map(|(name, _)| name.as_str()).collect();
        format!("{} {}", self.name, names.join(" "))
    }
}

/// As a browser reads them: a quote that is not escaped ends an attribute, and what follows is another one.
pub(crate) fn tags(html: &str) -> Vec<Tag> {
    let mut found = Vec::new();
    let mut rest = html;
    while let Some((_, after)) = rest.split_once('<') {
        rest = after;
        let is_tag = after.starts_with(|first: char| first.is_ascii_alphabetic() || first == '/' || first == '!');
        if is_tag {
            let (tag, after) = one(after);
            rest = after;
            let text = plain(rest.split('<').next().unwrap_or_default());
            found.push(Tag { text, ..tag });
        }
    }
    found
}

fn one(html: &str) -> (Tag, &str) {
    let ends = |c: char| c.is_whitespace() || c == '>';
    let (name, mut rest) = html.split_at(html.find(ends).unwrap_or(html.len()));
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        if rest.is_empty() || rest.starts_with('>') {
            let tag = Tag { name: name.to_ascii_lowercase(), attributes, text: String::new() };
            return (tag, rest.get(1..).unwrap_or_default());
        }
        // An `=` at the beginning belongs to the name.
        let end = rest.char_indices().skip(1).find(|(_, c)| ends(*c) || *c == '=').map_or(rest.len(), |(at, _)| at);
        let (key, after) = rest.split_at(end);
        let (value, after) = match after.strip_prefix('=') {
            None => ("", after),
            Some(after) => match after.chars().next().filter(|quote| matches!(quote, '"' | '\'')) {
                Some(quote) => after.get(1..).unwrap_or_default().split_once(quote).unwrap_or(("", "")),
                None => after.split_at(after.find(ends).unwrap_or(after.len())),
            },
        };
        attributes.push((key.to_ascii_lowercase(), plain(value)));
        rest = after;
    }
}

/// A text or an attribute without its escapes.
pub(crate) fn plain(escaped: &str) -> String {
    let known = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#34;", "\""), ("&#x27;", "'"), ("&#39;", "'")];
    let text = known.iter().fold(escaped.replace("&#x2f;", "/"), |text, (from, to)| text.replace(from, to));
    text.replace("&amp;", "&")
}

/// What a browser would send.
#[derive(Clone, Debug)]
pub(crate) struct Form {
    pub(crate) action: String,
    pub(crate) fields: Vec<(String, String)>,
}

impl Form {
    /// The forms of a page. Their buttons are not pressed.
    pub(crate) fn all(html: &str) -> Vec<Self> {
        let mut forms: Vec<Self> = Vec::new();
        let mut open = false;
        for tag in tags(html) {
            match (tag.name.as_str(), tag.get("name"), tag.get("type")) {
                ("form", ..) => {
                    open = true;
                    forms.push(Self { action: tag.get("action").unwrap_or_default().to_owned(), fields: Vec::new() });
                }
                ("/form", ..) => open = false,
                ("input", Some(name), kind) if open && kind != Some("submit") => {
                    let value = tag.get("value").unwrap_or_default().to_owned();
                    if let Some(form) = forms.last_mut() {
                        form.fields.push((name.to_owned(), value));
                    }
                }
                _ => {}
            }
        }
        forms
    }

    /// Fills a field that the page has.
    #[must_use]
    #[track_caller]
    pub(crate) fn fill(mut self, name: &str, value: &str) -> Self {
        assert!(self.fields.iter().any(|(key, _)| key == name), "no field {name} in {self:?}");
        let held = self.fields.iter_mut().filter(|(key, _)| key == name).map(|(_, held)| held);
        held.for_each(|held| value.clone_into(held));
        self
    }

    /// Sends what no field of the page holds: a button's value, or what somebody made up.
    #[must_use]
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    #[must_use]
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.fields.retain(|(key, _)| key != name);
        self
    }

    pub(crate) fn value(&self, name: &str) -> &str {
        self.fields.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
    }
}
