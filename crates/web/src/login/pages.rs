//! The templates, texts, styles and scripts of the pages, and how a page is answered: with a nonce that makes its own styles and
//! scripts the only ones, and in nobody's frame. What is shown is escaped by the templates; nothing of it is trusted.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use axum::response::{IntoResponse as _, Response};
use cognate_domain::{Error, Result};
use data_encoding::HEXLOWER;
use http::{HeaderValue, StatusCode, header};
use minijinja::value::{Kwargs, Value};
use minijinja::{Environment, context};

use super::browser::Cookie;
use super::visit::Visit;
use crate::answer;
use crate::languages::{Language, Languages};

const TEMPLATES: &[(&str, &str)] = &[
    ("layout.html", include_str!("../../pages/templates/layout.html")),
    ("components.html", include_str!("../../pages/templates/components.html")),
    ("sign_in.html", include_str!("../../pages/templates/sign_in.html")),
    ("sign_up.html", include_str!("../../pages/templates/sign_up.html")),
    ("confirm.html", include_str!("../../pages/templates/confirm.html")),
    ("confirm_user.html", include_str!("../../pages/templates/confirm_user.html")),
    ("forgot_password.html", include_str!("../../pages/templates/forgot_password.html")),
    ("confirm_forgot_password.html", include_str!("../../pages/templates/confirm_forgot_password.html")),
    ("new_password.html", include_str!("../../pages/templates/new_password.html")),
    ("choose_account.html", include_str!("../../pages/templates/choose_account.html")),
    ("sign_out.html", include_str!("../../pages/templates/sign_out.html")),
    ("signed_out.html", include_str!("../../pages/templates/signed_out.html")),
    ("error.html", include_str!("../../pages/templates/error.html")),
    ("account.html", include_str!("../../pages/templates/account.html")),
    ("account_prove.html", include_str!("../../pages/templates/account_prove.html")),
    ("account_verify.html", include_str!("../../pages/templates/account_verify.html")),
    ("account_delete.html", include_str!("../../pages/templates/account_delete.html")),
    ("device.html", include_str!("../../pages/templates/device.html")),
    ("device_confirm.html", include_str!("../../pages/templates/device_confirm.html")),
    ("done.html", include_str!("../../pages/templates/done.html")),
];
const STYLE: &str = concat!(
    include_str!("../../pages/styles/tokens.css"),
    include_str!("../../pages/styles/base.css"),
    include_str!("../../pages/styles/components.css"),
    include_str!("../../pages/styles/pages.css"),
);
const SCRIPT: &str = include_str!("../../pages/scripts/page.js");

pub struct Pages {
    pub(super) languages: Arc<Languages>,
    /// By the language's tag.
    environments: BTreeMap<String, Environment<'static>>,
    pub(super) style: Asset,
    pub(super) script: Asset,
}

pub(super) struct Asset {
    /// With the digest of the text in it.
    pub(super) name: String,
    pub(super) kind: &'static str,
    pub(super) text: String,
}

impl Asset {
    fn new(ending: &str, kind: &'static str, text: String) -> Self {
        let digest = cognate_jose::sha256(text.as_bytes());
        let name = format!("pages-{}.{ending}", HEXLOWER.encode(digest.split_at(8).0));
        Self { name, kind, text }
    }
}

impl Pages {
    pub fn built_in() -> Result<Self> {
        Self::with(Languages::built_in()?, None).map_err(Error::corrupt)
    }

    /// With what an operator has put into a folder: `templates/*.html` and `locales/*.ftl` take the place of ours, and
    /// `styles/*.css` follow them. An error names the file.
    pub fn with_folder(folder: &Path) -> std::result::Result<Self, String> {
        let locales = folder.join("locales");
        let languages = if locales.is_dir() {
            Languages::with_folder(&locales)?
        } else {
            Languages::built_in().map_err(|error| error.to_string())?
        };
        Self::with(languages, Some(folder))
    }

    fn with(languages: Languages, folder: Option<&Path>) -> std::result::Result<Self, String> {
        let mut environment = Environment::new();
        for (name, source) in TEMPLATES {
            environment.add_template(name, source).map_err(|error| format!("{name}: {error:#}"))?;
        }
        let mut style = STYLE.to_owned();
        if let Some(folder) = folder {
            for (name, source) in own_files(&folder.join("templates"), "html")? {
                environment.add_template_owned(name.clone(), source).map_err(|error| format!("{name}: {error:#}"))?;
            }
            for (_, source) in own_files(&folder.join("styles"), "css")? {
                style.push_str(&source);
            }
        }
        let languages = Arc::new(languages);
        try_each(&environment, &languages)?;
        let environments =
            languages.all().map(|language| (language.tag().to_owned(), speaking(&environment, &languages, language)));
        Ok(Self {
            environments: environments.collect(),
            style: Asset::new("css", "text/css; charset=utf-8", style),
            script: Asset::new("js", "text/javascript; charset=utf-8", SCRIPT.to_owned()),
            languages,
        })
    }

    pub(super) fn render(&self, visit: &Visit, page: &'static str, status: StatusCode, more: Value) -> Response {
        let language = visit.language();
        let rendered = self.html(language, page, context! { ..more, ..self.common(visit, language, page) });
        let html = match rendered {
            Ok(html) => html,
            Err(error) => {
                answer::log_failure(&Error::internal(error));
                return answer::panicked();
            }
        };

        let mut response = (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response();
        let nonce = &visit.nonce;
        // No `form-action`: browsers apply it to every step that follows a form, also to those that an application adds.
        let policy = format!(
            "default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; img-src 'self' data:; \
             base-uri 'none'; frame-ancestors 'none'"
        );
        if let Ok(policy) = HeaderValue::from_str(&policy) {
            response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        if let Some(cookie) = chosen_language(visit, language) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        visit.finish(&mut response);
        response
    }

    pub(super) fn html(
        &self,
        language: &Language,
        page: &str,
        context: Value,
    ) -> std::result::Result<String, minijinja::Error> {
        let environment = self.environments.get(language.tag());
        let environment = environment.ok_or(minijinja::ErrorKind::TemplateNotFound)?;
        environment.get_template(&format!("{page}.html"))?.render(context)
    }

    fn common(&self, visit: &Visit, language: &Language, page: &str) -> Value {
        let languages: Vec<Value> = self
            .languages
            .all()
            .map(|other| {
                let href = visit.href_with(&visit.path, &[("lang", Some(other.tag()))]);
                context! {
                    tag => other.tag(),
                    name => other.name(),
                    href => href,
                    current => other.tag() == language.tag(),
                }
            })
            .collect();
        let base = &visit.site.base;
        context! {
            page => page,
            lang => language.tag(),
            dir => language.dir(),
            languages => languages,
            nonce => &visit.nonce,
            style => format!("{base}/assets/{}", self.style.name),
            script => format!("{base}/assets/{}", self.script.name),
        }
    }
}

/// Kept until another one is asked for (section 5.4).
fn chosen_language(visit: &Visit, language: &Language) -> Option<HeaderValue> {
    visit.own.get("lang").ok().flatten()?;
    Cookie::Language.set(visit.jar(), language.tag(), Some(std::time::Duration::from_hours(24 * 365)))
}

/// What a template leads to is looked for when it is shown: once at the start, rather than before a person.
fn try_each(environment: &Environment<'static>, languages: &Arc<Languages>) -> std::result::Result<(), String> {
    let Some(any) = languages.all().next() else { return Ok(()) };
    let environment = speaking(environment, languages, any);
    let nobody = context! { links => context! {}, account => context! {}, person => context! {} };
    for (name, _) in TEMPLATES.iter().filter(|(name, _)| *name != "components.html") {
        let shown = environment.get_template(name).and_then(|template| template.render(&nobody));
        shown.map_err(|error| format!("{name}: {error:#}"))?;
    }
    Ok(())
}

/// An environment whose `t` and `t_links` speak this language.
fn speaking(
    environment: &Environment<'static>,
    languages: &Arc<Languages>,
    language: &Language,
) -> Environment<'static> {
    let mut environment = environment.clone();
    let (all, tag) = (Arc::clone(languages), language.tag().to_owned());
    environment.add_function("t", move |key: &str, values: Kwargs| {
        let values = named(&values)?;
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        Ok::<_, minijinja::Error>(all.called(&tag).text(key, &values))
    });
    let (all, tag) = (Arc::clone(languages), language.tag().to_owned());
    environment.add_function("t_links", move |key: &str, links: Kwargs| {
        let links = named(&links)?;
        let links: Vec<(&str, &str)> = links.iter().map(|(name, href)| (*name, href.as_str())).collect();
        Ok::<_, minijinja::Error>(Value::from_safe_string(all.called(&tag).linked(key, &links)))
    });
    environment
}

fn named(values: &Kwargs) -> std::result::Result<Vec<(&str, String)>, minijinja::Error> {
    values.args().map(|name| Ok((name, values.get::<Value>(name)?.to_string()))).collect()
}

/// The files of a folder with this ending, in the order of their names; none of a folder that is not there.
fn own_files(folder: &Path, ending: &str) -> std::result::Result<Vec<(String, String)>, String> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Ok(Vec::new()) };
    let mut files = Vec::new();
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        if path.extension().is_some_and(|has| has == ending) {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            files.push((name, text));
        }
    }
    files.sort();
    Ok(files)
}
