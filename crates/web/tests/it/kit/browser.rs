//! A browser without scripts: it keeps cookies as it is told, says where a form stood, and goes where it is sent as
//! long as that is the login domain.

use std::fmt::Write as _;

use axum::body::Body;
use cognate_testkit::app::PASSWORD;
use http::{HeaderMap, Request, header};
use url::form_urlencoded::Serializer;

use super::{Form, HOST, Shop, Tag, param, tags};

#[derive(Clone, Debug)]
pub(crate) struct Cookie {
    pub(crate) name: String,
    pub(crate) value: String,
    path: String,
}

#[derive(Clone)]
pub(crate) struct Browser<'s> {
    shop: &'s Shop,
    pub(crate) cookies: Vec<Cookie>,
    /// Sent with everything; one with the name of ours takes its place, and an empty one leaves it out.
    pub(crate) headers: Vec<(&'static str, String)>,
}

#[derive(Clone, Debug)]
pub(crate) struct Page {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) html: String,
    /// Where it was met.
    pub(crate) address: String,
}

impl Page {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    pub(crate) fn location(&self) -> &str {
        self.header("location")
    }

    /// A parameter of the answer that travels to the application.
    pub(crate) fn answer(&self, name: &str) -> Option<String> {
        param(self.location(), name)
    }

    #[track_caller]
    pub(crate) fn code(&self) -> String {
        assert!(self.location().starts_with("http"), "nobody is sent to the application: {self:?}");
        self.answer("code").unwrap()
    }

    /// Its form that goes to this path.
    #[track_caller]
    pub(crate) fn form(&self, path: &str) -> Form {
        let there = |form: &Form| form.action.split('?').next().unwrap_or_default().ends_with(path);
        let found = Form::all(&self.html).into_iter().find(there);
        assert!(found.is_some(), "no form to {path} at {}: {} {}", self.address, self.status, self.html);
        found.unwrap()
    }

    pub(crate) fn tags(&self) -> Vec<Tag> {
        tags(&self.html)
    }

    /// Under which name a password manager keeps what is entered here.
    pub(crate) fn known_as(&self) -> Option<String> {
        let inputs = self.tags().into_iter().filter(|tag| tag.name == "input");
        let mut named = inputs.filter(|tag| tag.get("autocomplete") == Some("username"));
        named.next().and_then(|tag| tag.get("value").map(str::to_owned))
    }

    /// What it is called.
    pub(crate) fn title(&self) -> String {
        self.tags().into_iter().find(|tag| tag.name == "h1").map(|tag| tag.text).unwrap_or_default()
    }

    /// What it says above the form, or of a field.
    pub(crate) fn says(&self) -> Vec<String> {
        let mut said = Vec::new();
        let (mut alert, mut error) = (0, false); // how deep in an alert, whether in a field's error
        for tag in self.tags() {
            let class = tag.get("class").unwrap_or_default();
            match tag.name.as_str() {
                "div" if alert > 0 || class.starts_with("alert") => alert += 1,
                "/div" if alert > 0 => alert -= 1,
                "p" if class == "error" => error = true,
                "/p" => error = false,
                _ => {}
            }
            if (alert > 0 || error) && !tag.text.trim().is_empty() && tag.name != "h2" {
                said.push(tag.text.trim().to_owned());
            }
        }
        said
    }

    /// Where its link goes whose address contains this.
    #[track_caller]
    pub(crate) fn link(&self, part: &str) -> String {
        let links = self.tags().into_iter().filter(|tag| tag.name == "a");
        let found = links.filter_map(|tag| tag.get("href").map(str::to_owned)).find(|href| href.contains(part));
        assert!(found.is_some(), "no link to {part} at {}: {}", self.address, self.html);
        found.unwrap()
    }
}

impl<'s> Browser<'s> {
    pub(super) fn new(shop: &'s Shop) -> Self {
        Self { shop, cookies: Vec::new(), headers: Vec::new() }
    }

    /// The same browser, before another node.
    pub(crate) fn at(self, shop: &Shop) -> Browser<'_> {
        Browser { shop, cookies: self.cookies, headers: self.headers }
    }

    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.iter().find(|cookie| cookie.name == name).map(|cookie| cookie.value.as_str())
    }

    /// Puts a cookie there as somebody might who is not the server.
    pub(crate) fn plant(&mut self, name: &str, value: &str) {
        self.cookies.push(Cookie { name: name.to_owned(), value: value.to_owned(), path: "/".to_owned() });
    }

    pub(crate) async fn get(&mut self, address: &str) -> Page {
        self.send(Request::get(address), address, Vec::new()).await
    }

    pub(crate) async fn submit(&mut self, form: &Form) -> Page {
        let body = Serializer::new(String::new()).extend_pairs(&form.fields).finish();
        self.post(&form.action, body).await
    }

    pub(crate) async fn post(&mut self, address: &str, body: String) -> Page {
        let posted = [
            ("content-type", "application/x-www-form-urlencoded".to_owned()),
            ("origin", format!("https://{HOST}")),
            ("sec-fetch-site", "same-origin".to_owned()),
        ];
        let request = Request::post(address).extension(body);
        self.send(request, address, posted.to_vec()).await
    }

    async fn send(&mut self, request: http::request::Builder, address: &str, ours: Vec<(&str, String)>) -> Page {
        let path = address.split('?').next().unwrap_or_default();
        let mut cookies = String::new();
        for cookie in self.cookies.iter().filter(|cookie| below(path, &cookie.path)) {
            let _ = write!(cookies, "{}{}={}", if cookies.is_empty() { "" } else { "; " }, cookie.name, cookie.value);
        }
        let ours = ours.into_iter().chain([("host", HOST.to_owned()), ("cookie", cookies)]);
        let ours = ours.filter(|(name, _)| !self.headers.iter().any(|(other, _)| other == name));
        let all = ours.chain(self.headers.iter().cloned()).filter(|(_, value)| !value.is_empty());
        let mut request = all.fold(request, |request, (name, value)| request.header(name, value));
        let body = request.extensions_mut().and_then(http::Extensions::remove::<String>).unwrap_or_default();

        let (head, html) = self.shop.raw(request.body(Body::from(body)).unwrap()).await;

        for line in head.headers.get_all(header::SET_COOKIE) {
            self.keep(line.to_str().unwrap());
        }
        Page { status: head.status.as_u16(), headers: head.headers, html, address: address.to_owned() }
    }

    /// As a browser does: the prefix, the path and the end of a cookie's life count.
    fn keep(&mut self, line: &str) {
        let mut parts = line.split("; ");
        let (name, value) = parts.next().and_then(|pair| pair.split_once('=')).unwrap();
        let rest: Vec<&str> = parts.collect();
        let path = rest.iter().find_map(|part| part.strip_prefix("Path=")).unwrap_or("/").to_owned();
        assert!(rest.contains(&"Secure") && rest.contains(&"HttpOnly") && rest.contains(&"SameSite=Lax"), "{line}");
        assert!(!rest.iter().any(|part| part.starts_with("Domain")), "{line}");
        assert!(!name.starts_with("__Host-") || path == "/", "a browser drops it: {line}");
        self.cookies.retain(|cookie| cookie.name != name || cookie.path != path);
        if !rest.contains(&"Max-Age=0") {
            self.cookies.push(Cookie { name: name.to_owned(), value: value.to_owned(), path });
        }
    }

    /// Goes on as long as it is sent to other pages of the login domain.
    pub(crate) async fn follow(&mut self, page: Page) -> Page {
        let mut page = page;
        for _ in 0..10 {
            if page.status != 302 || !page.location().starts_with('/') {
                return page;
            }
            let to = page.location().to_owned();
            page = self.get(&to).await;
        }
        unreachable!("it never ends: {page:?}")
    }

    pub(crate) async fn open(&mut self, address: &str) -> Page {
        let page = self.get(address).await;
        self.follow(page).await
    }

    pub(crate) async fn send_on(&mut self, form: &Form) -> Page {
        let page = self.submit(form).await;
        self.follow(page).await
    }

    /// Asks for a code and signs in: the page that sends the browser back to the application.
    pub(crate) async fn sign_in(&mut self, address: &str, name: &str) -> Page {
        let page = self.open(address).await;
        let form = page.form("/login").fill("username", name).fill("password", PASSWORD);
        self.send_on(&form).await
    }
}

fn below(path: &str, of: &str) -> bool {
    of == "/" || path.strip_prefix(of).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
