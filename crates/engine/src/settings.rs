//! What the engine must know of the configuration. The binary reads flags, environment and file, and fills this.

use std::net::IpAddr;

use cognate_domain::login_domain;

/// How a server treats its callers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Any access key is admitted, messages are kept in the inbox, the sample pool can be reset.
    Dev,
    /// `SigV4` is verified, messages leave through the configured carriers.
    Serve,
}

#[derive(Clone, Debug)]
pub struct Settings {
    pub mode: Mode,
    /// Without a trailing slash; issuers are `{public_url}/{poolId}`.
    pub public_url: String,
    /// The region of unsigned calls, and of pools they make.
    pub region: String,
    /// Twelve digits: the account of callers whose key names none (dev), and of the sample pool.
    pub account: String,
}

impl Settings {
    /// Whether the server is met over TLS.
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https:")
    }

    pub fn issuer(&self, pool_id: &str) -> String {
        format!("{}/{pool_id}", self.public_url)
    }

    /// Where a login domain is met: an owner's own name over https, a prefix in the way of the public URL.
    pub fn login_url(&self, domain: &str) -> String {
        if domain.contains('.') {
            return format!("https://{domain}");
        }
        let own = login_domain::target(&self.public_url).unwrap_or_default();
        let (scheme, port) = self.public_url.split_once(&own).unwrap_or(("https://", ""));
        format!("{scheme}{domain}.auth.{}{port}", login_base(&own))
    }

    /// Login domains that are a prefix are met at `{prefix}.auth.{host of the public URL}`; where that is an address or this machine,
    /// at `{prefix}.auth.localhost`.
    pub fn login_domain_of<'h>(&self, host: &'h str) -> Option<&'h str> {
        let own = login_domain::target(&self.public_url)?;
        if host == own {
            return None;
        }
        // A prefix has no dot, and an owner's own name has one: neither can stand for the other.
        let (name, is_prefix) = match host.strip_suffix(login_base(&own)).and_then(|rest| rest.strip_suffix(".auth.")) {
            Some(prefix) => (prefix, true),
            None => (host, false),
        };
        (name.contains('.') != is_prefix).then_some(name)
    }
}

/// What login domains are names below: an address has none, this machine has.
fn login_base(own: &str) -> &str {
    let is_address = own.parse::<IpAddr>().is_ok() || own.starts_with('[');
    if is_address { "localhost" } else { own }
}

#[cfg(test)]
mod tests {
    use super::{Mode, Settings};

    fn at(public_url: &str) -> Settings {
        Settings { mode: Mode::Dev, public_url: public_url.to_owned(), region: String::new(), account: String::new() }
    }

    #[test]
    fn a_login_domain_is_met_below_the_public_url_or_at_its_own_name() {
        for (public_url, domain, url) in [
            ("https://id.example.com", "tenant-a", "https://tenant-a.auth.id.example.com"),
            ("https://id.example.com:8443", "tenant-a", "https://tenant-a.auth.id.example.com:8443"),
            ("http://127.0.0.1:9229", "dev", "http://dev.auth.localhost:9229"),
            ("http://[::1]:9229", "dev", "http://dev.auth.localhost:9229"),
            ("http://localhost", "dev", "http://dev.auth.localhost"),
            ("http://127.0.0.1:9229", "auth.customer.com", "https://auth.customer.com"),
        ] {
            assert_eq!(at(public_url).login_url(domain), url);
        }
    }

    #[test]
    fn a_host_says_which_login_domain_is_meant() {
        for (public_url, host, domain) in [
            ("https://id.example.com", "tenant-a.auth.id.example.com", Some("tenant-a")),
            ("https://id.example.com", "id.example.com", None),
            ("https://id.example.com", "auth.customer.com", Some("auth.customer.com")),
            ("https://id.example.com", "a.b.auth.id.example.com", None),
            ("https://id.example.com", "tenant-a", None),
            ("https://id.example.com:8443", "tenant-a.auth.id.example.com", Some("tenant-a")),
            ("http://127.0.0.1:9229", "dev.auth.localhost", Some("dev")),
            ("http://[::1]:9229", "dev.auth.localhost", Some("dev")),
            ("http://localhost:9229", "dev.auth.localhost", Some("dev")),
            ("http://localhost:9229", "localhost", None),
        ] {
            assert_eq!(at(public_url).login_domain_of(host), domain, "{host} of {public_url}");
        }
    }
}
