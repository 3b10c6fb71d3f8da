//! Users and machines.

use cognate_domain::directory::{RoleScope, SubjectKind, rules};
use cognate_domain::username::{fold, is_email, is_phone};
use cognate_engine::Secret;
use data_encoding::BASE32_NOPAD;
use toml::Spanned;
use zeroize::Zeroizing;

use super::{Checks, is_line};
use crate::provider::ChallengeKind::{self, Custom, NewPassword, Select, SmsCode, SoftwareToken};
use crate::provider::mock::CLIENT;
use crate::provider::mock::file::{Machine as InFile, User};
use crate::provider::mock::script::{Machine, Person, Standing, id_of};

const MOST_USERS: usize = 1_000;
const MOST_MACHINES: usize = 100;
const MOST_GROUPS: usize = 50;
const MOST_SCOPES: usize = 50;
/// RFC 4226 asks for 128 bits; authenticators take less, and are tried with less.
const TOTP_BYTES: std::ops::RangeInclusive<usize> = 10..=128;

impl Checks<'_> {
    pub(super) fn users(&mut self, users: Vec<User>) -> Vec<Person> {
        self.most(&users, MOST_USERS, "users");
        users.into_iter().map(|user| self.user(user)).collect()
    }

    fn user(&mut self, user: User) -> Person {
        let sub = self.identity(&user);
        self.secret(&user.password, 256, "A password is 1 to 256 characters on one line.");
        if let Some(name) = &user.name {
            self.line(name, 200, "A name is 1 to 200 characters on one line.");
        }
        let totp_secret = user.totp_secret.as_ref().and_then(|secret| self.totp_secret(secret));
        if let Some(question) = &user.question {
            self.line(question, 500, "A question is 1 to 500 characters on one line.");
        }
        if let Some(answer) = &user.answer {
            self.secret(answer, 256, "An answer is 1 to 256 characters on one line.");
        }
        self.challenges(&user);
        self.groups(&user.groups);
        let standing = self.standing(user.platform_role, user.plan);
        Person {
            sub,
            email: user.email.into_inner(),
            password: user.password.into_inner(),
            name: user.name.map(Spanned::into_inner),
            phone: user.phone.map(Spanned::into_inner),
            status: user.status,
            challenges: user.challenges.map(Spanned::into_inner).unwrap_or_default(),
            totp_secret,
            question: user.question.map(Spanned::into_inner),
            answer: user.answer.map(Spanned::into_inner),
            groups: user.groups.into_iter().map(Spanned::into_inner).collect(),
            standing,
        }
    }

    /// Everything that somebody is found by is theirs alone.
    fn identity(&mut self, user: &User) -> String {
        let folded = fold(user.email.as_ref());
        if !is_email(user.email.as_ref()) {
            self.flaw(user.email.span(), "This is no e-mail address.");
        }
        let sub = user.sub.as_ref().map_or_else(|| id_of("user", &folded), |sub| sub.as_ref().clone());
        if let Some(sub) = &user.sub {
            self.fit(sub, rules::provider_subject);
            self.name_once(sub, &sub.as_ref().clone(), "sub");
        }
        self.name_once(&user.email, &folded, "e-mail address");
        self.subs.insert(folded, sub.clone());
        if let Some(phone) = &user.phone {
            if !is_phone(phone.as_ref()) {
                self.flaw(phone.span(), "A phone number is + and at most fifteen digits.");
            }
            self.name_once(phone, &phone.as_ref().clone(), "phone number");
        }
        sub
    }

    fn name_once(&mut self, at: &Spanned<String>, name: &str, what: &str) {
        if !self.names.insert(name.to_owned()) {
            self.flaw(at.span(), format!("This {what} is somebody else's already; each is one's alone."));
        }
    }

    fn totp_secret(&mut self, secret: &Spanned<Secret>) -> Option<Zeroizing<Vec<u8>>> {
        let bare = secret.as_ref().expose().trim_end_matches('=').to_ascii_uppercase();
        let bytes = BASE32_NOPAD.decode(bare.as_bytes()).ok().filter(|bytes| TOTP_BYTES.contains(&bytes.len()));
        if bytes.is_none() {
            self.flaw(secret.span(), "A TOTP secret is 10 to 128 bytes in base 32.");
        }
        bytes.map(Zeroizing::new)
    }

    /// Each can be asked and answered.
    fn challenges(&mut self, user: &User) {
        let Some(challenges) = &user.challenges else { return };
        let (at, asked) = (challenges.span(), challenges.as_ref());
        let has = |kind: ChallengeKind| asked.contains(&kind);
        for (wrong, sentence) in [
            (has(NewPassword), "A new password is asked for by `status = \"new_password_required\"`."),
            (has(SmsCode) && user.phone.is_none(), "A code by text message needs a `phone`."),
            (
                has(SoftwareToken) && user.totp_secret.is_none() && !self.has_code,
                "An authenticator's code needs a `totp_secret`, or a `code` for the whole file.",
            ),
            (
                has(Custom) && user.answer.is_none() && !self.has_code,
                "A challenge of one's own needs an `answer`, or a `code` for the whole file.",
            ),
            (
                asked.iter().enumerate().any(|(at, kind)| asked.iter().skip(at + 1).any(|other| other == kind)),
                "A challenge is asked once.",
            ),
            (
                has(Select) && asked.iter().skip_while(|kind| **kind != Select).count() < 3,
                "What follows `select` is what there is to choose from: at least two of software_token, sms_code, \
                 email_code and custom.",
            ),
        ] {
            if wrong {
                self.flaw(at.clone(), sentence);
            }
        }
    }

    fn groups(&mut self, groups: &[Spanned<String>]) {
        self.most(groups, MOST_GROUPS, "groups of one user");
        for group in groups {
            self.line(group, 128, "A group's name is 1 to 128 characters on one line.");
        }
    }

    fn standing(&mut self, platform_role: Option<Spanned<String>>, plan: Option<Spanned<String>>) -> Standing {
        if let Some(role) = &platform_role
            && self.roles.get(role.as_ref()) != Some(&RoleScope::Platform)
        {
            let sentence = self.no_role(role.as_ref(), RoleScope::Platform);
            self.flaw(role.span(), sentence);
        }
        if let Some(plan) = &plan {
            self.fit(plan, rules::plan);
        }
        Standing { platform_role: platform_role.map(Spanned::into_inner), plan: plan.map(Spanned::into_inner) }
    }

    pub(super) fn machines(&mut self, machines: Vec<InFile>) -> Vec<Machine> {
        self.most(&machines, MOST_MACHINES, "machines");
        machines.into_iter().map(|machine| self.machine(machine)).collect()
    }

    fn machine(&mut self, machine: InFile) -> Machine {
        let InFile { client_id, client_secret, scopes, kind, platform_role, plan } = machine;
        let id = client_id.as_ref().clone();
        let is_id = id.len() <= 128 && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_+.-".contains(&byte));
        if id.is_empty() || !is_id || id == CLIENT {
            self.flaw(
                client_id.span(),
                format!("A client's id is 1 to 128 letters, digits and _+.-, and not {CLIENT:?}."),
            );
        }
        self.name_once(&client_id, &id, "client id");
        self.client_ids.insert(id.clone());
        let secret = client_secret.as_ref().expose();
        let is_secret = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        if !(8..=256).contains(&secret.len()) || !secret.bytes().all(is_secret) {
            self.flaw(client_secret.span(), "A client's secret is 8 to 256 letters, digits and -._~.");
        }
        self.most(&scopes, MOST_SCOPES, "scopes of one machine");
        for scope in &scopes {
            // RFC 6749, section 3.3
            let token = scope.as_ref().bytes().all(|byte| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e));
            if !(token && is_line(scope.as_ref(), 256)) {
                self.flaw(scope.span(), "A scope is 1 to 256 visible characters without space, quote and backslash.");
            }
        }
        if let Some(kind) = kind.as_ref().filter(|kind| *kind.as_ref() == SubjectKind::User) {
            self.flaw(kind.span(), "A machine's kind is machine, device, partner or job; people stand in [[users]].");
        }
        Machine {
            client_id: id,
            client_secret: client_secret.into_inner(),
            scopes: scopes.into_iter().map(Spanned::into_inner).collect(),
            kind: kind.map_or(SubjectKind::Machine, Spanned::into_inner),
            standing: self.standing(platform_role, plan),
        }
    }
}
