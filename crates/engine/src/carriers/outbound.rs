//! The one client for HTTP requests that leave: webhooks, metadata, key sets. It follows no redirect, uses no proxy of
//! the environment, has limits of size and time, and speaks to public addresses only, checked after the name is
//! resolved, unless the host is allowed by name. A host that is not must be reached by https.

use std::collections::HashSet;
use std::error::Error;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::HeaderMap;
use reqwest::{Client, Method, redirect, retry};
use url::{Host, Url};

pub struct OutboundSettings {
    /// Hosts that may have a private address and may be reached by http: names, or addresses as in a URL but without
    /// brackets.
    pub allow_hosts: Vec<String>,
    /// For a whole request, the answer's body included.
    pub timeout: Duration,
    /// The longest body that is read, in bytes.
    pub max_body: usize,
}

impl Default for OutboundSettings {
    fn default() -> Self {
        Self { allow_hosts: Vec::new(), timeout: Duration::from_secs(5), max_body: 256 * 1024 }
    }
}

#[derive(Clone)]
pub struct Outbound {
    client: Client,
    allowed: Allowed,
    max_body: usize,
}

/// A redirect is an answer like any other.
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// Says no address: a URL may carry a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutboundError {
    /// It would have gone where we do not go.
    Forbidden(&'static str),
    Timeout,
    Unreachable,
    TooLong,
}

const PRIVATE: &str = "its address is not public, and the host is not allowed by name";

impl fmt::Display for OutboundError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Forbidden(reason) => write!(f, "the request was not sent: {reason}"),
            Self::Timeout => f.write_str("the answer took too long"),
            Self::Unreachable => f.write_str("no complete answer came"),
            Self::TooLong => f.write_str("the answer is too long"),
        }
    }
}

impl Error for OutboundError {}

impl Outbound {
    /// Fails only where TLS cannot be set up.
    pub fn new(settings: OutboundSettings) -> Result<Self, OutboundError> {
        let names = settings.allow_hosts.into_iter().map(|name| name.to_ascii_lowercase());
        let allowed = Allowed(Arc::new(names.collect()));
        let client = Client::builder()
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            .no_proxy()
            .referer(false)
            .timeout(settings.timeout)
            .connect_timeout(settings.timeout)
            .dns_resolver(allowed.clone())
            .user_agent("cognate")
            .build()
            .map_err(|_| OutboundError::Unreachable)?;
        Ok(Self { client, allowed, max_body: settings.max_body })
    }

    /// May this address be configured at all? What its name resolves to is looked at with every request.
    pub fn check(&self, url: &Url) -> Result<(), OutboundError> {
        let forbidden = |reason| Err(OutboundError::Forbidden(reason));
        if !url.username().is_empty() || url.password().is_some() {
            return forbidden("its URL holds a user name or password");
        }
        let allowed = self.allowed.has(url);
        match url.scheme() {
            "https" => {}
            "http" if allowed => {}
            "http" => return forbidden("it is not https, and the host is not allowed by name"),
            _ => return forbidden("it is neither https nor http"),
        }
        // A literal address is never resolved, so it must be looked at here.
        let literal = match url.host() {
            Some(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
            Some(Host::Ipv6(address)) => Some(IpAddr::V6(address)),
            Some(Host::Domain(_)) => None,
            None => return forbidden("its URL has no host"),
        };
        if literal.is_some_and(|address| !allowed && !is_public(address)) { forbidden(PRIVATE) } else { Ok(()) }
    }

    pub async fn send(
        &self,
        method: Method,
        url: &Url,
        headers: HeaderMap,
        body: Vec<u8>,
    ) -> Result<Answer, OutboundError> {
        self.check(url)?;
        let request = self.client.request(method, url.clone()).headers(headers).body(body);
        let mut response = request.send().await.map_err(|error| from_reqwest(&error))?;

        let longest = u64::try_from(self.max_body).unwrap_or(u64::MAX);
        if response.content_length().is_some_and(|length| length > longest) {
            return Err(OutboundError::TooLong);
        }
        let mut body = BytesMut::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| from_reqwest(&error))? {
            if body.len() + chunk.len() > self.max_body {
                return Err(OutboundError::TooLong);
            }
            body.extend_from_slice(&chunk);
        }
        let status = response.status().as_u16();
        Ok(Answer { status, headers: std::mem::take(response.headers_mut()), body: body.freeze() })
    }
}

fn from_reqwest(error: &reqwest::Error) -> OutboundError {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(found) = cause {
        if let Some(ours) = found.downcast_ref::<OutboundError>() {
            return *ours;
        }
        cause = found.source();
    }
    if error.is_timeout() { OutboundError::Timeout } else { OutboundError::Unreachable }
}

/// The names of hosts that may have any address; resolves names for the client.
#[derive(Clone)]
struct Allowed(Arc<HashSet<String>>);

impl Allowed {
    fn has(&self, url: &Url) -> bool {
        url.host_str().is_some_and(|host| self.0.contains(host.trim_matches(['[', ']'])))
    }
}

impl Resolve for Allowed {
    /// One address that is not public is enough to refuse them all: a name that has both is not to be trusted.
    fn resolve(&self, name: Name) -> Resolving {
        let allowed = self.0.contains(&name.as_str().to_ascii_lowercase());
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            if !allowed && found.iter().any(|address| !is_public(address.ip())) {
                return Err(OutboundError::Forbidden(PRIVATE).into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// By IANA's registries of special-purpose addresses: what is not globally reachable is not public. An IPv6 address
/// that carries an IPv4 one is judged by that.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = match a {
        0 | 10 | 127 | 224.. => true,
        100 => (64..128).contains(&b),
        169 => b == 254,
        172 => (16..32).contains(&b),
        192 => matches!((b, c), (0, 0 | 2) | (88, 99) | (168, _)),
        198 => matches!(b, 18 | 19) || (b, c) == (51, 100),
        203 => (b, c) == (0, 113),
        _ => false,
    };
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [s0, s1, s2, s3, s4, s5, s6, s7] = address.segments();
    let inner = |high: u16, low: u16| {
        let [[a, b], [c, d]] = [high.to_be_bytes(), low.to_be_bytes()];
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match (s0, s1, s2, s3, s4, s5) {
        // Mapped, and by NAT64.
        (0, 0, 0, 0, 0, 0xffff) | (0x64, 0xff9b, 0, 0, 0, 0) => inner(s6, s7),
        // 6to4.
        (0x2002, ..) => inner(s1, s2),
        // Teredo, ORCHID, benchmarks, documentation.
        (0x2001, 0..0x200 | 0xdb8, ..) | (0x3fff, 0..0x1000, ..) => false,
        // Only 2000::/3 is given out: neither loopback, fc00::/7, fe80::/10, ff00::/8 nor 64:ff9b:1::/48.
        (0x2000..0x4000, ..) => true,
        _ => false,
    }
}
