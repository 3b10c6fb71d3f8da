//! Where a pool's login pages are met: a prefix (`tenant-a`), or a whole name of the owner's own (`auth.example.com`). A pool
//! has one of each at the most, and a name belongs to one pool of the whole server.
//! user-pools.md, section 25.2; oauth-and-login.md, section 1.

use cognate_wire::idp::{
    CreateUserPoolDomainRequest, CustomDomainConfigType, DomainDescriptionType, DomainStatusType,
    UpdateUserPoolDomainRequest, UserPoolTierType,
};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::macros::format_description;
use url::Url;

use crate::Timestamp;
use crate::error::{Error, Result};
use crate::pool::Pool;

#[cfg(test)]
mod tests;

const RESERVED_WORDS: [&str; 3] = ["amazon", "aws", "cognito"];

const CLASSIC: i32 = 1;
const MANAGED: i32 = 2;

#[derive(Clone, Debug)]
pub struct LoginDomain {
    pub name: String,
    pub pool_id: String,
    pub config: DomainConfig,
    pub created_at: Timestamp,
    pub modified_at: Timestamp,
}

/// What the store keeps as one document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DomainConfig {
    pub managed_login_version: i32,
    /// Of a name of the owner's own; none of a prefix.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom: Option<CustomDomainConfigType>,
}

impl LoginDomain {
    /// `server` is the host that the server itself is met at: a pool's pages must never stand in its place.
    pub fn create(
        input: CreateUserPoolDomainRequest,
        pool: &Pool,
        server: Option<&str>,
        now: Timestamp,
    ) -> Result<Self> {
        refuse_routing(input.routing.is_some())?;
        if input.custom_domain_config.is_some() {
            is_a_whole_name(&input.domain)?;
            if server == Some(input.domain.as_str()) {
                return Err(Error::domain_taken());
            }
        } else {
            is_a_prefix(&input.domain)?;
        }
        let config = DomainConfig {
            managed_login_version: version_for(input.managed_login_version.unwrap_or(CLASSIC), pool)?,
            custom: input.custom_domain_config,
        };
        Ok(Self { name: input.domain, pool_id: pool.id.clone(), config, created_at: now, modified_at: now })
    }

    /// Replaces the certificate; the version of the pages stays when it is left out. A prefix stays one, and so does a name.
    pub fn update(mut self, input: &UpdateUserPoolDomainRequest, pool: &Pool, now: Timestamp) -> Result<Self> {
        refuse_routing(input.routing.is_some())?;
        match (self.is_custom(), input.custom_domain_config.is_some()) {
            (true, false) => return Err(Error::domain_stays_custom()),
            (false, true) => return Err(Error::domain_stays_a_prefix()),
            _ => {}
        }
        if let Some(version) = input.managed_login_version {
            self.config.managed_login_version = version_for(version, pool)?;
        }
        self.config.custom.clone_from(&input.custom_domain_config);
        self.modified_at = now;
        Ok(self)
    }

    /// Refuses a tier that does not have the pages of this domain.
    pub fn fits(&self, tier: UserPoolTierType) -> Result<()> {
        in_tier(self.config.managed_login_version, tier)
    }

    pub fn is_custom(&self) -> bool {
        self.config.custom.is_some()
    }

    /// `target`: what DNS of a name of the owner's own has to point to, see `target`.
    pub fn into_wire(self, account: String, target: Option<String>) -> DomainDescriptionType {
        DomainDescriptionType {
            user_pool_id: Some(self.pool_id),
            aws_account_id: Some(account),
            domain: Some(self.name),
            s3_bucket: None,
            cloud_front_distribution: target,
            version: written(self.modified_at),
            status: Some(DomainStatusType::Active),
            custom_domain_config: self.config.custom,
            managed_login_version: Some(self.config.managed_login_version),
            routing: None,
        }
    }
}

/// The host of the server's public URL: it stands where AWS names the distribution of a domain.
pub fn target(public_url: &str) -> Option<String> {
    Url::parse(public_url).ok()?.host_str().map(str::to_owned)
}

fn refuse_routing(asked: bool) -> Result<()> {
    if asked { Err(Error::not_built("Routing between replicas")) } else { Ok(()) }
}

fn version_for(version: i32, pool: &Pool) -> Result<i32> {
    if !matches!(version, CLASSIC | MANAGED) {
        return Err(Error::unknown_managed_login_version());
    }
    in_tier(version, pool.config.tier())?;
    Ok(version)
}

fn in_tier(version: i32, tier: UserPoolTierType) -> Result<()> {
    if version == MANAGED && tier == UserPoolTierType::Lite {
        return Err(Error::feature_unavailable_in_tier("Managed Login", tier.as_str()));
    }
    Ok(())
}

fn is_a_prefix(name: &str) -> Result<()> {
    if !is_label(name) {
        return Err(Error::malformed_domain());
    }
    match RESERVED_WORDS.into_iter().find(|word| name.contains(word)) {
        Some(word) => Err(Error::reserved_domain_word(word)),
        None => Ok(()),
    }
}

/// At least two labels; and nothing that a browser would take for an address, whose last label is a number.
fn is_a_whole_name(name: &str) -> Result<()> {
    let labels: Vec<&str> = name.split('.').collect();
    let numeric = labels.last().is_none_or(|last| last.starts_with(|first: char| first.is_ascii_digit()));
    if labels.len() < 2 || numeric || !labels.into_iter().all(is_label) {
        return Err(Error::malformed_custom_domain());
    }
    Ok(())
}

/// Lower case only: two spellings of one name would be two domains here, and one in a browser.
fn is_label(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=63).contains(&text.len()) && text.bytes().all(allowed) && !text.starts_with('-') && !text.ends_with('-')
}

/// AWS: a moment without any separators, `20250702011951`.
fn written(moment: Timestamp) -> Option<String> {
    let moment = OffsetDateTime::from_unix_timestamp(moment.seconds()).ok()?;
    moment.format(format_description!("[year][month][day][hour][minute][second]")).ok()
}
