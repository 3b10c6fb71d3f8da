//! `GET /v1/docs`: the document on one page, for people. No script, nothing from elsewhere; made once.

use std::fmt::Write as _;
use std::sync::LazyLock;

use data_encoding::BASE64;
use serde_json::{Map, Value};

const STYLE: &str = include_str!("page.css");

/// It may load nothing; its own style is known by its digest.
pub(super) static POLICY: LazyLock<String> = LazyLock::new(|| {
    let style = BASE64.encode(&cognate_jose::sha256(STYLE.as_bytes()));
    format!(
        "default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
});

pub(super) fn of(document: &Value) -> String {
    let page = Page { document, html: String::with_capacity(256 * 1024) };
    page.whole()
}

struct Page<'a> {
    document: &'a Value,
    html: String,
}

/// Where an operation stands, and what is said of it.
#[derive(Clone, Copy)]
struct Operation<'a> {
    method: &'a str,
    path: &'a str,
    said: &'a Value,
}

macro_rules! put {
    ($page:expr, $($text:tt)*) => {
        let _ = write!($page.html, $($text)*); // a String takes everything
    };
}

impl<'a> Page<'a> {
    fn whole(mut self) -> String {
        let title = escaped(text(&self.document["info"], "title"));
        put!(
            self,
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title>\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><style>{STYLE}</style></head><body>"
        );
        let about = prose(text(&self.document["info"], "description"));
        put!(self, "<header><h1>{title}</h1>{about}");
        put!(self, "<p>The same for programs: <a href=\"openapi.json\">openapi.json</a>.</p></header>");
        let tags: Vec<&Value> = self.document["tags"].as_array().into_iter().flatten().collect();
        self.index(&tags);
        self.html.push_str("<main>");
        for tag in &tags {
            let name = text(tag, "name");
            put!(self, "<section aria-labelledby=\"{0}\"><h2 id=\"{0}\">{1}</h2>", slug(name), escaped(name));
            self.html.push_str(&prose(text(tag, "description")));
            for operation in self.operations(name) {
                self.operation(operation);
            }
            self.html.push_str("</section>");
        }
        self.schemas();
        self.html.push_str("</main></body></html>");
        self.html
    }

    fn operations(&self, tag: &str) -> Vec<Operation<'a>> {
        let paths = self.document["paths"].as_object().into_iter().flatten();
        let all = paths.flat_map(|(path, methods)| {
            methods.as_object().into_iter().flatten().map(move |(method, said)| Operation { method, path, said })
        });
        all.filter(|operation| operation.said.pointer("/tags/0").is_some_and(|first| first == tag)).collect()
    }

    fn index(&mut self, tags: &[&Value]) {
        self.html.push_str("<nav aria-label=\"Index\">");
        for tag in tags {
            let name = text(tag, "name");
            put!(self, "<p><a href=\"#{}\">{}</a></p><ul>", slug(name), escaped(name));
            for Operation { method, path, said } in self.operations(name) {
                let (id, summary) = (escaped(text(said, "operationId")), escaped(text(said, "summary")));
                let (method, path) = (method.to_uppercase(), escaped(path));
                put!(self, "<li><a href=\"#{id}\"><code>{method} {path}</code></a> {summary}</li>");
            }
            self.html.push_str("</ul>");
        }
        self.html.push_str("<p><a href=\"#schemas\">Shapes</a></p></nav>");
    }

    fn operation(&mut self, Operation { method, path, said }: Operation<'_>) {
        let (id, summary) = (escaped(text(said, "operationId")), escaped(text(said, "summary")));
        let (method, path) = (method.to_uppercase(), escaped(path));
        put!(
            self,
            "<article aria-labelledby=\"{id}\"><h3 id=\"{id}\">{summary}</h3><p><code>{method} {path}</code></p>"
        );
        self.html.push_str(&prose(text(said, "description")));
        if said.get("security").is_some() {
            self.html.push_str("<p>For whoever is signed in: <code>Authorization: Bearer …</code></p>");
        }
        self.parameters(said);
        if let Some(body) = said.get("requestBody") {
            let may = if body["required"] == true { "" } else { " (may be left out)" };
            put!(self, "<h4>Body{may}</h4>");
            self.content(&body["content"]);
        }
        self.html.push_str("<h4>Answers</h4><dl>");
        for (status, response) in said["responses"].as_object().into_iter().flatten() {
            let response = self.resolved(response);
            put!(self, "<dt><code>{}</code></dt><dd>{}", escaped(status), prose(text(response, "description")));
            // Problems look alike everywhere; their codes are in the text.
            if response["content"].get("application/json").is_some() {
                self.content(&response["content"]);
            }
            self.html.push_str("</dd>");
        }
        self.html.push_str("</dl></article>");
    }

    fn parameters(&mut self, said: &Value) {
        let Some(parameters) = said["parameters"].as_array().filter(|parameters| !parameters.is_empty()) else {
            return;
        };
        self.html.push_str("<h4>Parameters</h4><dl>");
        for parameter in parameters {
            let (name, place) = (escaped(text(parameter, "name")), escaped(text(parameter, "in")));
            let must = if parameter["required"] == true { ", required" } else { "" };
            let kind = self.kind(&parameter["schema"]);
            put!(self, "<dt><code>{name}</code> <span class=\"soft\">{place}{must}: {kind}</span></dt><dd>");
            self.html.push_str(&prose(text(parameter, "description")));
            self.html.push_str("</dd>");
        }
        self.html.push_str("</dl>");
    }

    fn content(&mut self, content: &Value) {
        for (media, content) in content.as_object().into_iter().flatten() {
            let kind = self.kind(&content["schema"]);
            put!(self, "<p><code>{}</code>: {kind}</p>", escaped(media));
        }
    }

    fn schemas(&mut self) {
        self.html.push_str("<section aria-labelledby=\"schemas\"><h2 id=\"schemas\">Shapes</h2>");
        for (name, schema) in
            self.document.pointer("/components/schemas").and_then(Value::as_object).into_iter().flatten()
        {
            let name = escaped(name);
            put!(self, "<article aria-labelledby=\"schema-{name}\"><h3 id=\"schema-{name}\">{name}</h3>");
            self.html.push_str(&prose(text(schema, "description")));
            match schema["properties"].as_object() {
                Some(properties) => self.properties(schema, properties),
                None => {
                    put!(self, "<p>{}</p>", self.kind(schema));
                }
            }
            self.html.push_str("</article>");
        }
        self.html.push_str("</section>");
    }

    fn properties(&mut self, schema: &Value, properties: &Map<String, Value>) {
        let required: Vec<&Value> = schema["required"].as_array().into_iter().flatten().collect();
        self.html.push_str("<dl>");
        for (name, property) in properties {
            let must = if required.iter().any(|one| *one == name) { "required: " } else { "" };
            let kind = self.kind(property);
            put!(self, "<dt><code>{}</code> <span class=\"soft\">{must}{kind}</span></dt><dd>", escaped(name));
            self.html.push_str(&prose(text(property, "description")));
            self.html.push_str("</dd>");
        }
        self.html.push_str("</dl>");
    }

    fn resolved<'b>(&self, value: &'b Value) -> &'b Value
    where
        'a: 'b,
    {
        let named = value["$ref"].as_str().and_then(|path| path.strip_prefix('#'));
        named.and_then(|pointer| self.document.pointer(pointer)).unwrap_or(value)
    }

    /// A schema in words, as HTML.
    fn kind(&self, schema: &Value) -> String {
        if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
            let name = escaped(name);
            return format!("<a href=\"#schema-{name}\">{name}</a>");
        }
        for (key, between) in [("oneOf", " or "), ("anyOf", " or "), ("allOf", " and ")] {
            if let Some(parts) = schema[key].as_array() {
                return parts.iter().map(|part| self.kind(part)).collect::<Vec<_>>().join(between);
            }
        }
        if let Some(values) = schema["enum"].as_array() {
            let shown = values.iter().map(|value| format!("<code>{}</code>", escaped(&value.to_string())));
            return shown.collect::<Vec<_>>().join(", ");
        }
        let mut words = match &schema["type"] {
            Value::String(kind) => self.one_kind(kind, schema),
            Value::Array(kinds) => {
                let kinds = kinds.iter().filter_map(Value::as_str).map(|kind| self.one_kind(kind, schema));
                kinds.collect::<Vec<_>>().join(" or ")
            }
            _ => "anything".to_owned(),
        };
        words.push_str(&bounds(schema));
        words
    }

    fn one_kind(&self, kind: &str, schema: &Value) -> String {
        match kind {
            "array" => format!("list of {}", self.kind(&schema["items"])),
            "object" => match &schema["properties"] {
                Value::Object(properties) => {
                    let shown = properties
                        .iter()
                        .map(|(name, property)| format!("<code>{}</code>: {}", escaped(name), self.kind(property)));
                    format!("object of {}", shown.collect::<Vec<_>>().join(", "))
                }
                _ if schema["additionalProperties"].is_object() => {
                    format!("object, each member {}", self.kind(&schema["additionalProperties"]))
                }
                _ => "object".to_owned(),
            },
            other => escaped(other),
        }
    }
}

fn bounds(schema: &Value) -> String {
    let mut words = String::new();
    for (key, said) in [
        ("format", ""),
        ("minLength", "from length "),
        ("maxLength", "up to length "),
        ("minItems", "from items "),
        ("maxItems", "up to items "),
        ("maxProperties", "up to members "),
        ("minimum", "from "),
        ("maximum", "up to "),
        ("pattern", "like "),
        ("const", "always "),
        ("example", "such as "),
    ] {
        let value = match &schema[key] {
            Value::Null => continue,
            Value::String(text) if key == "format" => escaped(text),
            Value::String(text) => format!("<code>{}</code>", escaped(text)),
            other => escaped(&other.to_string()),
        };
        let _ = write!(words, ", {said}{value}"); // a String takes everything
    }
    words
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

fn slug(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase()
}

/// Paragraphs, with code between backticks.
fn prose(text: &str) -> String {
    text.split("\n\n").filter(|paragraph| !paragraph.is_empty()).fold(String::new(), |mut html, paragraph| {
        html.push_str("<p>");
        for (at, part) in paragraph.split('`').enumerate() {
            let part = escaped(part);
            let _ = if at % 2 == 1 { write!(html, "<code>{part}</code>") } else { html.write_str(&part) }; // a String takes everything
        }
        html.push_str("</p>");
        html
    })
}

fn escaped(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut html, letter| {
        match letter {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            letter => html.push(letter),
        }
        html
    })
}
