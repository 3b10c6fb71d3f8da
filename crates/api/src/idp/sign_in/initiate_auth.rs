//! `InitiateAuth`: the first step of a sign-in, or a refresh. Table of flows: user-pools.md, section 9.2.
//! <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_InitiateAuth.html>

use std::collections::BTreeMap;

use cognate_domain::client::Flow;
use cognate_engine::sign_in::{Door, Outcome, SrpChallenge};

use super::parameters::Parameters;
use crate::idp::secret_hash;
use crate::prelude::*;

pub(crate) async fn initiate_auth(cx: &mut Cx, input: InitiateAuthRequest) -> Result<InitiateAuthResponse> {
    let (pool, client) = cx.client(&input.client_id).await?;
    let door = Door { pool: &pool, client: &client };
    let given = Parameters::new(input.auth_parameters);

    match input.auth_flow {
        AuthFlowType::UserPasswordAuth => {
            allow(door, Flow::Password, "USER_PASSWORD_AUTH flow not enabled for this client")?;
            let (username, password) = (given.get("USERNAME")?, given.get("PASSWORD")?);
            given.prove_secret(&client, username)?;
            cx.sign_in_with_password(door, username, password).await.map(answer)
        }
        AuthFlowType::UserSrpAuth => {
            allow(door, Flow::Srp, "USER_SRP_AUTH is not enabled for the client.")?;
            let (username, srp_a) = (given.get("USERNAME")?, given.get("SRP_A")?);
            given.prove_secret(&client, username)?;
            cx.start_srp(door, username, srp_a).await.map(password_verifier)
        }
        AuthFlowType::RefreshToken | AuthFlowType::RefreshTokenAuth => {
            if client.rotates() {
                return Err(Error::refresh_flow_rotates());
            }
            allow(door, Flow::Refresh, "REFRESH_TOKEN_AUTH is not enabled for the client.")?;
            let token = given.get("REFRESH_TOKEN")?;
            secret_hash::check_presence(&client, given.find("SECRET_HASH").is_some())?;
            let prove = |user: &cognate_domain::user::User| given.prove_secret(&client, &user.username);
            cx.refresh(&pool, &client, token, prove).await.map(tokens)
        }
        AuthFlowType::CustomAuth => {
            allow(door, Flow::Custom, "CUSTOM_AUTH is not enabled for the client.")?;
            Err(match &pool.config.described.lambda_config {
                Some(lambda) if lambda.define_auth_challenge.is_some() => {
                    Error::not_built("InitiateAuth with CUSTOM_AUTH")
                }
                _ => Error::custom_auth_not_configured(),
            })
        }
        AuthFlowType::UserAuth => {
            allow(door, Flow::Choice, "USER_AUTH is not enabled for the client.")?;
            Err(Error::not_built("InitiateAuth with USER_AUTH"))
        }
        AuthFlowType::AdminNoSrpAuth | AuthFlowType::AdminUserPasswordAuth => Err(Error::initiate_auth_unsupported()),
    }
}

fn allow(door: Door<'_>, flow: Flow, refusal: &'static str) -> Result<()> {
    if door.client.allows(flow) { Ok(()) } else { Err(Error::flow_not_enabled(refusal)) }
}

fn answer(outcome: Outcome) -> InitiateAuthResponse {
    match outcome {
        Outcome::Done(result) => tokens(*result),
        Outcome::Asked { challenge, parameters, session } => InitiateAuthResponse {
            challenge_name: Some(challenge.into_wire()),
            session: Some(session.into()),
            challenge_parameters: Some(parameters),
            authentication_result: None,
            available_challenges: None,
        },
    }
}

/// AWS: the empty `ChallengeParameters` stands there without a challenge too.
fn tokens(result: AuthenticationResultType) -> InitiateAuthResponse {
    InitiateAuthResponse {
        challenge_name: None,
        session: None,
        challenge_parameters: Some(BTreeMap::new()),
        authentication_result: Some(result),
        available_challenges: None,
    }
}

/// No session: all state is in the secret block.
fn password_verifier(challenge: SrpChallenge) -> InitiateAuthResponse {
    let parameters = [
        ("SALT", challenge.salt),
        ("SECRET_BLOCK", challenge.secret_block),
        ("SRP_B", challenge.srp_b),
        ("USERNAME", challenge.username.clone()),
        ("USER_ID_FOR_SRP", challenge.username),
    ];
    InitiateAuthResponse {
        challenge_name: Some(ChallengeNameType::PasswordVerifier),
        session: None,
        challenge_parameters: Some(parameters.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()),
        authentication_result: None,
        available_challenges: None,
    }
}
