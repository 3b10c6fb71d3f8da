//! A request as it came over the wire, borrowed: nothing decoded, nothing normalised. Its limits stand here, so that
//! nothing behind them works on more than it should.

use crate::Refusal;

const MAX_HEADERS: usize = 128;
const MAX_HEADER_BYTES: usize = 48 * 1024;
const MAX_PATH: usize = 4 * 1024;
const MAX_QUERY: usize = 32 * 1024;

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
        if values.next().is_some() {
            return Err(Refusal::IncompleteSignature(format!("The header '{name}' may be sent only once.")));
        }
        Ok(first.map(str::trim))
    }
}
