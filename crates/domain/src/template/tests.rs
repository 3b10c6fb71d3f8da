use cognate_wire::idp::{EmailMfaConfigType, UserPoolType};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Purpose, Template, Values, choose, confirms_by_link, workspace_invitation};
use crate::delivery::Medium;

const VALUES: Values<'static> = Values {
    code: Some("123456"),
    username: Some("a<b>&'\"c"),
    link: Some("https://x.example/?a=1&b=2"),
    inviter: None,
    workspace: None,
};

fn pool(settings: Value) -> UserPoolType {
    serde_json::from_value(settings).unwrap()
}

fn text(pool: &UserPoolType, purpose: Purpose, medium: Medium) -> (Option<String>, String) {
    let template = choose(pool, None, purpose, medium);
    (template.subject.map(str::to_owned), template.body.to_owned())
}

fn body(medium: Medium, body: &str) -> String {
    Template { medium, subject: None, body }.render(&VALUES).body
}

fn mail(subject: &str, body: &str) -> (Option<String>, String) {
    (Some(subject.to_owned()), body.to_owned())
}

fn sms(body: &str) -> (Option<String>, String) {
    (None, body.to_owned())
}

#[test]
fn a_pool_without_templates_uses_the_texts_of_aws() {
    let pool = pool(json!({}));
    let link = "Please click the link below to verify your email address. {##Verify Email##}";
    let invitation = "Your username is {username} and temporary password is {####}.";
    let cases = [
        (Purpose::Verification, Medium::Email, mail("Your verification code", "Your verification code is {####}.")),
        (Purpose::Verification, Medium::Sms, sms("Your verification code is {####}.")),
        (Purpose::ConfirmationLink, Medium::Email, mail("Your verification link", link)),
        (Purpose::ConfirmationLink, Medium::Sms, sms("Your verification code is {####}.")),
        (
            Purpose::Authentication,
            Medium::Email,
            mail("Your authentication code", "Your authentication code is {####}."),
        ),
        (Purpose::Authentication, Medium::Sms, sms("Your authentication code is {####}.")),
        (Purpose::Invitation, Medium::Email, mail("Your temporary password", invitation)),
        (Purpose::Invitation, Medium::Sms, sms(invitation)),
    ];
    for (purpose, medium, expected) in cases {
        assert_eq!(text(&pool, purpose, medium), expected, "{purpose:?} {medium:?}");
    }
}

#[test]
fn a_pools_own_texts_come_first_and_the_template_before_the_legacy_settings() {
    let legacy = json!({
        "EmailVerificationMessage": "old {####}", "EmailVerificationSubject": "old", "SmsVerificationMessage": "old sms {####}",
        "SmsAuthenticationMessage": "mfa {####}",
    });
    let mut modern = legacy.clone();
    modern["VerificationMessageTemplate"] = json!({
        "EmailMessage": "new {####}", "EmailSubject": "new", "SmsMessage": "new sms {####}",
        "EmailMessageByLink": "{##go##}", "EmailSubjectByLink": "link", "DefaultEmailOption": "CONFIRM_WITH_LINK",
    });
    modern["AdminCreateUserConfig"] = json!({ "InviteMessageTemplate": {
        "EmailMessage": "hi {username} {####}", "EmailSubject": "hi", "SMSMessage": "hi sms {username} {####}" } });
    let (legacy, modern) = (pool(legacy), pool(modern));

    assert_eq!(text(&legacy, Purpose::Verification, Medium::Email), mail("old", "old {####}"));
    assert_eq!(text(&legacy, Purpose::Verification, Medium::Sms), sms("old sms {####}"));
    assert_eq!(text(&legacy, Purpose::Authentication, Medium::Sms), sms("mfa {####}"));
    assert_eq!(text(&modern, Purpose::Verification, Medium::Email), mail("new", "new {####}"));
    assert_eq!(text(&modern, Purpose::Verification, Medium::Sms), sms("new sms {####}"));
    assert_eq!(text(&modern, Purpose::ConfirmationLink, Medium::Email), mail("link", "{##go##}"));
    assert_eq!(text(&modern, Purpose::Invitation, Medium::Email), mail("hi", "hi {username} {####}"));
    assert_eq!(text(&modern, Purpose::Invitation, Medium::Sms), sms("hi sms {username} {####}"));
    assert!(confirms_by_link(&modern));
    assert!(!confirms_by_link(&legacy));
}

#[test]
fn an_e_mailed_sign_in_code_has_texts_of_its_own() {
    let mfa = EmailMfaConfigType { message: Some("mail {####}".to_owned()), subject: Some("sign in".to_owned()) };
    let pool = pool(json!({}));

    let template = choose(&pool, Some(&mfa), Purpose::Authentication, Medium::Email);

    assert_eq!((template.subject, template.body), (Some("sign in"), "mail {####}"));
}

#[test]
fn places_are_filled_in_and_escaped_where_the_text_is_html() {
    let escaped = "a&lt;b&gt;&amp;&#39;&quot;c";
    let cases = [
        (Medium::Sms, "{username}: {####}", "a<b>&'\"c: 123456".to_owned()),
        (Medium::Email, "<b>{username}</b>: {####} {####}", format!("<b>{escaped}</b>: 123456 123456")),
        (
            Medium::Email,
            "{##Click <i>here</i>##}!",
            "<a href=\"https://x.example/?a=1&amp;b=2\">Click <i>here</i></a>!".to_owned(),
        ),
        (Medium::Sms, "{##here##}", "https://x.example/?a=1&b=2".to_owned()),
        (
            Medium::Sms,
            "{{####}} { {user} {##open {###} {##open {####}",
            "{123456} { {user} {##open {###} {##open 123456".to_owned(),
        ),
    ];
    for (medium, template, expected) in cases {
        assert_eq!(body(medium, template), expected);
    }
}

#[test]
fn a_subject_is_no_html() {
    let template = Template { medium: Medium::Email, subject: Some("Hello {username}"), body: "" };

    assert_eq!(template.render(&VALUES).subject.as_deref(), Some("Hello a<b>&'\"c"));

    let linking = Template { subject: Some("{##Click##} {####}"), ..template };
    assert_eq!(linking.render(&VALUES).subject.as_deref(), Some("{##Click##} 123456"), "nor a place for a link");
}

#[test]
fn what_was_filled_in_is_never_looked_at_again() {
    let template = Template { medium: Medium::Sms, subject: None, body: "{username} {####}" };
    let values = Values { code: Some("{username}"), username: Some("{####}"), ..Values::default() };

    assert_eq!(template.render(&values).body, "{####} {username}");
}

#[test]
fn a_place_without_a_value_stays() {
    let template = Template { medium: Medium::Email, subject: None, body: "{username} {####} {##go##}" };

    assert_eq!(template.render(&Values::default()).body, "{username} {####} {##go##}");
}

proptest! {
    #[test]
    fn a_text_without_places_is_kept(text in "[^{]*") {
        prop_assert_eq!(body(Medium::Email, &text), text);
    }

    #[test]
    fn rendering_never_panics(text in "([{}#]|username|ü|\\PC){0,40}") {
        body(Medium::Email, &text);
        body(Medium::Sms, &text);
    }

    #[test]
    fn a_value_appears_as_it_is_in_a_text_message(before in "[^{]*", value in "\\PC*", after in "[^{]*") {
        let template = format!("{before}{{####}}{after}");
        let values = Values { code: Some(&value), ..Values::default() };
        let rendered = Template { medium: Medium::Sms, subject: None, body: &template }.render(&values);
        prop_assert_eq!(rendered.body, format!("{before}{value}{after}"));
    }
}

#[test]
fn an_invitation_to_a_workspace_names_it_and_whose_it_is() {
    let values = Values {
        code: Some("t0k"),
        link: Some("https://app.example.com/join?a=1&token=t0k"),
        inviter: Some("Ann <b>"),
        workspace: Some("{inviter} & Co"),
        ..Values::default()
    };
    let by_link = workspace_invitation(true).render(&values);
    assert_eq!(by_link.subject.as_deref(), Some("You are invited to {inviter} & Co"));
    assert!(by_link.body.starts_with(
        "Ann &lt;b&gt; invites you to {inviter} &amp; Co. <a href=\"https://app.example.com/join?a=1&amp;token=t0k\">"
    ));
    let by_code = workspace_invitation(false).render(&Values { link: None, ..values });
    assert!(by_code.body.contains("Your invitation code is t0k and"));
}

#[test]
fn a_pools_own_texts_have_no_place_for_a_workspace() {
    assert_eq!(body(Medium::Email, "{inviter} {workspace}"), "{inviter} {workspace}");
}
