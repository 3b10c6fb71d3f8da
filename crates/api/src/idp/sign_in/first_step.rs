//! The first step of a sign-in, or a refresh: what `InitiateAuth` and `AdminInitiateAuth` share. Table of flows:
//! user-pools.md, section 9.2.

use std::collections::BTreeMap;

use cognate_domain::client::Flow;
use cognate_domain::user::User;
use cognate_engine::sign_in::{ApiTokens, Door};
use cognate_wire::{ErrorKind, Secret};

use super::answer::Answer;
use super::parameters::Parameters;
use crate::idp::secret_hash;
use crate::prelude::*;

/// Who asks: two flows of passwords are told apart by it.
#[derive(Clone, Copy)]
pub(crate) enum By {
    Anybody,
    Administrator,
}

impl By {
    const fn operation(self) -> &'static str {
        match self {
            Self::Anybody => "InitiateAuth",
            Self::Administrator => "AdminInitiateAuth",
        }
    }
}

/// `DEVICE_KEY` is not looked at: there are no devices yet, and a sign-in that names one is a sign-in all the same.
pub(crate) async fn first_step(
    cx: &mut Cx,
    door: Door<'_>,
    by: By,
    flow: AuthFlowType,
    parameters: Option<BTreeMap<String, Secret>>,
) -> Result<Answer> {
    let given = Parameters::new(parameters);

    match (flow, by) {
        (AuthFlowType::UserPasswordAuth, By::Anybody) => {
            allow(door, Flow::Password, "USER_PASSWORD_AUTH flow not enabled for this client")?;
            by_password(cx, door, &given).await
        }
        (AuthFlowType::AdminUserPasswordAuth | AuthFlowType::AdminNoSrpAuth, By::Administrator) => {
            allow(door, Flow::AdminPassword, "Auth flow not enabled for this client")?;
            by_password(cx, door, &given).await
        }
        (AuthFlowType::UserSrpAuth, _) => {
            allow(door, Flow::Srp, "USER_SRP_AUTH is not enabled for the client.")?;
            let (username, srp_a) = (given.get("USERNAME")?, given.get("SRP_A")?);
            given.prove_secret(door.client, username)?;
            cx.start_srp(door, username, srp_a).await.map(Answer::from)
        }
        (AuthFlowType::RefreshTokenAuth | AuthFlowType::RefreshToken, _) => refresh(cx, door, &given).await,
        (AuthFlowType::CustomAuth, by) => {
            allow(door, Flow::Custom, "CUSTOM_AUTH is not enabled for the client.")?;
            Err(match &door.pool.config.described.lambda_config {
                Some(lambda) if lambda.define_auth_challenge.is_some() => {
                    Error::not_built(&format!("{} with CUSTOM_AUTH", by.operation()))
                }
                _ => Error::custom_auth_not_configured(),
            })
        }
        (AuthFlowType::UserAuth, by) => {
            allow(door, Flow::Choice, "USER_AUTH is not enabled for the client.")?;
            Err(Error::not_built(&format!("{} with USER_AUTH", by.operation())))
        }
        (AuthFlowType::UserPasswordAuth | AuthFlowType::AdminUserPasswordAuth | AuthFlowType::AdminNoSrpAuth, _) => {
            Err(Error::initiate_auth_unsupported())
        }
    }
}

fn allow(door: Door<'_>, flow: Flow, refusal: &'static str) -> Result<()> {
    if door.client.allows(flow) { Ok(()) } else { Err(Error::flow_not_enabled(refusal)) }
}

async fn by_password(cx: &mut Cx, door: Door<'_>, given: &Parameters) -> Result<Answer> {
    let (username, password) = (given.get("USERNAME")?, given.get("PASSWORD")?);
    given.prove_secret(door.client, username)?;
    cx.sign_in_with_password(door, ApiTokens, username, password).await.map(Answer::from)
}

/// The user is not named, so the hash is proved once they are known: over their stored name.
async fn refresh(cx: &mut Cx, door: Door<'_>, given: &Parameters) -> Result<Answer> {
    if door.client.rotates() {
        return Err(Error::refresh_flow_rotates());
    }
    allow(door, Flow::Refresh, "REFRESH_TOKEN_AUTH is not enabled for the client.")?;
    let token = given.get("REFRESH_TOKEN")?;
    secret_hash::check_presence(door.client, given.find("SECRET_HASH").is_some())?;

    let prove = |user: &User| given.prove_secret(door.client, &user.username);
    let refreshed = cx.refresh(door, token, prove).await;

    refreshed.map(Answer::from).map_err(|error| match error.kind {
        ErrorKind::RefreshTokenReuse => Error::refresh_token_revoked(), // which these two operations cannot say
        _ => error,
    })
}
