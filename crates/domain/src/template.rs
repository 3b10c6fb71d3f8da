//! The texts of messages: which of a pool's templates applies, and filling it in.
//!
//! `{####}` is the code or the temporary password, `{username}` the name in an invitation, `{##Text##}` a link; our own have `{inviter}`
//! and `{workspace}`. One pass: what was filled in is never looked at again. E-mail bodies are HTML, so what is filled into them is escaped; nothing else is.

use cognate_wire::idp::{DefaultEmailOptionType, EmailMfaConfigType, UserPoolType};

use crate::delivery::Medium;

#[cfg(test)]
mod tests;

const VERIFICATION_SUBJECT: &str = "Your verification code";
const VERIFICATION: &str = "Your verification code is {####}.";
const LINK_SUBJECT: &str = "Your verification link";
const LINK: &str = "Please click the link below to verify your email address. {##Verify Email##}";
const AUTHENTICATION_SUBJECT: &str = "Your authentication code";
const AUTHENTICATION: &str = "Your authentication code is {####}.";
const INVITATION_SUBJECT: &str = "Your temporary password";
const INVITATION: &str = "Your username is {username} and temporary password is {####}.";
const ACCOUNT_EXISTS_SUBJECT: &str = "You already have an account";
const ACCOUNT_EXISTS: &str = "Somebody tried to sign up with this address, which has an account already. If it was you, sign in, or \
                              reset your password. If it was not, there is nothing to do: nothing has changed.";
const REMINDER_SUBJECT: &str = "How you sign in";
const REMINDER: &str = "You sign in as {username}. If you did not ask, there is nothing to do: nothing has changed.";
const TO_WORKSPACE_SUBJECT: &str = "You are invited to {workspace}";
const TO_WORKSPACE_BY_LINK: &str = "{inviter} invites you to {workspace}. {##Accept the invitation##} The link is good once, for seven \
                                    days. If you did not expect this, there is nothing to do: nothing has changed.";
const TO_WORKSPACE: &str = "{inviter} invites you to {workspace}. Your invitation code is {####} and is good once, for seven days. If \
                            you did not expect this, there is nothing to do: nothing has changed.";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A code that proves a contact or resets a password.
    Verification,
    /// A link that confirms a sign-up; by e-mail only.
    ConfirmationLink,
    /// A code that signs in.
    Authentication,
    Invitation,
    /// To whom an address belongs that somebody tried to sign up with. Cognito has none.
    AccountExists,
    /// The names that somebody signs in by. Cognito has none.
    IdentifierReminder,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Template<'a> {
    pub medium: Medium,
    /// E-mail only.
    pub subject: Option<&'a str>,
    pub body: &'a str,
}

/// What is filled in. A place whose value is absent stays as it is written.
#[derive(Clone, Copy, Default)]
pub struct Values<'a> {
    pub code: Option<&'a str>,
    pub username: Option<&'a str>,
    pub link: Option<&'a str>,
    /// Whose invitation it is, and to where.
    pub inviter: Option<&'a str>,
    pub workspace: Option<&'a str>,
}

#[derive(Clone, PartialEq, Eq)]
pub struct Rendered {
    pub subject: Option<String>,
    pub body: String,
}

/// Whether sign-ups are confirmed by a link rather than by a code.
pub fn confirms_by_link(pool: &UserPoolType) -> bool {
    let template = pool.verification_message_template.as_ref();
    template.and_then(|template| template.default_email_option) == Some(DefaultEmailOptionType::ConfirmWithLink)
}

/// `mfa` holds the texts of e-mailed sign-in codes, which a pool keeps apart from its other settings.
pub fn choose<'a>(
    pool: &'a UserPoolType,
    mfa: Option<&'a EmailMfaConfigType>,
    purpose: Purpose,
    medium: Medium,
) -> Template<'a> {
    let verification = pool.verification_message_template.as_ref();
    let invitation = pool.admin_create_user_config.as_ref().and_then(|config| config.invite_message_template.as_ref());
    let by_link = purpose == Purpose::ConfirmationLink && medium == Medium::Email;
    let (subject, body, default_subject, default_body) = match purpose {
        Purpose::ConfirmationLink if by_link => (
            verification.and_then(|texts| texts.email_subject_by_link.as_deref()),
            verification.and_then(|texts| texts.email_message_by_link.as_deref()),
            LINK_SUBJECT,
            LINK,
        ),
        Purpose::Verification | Purpose::ConfirmationLink => {
            let (modern, legacy) = match medium {
                Medium::Email => {
                    (verification.and_then(|texts| texts.email_message.as_deref()), &pool.email_verification_message)
                }
                Medium::Sms => {
                    (verification.and_then(|texts| texts.sms_message.as_deref()), &pool.sms_verification_message)
                }
            };
            let subject = verification.and_then(|texts| texts.email_subject.as_deref());
            (
                subject.or(pool.email_verification_subject.as_deref()),
                modern.or(legacy.as_deref()),
                VERIFICATION_SUBJECT,
                VERIFICATION,
            )
        }
        Purpose::Authentication => {
            let body = match medium {
                Medium::Email => mfa.and_then(|texts| texts.message.as_deref()),
                Medium::Sms => pool.sms_authentication_message.as_deref(),
            };
            (mfa.and_then(|texts| texts.subject.as_deref()), body, AUTHENTICATION_SUBJECT, AUTHENTICATION)
        }
        Purpose::Invitation => {
            let body = match medium {
                Medium::Email => invitation.and_then(|texts| texts.email_message.as_deref()),
                Medium::Sms => invitation.and_then(|texts| texts.sms_message.as_deref()),
            };
            let subject = invitation.and_then(|texts| texts.email_subject.as_deref());
            (subject, body, INVITATION_SUBJECT, INVITATION)
        }
        Purpose::AccountExists => (None, None, ACCOUNT_EXISTS_SUBJECT, ACCOUNT_EXISTS),
        Purpose::IdentifierReminder => (None, None, REMINDER_SUBJECT, REMINDER),
    };
    Template {
        medium,
        subject: (medium == Medium::Email).then(|| subject.unwrap_or(default_subject)),
        body: body.unwrap_or(default_body),
    }
}

/// An invitation to a workspace of the application's, which no pool has a text for. By e-mail only.
pub const fn workspace_invitation(by_link: bool) -> Template<'static> {
    let body = if by_link { TO_WORKSPACE_BY_LINK } else { TO_WORKSPACE };
    Template { medium: Medium::Email, subject: Some(TO_WORKSPACE_SUBJECT), body }
}

impl Template<'_> {
    pub fn render(&self, values: &Values<'_>) -> Rendered {
        let html = self.medium == Medium::Email;
        Rendered {
            subject: self.subject.map(|subject| fill(subject, &Values { link: None, ..*values }, false)),
            body: fill(self.body, values, html),
        }
    }
}

fn fill(template: &str, values: &Values<'_>, html: bool) -> String {
    let mut filled = String::with_capacity(template.len() + 64);
    let mut rest = template;
    while let Some(at) = rest.find('{') {
        let (before, place) = rest.split_at(at);
        filled.push_str(before);
        rest = replace(place, values, html, &mut filled).unwrap_or_else(|| {
            filled.push('{');
            place.get(1..).unwrap_or_default()
        });
    }
    filled.push_str(rest);
    filled
}

/// Fills in the place that `text` begins with; what comes after it. None if it begins with no place, or has no value.
fn replace<'t>(text: &'t str, values: &Values<'_>, html: bool, filled: &mut String) -> Option<&'t str> {
    let Values { code, username, inviter, workspace, .. } = *values;
    let places = [("{####}", code), ("{username}", username), ("{inviter}", inviter), ("{workspace}", workspace)];
    for (place, value) in places {
        if let Some(after) = text.strip_prefix(place) {
            write_value(value?, html, filled);
            return Some(after);
        }
    }
    let (label, after) = text.strip_prefix("{##")?.split_once("##}").filter(|(label, _)| !label.contains('{'))?;
    let link = values.link?;
    if html {
        filled.push_str("<a href=\"");
        write_value(link, html, filled);
        filled.push_str("\">");
        filled.push_str(label);
        filled.push_str("</a>");
    } else {
        filled.push_str(link);
    }
    Some(after)
}

fn write_value(value: &str, html: bool, filled: &mut String) {
    for c in value.chars() {
        match c {
            '&' if html => filled.push_str("&amp;"),
            '<' if html => filled.push_str("&lt;"),
            '>' if html => filled.push_str("&gt;"),
            '"' if html => filled.push_str("&quot;"),
            '\'' if html => filled.push_str("&#39;"),
            c => filled.push(c),
        }
    }
}
