//! Custom scopes and the resource servers they belong to. A client is given those that are there at that moment; later the two go
//! their own ways, so nothing needs to be asserted again when the client is written, and its tokens carry what is still there.

use std::collections::BTreeMap;

use cognate_domain::resource_server::{is_standard_scope, split_scope};
use cognate_domain::{Error, Result};
use cognate_store::resource_servers;

use crate::Cx;

impl Cx {
    /// Refuses the first scope that no resource server of the pool has. `scopes`: without the standard ones.
    pub async fn scopes_exist<'s>(&self, pool_id: &str, scopes: impl IntoIterator<Item = &'s str>) -> Result<()> {
        let scopes: Vec<&str> = scopes.into_iter().collect();
        let living = self.living_scopes(pool_id, &scopes).await?;
        match scopes.iter().find(|scope| !living.contains(scope)) {
            Some(scope) => Err(Error::scope_does_not_exist(scope)),
            None => Ok(()),
        }
    }

    /// What the custom ones of these scopes let an application do, as the owners of their APIs have put it; without those that mean nothing
    /// any more.
    pub async fn describe_scopes(&self, pool_id: &str, scopes: &[String]) -> Result<Vec<String>> {
        let mut described = Vec::new();
        for (identifier, name) in scopes.iter().filter(|scope| !is_standard_scope(scope)).filter_map(|s| split_scope(s))
        {
            let server = resource_servers::find(&mut self.read().await?, pool_id, identifier).await?;
            let scope = server.iter().flat_map(|server| &server.scopes).find(|scope| scope.scope_name == name);
            described.extend(scope.map(|scope| scope.scope_description.clone()));
        }
        Ok(described)
    }

    /// Of granted scopes those that mean something now: the standard ones, and what a resource server has.
    pub(crate) async fn living(&self, pool_id: &str, granted: &str) -> Result<Vec<String>> {
        let custom: Vec<&str> = granted.split(' ').filter(|scope| !is_standard_scope(scope)).collect();
        let living = self.living_scopes(pool_id, &custom).await?;
        let means = |scope: &&str| is_standard_scope(scope) || living.contains(scope);
        Ok(granted.split(' ').filter(means).map(str::to_owned).collect())
    }

    /// Those that a resource server of the pool has now, in their order.
    pub(crate) async fn living_scopes<'s>(&self, pool_id: &str, scopes: &[&'s str]) -> Result<Vec<&'s str>> {
        let mut living = Vec::new();
        if scopes.is_empty() {
            return Ok(living);
        }
        let mut tx = self.read().await?;
        let mut servers = BTreeMap::new();
        for scope in scopes {
            let Some((identifier, name)) = split_scope(scope) else { continue };
            if !servers.contains_key(identifier) {
                servers.insert(identifier, resource_servers::find(&mut tx, pool_id, identifier).await?);
            }
            let server = servers.get(identifier).and_then(Option::as_ref);
            if server.is_some_and(|server| server.has_scope(name)) {
                living.push(*scope);
            }
        }
        Ok(living)
    }
}
