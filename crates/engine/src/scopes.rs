//! The custom scopes that a client may be given: those that a resource server of its pool has at that moment. Later the two
//! go their own ways, so nothing needs to be asserted again when the client is written.

use std::collections::BTreeMap;

use cognate_domain::resource_server::split_scope;
use cognate_domain::{Error, Result};
use cognate_store::resource_servers;

use crate::Cx;

impl Cx {
    /// Refuses the first scope that no resource server of the pool has. `scopes`: without the standard ones.
    pub async fn scopes_exist(&self, pool_id: &str, scopes: impl IntoIterator<Item = &str>) -> Result<()> {
        let mut scopes = scopes.into_iter().peekable();
        if scopes.peek().is_none() {
            return Ok(());
        }
        let mut tx = self.read().await?;
        let mut servers = BTreeMap::new();
        for scope in scopes {
            let (identifier, name) = split_scope(scope).ok_or_else(|| Error::scope_does_not_exist(scope))?;
            if !servers.contains_key(identifier) {
                servers.insert(identifier, resource_servers::find(&mut tx, pool_id, identifier).await?);
            }
            let server = servers.get(identifier).and_then(Option::as_ref);
            if !server.is_some_and(|server| server.has_scope(name)) {
                return Err(Error::scope_does_not_exist(scope));
            }
        }
        Ok(())
    }
}
