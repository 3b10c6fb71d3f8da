//! Whether a DPoP proof is one for this request (RFC 9449, section 4.3). Its signature is `cognate_jose`'s business, and that it is
//! good once is the engine's.

use std::time::Duration;

use url::Url;

use crate::Timestamp;

/// How far a client's clock may be off, either way.
pub const SKEW: Duration = Duration::from_mins(1);
const LONGEST_JTI: usize = 256;

/// What a proof says of its request.
#[derive(Clone, Copy, Debug)]
pub struct Said<'p> {
    pub method: &'p str,
    pub address: &'p str,
    pub made_at: Timestamp,
    pub jti: &'p str,
}

/// The request that it came with.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'r> {
    pub method: &'r str,
    /// Every address under which clients meet the endpoint.
    pub addresses: &'r [String],
    pub now: Timestamp,
}

pub fn fits(said: Said<'_>, seen: Seen<'_>) -> bool {
    let in_time = said.made_at.since(seen.now) <= SKEW && seen.now.since(said.made_at) <= SKEW;
    let here =
        bare(said.address).is_some_and(|said| seen.addresses.iter().any(|seen| bare(seen).as_ref() == Some(&said)));
    in_time && here && said.method == seen.method && (1..=LONGEST_JTI).contains(&said.jti.len())
}

/// Without query and fragment, normalised (RFC 3986, section 6.2).
fn bare(address: &str) -> Option<Url> {
    let mut url = Url::parse(address).ok()?;
    url.set_query(None);
    url.set_fragment(None);
    Some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_000_000_000);

    fn judged(method: &str, address: &str, late: i64, jti: &str) -> bool {
        let said = Said { method, address, made_at: Timestamp(NOW.0 - late * 1000), jti };
        let addresses =
            ["https://shop.auth.id.example.com/oauth2/token".to_owned(), "http://localhost:9229/t".to_owned()];
        fits(said, Seen { method: "POST", addresses: &addresses, now: NOW })
    }

    #[test]
    fn a_proof_is_for_one_method_one_address_and_now() {
        let here = "https://shop.auth.id.example.com/oauth2/token";
        for (method, address, late, jti, fits) in [
            ("POST", here, 0, "a", true),
            ("POST", here, 60, "a", true),
            ("POST", here, -60, "a", true),
            ("POST", here, 61, "a", false),
            ("POST", here, -61, "a", false),
            ("POST", "HTTPS://SHOP.auth.id.example.com:443/oauth2/token?a=b#c", 0, "a", true),
            ("POST", "http://localhost:9229/t", 0, "a", true),
            ("GET", here, 0, "a", false),
            ("post", here, 0, "a", false),
            ("POST", "https://shop.auth.id.example.com/oauth2/revoke", 0, "a", false),
            ("POST", "https://evil.example.com/oauth2/token", 0, "a", false),
            ("POST", "http://shop.auth.id.example.com/oauth2/token", 0, "a", false),
            ("POST", "/oauth2/token", 0, "a", false),
            ("POST", here, 0, "", false),
        ] {
            assert_eq!(judged(method, address, late, jti), fits, "{method} {address} {late}");
        }
        assert!(judged("POST", here, 0, &"j".repeat(256)));
        assert!(!judged("POST", here, 0, &"j".repeat(257)));
    }
}
