//! One request of a browser to a page: whose pages they are, what the browser carries, and what was asked for.

use std::sync::Arc;

use axum::Extension;
use axum::extract::FromRequestParts;
use axum::response::{IntoResponse as _, Response};
use cognate_domain::oauth::Params;
use cognate_domain::pool;
use cognate_engine::pushed_requests::{self, Reference};
use cognate_engine::{App, Cx};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode, header};

use super::Stop;
use super::browser::{Cookie, Jar};
use super::memo::Memo;
use super::pages::Pages;
use super::request::Request;
use super::stop::Answered;
use crate::answer;
use crate::languages::{Language, Wanted};
use crate::site::Site;

pub(crate) struct Visit {
    pub(crate) cx: Cx,
    pub(crate) site: Site,
    pub(crate) pages: Arc<Pages>,
    pub(crate) headers: HeaderMap,
    /// Below the login domain's base, for example `/login`.
    pub(crate) path: String,
    /// As it came: it is handed on from page to page.
    pub(crate) query: String,
    pub(crate) own: Params,
    /// What is asked for: the query's, or what the client has pushed.
    pub(crate) params: Params,
    /// The reference by which that came.
    pub(crate) pushed: Option<Reference>,
    /// Makes the page's own styles and scripts the only ones.
    pub(crate) nonce: String,
    /// Its tag: chosen once, asked for with every text.
    language: String,
    xsrf: Xsrf,
}

/// The value that a form must send back.
struct Xsrf {
    value: String,
    is_new: bool,
}

impl FromRequestParts<Arc<App>> for Visit {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Response> {
        let site = Site::from_request_parts(parts, app).await?;
        let Ok(Extension(pages)) = Extension::<Arc<Pages>>::from_request_parts(parts, app).await else {
            return Err(answer::json_error(StatusCode::INTERNAL_SERVER_ERROR, "Internal error."));
        };
        let query = parts.uri.query().unwrap_or_default().to_owned();
        // Where it is met by path, the router has taken the base off. One slash: two would begin a link to another host.
        let path = format!("/{}", parts.uri.path().trim_start_matches('/'));
        let cx = Cx::new(Arc::clone(app));
        let own = Params::parse(query.as_bytes());
        let (params, pushed) = asked_for(&cx, &site, &own).await?;
        let jar = Jar { tls: app.settings.is_https(), base: &site.base };
        let xsrf = Xsrf::of(&cx, jar, &parts.headers);
        let kept = Cookie::Language.read(jar, &parts.headers);
        let language = language(&pages, kept.as_deref(), &parts.headers, [&own, &params]);
        Ok(Self {
            nonce: cognate_domain::ids::uuid(cx.entropy()).to_string(),
            own,
            params,
            pushed,
            headers: parts.headers.clone(),
            language,
            xsrf,
            cx,
            site,
            pages,
            path,
            query,
        })
    }
}

/// What is asked for: by the query, or by the request that it refers to. A reference that is unknown, too old or another client's
/// leaves nothing.
async fn asked_for(cx: &Cx, site: &Site, own: &Params) -> Result<(Params, Option<Reference>), Response> {
    let reference = own.get("request_uri").ok().flatten().filter(|uri| uri.starts_with(pushed_requests::URN));
    let Some(reference) = reference.filter(|_| site.pool.config.has(pool::Extension::Par)) else {
        return Ok((own.clone(), None));
    };
    let found = cx.pushed_request(&site.pool.id, reference).await.map_err(|error| answer::failed(&error))?;
    let client_id = own.get("client_id").ok().flatten();
    let found = found.filter(|(_, request)| Some(request.client_id.as_str()) == client_id);
    Ok(match found {
        Some((reference, request)) => (Params::parse(request.params.as_bytes()), Some(reference)),
        None => (Params::default(), None),
    })
}

/// The tag of the language that this request is answered in.
fn language(pages: &Pages, kept: Option<&str>, headers: &HeaderMap, queries: [&Params; 2]) -> String {
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let named = |name| queries.into_iter().find_map(|params| params.get(name).ok().flatten());
    let first = || named("ui_locales")?.split(' ').find(|tag| pages.languages.find(tag).is_some());
    let asked = named("lang").or_else(first);
    pages.languages.choose(Wanted { asked, kept, accepted }).tag().to_owned()
}

impl Xsrf {
    /// The browser's own, so that several of its windows go on, or a new one.
    fn of(cx: &Cx, jar: Jar<'_>, headers: &HeaderMap) -> Self {
        let has = Cookie::Xsrf.read(jar, headers);
        let bound = if jar.tls { Cookie::XsrfBound.read(jar, headers) } else { has.clone() };
        match has {
            Some(value) if bound.as_deref() == Some(&value) => Self { value, is_new: false },
            _ => Self { value: cognate_domain::ids::uuid(cx.entropy()).to_string(), is_new: true },
        }
    }
}

impl Visit {
    /// Finishes what it began even if the browser goes away.
    pub(crate) async fn answer<W>(self, work: impl FnOnce(Self) -> W) -> Response
    where
        W: Future<Output = Answered> + Send + 'static,
    {
        match tokio::spawn(work(self)).await {
            Ok(answered) => answered.unwrap_or_else(Stop::into_response),
            Err(_) => answer::panicked(),
        }
    }

    pub(crate) fn jar(&self) -> Jar<'_> {
        Jar { tls: self.cx.app.settings.is_https(), base: &self.site.base }
    }

    pub(crate) fn cookie(&self, cookie: Cookie) -> Option<String> {
        cookie.read(self.jar(), &self.headers)
    }

    /// The authorization request that the query carries.
    pub(crate) async fn request(&self) -> Result<Request, Stop> {
        Request::read(self).await
    }

    pub(crate) fn language(&self) -> &Language {
        self.pages.languages.called(&self.language)
    }

    pub(crate) fn text(&self, key: &str) -> String {
        self.language().text(key, &[])
    }

    /// A page of this domain, with the authorization request carried along.
    pub(crate) fn href(&self, path: &str) -> String {
        let mark = if self.query.is_empty() { "" } else { "?" };
        format!("{}{path}{mark}{}", self.site.base, self.query)
    }

    /// The same with other values for some parameters; `None` leaves one out.
    pub(crate) fn href_with(&self, path: &str, other: &[(&str, Option<&str>)]) -> String {
        format!("{}{path}?{}", self.site.base, self.own.with(other))
    }

    pub(crate) fn xsrf(&self) -> &str {
        &self.xsrf.value
    }

    /// Whether a form that was sent comes from one of our own pages in this browser.
    pub(crate) fn is_own_form(&self, form: &Params) -> bool {
        let sent = form.get("_csrf").ok().flatten().unwrap_or_default();
        !self.xsrf.is_new
            && cognate_jose::constant_time_eq(sent.as_bytes(), self.xsrf.value.as_bytes())
            && self.is_own_origin()
    }

    /// Browsers say where a form stood; what says nothing is no browser that another site could use.
    fn is_own_origin(&self) -> bool {
        let text = |name| self.headers.get(name).map(|value: &HeaderValue| value.to_str().unwrap_or_default());
        if text(header::HeaderName::from_static("sec-fetch-site")).is_some_and(|site| site == "cross-site") {
            return false;
        }
        let Some(origin) = text(header::ORIGIN) else { return true };
        let host = crate::site::authority(&self.headers);
        origin.split_once("://").is_some_and(|(_, origin)| Some(origin.to_ascii_lowercase()) == host)
    }

    /// Sends the browser on. The query is nobody's to see who is linked to from there.
    pub(crate) fn redirect(&self, to: &str) -> Response {
        // A registered address may have letters beyond ASCII; what would end the line is refused.
        let Ok(location) = HeaderValue::from_bytes(to.as_bytes()) else { return answer::panicked() };
        let mut response = (StatusCode::FOUND, [(header::LOCATION, location)]).into_response();
        self.finish(&mut response);
        response
    }

    /// What every answer to a browser has.
    pub(crate) fn finish(&self, response: &mut Response) {
        let jar = self.jar();
        let headers = response.headers_mut();
        if self.xsrf.is_new {
            let value = self.xsrf.value.as_str();
            let bound = jar.tls.then(|| Cookie::XsrfBound.set(jar, value, None)).flatten();
            for cookie in Cookie::Xsrf.set(jar, value, None).into_iter().chain(bound) {
                headers.append(header::SET_COOKIE, cookie);
            }
        }
        answer::for_browsers(&self.cx, headers);
    }

    /// Leaves something for the next page.
    pub(crate) fn leave(&self, response: &mut Response, memo: &Memo) {
        if let Some(cookie) = memo.cookie(self) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
}
