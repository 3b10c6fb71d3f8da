//! `SECRET_HASH`: that a caller knows one of the client's secrets. Checked before any user is looked up. user-pools.md,
//! section 12.

use cognate_domain::client::Client;
use cognate_wire::Secret;

use crate::prelude::*;

/// Whether it is there where it must be, and nowhere else: for a refresh, whose user is not known yet.
pub(crate) fn check_presence(client: &Client, presented: bool) -> Result<()> {
    match (client.is_confidential(), presented) {
        (true, false) => Err(Error::secret_hash_missing(&client.id)),
        (false, true) => Err(Error::secret_hash_wrong(&client.id)),
        _ => Ok(()),
    }
}

/// `username` exactly as it was passed in this request.
pub(crate) fn check(client: &Client, username: &str, presented: Option<&Secret>) -> Result<()> {
    check_presence(client, presented.is_some())?;
    let Some(presented) = presented else { return Ok(()) };
    let fits = |secret: &Secret| {
        let expected = cognate_jose::secret_hash(secret.expose(), username, &client.id);
        cognate_jose::constant_time_eq(expected.as_bytes(), presented.expose().as_bytes())
    };
    if client.proves_with(fits) { Ok(()) } else { Err(Error::secret_hash_wrong(&client.id)) }
}
