//! What a client's settings may not say together. user-pools.md, section 23; sentences that no source has are listed
//! in docs/known-quirks.md.

use cognate_wire::idp::{
    ExplicitAuthFlowsType, FeatureType, OAuthFlowType, UpdateUserPoolClientRequest, UserPoolTierType,
};

use crate::attributes::Permissions;
use crate::client::redirect_url::is_sound;
use crate::error::{Error, Result};
use crate::pool::Pool;
use crate::schema::{Definition, Schema};

#[cfg(test)]
mod tests;

pub(super) fn accepts(asked: &UpdateUserPoolClientRequest, pool: &Pool, has_secret: bool) -> Result<()> {
    flows_are_of_one_kind(asked)?;
    choice_is_in_the_tier(asked, pool)?;
    rotation_stands_alone(asked)?;
    context_data_needs_a_secret(asked, has_secret)?;
    attributes_are_of_the_pool(asked, &pool.config.schema)?;
    providers_exist(asked, pool)?;
    oauth_is_whole(asked, has_secret)?;
    urls_are_sound(asked)
}

fn flows_are_of_one_kind(asked: &UpdateUserPoolClientRequest) -> Result<()> {
    use ExplicitAuthFlowsType as Named;
    let flows = asked.explicit_auth_flows.as_deref().unwrap_or_default();
    let old =
        |flow: &Named| matches!(flow, Named::AdminNoSrpAuth | Named::CustomAuthFlowOnly | Named::UserPasswordAuth);
    if flows.iter().any(old) && !flows.iter().all(old) {
        return Err(Error::invalid_parameter("Cannot mix legacy and ALLOW_ auth flows in ExplicitAuthFlows."));
    }
    Ok(())
}

fn choice_is_in_the_tier(asked: &UpdateUserPoolClientRequest, pool: &Pool) -> Result<()> {
    let chooses =
        asked.explicit_auth_flows.as_deref().unwrap_or_default().contains(&ExplicitAuthFlowsType::AllowUserAuth);
    let lite = UserPoolTierType::Lite;
    if chooses && pool.config.described.user_pool_tier == Some(lite) {
        return Err(Error::feature_unavailable_in_tier("Choice-Based Sign-In", lite.as_str()));
    }
    Ok(())
}

fn rotation_stands_alone(asked: &UpdateUserPoolClientRequest) -> Result<()> {
    let rotates =
        asked.refresh_token_rotation.as_ref().is_some_and(|rotation| rotation.feature == FeatureType::Enabled);
    let flows = asked.explicit_auth_flows.as_deref().unwrap_or_default();
    if rotates && flows.contains(&ExplicitAuthFlowsType::AllowRefreshTokenAuth) {
        return Err(Error::invalid_parameter(
            "ALLOW_REFRESH_TOKEN_AUTH can not be selected when refresh token rotation is enabled.",
        ));
    }
    Ok(())
}

fn context_data_needs_a_secret(asked: &UpdateUserPoolClientRequest, has_secret: bool) -> Result<()> {
    if asked.enable_propagate_additional_user_context_data == Some(true) && !has_secret {
        return Err(Error::invalid_parameter(
            "EnablePropagateAdditionalUserContextData can only be enabled for a client with a secret.",
        ));
    }
    Ok(())
}

fn attributes_are_of_the_pool(asked: &UpdateUserPoolClientRequest, schema: &Schema) -> Result<()> {
    let known = |names: &[String]| names.iter().all(|name| schema.definition(name).is_some());
    if !known(asked.read_attributes.as_deref().unwrap_or_default()) {
        return Err(Error::invalid_client_attributes("read"));
    }
    // AWS: an empty list is none, as Terraform sends it where nobody configured one.
    let Some(writable) = asked.write_attributes.as_deref().filter(|names| !names.is_empty()) else { return Ok(()) };
    let allowed = Permissions::default();
    let left_out = |definition: &Definition| {
        definition.required && definition.name != "sub" && !writable.contains(&definition.name)
    };
    if !known(writable) || !writable.iter().all(|name| allowed.may_write(name)) || schema.definitions().any(left_out) {
        return Err(Error::invalid_client_attributes("write"));
    }
    Ok(())
}

fn providers_exist(asked: &UpdateUserPoolClientRequest, pool: &Pool) -> Result<()> {
    let providers = asked.supported_identity_providers.as_deref().unwrap_or_default();
    match providers.iter().find(|provider| *provider != "COGNITO") {
        Some(provider) => Err(Error::provider_not_in_pool(provider, &pool.id)),
        None => Ok(()),
    }
}

/// Whether its custom scopes exist, the pool's resource servers say: `ClientConfig::custom_scopes`.
fn oauth_is_whole(asked: &UpdateUserPoolClientRequest, has_secret: bool) -> Result<()> {
    let flows = asked.allowed_oauth_flows.as_deref().unwrap_or_default();
    let scopes = asked.allowed_oauth_scopes.as_deref().unwrap_or_default();
    let switched_on = asked.allowed_oauth_flows_user_pool_client == Some(true);
    let asked_for = !flows.is_empty() || !scopes.is_empty();
    if asked_for && !switched_on {
        return Err(Error::invalid_parameter(
            "AllowedOAuthFlowsUserPoolClient must be true when AllowedOAuthFlows or AllowedOAuthScopes are given.",
        ));
    }
    if switched_on && (flows.is_empty() || scopes.is_empty()) {
        return Err(Error::invalid_parameter(
            "AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows.",
        ));
    }
    if flows.contains(&OAuthFlowType::ClientCredentials) {
        if flows.len() > 1 {
            return Err(Error::invalid_oauth_flow(
                "client_credentials flow can not be selected along with code flow or implicit flow.",
            ));
        }
        if !has_secret {
            return Err(Error::invalid_oauth_flow(
                "client_credentials flow can not be selected if client does not have a client secret.",
            ));
        }
    }
    Ok(())
}

/// AWS: its reference asks for `AllowedOAuthFlowsUserPoolClient` before callback and logout URLs are given; its console
/// and Terraform send them without, so they are taken. Nothing leads to them until the flag is on.
fn urls_are_sound(asked: &UpdateUserPoolClientRequest) -> Result<()> {
    let callbacks = asked.callback_urls.as_deref().unwrap_or_default();
    let logouts = asked.logout_urls.as_deref().unwrap_or_default();
    if let Some(url) = callbacks.iter().chain(logouts).find(|url| !is_sound(url)) {
        return Err(Error::invalid_parameter(format!(
            "{url} is not a valid redirect URL: it must be absolute, without a fragment, and https unless it is local \
             or of a custom scheme."
        )));
    }
    match &asked.default_redirect_uri {
        Some(default) if !callbacks.contains(default) => {
            Err(Error::invalid_parameter("DefaultRedirectURI must be in the list of CallbackURLs."))
        }
        _ => Ok(()),
    }
}
