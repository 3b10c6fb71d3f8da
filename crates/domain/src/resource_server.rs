//! A resource server: an API of the pool's owner, with the scopes that tokens for it may carry. A client names such a scope
//! as `identifier/scope`; one that is deleted later takes no client along, it is only written into no token any more.
//! user-pools.md, section 25.6.

use std::collections::BTreeSet;

use cognate_wire::idp::{
    CreateResourceServerRequest, ResourceServerScopeType, ResourceServerType, UpdateResourceServerRequest,
};

use crate::error::{Error, Result};

/// Servers of one pool: what AWS raises its quota to.
pub const MOST_IN_POOL: i64 = 300;

/// Every other scope belongs to a resource server.
const STANDARD_SCOPES: [&str; 5] = ["phone", "email", "openid", "profile", "aws.cognito.signin.user.admin"];

/// Scopes under it are the service's own to give (`aws.cognito/dcr/register`).
const RESERVED: &str = "aws.cognito";

#[derive(Clone, Debug)]
pub struct ResourceServer {
    pub pool_id: String,
    pub identifier: String,
    pub name: String,
    pub scopes: Vec<ResourceServerScopeType>,
}

impl ResourceServer {
    pub fn create(input: CreateResourceServerRequest) -> Result<Self> {
        let inside = input.identifier.strip_prefix(RESERVED);
        if inside.is_some_and(|rest| rest.is_empty() || rest.starts_with('/')) {
            return Err(Error::resource_server_reserved(&input.identifier));
        }
        Ok(Self {
            pool_id: input.user_pool_id,
            identifier: input.identifier,
            name: input.name,
            scopes: different(input.scopes.unwrap_or_default())?,
        })
    }

    /// Replaces the name and all scopes; scopes that are left out are gone.
    pub fn update(input: UpdateResourceServerRequest) -> Result<Self> {
        Ok(Self {
            pool_id: input.user_pool_id,
            identifier: input.identifier,
            name: input.name,
            scopes: different(input.scopes.unwrap_or_default())?,
        })
    }

    pub fn has_scope(&self, name: &str) -> bool {
        self.scopes.iter().any(|scope| scope.scope_name == name)
    }

    pub fn into_wire(self) -> ResourceServerType {
        ResourceServerType {
            user_pool_id: Some(self.pool_id),
            identifier: Some(self.identifier),
            name: Some(self.name),
            scopes: Some(self.scopes).filter(|scopes| !scopes.is_empty()),
            managed_by: None,
        }
    }
}

pub fn is_standard_scope(scope: &str) -> bool {
    STANDARD_SCOPES.contains(&scope)
}

/// The identifier of its server and its own name. Names have no slash, identifiers may have many.
pub fn split_scope(scope: &str) -> Option<(&str, &str)> {
    scope.rsplit_once('/')
}

fn different(scopes: Vec<ResourceServerScopeType>) -> Result<Vec<ResourceServerScopeType>> {
    let mut names = BTreeSet::new();
    match scopes.iter().find(|scope| !names.insert(scope.scope_name.as_str())) {
        Some(twice) => Err(Error::duplicate_scope(&twice.scope_name)),
        None => Ok(scopes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(identifier: &str, scopes: &[&str]) -> CreateResourceServerRequest {
        let scope =
            |name: &&str| ResourceServerScopeType { scope_name: (*name).to_owned(), scope_description: "d".to_owned() };
        CreateResourceServerRequest {
            user_pool_id: "us-east-1_AbCdEf123".to_owned(),
            identifier: identifier.to_owned(),
            name: "API".to_owned(),
            scopes: Some(scopes.iter().map(scope).collect()),
        }
    }

    #[test]
    fn a_scope_is_split_at_its_last_slash() {
        for (scope, parts) in [
            ("photos/read", Some(("photos", "read"))),
            ("https://api.example.com/read", Some(("https://api.example.com", "read"))),
            ("https://api.example.com//read", Some(("https://api.example.com/", "read"))),
            ("/read", Some(("", "read"))),
            ("photos/", Some(("photos", ""))),
            ("openid", None),
        ] {
            assert_eq!(split_scope(scope), parts, "{scope}");
        }
    }

    #[test]
    fn only_the_five_are_standard() {
        for scope in STANDARD_SCOPES {
            assert!(is_standard_scope(scope), "{scope}");
        }
        for scope in ["OpenID", "openid ", "", "address", "offline_access", "aws.cognito.signin.user", "photos/openid"]
        {
            assert!(!is_standard_scope(scope), "{scope}");
        }
    }

    #[test]
    fn the_names_of_scopes_differ() {
        assert!(ResourceServer::create(asked("photos", &["read", "write", "Read"])).is_ok());
        let error = ResourceServer::create(asked("photos", &["read", "write", "read"])).unwrap_err();
        assert_eq!(error.to_string(), Error::duplicate_scope("read").to_string());
    }

    #[test]
    fn nobody_takes_the_services_own_identifiers() {
        for identifier in ["aws.cognito", "aws.cognito/", "aws.cognito/dcr"] {
            let error = ResourceServer::create(asked(identifier, &["register"])).unwrap_err();
            assert_eq!(error.to_string(), Error::resource_server_reserved(identifier).to_string(), "{identifier}");
        }
        for identifier in ["aws.cognito.signin", "aws", "my/aws.cognito", "aws.cognitive"] {
            assert!(ResourceServer::create(asked(identifier, &[])).is_ok(), "{identifier}");
        }
    }

    #[test]
    fn a_server_is_described_as_it_was_asked_for() {
        let whole = serde_json::json!({ "UserPoolId": "us-east-1_AbCdEf123", "Identifier": "photos", "Name": "API",
            "Scopes": [{ "ScopeName": "read", "ScopeDescription": "d" }] });
        let made = ResourceServer::create(asked("photos", &["read"])).unwrap();
        assert!(made.has_scope("read") && !made.has_scope("write") && !made.has_scope("Read"));
        assert_eq!(serde_json::to_value(made.into_wire()).unwrap(), whole);

        let replaced = ResourceServer::update(serde_json::from_value(whole.clone()).unwrap()).unwrap();
        assert_eq!(serde_json::to_value(replaced.into_wire()).unwrap(), whole);
        let mut twice = whole;
        let scope = twice["Scopes"][0].clone();
        twice["Scopes"].as_array_mut().unwrap().push(scope);
        assert!(ResourceServer::update(serde_json::from_value(twice).unwrap()).is_err());
    }

    #[test]
    fn a_server_without_scopes_is_described_without_them() {
        let server = ResourceServer::create(asked("photos", &[])).unwrap();
        assert_eq!(server.into_wire().scopes, None);
    }
}
