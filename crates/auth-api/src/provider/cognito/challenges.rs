//! The questions that Cognito asks: which of them are known here, what a page needs of them, and how they are answered.

use cognate_domain::Timestamp;
use cognate_engine::Secret;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::time::Duration;

use super::calls::Fault;
use super::delivery;
use crate::problem::{Code, Problem};
use crate::provider::{Challenge, ChallengeKind, Reply, Waiting};

/// Cognito's own, where a client says nothing else. A client may say up to 15 minutes, and does not say it here: an answer within them is
/// then refused too soon, and nothing worse.
const VALIDITY: Duration = Duration::from_mins(3);

const KNOWN: [(&str, ChallengeKind); 8] = [
    ("NEW_PASSWORD_REQUIRED", ChallengeKind::NewPassword),
    ("SOFTWARE_TOKEN_MFA", ChallengeKind::SoftwareToken),
    ("SMS_MFA", ChallengeKind::SmsCode),
    ("SMS_OTP", ChallengeKind::SmsCode),
    ("EMAIL_OTP", ChallengeKind::EmailCode),
    ("SELECT_MFA_TYPE", ChallengeKind::Select),
    ("SELECT_CHALLENGE", ChallengeKind::Select),
    ("CUSTOM_CHALLENGE", ChallengeKind::Custom),
];

/// By which door a sign-in began: its challenges are answered at the same one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Door {
    Public,
    Admin,
}

/// What `InitiateAuth` and its like answer.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Answered {
    pub(super) challenge_name: Option<String>,
    session: Option<Secret>,
    #[serde(default)]
    challenge_parameters: Option<Map<String, Value>>,
    #[serde(default)]
    available_challenges: Option<Vec<String>>,
    pub(super) authentication_result: Option<Tokens>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Tokens {
    pub(super) access_token: Secret,
    pub(super) id_token: Option<Secret>,
    pub(super) refresh_token: Option<Secret>,
    pub(super) expires_in: Option<u32>,
}

/// A challenge that was asked, out of what its session carries.
pub(super) struct Asked<'a> {
    pub(super) name: &'a str,
    pub(super) door: Door,
    pub(super) session: &'a str,
}

impl<'a> Asked<'a> {
    /// Cognito's session does not say what it is for, and one kind of ours may be several of theirs.
    fn carried(name: &str, door: Door, session: &Secret) -> Secret {
        let door = if door == Door::Admin { 'a' } else { 'p' };
        Secret::from(format!("{name} {door} {}", session.expose()))
    }

    pub(super) fn of(waiting: &'a Waiting) -> Option<Self> {
        let mut parts = waiting.session.expose().splitn(3, ' ');
        let (name, door, session) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Self { name, door: if door == "a" { Door::Admin } else { Door::Public }, session })
    }

    /// The members of `ChallengeResponses` that are the answer.
    pub(super) fn responses(&self, reply: &Reply) -> Result<Map<String, Value>, Problem> {
        let mut said = Map::new();
        let name = match (reply, self.name) {
            (Reply::NewPassword { password, attributes }, "NEW_PASSWORD_REQUIRED") => {
                said.extend(attributes.iter().map(|(name, value)| (format!("userAttributes.{name}"), json!(value))));
                said.insert("NEW_PASSWORD".to_owned(), json!(password));
                return Ok(said);
            }
            (Reply::Code(code), name) => match name {
                "SOFTWARE_TOKEN_MFA" | "SMS_MFA" | "SMS_OTP" | "EMAIL_OTP" => (format!("{name}_CODE"), json!(code)),
                "SELECT_MFA_TYPE" | "SELECT_CHALLENGE" => {
                    ("ANSWER".to_owned(), json!(theirs(self.name, code.expose())))
                }
                "CUSTOM_CHALLENGE" => ("ANSWER".to_owned(), json!(code)),
                name => return Err(Problem::challenge_unsupported(name)),
            },
            (Reply::NewPassword { .. }, _) => {
                return Err(Problem::new(Code::ChallengeFailed).because("a password answers another challenge"));
            }
        };
        said.insert(name.0, name.1);
        Ok(said)
    }
}

impl Answered {
    /// The question in it. `identifier` is who signs in, where the answer does not name them.
    pub(super) fn into_challenge(self, door: Door, identifier: &str, now: Timestamp) -> Result<Challenge, Asking> {
        let Self { challenge_name, session, challenge_parameters, available_challenges, .. } = self;
        let name = challenge_name.ok_or(Asking::Nonsense("neither tokens nor a challenge"))?;
        let known = KNOWN.iter().find(|(known, _)| *known == name);
        let Some((_, kind)) = known else { return Err(Asking::Unknown(name)) };
        let session = session.ok_or(Asking::Nonsense("a challenge without a session"))?;
        let given = challenge_parameters.unwrap_or_default();
        let text = |name: &str| given.get(name).and_then(Value::as_str);
        let username = text("USER_ID_FOR_SRP").or_else(|| text("USERNAME")).unwrap_or(identifier).to_owned();
        Ok(Challenge {
            kind: *kind,
            session: Asked::carried(&name, door, &session),
            username,
            parameters: shown(*kind, &given, available_challenges.as_deref()),
            expires_at: now + VALIDITY,
        })
    }
}

/// Why there is no challenge that could be passed on.
pub(super) enum Asking {
    Unknown(String),
    Nonsense(&'static str),
}

impl Asking {
    pub(super) fn problem(self, operation: &'static str) -> Problem {
        match self {
            Self::Unknown(name) => {
                let name: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(64).collect();
                Problem::challenge_unsupported(&name).because(format!("{operation}: {name}"))
            }
            Self::Nonsense(what) => super::refused(Fault::nonsense(operation, what), super::During::SignIn),
        }
    }
}

/// What a page needs, in this boundary's words.
fn shown(kind: ChallengeKind, given: &Map<String, Value>, available: Option<&[String]>) -> Map<String, Value> {
    let text = |name: &str| given.get(name).and_then(Value::as_str);
    let list = |name: &str| text(name).and_then(|text| serde_json::from_str::<Vec<String>>(text).ok());
    let mut shown = Map::new();
    match kind {
        ChallengeKind::NewPassword => {
            let required = list("requiredAttributes").unwrap_or_default();
            let bare = required.iter().filter_map(|name| Some(name.strip_prefix("userAttributes.")?.into())).collect();
            shown.insert("requiredAttributes".to_owned(), Value::Array(bare));
        }
        ChallengeKind::SoftwareToken => {
            if let Some(device) = text("FRIENDLY_DEVICE_NAME") {
                shown.insert("device".to_owned(), json!(device));
            }
        }
        ChallengeKind::SmsCode | ChallengeKind::EmailCode => {
            let medium = if kind == ChallengeKind::SmsCode { "SMS" } else { "EMAIL" };
            if let Some(destination) = text("CODE_DELIVERY_DESTINATION") {
                shown.insert("destination".to_owned(), json!(delivery::masked(medium, destination).destination));
            }
        }
        ChallengeKind::Select => {
            let names = list("MFAS_CAN_CHOOSE").or_else(|| available.map(<[_]>::to_vec)).unwrap_or_default();
            let choices = names.iter().filter_map(|name| ours(name)).map(Value::from).collect();
            shown.insert("choices".to_owned(), Value::Array(choices));
        }
        // The product's own: what its trigger made public.
        ChallengeKind::Custom => {
            let of_the_product =
                given.iter().filter(|(name, _)| !matches!(name.as_str(), "USERNAME" | "USER_ID_FOR_SRP"));
            shown.extend(of_the_product.map(|(name, value)| (name.clone(), value.clone())));
        }
    }
    shown
}

/// What is chosen goes by the names of this boundary's challenges; what none of them could go on with is no choice.
const CHOICES: [(&str, &str); 4] = [
    ("SOFTWARE_TOKEN_MFA", "software_token"),
    ("SMS_MFA", "sms_code"),
    ("SMS_OTP", "sms_code"),
    ("EMAIL_OTP", "email_code"),
];

fn ours(name: &str) -> Option<&'static str> {
    CHOICES.iter().find(|(theirs, _)| *theirs == name).map(|(_, ours)| *ours)
}

/// Text messages have two names: one of a second factor, one of a first.
fn theirs<'a>(challenge: &str, choice: &'a str) -> &'a str {
    if choice == "sms_code" && challenge == "SELECT_CHALLENGE" {
        return "SMS_OTP";
    }
    CHOICES.iter().find(|(_, ours)| *ours == choice).map_or(choice, |(theirs, _)| theirs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(name: &str, parameters: &Value) -> Challenge {
        let answered = json!({ "ChallengeName": name, "Session": "of Cognito", "ChallengeParameters": parameters });
        let answered: Answered = serde_json::from_value(answered).unwrap();
        answered.into_challenge(Door::Admin, "ann", Timestamp(0)).ok().unwrap()
    }

    fn answered(challenge: Challenge, reply: &Reply) -> Value {
        let Challenge { kind, session, username, .. } = challenge;
        let waiting = Waiting { kind, session, username };
        let asked = Asked::of(&waiting).unwrap();
        assert_eq!((asked.session, asked.door), ("of Cognito", Door::Admin));
        Value::Object(asked.responses(reply).unwrap())
    }

    #[test]
    fn each_challenge_is_answered_by_its_own_name() {
        let code = Reply::Code(Secret::from("123456"));
        for (name, kind, response) in [
            ("SOFTWARE_TOKEN_MFA", ChallengeKind::SoftwareToken, "SOFTWARE_TOKEN_MFA_CODE"),
            ("SMS_MFA", ChallengeKind::SmsCode, "SMS_MFA_CODE"),
            ("SMS_OTP", ChallengeKind::SmsCode, "SMS_OTP_CODE"),
            ("EMAIL_OTP", ChallengeKind::EmailCode, "EMAIL_OTP_CODE"),
            ("CUSTOM_CHALLENGE", ChallengeKind::Custom, "ANSWER"),
        ] {
            let challenge = asked(name, &json!({}));
            assert_eq!((challenge.kind, challenge.username.as_str()), (kind, "ann"), "{name}");
            assert_eq!(answered(challenge, &code), json!({ response: "123456" }), "{name}");
        }
    }

    #[test]
    fn a_new_password_brings_the_attributes_that_were_asked_for() {
        let parameters = json!({
            "USER_ID_FOR_SRP": "sub-of-ann", "requiredAttributes": r#"["userAttributes.given_name"]"#, "userAttributes": "{}",
        });
        let challenge = asked("NEW_PASSWORD_REQUIRED", &parameters);
        assert_eq!(challenge.username, "sub-of-ann");
        assert_eq!(Value::Object(challenge.parameters.clone()), json!({ "requiredAttributes": ["given_name"] }));
        let attributes = vec![("given_name".to_owned(), "Ann".to_owned())];
        let reply = Reply::NewPassword { password: Secret::from("Second-horse-22"), attributes };
        let said = json!({ "NEW_PASSWORD": "Second-horse-22", "userAttributes.given_name": "Ann" });
        assert_eq!(answered(challenge, &reply), said);
    }

    #[test]
    fn what_can_be_chosen_goes_by_our_names_and_comes_back_by_theirs() {
        let choices = json!({ "MFAS_CAN_CHOOSE": r#"["SMS_MFA","SOFTWARE_TOKEN_MFA","TELEPATHY"]"# });
        let challenge = asked("SELECT_MFA_TYPE", &choices);
        assert_eq!(Value::Object(challenge.parameters.clone()), json!({ "choices": ["sms_code", "software_token"] }));
        assert_eq!(answered(challenge, &Reply::Code(Secret::from("sms_code"))), json!({ "ANSWER": "SMS_MFA" }));
        let first = asked("SELECT_CHALLENGE", &json!({}));
        assert_eq!(answered(first, &Reply::Code(Secret::from("sms_code"))), json!({ "ANSWER": "SMS_OTP" }));
    }

    #[test]
    fn where_a_code_went_is_told_masked_and_what_is_unknown_is_named() {
        let challenge = asked("SMS_MFA", &json!({ "CODE_DELIVERY_DESTINATION": "+15551234567" }));
        assert_eq!(Value::Object(challenge.parameters), json!({ "destination": "+*******4567" }));
        let unknown: Answered =
            serde_json::from_value(json!({ "ChallengeName": "MFA_SETUP\n", "Session": "x" })).unwrap();
        let refused = unknown.into_challenge(Door::Public, "ann", Timestamp(0)).err().unwrap().problem("InitiateAuth");
        assert_eq!(refused.code, Code::ChallengeUnsupported);
        assert!(refused.detail.contains("asks for MFA_SETUP, which"), "{}", refused.detail);
    }
}
