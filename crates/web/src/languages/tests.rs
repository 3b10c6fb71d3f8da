use std::collections::{BTreeMap, BTreeSet};

use tempfile::TempDir;

use super::*;

/// Of every plural category of every language of ours.
const COUNTS: [i64; 7] = [0, 1, 2, 3, 8, 11, 100];

fn built_in() -> Languages {
    Languages::built_in().unwrap()
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn with(files: &[(&str, &str)]) -> Languages {
    Languages::with_folder(folder(files).path()).unwrap()
}

/// What is wrong with a folder, without the folder's own name.
fn refusal(files: &[(&str, &str)]) -> String {
    let folder = folder(files);
    let refusal = Languages::with_folder(folder.path()).err().unwrap();
    refusal.strip_prefix(&format!("{}/", folder.path().display())).unwrap().to_owned()
}

fn tags(languages: &Languages) -> Vec<&str> {
    languages.all().map(Language::tag).collect()
}

fn found<'l>(languages: &'l Languages, tag: &str) -> Option<&'l str> {
    languages.find(tag).map(Language::tag)
}

/// The messages of a file of ours by their keys, as they are written.
fn written(text: &str) -> BTreeMap<&str, String> {
    let mut messages = BTreeMap::new();
    let mut key = "";
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let (true, Some((name, value))) = (line.starts_with(char::is_alphabetic), line.split_once(" = ")) {
            key = name;
            assert_eq!(messages.insert(key, value.to_owned()), None, "{key} stands there twice");
        } else {
            messages.get_mut(key).unwrap().extend(["\n", line]);
        }
    }
    messages
}

/// The words that stand between `begin` and one of `end`.
fn between<'t>(text: &'t str, begin: char, end: &[char]) -> BTreeSet<&'t str> {
    text.split(begin).skip(1).map(|rest| rest.split(end).next().unwrap()).collect()
}

#[test]
fn every_language_says_what_english_says() {
    let english = written(ENGLISH.2);
    assert!(english.len() > 150, "{}", english.len());
    for (tag, _, text) in OTHERS {
        let messages = written(text);
        assert_eq!(messages.keys().collect::<Vec<_>>(), english.keys().collect::<Vec<_>>(), "{tag}");
        for (key, message) in &messages {
            let theirs = &english[key];
            let variables = |message| between(message, '$', &[' ', '}']);
            assert_eq!(variables(message), variables(theirs), "{tag}: {key}");
            assert_eq!(between(message, '<', &['>']), between(theirs, '<', &['>']), "{tag}: {key}");
        }
    }
}

#[test]
fn every_language_tells_its_own_plurals_apart() {
    for (tag, _, text) in [ENGLISH].into_iter().chain(OTHERS) {
        let categories: &[&str] = match tag {
            "ar" => &["few", "many", "one", "other", "two", "zero"],
            // One of something may still be said in another way than several.
            "ja" | "ko" | "zh-CN" => &["1", "other"],
            _ => &["one", "other"],
        };
        for (key, message) in written(text).iter().filter(|(_, message)| message.contains("->")) {
            assert!(between(message, '[', &[']']).iter().eq(categories), "{tag}: {key}");
        }
    }
    let languages = built_in();
    let arabic = languages.find("ar").unwrap();
    let said: BTreeSet<_> = COUNTS.map(|count| arabic.text_counted("password-rule-length", count)).into();
    assert_eq!(said.len(), COUNTS.len());
    assert!(arabic.text_counted("password-rule-length", 8).contains("أحرف"));
    assert!(arabic.text_counted("password-rule-length", 11).contains("حرفًا"));
    let history = |tag, count| languages.find(tag).unwrap().text_counted("password-rule-history", count);
    assert_eq!(history("de", 1), "nicht Ihr letztes Passwort");
    assert_eq!(history("de", 2), "keines Ihrer letzten 2 Passwörter");
    assert_eq!(history("zh-CN", 1), "与上一个密码不同");
    assert_eq!(history("zh-CN", 5), "与最近 5 个密码均不相同");
}

#[test]
fn every_message_can_be_said_of_every_count() {
    for language in built_in().all() {
        let messages = language.messages();
        for (key, message) in written(ENGLISH.2) {
            let pattern = messages.get_message(key).unwrap().value().unwrap();
            let names = between(&message, '$', &[' ', '}']);
            for count in COUNTS {
                let mut values = fluent_bundle::FluentArgs::new();
                for name in &names {
                    values.set(*name, "Ann");
                }
                values.set("count", count);
                let mut mistakes = Vec::new();
                let said = messages.format_pattern(pattern, Some(&values), &mut mistakes);
                assert!(mistakes.is_empty(), "{}: {key}: {mistakes:?}", language.tag());
                assert!(!said.trim().is_empty() && !said.contains(['{', '}']), "{}: {key}: {said}", language.tag());
            }
        }
    }
}

#[test]
fn languages_have_their_own_names_and_directions() {
    let languages = built_in();
    assert_eq!(tags(&languages), ["en", "ar", "de", "es", "fr", "ja", "ko", "zh-CN"]);
    let names: Vec<_> = languages.all().map(Language::name).collect();
    assert_eq!(names, ["English", "العربية", "Deutsch", "Español", "Français", "日本語", "한국어", "简体中文"]);
    for language in languages.all() {
        assert_eq!(language.dir(), if language.tag() == "ar" { "rtl" } else { "ltr" });
    }
}

#[test]
fn a_tag_finds_the_nearest_language() {
    let languages = built_in();
    for (tag, nearest) in [
        ("de", Some("de")),
        ("de-AT", Some("de")),
        ("DE_at", Some("de")),
        ("de-Latn-CH-1996", Some("de")),
        ("de-u-co-phonebk", Some("de")),
        ("en-GB", Some("en")),
        ("zh", Some("zh-CN")),
        ("zh-cn", Some("zh-CN")),
        ("zh-TW", Some("zh-CN")),
        ("zh-Hant", Some("zh-CN")),
        ("nl", None),
        ("und", None),
        ("*", None),
        ("", None),
        ("../../etc/passwd", None),
        ("<script>", None),
    ] {
        assert_eq!(found(&languages, tag), nearest, "{tag}");
    }

    let languages =
        with(&[("zh-Hant.ftl", ""), ("pt-BR.ftl", ""), ("pt.ftl", ""), ("pt-PT.ftl", ""), ("de_at.ftl", "")]);
    for (tag, nearest) in [
        ("zh-TW", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("zh-SG", "zh-CN"),
        ("pt-BR", "pt-BR"),
        ("pt", "pt"),
        ("pt-PT", "pt-PT"),
        ("pt-AO", "pt"),
        ("de-AT", "de-AT"),
        ("de-CH", "de"),
    ] {
        assert_eq!(found(&languages, tag), Some(nearest), "{tag}");
    }
}

#[test]
fn the_address_goes_before_the_cookie_and_that_before_the_browser() {
    let languages = built_in();
    for (asked, kept, accepted, chosen) in [
        (Some("de"), Some("fr"), Some("ja"), "de"),
        (Some("nl"), Some("fr"), Some("ja"), "fr"),
        (None, Some("fr"), Some("ja"), "fr"),
        (Some(""), Some("$"), Some("ja"), "ja"),
        (None, None, Some("nl, de-AT;q=0.8, fr;q=0.9"), "fr"),
        (None, None, Some("nl, de;q=0.8, fr;q=0.8"), "de"),
        (None, None, Some("ko;q=0, de;q=0.1"), "de"),
        (None, None, Some("de;q=0.5, *;q=0.8"), "en"),
        (None, None, Some("nl"), "en"),
        (None, None, Some(";;q=,,*=\u{1f600};q=1.0"), "en"),
        (None, None, None, "en"),
    ] {
        assert_eq!(languages.choose(Wanted { asked, kept, accepted }).tag(), chosen, "{asked:?} {kept:?} {accepted:?}");
    }
}

#[test]
fn an_endless_header_is_not_read_to_its_end() {
    let languages = built_in();
    let late = format!("{}de", "nl;q=0.1, ".repeat(20));
    let far = format!("nl{}, de", " ".repeat(600));
    let huge = format!("fr;q=0.2, {}", "x".repeat(10_000_000));
    for (accepted, chosen) in [(late, "en"), (far, "en"), (huge, "fr")] {
        let wanted = Wanted { accepted: Some(&accepted), ..Wanted::default() };
        assert_eq!(languages.choose(wanted).tag(), chosen);
    }
}

#[test]
fn an_operator_adds_languages_and_changes_single_messages() {
    let languages = with(&[
        ("nl.ftl", "language-own-name = Nederlands\nsign-in-title = Inloggen\n"),
        ("he.ftl", "\u{feff}sign-in-title = כניסה\r\nto-continue = אל { $app }\r\n"),
        ("de.ftl", "sign-in-title = Hereinspaziert\n"),
        ("de-AT.ftl", "sign-up-title = Servus\n"),
        ("en.ftl", "cancel-action = Never mind\nhouse-rules = Be kind, { $name }.\n"),
        ("README.md", "These are ours."),
    ]);
    assert_eq!(tags(&languages), ["en", "ar", "de", "de-AT", "es", "fr", "he", "ja", "ko", "nl", "zh-CN"]);
    let said = |tag, key| languages.find(tag).unwrap().text(key, &[]);

    assert_eq!(languages.find("nl").unwrap().name(), "Nederlands");
    assert_eq!(said("nl", "sign-in-title"), "Inloggen");
    assert_eq!(said("nl", "cancel-action"), "Never mind", "what nl lacks is said in English, as the operator has it");
    assert_eq!((languages.find("he").unwrap().name(), languages.find("he").unwrap().dir()), ("he", "rtl"));
    assert_eq!(said("he", "sign-in-title"), "כניסה");

    assert_eq!(
        (said("de", "sign-in-title"), said("de", "sign-up-title")),
        ("Hereinspaziert".into(), "Konto erstellen".into())
    );
    assert_eq!(languages.find("de").unwrap().name(), "Deutsch");
    assert_eq!(
        (said("de-AT", "sign-in-title"), said("de-AT", "sign-up-title")),
        ("Hereinspaziert".into(), "Servus".into())
    );
    assert_eq!(languages.find("de-AT").unwrap().name(), "de-AT");
    assert_eq!(languages.find("fr").unwrap().text("house-rules", &[("name", "Ann")]), "Be kind, Ann.");
    assert_eq!(said("fr", "nobody-has-this"), "nobody-has-this");
}

#[test]
fn a_mistake_in_a_folder_is_named_with_its_place() {
    let broken = [("nl.ftl", "sign-in-title = Inloggen\n# well\ncancel-action Annuleren\n")];
    assert_eq!(refusal(&broken), "nl.ftl:3: Expected a token starting with \"=\"");
    assert!(refusal(&[("nl.ftl", "a = { $b\n\n\nc = d\n")]).starts_with("nl.ftl:"));
    for name in ["notes.ftl", "d.ftl", "nl-.ftl", "und.ftl", "deutsch.ftl", ".ftl.ftl"] {
        assert_eq!(refusal(&[(name, "")]), format!("{name}: no language tag such as de or pt-BR names this file"));
    }
    let folder = folder(&[]);
    fs::write(folder.path().join("nl.ftl"), b"a = \xff").unwrap();
    assert!(Languages::with_folder(folder.path()).err().unwrap().contains("nl.ftl: cannot be read: "));
    let gone = folder.path().join("gone");
    assert!(Languages::with_folder(&gone).err().unwrap().contains("gone: cannot be read: "));
}

#[test]
fn values_are_kept_apart_only_where_the_text_runs_from_the_right() {
    let languages = built_in();
    let continued = |tag| languages.find(tag).unwrap().text("choose-account-continue", &[("name", "Ann")]);
    assert_eq!(continued("en"), "Continue as Ann");
    assert_eq!(continued("ar"), "المتابعة باسم \u{2068}Ann\u{2069}");
    assert!(languages.find("ar").unwrap().text("phone-hint", &[]).ends_with("\u{2066}+14155550100\u{2069}"));
}

#[test]
fn named_links_become_links_and_nothing_else_does() {
    let languages = built_in();
    let links = [("terms", "https://a.example/t?x=1&y=2"), ("privacy", "/p")];
    assert_eq!(
        languages.find("en").unwrap().linked("sign-up-terms", &links),
        "By creating an account you agree to our <a href=\"https://a.example/t?x=1&amp;y=2\">Terms of use</a> and \
         <a href=\"/p\">Privacy policy</a>."
    );
    for language in languages.all() {
        let html = language.linked("sign-up-terms", &links);
        assert_eq!((html.matches("<a href=\"").count(), html.matches("</a>").count()), (2, 2), "{html}");
        assert_eq!(html.matches('<').count(), 4, "{html}");
    }
}

#[test]
fn no_script_comes_through_a_message_or_a_link() {
    let languages = with(&[(
        "nl.ftl",
        "a = <script>alert(1)</script> <terms>\"<img src=x onerror='alert(2)'>\"</terms> <terms onclick=x>y</terms>\n\
         b = <terms>never ends & <privacy>p</privacy> <a href=\"javascript:x\">z</a> <\n",
    )]);
    let dutch = languages.find("nl").unwrap();
    let hostile = [("terms", "\"><script>alert(3)</script>"), ("privacy", "'x' onclick='y")];
    assert_eq!(
        dutch.linked("a", &hostile),
        "&lt;script&gt;alert(1)&lt;/script&gt; \
         <a href=\"&quot;&gt;&lt;script&gt;alert(3)&lt;/script&gt;\">\
         &quot;&lt;img src=x onerror=&#39;alert(2)&#39;&gt;&quot;</a> \
         &lt;terms onclick=x&gt;y&lt;/terms&gt;"
    );
    assert_eq!(
        dutch.linked("b", &hostile),
        "&lt;terms&gt;never ends &amp; <a href=\"&#39;x&#39; onclick=&#39;y\">p</a> \
         &lt;a href=&quot;javascript:x&quot;&gt;z&lt;/a&gt; &lt;"
    );
    assert_eq!(dutch.linked("<script>", &hostile), "&lt;script&gt;");
}

#[test]
fn languages_serve_all_threads() {
    fn serves<T: Send + Sync>(_: &T) {}
    serves(&built_in());
}
