//! What a step of sign-in answers. Four operations say it, each with a type of its own of the same members.

use std::collections::BTreeMap;

use cognate_engine::sign_in::{Outcome, SrpChallenge};
use cognate_wire::Secret;

use crate::prelude::*;

pub(crate) struct Answer {
    challenge: Option<ChallengeNameType>,
    parameters: BTreeMap<String, String>,
    session: Option<Secret>,
    tokens: Option<AuthenticationResultType>,
}

impl From<Outcome<AuthenticationResultType>> for Answer {
    fn from(outcome: Outcome<AuthenticationResultType>) -> Self {
        match outcome {
            Outcome::Done(result) => Self::from(*result),
            Outcome::Asked { challenge, parameters, session } => {
                Self { challenge: Some(challenge.into_wire()), parameters, session: Some(session.into()), tokens: None }
            }
        }
    }
}

/// AWS: the empty `ChallengeParameters` stands there without a challenge too.
impl From<AuthenticationResultType> for Answer {
    fn from(tokens: AuthenticationResultType) -> Self {
        Self { challenge: None, parameters: BTreeMap::new(), session: None, tokens: Some(tokens) }
    }
}

/// No session: all state is in the secret block.
impl From<SrpChallenge> for Answer {
    fn from(challenge: SrpChallenge) -> Self {
        let parameters = [
            ("SALT", challenge.salt),
            ("SECRET_BLOCK", challenge.secret_block),
            ("SRP_B", challenge.srp_b),
            ("USERNAME", challenge.username.clone()),
            ("USER_ID_FOR_SRP", challenge.username),
        ];
        Self {
            challenge: Some(ChallengeNameType::PasswordVerifier),
            parameters: parameters.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
            session: None,
            tokens: None,
        }
    }
}

macro_rules! said_by {
    ($($response:ident),*) => {$(
        impl From<Answer> for $response {
            fn from(answer: Answer) -> Self {
                Self {
                    challenge_name: answer.challenge,
                    session: answer.session,
                    challenge_parameters: Some(answer.parameters),
                    authentication_result: answer.tokens,
                    available_challenges: None,
                }
            }
        }
    )*};
}

said_by!(
    AdminInitiateAuthResponse,
    AdminRespondToAuthChallengeResponse,
    InitiateAuthResponse,
    RespondToAuthChallengeResponse
);
