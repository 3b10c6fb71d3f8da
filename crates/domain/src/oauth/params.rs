//! The parameters of a query or a form (RFC 6749, section 3.1): one without a value counts as left out, one that comes twice
//! or holds U+0000 is refused wherever it is asked for, and one that nobody asks for is ignored.

use url::form_urlencoded;

use super::error::{OAuthCode, OAuthResult};

#[derive(Clone, Debug, Default)]
pub struct Params(Vec<(String, String)>);

impl Params {
    /// Of `application/x-www-form-urlencoded`. Bytes that are no UTF-8 become U+FFFD, which matches nothing that is registered.
    pub fn parse(encoded: &[u8]) -> Self {
        Self(form_urlencoded::parse(encoded).into_owned().collect())
    }

    /// As a query, with other values for some; `None` leaves one out.
    pub fn with(&self, other: &[(&str, Option<&str>)]) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.0.iter().filter(|(key, _)| !other.iter().any(|(name, _)| name == key)));
        query.extend_pairs(other.iter().filter_map(|(name, value)| Some((name, (*value)?))));
        query.finish()
    }

    /// Whether it came at all, be it without a value.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(key, _)| key == name)
    }

    pub fn get(&self, name: &str) -> OAuthResult<Option<&str>> {
        let mut found = self.0.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str());
        match (found.next(), found.next()) {
            (_, Some(_)) => Err(OAuthCode::InvalidRequest.into()),
            (Some(value), None) if value.contains('\0') => Err(OAuthCode::InvalidRequest.into()),
            (value, None) => Ok(value.filter(|value| !value.is_empty())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_handed_on_with_other_values() {
        let params = Params::parse(b"a=1&state=x%26y&lang=de&lang=fr");
        assert_eq!(params.with(&[("lang", Some("ja")), ("a", None)]), "state=x%26y&lang=ja");
    }

    #[test]
    fn a_parameter_is_there_once_or_not_at_all() {
        let params = Params::parse(b"a=1&b=&c=1&c=1&d=x%20y+z&e=%FF&f=%00");
        assert_eq!(params.get("a").unwrap(), Some("1"));
        assert_eq!(params.get("b").unwrap(), None);
        assert_eq!(params.get("nothing").unwrap(), None);
        assert_eq!((params.has("b"), params.has("nothing")), (true, false));
        assert_eq!(params.get("c").unwrap_err().code, OAuthCode::InvalidRequest);
        assert_eq!(params.get("f").unwrap_err().code, OAuthCode::InvalidRequest);
        assert_eq!(params.get("d").unwrap(), Some("x y z"));
        assert_eq!(params.get("e").unwrap(), Some("\u{fffd}"));
    }
}
