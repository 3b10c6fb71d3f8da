//! Which URLs are asked for keys: https, or http to this very machine, unless an operator says that plain http is
//! meant.

use http::Uri;

/// The reason why not.
pub(crate) fn check(url: &str, plain_http: bool) -> Result<(), &'static str> {
    let uri: Uri = url.parse().map_err(|_| "it is no URL")?;
    // A fragment is dropped by the reader of URLs, and is nothing that is sent.
    if url.contains('#') {
        return Err("it has a fragment");
    }
    let (Some(scheme), Some(authority), Some(host)) = (uri.scheme_str(), uri.authority(), uri.host()) else {
        return Err("it is not absolute");
    };
    if host.is_empty() {
        return Err("it has no host");
    }
    if authority.as_str().contains('@') {
        return Err("it holds a user name or password");
    }
    match scheme {
        "https" => Ok(()),
        "http" if plain_http || matches!(host, "localhost" | "127.0.0.1" | "[::1]") => Ok(()),
        "http" => Err("it is plain http"),
        _ => Err("it is neither https nor http"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_over_https_or_from_this_machine() {
        for good in [
            "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_abc",
            "https://issuer.example",
            "https://issuer.example:8443/a/?b=c",
            "http://localhost:9229/pool",
            "http://127.0.0.1/pool",
            "http://[::1]:1/pool",
        ] {
            assert_eq!(check(good, false), Ok(()), "{good}");
        }
        for bad in [
            "",
            "/pool",
            "issuer.example",
            "http://issuer.example/pool",
            "http://localhost.issuer.example/",
            "http://127.0.0.1.issuer.example/",
            "http://localhost@issuer.example/",
            "https://ann:secret@issuer.example/",
            "https://issuer.example/#a",
            "file:///etc/passwd",
            "ftp://issuer.example/",
            "https:///pool",
            "https://issuer.example/a b",
            "https://issuer.example/\n",
        ] {
            assert!(check(bad, false).is_err(), "{bad}");
        }
        assert_eq!(check("http://cognate:9000/pool", true), Ok(()));
        assert!(check("file:///etc/passwd", true).is_err());
    }
}
