//! The token in a request's head (RFC 6750, section 2.1). Neither a query nor a form is looked at: both end up in logs.

use http::HeaderMap;
use http::header::AUTHORIZATION;

use crate::Refusal;

/// The token of the one `Authorization` header: `Bearer` in any case, one space, and no other character that no token
/// has.
pub fn bearer(headers: &HeaderMap) -> Result<&str, Refusal> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let value = values.next().ok_or(Refusal::NoAuthorization)?;
    if values.next().is_some() {
        return Err(Refusal::SeveralAuthorizations);
    }
    let text = value.to_str().map_err(|_| Refusal::NotBearer)?;
    match text.split_once(' ') {
        Some((scheme, token))
            if scheme.eq_ignore_ascii_case("Bearer") && !token.is_empty() && !token.contains([' ', '\t', ',']) =>
        {
            Ok(token)
        }
        _ => Err(Refusal::NotBearer),
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn of(value: &str) -> Result<String, Refusal> {
        let value = HeaderValue::from_bytes(value.as_bytes()).unwrap();
        bearer(&HeaderMap::from_iter([(AUTHORIZATION, value)])).map(str::to_owned)
    }

    #[test]
    fn the_scheme_may_be_written_in_any_case() {
        for value in ["Bearer a.b.c", "bearer a.b.c", "BEARER a.b.c"] {
            assert_eq!(of(value).unwrap(), "a.b.c");
        }
    }

    #[test]
    fn whatever_is_not_one_bearer_token_is_refused() {
        for value in [
            "",
            " ",
            "Bearer",
            "Bearer ",
            "Bearer  a",
            " Bearer a",
            "Bearer a ",
            "Bearer\ta",
            "Bearer a b",
            "Bearer a,b",
            "Bearer a, Bearer b",
            "a.b.c",
            "Basic YTpi",
            "DPoP a.b.c",
            "Bearera a",
            "Bearer \u{e9}",
        ] {
            assert_eq!(of(value).unwrap_err(), Refusal::NotBearer, "{value:?}");
        }
        assert_eq!(bearer(&HeaderMap::new()).unwrap_err(), Refusal::NoAuthorization);
    }

    /// Of two, a proxy before us may have looked at the other.
    #[test]
    fn two_headers_are_refused_even_if_they_are_the_same() {
        let value = HeaderValue::from_static("Bearer a.b.c");
        let mut headers = HeaderMap::new();
        headers.append(AUTHORIZATION, value.clone());
        headers.append(AUTHORIZATION, value);
        assert_eq!(bearer(&headers).unwrap_err(), Refusal::SeveralAuthorizations);
    }
}
