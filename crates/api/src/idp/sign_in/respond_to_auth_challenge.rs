//! `RespondToAuthChallenge`: the answer to what sign-in asked for. Catalogue: user-pools.md, section 9.6.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RespondToAuthChallenge.html>

use std::collections::BTreeMap;

use cognate_domain::attributes::Attributes;
use cognate_engine::sign_in::{Door, NewPassword, Outcome, SrpAnswer};
use cognate_wire::Secret;

use super::parameters::Parameters;
use crate::prelude::*;

pub(crate) async fn respond_to_auth_challenge(
    cx: &mut Cx,
    input: RespondToAuthChallengeRequest,
) -> Result<RespondToAuthChallengeResponse> {
    let (pool, client) = cx.client(&input.client_id).await?;
    let door = Door { pool: &pool, client: &client };
    let given = Parameters::new(input.challenge_responses);

    match input.challenge_name {
        ChallengeNameType::PasswordVerifier => {
            let username = given.get("USERNAME")?;
            let answer = SrpAnswer {
                username,
                secret_block: given.get("PASSWORD_CLAIM_SECRET_BLOCK")?,
                signature: given.get("PASSWORD_CLAIM_SIGNATURE")?,
                timestamp: given.get("TIMESTAMP")?,
            };
            given.prove_secret(&client, username)?;
            if given.find("DEVICE_KEY").is_some() {
                return Err(Error::device_not_found()); // clients drop the key and send the same answer again
            }
            cx.answer_srp(door, answer).await.map(answered)
        }
        ChallengeNameType::NewPasswordRequired => {
            let (username, password) = (given.get("USERNAME")?, given.get("NEW_PASSWORD")?);
            let session =
                input.session.as_ref().map(Secret::expose).ok_or_else(|| Error::missing_parameter("Session"))?;
            given.prove_secret(&client, username)?;
            let attributes: Attributes = given.behind("userAttributes.").collect();
            cx.answer_new_password(door, NewPassword { username, session, password, attributes }).await.map(answered)
        }
        // Nobody was asked any of the others, so no session of ours names them.
        _ => match &input.session {
            None => Err(Error::missing_parameter("Session")),
            Some(session) => Err(cx.why_not_this_session(door, session.expose())),
        },
    }
}

fn answered(outcome: Outcome) -> RespondToAuthChallengeResponse {
    match outcome {
        Outcome::Done(result) => RespondToAuthChallengeResponse {
            challenge_name: None,
            session: None,
            challenge_parameters: Some(BTreeMap::new()),
            authentication_result: Some(*result),
            available_challenges: None,
        },
        Outcome::Asked { challenge, parameters, session } => RespondToAuthChallengeResponse {
            challenge_name: Some(challenge.into_wire()),
            session: Some(session.into()),
            challenge_parameters: Some(parameters),
            authentication_result: None,
            available_challenges: None,
        },
    }
}
