//! An app client: what it may do, how long its tokens live, and what the API says of it.
//!
//! Update replaces, as with pools: creating and updating share `ClientConfig::from_wire`.

use std::sync::Arc;
use std::time::Duration;

use cognate_wire::idp::{
    AnalyticsConfigurationType, CreateUserPoolClientRequest, ExplicitAuthFlowsType, FeatureType, OAuthFlowType,
    PreventUserExistenceErrorTypes, TimeUnitsType, UpdateUserPoolClientRequest, UserPoolClientType,
};
use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::attributes::Permissions;
use crate::error::{Error, Result};
use crate::pool::{Pool, unless_empty};
use crate::resource_server::is_standard_scope;

mod checks;
mod redirect_url;
mod secrets;
#[cfg(test)]
pub(crate) mod tests;
mod validity;

pub use secrets::{ClientSecret, MOST_SECRETS, secret_id};
pub use validity::Validity;

#[derive(Clone, Debug)]
pub struct Client {
    pub id: String,
    pub pool_id: String,
    pub version: i64,
    pub created_at: Timestamp,
    pub modified_at: Timestamp,
    /// Those that are active, the oldest first; none of a public client.
    pub secrets: Vec<ClientSecret>,
    pub permissions: Permissions,
    pub validity: Validity,
    /// Its tokens carry `origin_jti` and can be revoked.
    pub revocation: bool,
    pub config: ClientConfig,
}

/// What the store keeps of a client as one document: as it is described, without ids, dates and secret.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ClientConfig(UserPoolClientType);

/// The two columns of section 9.2: what a call asks for, in the terms of what a client allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    Srp,
    Password,
    AdminPassword,
    Custom,
    Refresh,
    Choice,
}

impl ClientConfig {
    pub fn create(request: CreateUserPoolClientRequest, pool: &Pool) -> Result<Self> {
        let has_secret = request.generate_secret == Some(true) || request.client_secret.is_some();
        if request.generate_secret == Some(true) && request.client_secret.is_some() {
            return Err(Error::invalid_parameter("ClientSecret can not be given when GenerateSecret is true."));
        }
        let asked = as_update(request);
        Self::from_wire(asked, pool, has_secret)
    }

    /// The name stays when it is left out; everything else is replaced.
    pub fn update(self, request: UpdateUserPoolClientRequest, pool: &Pool, has_secret: bool) -> Result<Self> {
        let name = request.client_name.clone().or(self.0.client_name);
        Self::from_wire(UpdateUserPoolClientRequest { client_name: name, ..request }, pool, has_secret)
    }

    fn from_wire(asked: UpdateUserPoolClientRequest, pool: &Pool, has_secret: bool) -> Result<Self> {
        checks::accepts(&asked, pool, has_secret)?;
        let refresh_token_validity = asked.refresh_token_validity.filter(|life| *life != 0);
        let units = asked.token_validity_units.unwrap_or_default();
        let by_default = validity::thirty_days_in(units.refresh_token.unwrap_or(TimeUnitsType::Days));
        let described = UserPoolClientType {
            client_name: asked.client_name,
            refresh_token_validity: Some(refresh_token_validity.unwrap_or(by_default)),
            access_token_validity: asked.access_token_validity,
            id_token_validity: asked.id_token_validity,
            token_validity_units: Some(units),
            read_attributes: unless_empty(asked.read_attributes),
            write_attributes: unless_empty(asked.write_attributes),
            explicit_auth_flows: unless_empty(asked.explicit_auth_flows),
            supported_identity_providers: unless_empty(asked.supported_identity_providers),
            callback_urls: unless_empty(asked.callback_urls),
            logout_urls: unless_empty(asked.logout_urls),
            default_redirect_uri: asked.default_redirect_uri,
            allowed_oauth_flows: unless_empty(asked.allowed_oauth_flows),
            allowed_oauth_scopes: unless_empty(asked.allowed_oauth_scopes),
            allowed_oauth_flows_user_pool_client: Some(asked.allowed_oauth_flows_user_pool_client.unwrap_or(false)),
            analytics_configuration: unless_empty(asked.analytics_configuration).map(|given| with_role(given, pool)),
            prevent_user_existence_errors: asked.prevent_user_existence_errors,
            enable_token_revocation: Some(asked.enable_token_revocation.unwrap_or(true)),
            enable_propagate_additional_user_context_data: Some(
                asked.enable_propagate_additional_user_context_data.unwrap_or(false),
            ),
            auth_session_validity: Some(asked.auth_session_validity.unwrap_or(3)),
            refresh_token_rotation: asked.refresh_token_rotation,
            ..UserPoolClientType::default()
        };
        Validity::from_wire(&described)?;
        Ok(Self(described))
    }

    pub fn name(&self) -> &str {
        self.0.client_name.as_deref().unwrap_or_default()
    }

    pub fn validity(&self) -> Result<Validity> {
        Validity::from_wire(&self.0)
    }

    pub fn permissions(&self) -> Permissions {
        Permissions { read: self.0.read_attributes.clone(), write: self.0.write_attributes.clone() }
    }

    /// Those that belong to resource servers.
    pub fn custom_scopes(&self) -> impl Iterator<Item = &str> {
        let scopes = self.0.allowed_oauth_scopes.as_deref().unwrap_or_default();
        scopes.iter().map(String::as_str).filter(|scope| !is_standard_scope(scope))
    }

    pub fn revocation(&self) -> bool {
        self.0.enable_token_revocation.unwrap_or(true)
    }
}

/// What it may do at a login domain.
impl Client {
    /// The OAuth endpoints are for clients that say so.
    pub fn takes_part_in_oauth(&self) -> bool {
        self.config.0.allowed_oauth_flows_user_pool_client == Some(true)
    }

    pub fn allows_grant(&self, flow: OAuthFlowType) -> bool {
        self.takes_part_in_oauth() && self.config.0.allowed_oauth_flows.as_deref().unwrap_or_default().contains(&flow)
    }

    pub fn callback_urls(&self) -> &[String] {
        self.config.0.callback_urls.as_deref().unwrap_or_default()
    }

    /// Where an answer goes if the request does not say: only if there is one way to sign in, and one place or a chosen one.
    pub fn redirect_uri_by_default(&self) -> Option<&str> {
        if self.providers().len() != 1 {
            return None;
        }
        match (self.config.0.default_redirect_uri.as_deref(), self.callback_urls()) {
            (Some(chosen), _) => Some(chosen),
            (None, [only]) => Some(only),
            _ => None,
        }
    }

    pub fn logout_urls(&self) -> &[String] {
        self.config.0.logout_urls.as_deref().unwrap_or_default()
    }

    /// The ways of signing in that its pages offer.
    pub fn providers(&self) -> &[String] {
        self.config.0.supported_identity_providers.as_deref().unwrap_or_default()
    }

    pub fn oauth_scopes(&self) -> &[String] {
        self.config.0.allowed_oauth_scopes.as_deref().unwrap_or_default()
    }
}

impl Client {
    /// Answers for unknown users look like those for known ones (section 19).
    pub fn veils(&self) -> bool {
        self.config.0.prevent_user_existence_errors == Some(PreventUserExistenceErrorTypes::Enabled)
    }

    /// The same client where absence is veiled in any case.
    #[must_use]
    pub fn veiling(self: &Arc<Self>) -> Arc<Self> {
        if self.veils() {
            return Arc::clone(self);
        }
        let mut veiling = Self::clone(self);
        veiling.config.0.prevent_user_existence_errors = Some(PreventUserExistenceErrorTypes::Enabled);
        Arc::new(veiling)
    }

    pub fn rotates(&self) -> bool {
        self.config.0.refresh_token_rotation.as_ref().is_some_and(|rotation| rotation.feature == FeatureType::Enabled)
    }

    /// How long a refresh token that was exchanged still answers a client that lost the answer.
    pub fn retry_grace(&self) -> Duration {
        let rotation = self.config.0.refresh_token_rotation.as_ref().filter(|_| self.rotates());
        let seconds = rotation.and_then(|rotation| u64::try_from(rotation.retry_grace_period_seconds?).ok());
        Duration::from_secs(seconds.unwrap_or(0))
    }

    /// How long a challenge may wait for its answer.
    pub fn session_validity(&self) -> Duration {
        let minutes = self.config.0.auth_session_validity.and_then(|minutes| u64::try_from(minutes).ok());
        Duration::from_mins(minutes.unwrap_or(3))
    }

    /// Unset lists allow SRP, custom and refresh; lists of the old names keep SRP and refresh.
    pub fn allows(&self, flow: Flow) -> bool {
        use ExplicitAuthFlowsType as Named;
        let Some(flows) = self.config.0.explicit_auth_flows.as_deref().filter(|flows| !flows.is_empty()) else {
            return matches!(flow, Flow::Srp | Flow::Custom | Flow::Refresh);
        };
        let has = |name: Named| flows.contains(&name);
        let legacy = has(Named::AdminNoSrpAuth) || has(Named::CustomAuthFlowOnly) || has(Named::UserPasswordAuth);
        match flow {
            Flow::Srp => has(Named::AllowUserSrpAuth) || (legacy && !has(Named::CustomAuthFlowOnly)),
            Flow::Password => has(Named::AllowUserPasswordAuth) || has(Named::UserPasswordAuth),
            Flow::AdminPassword => has(Named::AllowAdminUserPasswordAuth) || has(Named::AdminNoSrpAuth),
            Flow::Custom => has(Named::AllowCustomAuth) || has(Named::CustomAuthFlowOnly),
            Flow::Refresh => has(Named::AllowRefreshTokenAuth) || legacy,
            Flow::Choice => has(Named::AllowUserAuth),
        }
    }

    /// As `DescribeUserPoolClient` answers. Of two secrets it shows the older one.
    pub fn into_wire(self) -> UserPoolClientType {
        UserPoolClientType {
            user_pool_id: Some(self.pool_id),
            client_id: Some(self.id),
            client_secret: self.secrets.into_iter().next().map(|secret| secret.value),
            creation_date: Some(self.created_at.as_json_seconds()),
            last_modified_date: Some(self.modified_at.as_json_seconds()),
            ..self.config.0
        }
    }
}

/// AWS: who names a project by its ARN alone lets Cognito's own role write to it.
fn with_role(mut given: AnalyticsConfigurationType, pool: &Pool) -> AnalyticsConfigurationType {
    if given.application_arn.is_some() && given.role_arn.is_none() {
        let path = "role/aws-service-role/cognito-idp.amazonaws.com/AWSServiceRoleForAmazonCognitoIdp";
        given.role_arn = Some(format!("arn:aws:iam::{}:{path}", pool.account));
    }
    given
}

fn as_update(request: CreateUserPoolClientRequest) -> UpdateUserPoolClientRequest {
    UpdateUserPoolClientRequest {
        user_pool_id: request.user_pool_id,
        client_id: String::new(),
        client_name: Some(request.client_name),
        refresh_token_validity: request.refresh_token_validity,
        access_token_validity: request.access_token_validity,
        id_token_validity: request.id_token_validity,
        token_validity_units: request.token_validity_units,
        read_attributes: request.read_attributes,
        write_attributes: request.write_attributes,
        explicit_auth_flows: request.explicit_auth_flows,
        supported_identity_providers: request.supported_identity_providers,
        callback_urls: request.callback_urls,
        logout_urls: request.logout_urls,
        default_redirect_uri: request.default_redirect_uri,
        allowed_oauth_flows: request.allowed_oauth_flows,
        allowed_oauth_scopes: request.allowed_oauth_scopes,
        allowed_oauth_flows_user_pool_client: request.allowed_oauth_flows_user_pool_client,
        analytics_configuration: request.analytics_configuration,
        prevent_user_existence_errors: request.prevent_user_existence_errors,
        enable_token_revocation: request.enable_token_revocation,
        enable_propagate_additional_user_context_data: request.enable_propagate_additional_user_context_data,
        auth_session_validity: request.auth_session_validity,
        refresh_token_rotation: request.refresh_token_rotation,
    }
}
