//! `RespondToAuthChallenge`: the answer to what sign-in asked for.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RespondToAuthChallenge.html>

use cognate_engine::sign_in::Door;

use super::next_step::next_step;
use crate::prelude::*;

pub(crate) async fn respond_to_auth_challenge(
    cx: &mut Cx,
    input: RespondToAuthChallengeRequest,
) -> Result<RespondToAuthChallengeResponse> {
    let (pool, client) = cx.client(&input.client_id).await?;
    let door = Door { pool: &pool, client: &client };

    let session = input.session.as_ref();
    next_step(cx, door, session, input.challenge_name, input.challenge_responses).await.map(Into::into)
}
