//! Settings that a pool may carry and that this version does not carry out. Where ignoring one would open a door that
//! the pool's owner has closed, or lose what the owner relies on, we say so instead of going on.

use cognate_wire::idp::UserPoolMfaType;

use super::Pool;
use crate::error::{Error, Result};

/// What is about to happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    SignUp,
    Confirmation,
    SignIn,
    Refresh,
    /// A code or an invitation is about to be sent.
    Message,
}

impl Pool {
    /// Refuses what would have to ask something that is not built.
    pub fn refuse_unbuilt(&self, moment: Moment) -> Result<()> {
        let described = &self.config.described;
        let lambda = described.lambda_config.as_ref();
        let set = |trigger: fn(&cognate_wire::idp::LambdaConfigType) -> bool| lambda.is_some_and(trigger);
        let wanted: &[(bool, &str)] = match moment {
            Moment::SignUp => &[(set(|config| config.pre_sign_up.is_some()), "The PreSignUp trigger")],
            Moment::Confirmation => {
                &[(set(|config| config.post_confirmation.is_some()), "The PostConfirmation trigger")]
            }
            Moment::SignIn => &[
                (described.mfa_configuration == Some(UserPoolMfaType::On), "Sign-in with required MFA"),
                (set(|config| config.pre_authentication.is_some()), "The PreAuthentication trigger"),
                (set(|config| config.post_authentication.is_some()), "The PostAuthentication trigger"),
                (set(generates_tokens), "The PreTokenGeneration trigger"),
            ],
            Moment::Refresh => &[(set(generates_tokens), "The PreTokenGeneration trigger")],
            Moment::Message => &[
                (set(|config| config.custom_message.is_some()), "The CustomMessage trigger"),
                (set(|config| config.custom_email_sender.is_some()), "The CustomEmailSender trigger"),
                (set(|config| config.custom_sms_sender.is_some()), "The CustomSMSSender trigger"),
            ],
        };
        match wanted.iter().find(|(needed, _)| *needed) {
            Some((_, name)) => Err(Error::not_built(name)),
            None => Ok(()),
        }
    }
}

fn generates_tokens(config: &cognate_wire::idp::LambdaConfigType) -> bool {
    config.pre_token_generation.is_some() || config.pre_token_generation_config.is_some()
}
