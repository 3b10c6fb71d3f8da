//! The inbox as HTML. Everything a message says is escaped by the template; nothing of it is trusted.

use std::sync::LazyLock;

use cognate_domain::{Error, Result, Timestamp};
use cognate_store::inbox::Message;
use minijinja::{Environment, Value, context};

use crate::moment;

/// The name's ending makes minijinja escape for HTML.
const NAME: &str = "inbox.html";

static TEMPLATES: LazyLock<std::result::Result<Environment<'static>, minijinja::Error>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.add_template(NAME, include_str!("../../templates/inbox.html"))?;
    Ok(environment)
});

pub(super) struct Page<'p> {
    pub(super) to: &'p str,
    pub(super) channel: &'p str,
    pub(super) refresh: bool,
    pub(super) nonce: &'p str,
    pub(super) now: Timestamp,
}

impl Page<'_> {
    pub(super) fn render(&self, messages: &[Message]) -> Result<String> {
        let shown: Vec<Value> = messages.iter().map(|message| self.shown(message)).collect();
        let templates = TEMPLATES.as_ref().map_err(|error| Error::corrupt(error.to_string()))?;
        templates
            .get_template(NAME)
            .and_then(|template| {
                template.render(context! {
                    to => self.to,
                    channel => self.channel,
                    refresh => self.refresh,
                    nonce => self.nonce,
                    messages => shown,
                })
            })
            .map_err(Error::internal)
    }

    fn shown(&self, message: &Message) -> Value {
        let (before, code, after) = split_at_code(message);
        context! {
            id => &message.id,
            channel => &message.channel,
            to => &message.to,
            from => &message.from,
            subject => &message.subject,
            code => &message.code,
            trigger => &message.trigger,
            is_html => is_html(message),
            source => &message.body,
            before => before,
            marked => code,
            after => after,
            iso => moment::iso(message.created_at),
            ago => moment::ago(self.now, message.created_at),
        }
    }
}

/// The body around the first place where the code stands in it, so that it can be marked.
fn split_at_code(message: &Message) -> (&str, &str, &str) {
    let whole = (message.body.as_str(), "", "");
    let Some(code) = message.code.as_deref().filter(|code| !code.is_empty()) else { return whole };
    match message.body.split_once(code) {
        Some((before, after)) => {
            (before, message.body.get(before.len()..before.len() + code.len()).unwrap_or(""), after)
        }
        None => whole,
    }
}

/// Cognito's e-mails are HTML whether they look like it or not; one without a tag reads better as plain text.
pub(super) fn is_html(message: &Message) -> bool {
    let opens_tag =
        |rest: &str| rest.starts_with(|next: char| next.is_ascii_alphabetic() || next == '/' || next == '!');
    message.channel == "email" && message.body.split('<').skip(1).any(opens_tag)
}

pub(super) fn escaped(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!("<!doctype html><meta charset=\"utf-8\"><pre>{escaped}</pre>")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_767_323_045_000);

    fn message(channel: &str, body: &str, code: Option<&str>) -> Message {
        Message {
            id: "018f".into(),
            channel: channel.into(),
            to: "ann@example.com".into(),
            from: None,
            subject: Some("Your code".into()),
            body: body.into(),
            code: code.map(Into::into),
            trigger: "SignUp".into(),
            created_at: NOW,
        }
    }

    fn page(messages: &[Message]) -> String {
        Page { to: "", channel: "", refresh: false, nonce: "abc", now: NOW }.render(messages).unwrap()
    }

    #[test]
    fn hostile_content_stays_text_wherever_it_stands() {
        const HOSTILE: &str = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>";
        let mut one = message("email", HOSTILE, Some(HOSTILE));
        one.to = HOSTILE.into();
        one.from = Some(HOSTILE.into());
        one.subject = Some(HOSTILE.into());
        one.trigger = HOSTILE.into();
        one.id = HOSTILE.into();
        one.channel = HOSTILE.into();
        let sms = message("sms", HOSTILE, None);

        let html = Page { to: HOSTILE, channel: HOSTILE, refresh: true, nonce: "abc", now: NOW }
            .render(&[one, sms, message("email", HOSTILE, None)])
            .unwrap();

        assert!(!html.contains("<script>alert"), "{html}");
        assert!(!html.contains("<img"), "{html}");
        assert!(!html.contains("\"'>"), "an attribute was left: {html}");
        assert!(html.contains("&lt;script&gt;alert(1)"), "{html}");
        assert_eq!(html.matches("<script").count(), 1, "our own script and no other");
    }

    #[test]
    fn the_code_is_marked_where_it_stands_and_can_be_copied() {
        let html = page(&[message("sms", "Your code is 123456. Keep it.", Some("123456"))]);
        assert!(html.contains("Your code is <mark>123456</mark>. Keep it."), "{html}");
        assert!(html.contains("<output class=\"code\""), "{html}");
    }

    #[test]
    fn an_html_mail_is_shown_in_a_frame_that_may_do_nothing() {
        let html = page(&[message("email", "<p>Hello</p>", None)]);
        assert!(html.contains("sandbox=\"\""), "{html}");
        assert!(html.contains("src=\"/dev/inbox/018f/body\""), "{html}");
        assert!(html.contains("&lt;p&gt;Hello&lt;&#x2f;p&gt;") || html.contains("&lt;p&gt;Hello&lt;/p&gt;"), "{html}");
    }

    #[test]
    fn the_page_loads_itself_again_only_when_asked() {
        assert!(!page(&[]).contains("http-equiv=\"refresh\""));
        let refreshing = Page { to: "", channel: "", refresh: true, nonce: "abc", now: NOW }.render(&[]).unwrap();
        assert!(refreshing.contains("http-equiv=\"refresh\""));
    }

    #[test]
    fn plain_comparisons_are_no_html() {
        assert!(!is_html(&message("email", "1 < 2 and 3 > 2", None)));
        assert!(!is_html(&message("sms", "<b>x</b>", None)));
        assert!(is_html(&message("email", "Hi<br>there", None)));
    }

    #[test]
    fn a_frame_of_plain_text_shows_tags_as_text() {
        assert!(escaped("<b>&").ends_with("<pre>&lt;b&gt;&amp;</pre>"));
    }
}
