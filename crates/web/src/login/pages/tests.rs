//! Every page with every sample of `pages/samples.json` in every language, and pages of an operator's own.

use std::fs;

use serde_json::{Map, Value as Json};

use super::*;

const SAMPLES: &str = include_str!("../../../pages/samples.json");
/// What the samples named `injection` write wherever something is shown.
const SCRIPT: &str = "\"><script>alert(1)</script>";

struct Sample {
    page: String,
    name: String,
    values: Map<String, Json>,
}

fn samples() -> Vec<Sample> {
    let all: Map<String, Json> = serde_json::from_str(SAMPLES).unwrap();
    let common = all["common"].as_object().unwrap().clone();
    let mut samples = Vec::new();
    for (page, named) in all.iter().filter(|(page, _)| *page != "common") {
        for (name, own) in named.as_object().unwrap() {
            let mut values = common.clone();
            values.extend(own.as_object().unwrap().clone());
            samples.push(Sample { page: page.clone(), name: name.clone(), values });
        }
    }
    samples
}

fn html(pages: &Pages, tag: &str, page: &str, values: &Map<String, Json>) -> String {
    let mut values = values.clone();
    let language = pages.languages.find(tag).unwrap();
    values.insert("lang".to_owned(), language.tag().into());
    values.insert("dir".to_owned(), language.dir().into());
    let rendered = pages.html(language, page, Value::from(minijinja::value::Serde(values)));
    rendered.unwrap_or_else(|error| unreachable!("{page} in {tag}: {error:#}"))
}

/// Each element with its attributes' names, as a browser would find them.
fn shape(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    for tag in html.split('<').skip(1).filter(|tag| tag.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/')) {
        let mut quoted = false;
        let mut names = String::new();
        for c in tag.chars().take_while(|c| *c != '>') {
            quoted ^= c == '"';
            if !quoted && c != '"' {
                names.push(c);
            }
        }
        found.push(names);
    }
    found
}

fn tags(pages: &Pages) -> Vec<String> {
    pages.languages.all().map(|language| language.tag().to_owned()).collect()
}

fn replaced(value: &Json, from: &str, to: &str) -> Json {
    serde_json::from_str(&value.to_string().replace(&json_text(from), to)).unwrap()
}

fn json_text(text: &str) -> String {
    Json::from(text).to_string().trim_matches('"').to_owned()
}

fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

#[test]
fn every_page_has_samples_and_is_shown_with_each_in_every_language() {
    let pages = Pages::built_in().unwrap();
    let samples = samples();
    for (file, _) in TEMPLATES.iter().filter(|(file, _)| !["layout.html", "components.html"].contains(file)) {
        assert!(samples.iter().any(|sample| format!("{}.html", sample.page) == *file), "{file} has no sample");
    }
    for tag in tags(&pages) {
        let language = pages.languages.find(&tag).unwrap();
        for Sample { page, name, values } in &samples {
            let html = html(&pages, &tag, page, values);
            let of = format!("{page}, {name}, {tag}");
            assert!(html.contains(&format!("<html lang=\"{tag}\" dir=\"{}\">", language.dir())), "{of}");
            assert_eq!(html.matches("<h1>").count(), 1, "{of}");
            assert_eq!(html.matches("<script").count(), 1, "{of}: our own");
            assert_eq!(html.matches("<style").count() + html.matches(" style=").count(), 0, "{of}");
            for unsaid in ["<h1></h1>", "undefined", "{{", "{%", ">None<"] {
                assert!(!html.contains(unsaid), "{of} shows {unsaid}: {html}");
            }
        }
    }
}

/// A key that no language has would be shown as it is.
#[test]
fn no_page_shows_the_key_of_a_text() {
    let pages = Pages::built_in().unwrap();
    let english = include_str!("../../../pages/locales/en.ftl");
    let keys: Vec<&str> = english.lines().filter_map(|line| line.split_once(" = ")).map(|(key, _)| key).collect();
    for (file, source) in TEMPLATES {
        for (at, _) in source.match_indices("t(\"").chain(source.match_indices("t('")) {
            if source[..at].ends_with(|before: char| before.is_ascii_alphanumeric() || before == '_') {
                continue; // another function, or a macro
            }
            let key = source[at + 3..].split(['"', '\'']).next().unwrap();
            let of_a_comment = key == "key" && *file == "components.html";
            assert!(keys.contains(&key) || of_a_comment, "{file} asks for {key}");
        }
    }
    for tag in tags(&pages) {
        for Sample { page, name, values } in samples() {
            let html = html(&pages, &tag, &page, &values);
            for key in keys.iter().filter(|key| key.contains('-') && !values_hold(&values, key)) {
                let shown = [format!(">{key}<"), format!("> {key} <")];
                assert!(!shown.iter().any(|shown| html.contains(shown)), "{page}, {name}, {tag} shows {key}");
            }
        }
    }
}

fn values_hold(values: &Map<String, Json>, text: &str) -> bool {
    Json::from(values.clone()).to_string().contains(text)
}

#[test]
fn a_script_in_what_is_shown_stays_text_on_every_page() {
    let pages = Pages::built_in().unwrap();
    let hostile: Vec<Sample> = samples().into_iter().filter(|sample| sample.name == "injection").collect();
    assert!(hostile.len() >= 10, "{}", hostile.len());
    for tag in tags(&pages) {
        for Sample { page, values, .. } in &hostile {
            assert!(values_hold(values, &json_text(SCRIPT)), "{page}: the sample is tame");
            let tame = replaced(&Json::from(values.clone()), SCRIPT, "tame");
            let (hostile, tame) =
                (html(&pages, &tag, page, values), html(&pages, &tag, page, tame.as_object().unwrap()));
            assert!(!hostile.contains("<script>alert"), "{page} in {tag}: {hostile}");
            assert_eq!(shape(&hostile), shape(&tame), "{page} in {tag}");
        }
    }
}

/// Every text of every sample, one page at a time: also what the samples named `injection` forget.
#[test]
fn a_script_in_any_value_stays_text() {
    fn filled(value: &Json, with: &str, key: &str) -> Json {
        match value {
            // Not shown: they choose a class, a way of typing, or a drawing.
            Json::String(_) if ["kind", "type", "page", "tag", "nonce"].contains(&key) => value.clone(),
            Json::String(text) if text.is_empty() => value.clone(),
            Json::String(_) => with.into(),
            Json::Array(all) => all.iter().map(|one| filled(one, with, key)).collect(),
            Json::Object(all) => {
                all.iter().map(|(key, one)| (key.clone(), filled(one, with, key))).collect::<Map<_, _>>().into()
            }
            other => other.clone(),
        }
    }
    let pages = Pages::built_in().unwrap();
    let hostile = format!("'{SCRIPT}<img src=x onerror=alert(2)> onclick=x {{{{ 7919 * 7919 }}}}");
    for Sample { page, name, values } in samples() {
        let [hostile, tame] = [hostile.as_str(), "tame"].map(|text| {
            let filled = filled(&Json::from(values.clone()), text, "");
            html(&pages, "en", &page, filled.as_object().unwrap())
        });
        assert_eq!(shape(&hostile), shape(&tame), "{page}, {name}");
        assert!(!hostile.contains("62710561"), "{page}, {name}: what is shown is no template");
    }
}

#[test]
fn the_first_page_and_its_styles_are_small() {
    let pages = Pages::built_in().unwrap();
    for Sample { page, name, values } in samples().into_iter().filter(|sample| sample.page == "sign_in") {
        for tag in tags(&pages) {
            let bytes = html(&pages, &tag, &page, &values).len() + pages.style.text.len();
            assert!(bytes < 30_000 || name == "long_names", "{name} in {tag}: {bytes}");
        }
    }
    assert!(pages.script.text.len() < 3_000, "{}", pages.script.text.len());
}

#[test]
fn a_folder_replaces_a_page_a_text_and_adds_styles() {
    let own = folder(&[
        ("templates/signed_out.html", b"{% extends \"layout.html\" %}{% block title %}Bye, {{ app }}{% endblock %}"),
        ("templates/extra.html", b"ours"),
        ("templates/notes.txt", b"{% if"),
        ("locales/en.ftl", b"sign-in-title = Come in\n"),
        ("locales/nl.ftl", b"language-own-name = Nederlands\nsign-in-title = Inloggen\n"),
        ("styles/b.css", b".b{}"),
        ("styles/a.css", b".a{}"),
    ]);
    let (ours, pages) = (Pages::built_in().unwrap(), Pages::with_folder(own.path()).unwrap());
    let values = |name: &str| samples().into_iter().find(|sample| sample.page == name).unwrap().values;
    let mut hostile = values("signed_out");
    hostile.insert("app".to_owned(), SCRIPT.into());
    let out = html(&pages, "en", "signed_out", &hostile);
    assert!(out.contains("<h1>Bye, &quot;&gt;&lt;script&gt;"), "an operator's page is escaped too: {out}");
    assert!(html(&pages, "en", "sign_in", &values("sign_in")).contains("<h1>Come in</h1>"));
    assert!(html(&pages, "nl", "sign_in", &values("sign_in")).contains("<h1>Inloggen</h1>"));
    assert!(html(&pages, "de", "sign_in", &values("sign_in")).contains("<h1>Anmelden</h1>"), "the others stay");
    assert_eq!(pages.style.text, format!("{STYLE}.a{{}}.b{{}}"), "after ours, in the order of their names");
    assert_ne!(pages.style.name, ours.style.name, "a browser that has ours fetches it");
    assert_eq!(pages.script.name, ours.script.name);

    let layout = folder(&[("templates/layout.html", b"<p>{% block title %}{% endblock %}</p>")]);
    let pages = Pages::with_folder(layout.path()).unwrap();
    assert_eq!(html(&pages, "en", "signed_out", &values("signed_out")).trim(), "<p>You are signed out</p>");
    let empty = Pages::with_folder(folder(&[]).path()).unwrap();
    assert_eq!(empty.style.name, ours.style.name);
}

#[test]
fn a_file_that_is_broken_is_named() {
    for (file, text, place) in [
        ("templates/sign_in.html", &b"<p>\n{% if %}"[..], "sign_in.html"),
        ("templates/own.html", b"{{", "own.html"),
        ("templates/sign_up.html", b"\xff", "sign_up.html"),
        ("styles/own.css", b"\xff", "own.css"),
        ("locales/nl.ftl", b"a = b\nc\n", "nl.ftl:2"),
        ("locales/nothing-like-it.ftl", b"", "nothing-like-it.ftl"),
    ] {
        let folder = folder(&[(file, text)]);
        let error = Pages::with_folder(folder.path()).err().unwrap_or_else(|| unreachable!("{file} is taken"));
        assert!(error.contains(place), "{file}: {error}");
    }
}
