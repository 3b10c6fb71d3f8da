//! The answer to what sign-in asked for: what `RespondToAuthChallenge` and `AdminRespondToAuthChallenge` share. Either may
//! answer what the other's first step asked. Catalogue: user-pools.md, section 9.6.

use std::collections::BTreeMap;

use cognate_domain::attributes::Attributes;
use cognate_engine::sign_in::{ApiTokens, Door, NewPassword, SrpAnswer};
use cognate_wire::Secret;

use super::answer::Answer;
use super::parameters::Parameters;
use crate::prelude::*;

pub(crate) async fn next_step(
    cx: &mut Cx,
    door: Door<'_>,
    session: Option<&Secret>,
    challenge: ChallengeNameType,
    responses: Option<BTreeMap<String, Secret>>,
) -> Result<Answer> {
    let given = Parameters::new(responses);
    let session = session.map(Secret::expose);

    match challenge {
        ChallengeNameType::PasswordVerifier => {
            let username = given.get("USERNAME")?;
            let answer = SrpAnswer {
                username,
                secret_block: given.get("PASSWORD_CLAIM_SECRET_BLOCK")?,
                signature: given.get("PASSWORD_CLAIM_SIGNATURE")?,
                timestamp: given.get("TIMESTAMP")?,
            };
            given.prove_secret(door.client, username)?;
            if given.find("DEVICE_KEY").is_some_and(|key| !key.is_empty()) {
                return Err(Error::device_not_found()); // clients drop the key and send the same answer again
            }
            cx.answer_srp(door, answer).await.map(Answer::from)
        }
        ChallengeNameType::NewPasswordRequired => {
            let (username, password) = (given.get("USERNAME")?, given.get("NEW_PASSWORD")?);
            let session = session.ok_or_else(|| Error::missing_parameter("Session"))?;
            given.prove_secret(door.client, username)?;
            let attributes: Attributes = given.behind("userAttributes.").collect();
            cx.answer_new_password(door, ApiTokens, NewPassword { username, session, password, attributes })
                .await
                .map(Answer::from)
        }
        // Nobody was asked any of the others, so no session of ours names them.
        _ => Err(match session {
            None => Error::missing_parameter("Session"),
            Some(session) => cx.why_not_this_session(door, session),
        }),
    }
}
