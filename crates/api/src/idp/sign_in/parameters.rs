//! `AuthParameters` and `ChallengeResponses`: what is in the map, by name.

use std::collections::BTreeMap;

use cognate_domain::client::Client;
use cognate_wire::Secret;

use crate::idp::secret_hash;
use crate::prelude::*;

pub(crate) struct Parameters(BTreeMap<String, Secret>);

impl Parameters {
    pub(crate) fn new(map: Option<BTreeMap<String, Secret>>) -> Self {
        Self(map.unwrap_or_default())
    }

    pub(crate) fn find(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(Secret::expose)
    }

    /// Blank is missing.
    pub(crate) fn get(&self, name: &str) -> Result<&str> {
        self.find(name).filter(|value| !value.is_empty()).ok_or_else(|| Error::missing_parameter(name))
    }

    /// Over the user name as it stands in this map.
    pub(crate) fn prove_secret(&self, client: &Client, username: &str) -> Result<()> {
        secret_hash::check(client, username, self.0.get("SECRET_HASH"))
    }

    /// Names and values behind a prefix.
    pub(crate) fn behind<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0.iter().filter_map(move |(name, value)| Some((name.strip_prefix(prefix)?, value.expose())))
    }
}
