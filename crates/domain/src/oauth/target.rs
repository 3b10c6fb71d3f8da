//! Where the answer to an authorization request may go. Only `Target::prove` makes one: until it has, an error is shown on our
//! own page, and no browser is sent anywhere. Compared as exact strings (RFC 9700, section 2.1; section 13).

use url::form_urlencoded::Serializer;

use super::authorize::ResponseKind;
use super::error::{OAuthCode, OAuthError};
use super::params::Params;
use crate::client::Client;

/// A redirect URI that the client has registered.
#[derive(Clone, Debug)]
pub struct Target {
    pub redirect_uri: String,
    /// Whether the request named it: only then must the exchange of the code name it again.
    pub named: bool,
    state: Option<String>,
    fragment: bool,
    /// Said in every answer, where the pool says so: which server answers (RFC 9207).
    issuer: Option<String>,
}

/// Why nobody can be sent anywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unproven {
    /// No client, an unknown one, or a parameter twice.
    Request,
    /// A client that takes no part in OAuth.
    Client,
    Redirect,
}

impl Unproven {
    /// As `/error` names it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Request => "invalid_request",
            Self::Client => "unauthorized_client",
            Self::Redirect => "redirect_mismatch",
        }
    }
}

impl Target {
    /// `client` is the one that the request names, if there is such a one in the pool of this domain.
    pub fn prove(client: Option<&Client>, params: &Params) -> Result<Self, Unproven> {
        let client = client.ok_or(Unproven::Request)?;
        if !client.takes_part_in_oauth() {
            return Err(Unproven::Client);
        }
        let named = params.get("redirect_uri").map_err(|_| Unproven::Request)?;
        let redirect_uri = match named {
            Some(uri) if client.callback_urls().iter().any(|registered| registered == uri) => uri,
            Some(_) => return Err(Unproven::Redirect),
            None => client.redirect_uri_by_default().ok_or(Unproven::Request)?,
        };
        Ok(Self {
            redirect_uri: redirect_uri.to_owned(),
            named: named.is_some(),
            state: params.get("state").ok().flatten().map(str::to_owned),
            fragment: ResponseKind::of(params).is_ok_and(|kind| kind == ResponseKind::Token),
            issuer: None,
        })
    }

    /// Its answers say that they are this issuer's.
    #[must_use]
    pub fn of_issuer(self, issuer: String) -> Self {
        Self { issuer: Some(issuer), ..self }
    }

    /// The address with an answer's members, in this order, and the state as it came.
    pub fn answer(&self, members: &[(&str, &str)]) -> String {
        let mut answer = Serializer::new(String::new());
        answer.extend_pairs(members);
        if let Some(state) = &self.state {
            answer.append_pair("state", state);
        }
        if let Some(issuer) = &self.issuer {
            answer.append_pair("iss", issuer);
        }
        let before = match self.redirect_uri.as_str() {
            _ if self.fragment => '#',
            uri if uri.contains('?') => '&',
            _ => '?',
        };
        format!("{}{before}{}", self.redirect_uri, answer.finish())
    }

    pub fn refuse(&self, error: &OAuthError) -> String {
        // AWS: the description comes first.
        match &error.description {
            Some(description) => self.answer(&[("error_description", description), ("error", error.code.as_str())]),
            None => self.answer(&[("error", error.code.as_str())]),
        }
    }

    pub fn refuse_with(&self, code: OAuthCode) -> String {
        self.refuse(&code.into())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::client::tests::configured;

    fn client() -> Client {
        configured(&json!({
            "AllowedOAuthFlowsUserPoolClient": true,
            "CallbackURLs": ["https://app.example.com/cb", "https://app.example.com/cb?tenant=a", "myapp://cb"],
        }))
    }

    fn prove(client: &Client, query: &str) -> Result<Target, Unproven> {
        Target::prove(Some(client), &Params::parse(query.as_bytes()))
    }

    #[test]
    fn only_what_is_registered_to_the_letter_is_a_target() {
        let client = client();
        for registered in client.callback_urls() {
            let query = Serializer::new(String::new()).append_pair("redirect_uri", registered).finish();
            assert_eq!(prove(&client, &query).unwrap().redirect_uri, *registered);
        }
        for uri in [
            "https://app.example.com/cb/",
            "https://app.example.com/cb?",
            "https://app.example.com/cb?tenant=b",
            "https://app.example.com/cb?tenant=a&next=/",
            "https://app.example.com/cb#",
            "https://app.example.com:443/cb",
            "https://App.example.com/cb",
            "HTTPS://app.example.com/cb",
            "https://user@app.example.com/cb",
            "https://app.example.com.evil.com/cb",
            "https://evil.com/cb",
            "https://app.example.com/other",
            "https://app.example.com/%63b",
            "http://app.example.com/cb",
            "https://app.example.com/cb ",
            "//app.example.com/cb",
            "/cb",
            "javascript:alert(1)",
        ] {
            let query = Serializer::new(String::new()).append_pair("redirect_uri", uri).finish();
            assert_eq!(prove(&client, &query).unwrap_err(), Unproven::Redirect, "{uri}");
        }
    }

    #[test]
    fn nobody_is_sent_anywhere_for_a_stranger_or_for_two_addresses() {
        let cb = "redirect_uri=https%3A%2F%2Fapp.example.com%2Fcb";
        assert_eq!(Target::prove(None, &Params::parse(cb.as_bytes())).unwrap_err(), Unproven::Request);
        assert_eq!(prove(&configured(&json!({})), cb).unwrap_err(), Unproven::Client);
        assert_eq!(prove(&client(), &format!("{cb}&{cb}")).unwrap_err(), Unproven::Request);
        assert_eq!(prove(&client(), "").unwrap_err(), Unproven::Request);

        let named = [Unproven::Request, Unproven::Client, Unproven::Redirect].map(Unproven::as_str);
        assert_eq!(named, ["invalid_request", "unauthorized_client", "redirect_mismatch"]);
    }

    #[test]
    fn an_address_that_is_left_out_is_the_one_that_can_be_meant() {
        let by_default = |more: serde_json::Value| {
            let mut config =
                json!({ "AllowedOAuthFlowsUserPoolClient": true, "SupportedIdentityProviders": ["COGNITO"] });
            config.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            prove(&configured(&config), "redirect_uri=").map(|target| (target.redirect_uri, target.named))
        };
        let one = json!({ "CallbackURLs": ["https://a.example/cb"] });
        assert_eq!(by_default(one).unwrap(), ("https://a.example/cb".to_owned(), false));
        let chosen = json!({ "CallbackURLs": ["https://a.example/cb", "https://b.example/cb"], "DefaultRedirectURI": "https://b.example/cb" });
        assert_eq!(by_default(chosen).unwrap().0, "https://b.example/cb");
        let two = json!({ "CallbackURLs": ["https://a.example/cb", "https://b.example/cb"] });
        assert_eq!(by_default(two).unwrap_err(), Unproven::Request);
        let many_ways =
            json!({ "CallbackURLs": ["https://a.example/cb"], "SupportedIdentityProviders": ["COGNITO", "Google"] });
        assert_eq!(by_default(many_ways).unwrap_err(), Unproven::Request);
    }

    #[test]
    fn an_answer_keeps_what_the_address_had_and_returns_the_state_as_it_came() {
        let answer = |query: &str| {
            let target = prove(&client(), query).unwrap();
            (target.answer(&[("code", "a b")]), target.refuse_with(OAuthCode::InvalidScope))
        };
        let (code, error) = answer("response_type=code&redirect_uri=https://app.example.com/cb&state=x%26y%3D%25");
        assert_eq!(code, "https://app.example.com/cb?code=a+b&state=x%26y%3D%25");
        assert_eq!(error, "https://app.example.com/cb?error=invalid_scope&state=x%26y%3D%25");
        let (code, _) = answer("response_type=code&redirect_uri=https%3A%2F%2Fapp.example.com%2Fcb%3Ftenant%3Da");
        assert_eq!(code, "https://app.example.com/cb?tenant=a&code=a+b");
        let (token, error) = answer("response_type=token&redirect_uri=myapp://cb&state=s");
        assert_eq!(
            (token.as_str(), error.as_str()),
            ("myapp://cb#code=a+b&state=s", "myapp://cb#error=invalid_scope&state=s")
        );
        let target = prove(&client(), "redirect_uri=myapp://cb&state=s").unwrap().of_issuer("https://id".to_owned());
        assert_eq!(
            target.refuse_with(OAuthCode::LoginRequired),
            "myapp://cb?error=login_required&state=s&iss=https%3A%2F%2Fid"
        );
        let described = OAuthError::new(OAuthCode::InvalidRequest).saying("PreSignUp failed.");
        let target = prove(&client(), "redirect_uri=myapp://cb").unwrap();
        assert_eq!(target.refuse(&described), "myapp://cb?error_description=PreSignUp+failed.&error=invalid_request");
    }
}
