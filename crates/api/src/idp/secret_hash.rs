//! `SECRET_HASH`: that a caller knows the client's secret. Checked before any user is looked up. user-pools.md,
//! section 12.

use cognate_domain::client::Client;
use cognate_wire::Secret;

use crate::prelude::*;

/// Whether it is there where it must be, and nowhere else: for a refresh, whose user is not known yet.
pub(crate) fn check_presence(client: &Client, presented: bool) -> Result<()> {
    match (client.secret.is_some(), presented) {
        (true, false) => Err(Error::secret_hash_missing(&client.id)),
        (false, true) => Err(Error::secret_hash_wrong(&client.id)),
        _ => Ok(()),
    }
}

/// `username` exactly as it was passed in this request.
pub(crate) fn check(client: &Client, username: &str, presented: Option<&Secret>) -> Result<()> {
    match (&client.secret, presented) {
        (None, None) => Ok(()),
        (None, Some(_)) => Err(Error::secret_hash_wrong(&client.id)),
        (Some(_), None) => Err(Error::secret_hash_missing(&client.id)),
        (Some(secret), Some(presented)) => {
            let expected = cognate_jose::secret_hash(secret.expose(), username, &client.id);
            if cognate_jose::constant_time_eq(expected.as_bytes(), presented.expose().as_bytes()) {
                Ok(())
            } else {
                Err(Error::secret_hash_wrong(&client.id))
            }
        }
    }
}
