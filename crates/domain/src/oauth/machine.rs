//! What a client may be given for itself, without any person (RFC 6749, section 4.4): custom scopes alone.

use cognate_wire::idp::OAuthFlowType;
use serde_json::{Map, Value};

use super::error::{OAuthCode, OAuthResult};
use super::params::Params;
use crate::Timestamp;
use crate::client::Client;

/// Of a client that has proved its secret: the scopes it asks for, in its own order; all of them if it asks for none.
pub fn scopes<'c>(client: &'c Client, params: &Params) -> OAuthResult<Vec<&'c str>> {
    if !client.allows_grant(OAuthFlowType::ClientCredentials) || !client.is_confidential() {
        return Err(OAuthCode::UnauthorizedClient.into());
    }
    let has: Vec<&str> = client.config.custom_scopes().collect();
    let Some(asked) = params.get("scope")? else { return Ok(has) };
    let asked: Vec<&str> = asked.split(' ').filter(|scope| !scope.is_empty()).collect();
    if asked.iter().any(|scope| !has.contains(scope)) {
        return Err(OAuthCode::InvalidScope.into());
    }
    Ok(has.into_iter().filter(|scope| asked.contains(scope)).collect())
}

/// An access token of the client's own. Its `sub` is the client's id, whose form no user's has. `jti` is new for each token.
pub fn claims(issuer: &str, client: &Client, scopes: &[&str], at: Timestamp, jti: &str) -> Map<String, Value> {
    let mut claims = Map::new();
    let mut put = |name: &str, value: Value| drop(claims.insert(name.to_owned(), value));
    put("sub", client.id.clone().into());
    put("token_use", "access".into());
    put("scope", scopes.join(" ").into());
    put("auth_time", at.seconds().into());
    put("iss", issuer.into());
    put("exp", (at + client.validity.access).seconds().into());
    put("iat", at.seconds().into());
    put("version", 2.into());
    put("jti", jti.into());
    put("client_id", client.id.clone().into());
    claims
}

#[cfg(test)]
mod tests {
    use cognate_wire::Secret;
    use serde_json::json;

    use super::*;
    use crate::client::ClientSecret;
    use crate::client::tests::configured;

    fn client(flows: &[&str]) -> Client {
        let secret = ClientSecret {
            id: "1".to_owned(),
            is_first: true,
            value: Secret::from("secret"),
            created_at: Timestamp(0),
        };
        let config = json!({
            "AllowedOAuthFlowsUserPoolClient": true,
            "AllowedOAuthFlows": flows,
            "AllowedOAuthScopes": ["openid", "orders/read", "orders/write"],
        });
        Client { secrets: vec![secret], ..configured(&config) }
    }

    fn asked(client: &Client, query: &str) -> Result<String, OAuthCode> {
        scopes(client, &Params::parse(query.as_bytes())).map(|scopes| scopes.join(" ")).map_err(|error| error.code)
    }

    #[test]
    fn a_client_gets_of_its_custom_scopes_what_it_asks_for() {
        let client = client(&["client_credentials"]);
        for (query, granted) in [
            ("", Ok("orders/read orders/write")),
            ("scope=orders/write", Ok("orders/write")),
            ("scope=orders/write++orders/read+orders/write", Ok("orders/read orders/write")),
            ("scope=orders/delete", Err(OAuthCode::InvalidScope)),
            ("scope=orders/read+other/read", Err(OAuthCode::InvalidScope)),
            ("scope=openid", Err(OAuthCode::InvalidScope)),
            ("scope=orders/read&scope=orders/read", Err(OAuthCode::InvalidRequest)),
        ] {
            assert_eq!(asked(&client, query), granted.map(str::to_owned), "{query}");
        }
    }

    #[test]
    fn only_a_client_with_a_secret_that_is_allowed_to_gets_anything() {
        assert_eq!(asked(&client(&["code"]), ""), Err(OAuthCode::UnauthorizedClient));
        let public = Client { secrets: Vec::new(), ..client(&["client_credentials"]) };
        assert_eq!(asked(&public, ""), Err(OAuthCode::UnauthorizedClient));
    }

    #[test]
    fn its_token_names_no_person() {
        let client = client(&["client_credentials"]);
        let claims = claims("https://id.example.com/p", &client, &["orders/read"], Timestamp(5_999), "j");
        assert_eq!(
            Value::Object(claims),
            json!({
                "sub": client.id, "token_use": "access", "scope": "orders/read", "auth_time": 5, "iss": "https://id.example.com/p",
                "exp": 3605, "iat": 5, "version": 2, "jti": "j", "client_id": client.id,
            })
        );
    }
}
