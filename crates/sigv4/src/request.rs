//! A request as it came over the wire, borrowed: nothing decoded, nothing normalised. Its limits stand here, so that
//! nothing behind them works on more than it should.

use crate::Refusal;

const MAX_HEADERS: usize = 128;
const MAX_HEADER_BYTES: usize = 48 * 1024;
const MAX_PATH: usize = 4 * 1024;
const MAX_QUERY: usize = 32 * 1024;
/// Headers that two readers of one request must not be able to read differently.
const SINGLE: [&str; 10] = [
    "amz-sdk-invocation-id",
    "authorization",
    "content-type",
    "date",
    "host",
    "x-amz-content-sha256",
    "x-amz-date",
    "x-amz-security-token",
    "x-amz-target",
    "x-amz-user-agent",
];

/// `path` and `query` as sent, the query without its `?`. Header names in any case, repeated headers as repeated
/// pairs. Over HTTP/2 the caller passes `:authority` as `host`.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    pub method: &'a str,
    pub path: &'a str,
    pub query: &'a str,
    pub headers: &'a [(&'a str, &'a str)],
    pub body: &'a [u8],
}

impl<'a> Request<'a> {
    pub(crate) fn within_limits(&self) -> bool {
        self.headers.len() <= MAX_HEADERS
            && self.path.len() <= MAX_PATH
            && self.query.len() <= MAX_QUERY
            && self.headers.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>() <= MAX_HEADER_BYTES
    }

    /// Every value of a header, in the order sent. `name` is lower-case.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &'a str> {
        self.headers.iter().filter(move |(given, _)| given.eq_ignore_ascii_case(name)).map(|(_, value)| *value)
    }

    /// The one value of a header that may be sent once: joined with a comma, two headers sign like one, so the second
    /// reader of the request could see another value than we verified.
    pub(crate) fn only(&self, name: &str) -> Result<Option<&'a str>, Refusal> {
        let mut values = self.all(name);
        let first = values.next();
        if values.next().is_some() { Err(sent_again(name)) } else { Ok(first.map(str::trim)) }
    }
}

/// What `Request::only` says of each header of `SINGLE`, from one pass over all headers.
pub(crate) struct Singles<'a>([(&'static str, Option<&'a str>); SINGLE.len()]);

impl<'a> Singles<'a> {
    /// Of several headers that were sent again, the first in the alphabet is named.
    pub(crate) fn read(request: &Request<'a>) -> Result<Self, Refusal> {
        let mut slots = SINGLE.map(|name| (name, None));
        let mut again = Vec::new();
        for &(given, value) in request.headers {
            let slot = slots.iter_mut().find(|(name, _)| name.eq_ignore_ascii_case(given));
            if let Some((name, slot)) = slot
                && slot.replace(value).is_some()
            {
                again.push(*name);
            }
        }
        again.into_iter().min().map_or(Ok(Self(slots)), |name| Err(sent_again(name)))
    }

    /// `name` stands in `SINGLE`.
    pub(crate) fn get(&self, name: &str) -> Option<&'a str> {
        self.0.iter().find(|(given, _)| *given == name).and_then(|(_, value)| *value).map(str::trim)
    }
}

fn sent_again(name: &str) -> Refusal {
    Refusal::IncompleteSignature(format!("The header '{name}' may be sent only once."))
}
