//! The secrets of an app client: at most two at a time, so that a new one can be handed out before the old one goes.
//! user-pools.md, sections 12 and 25.7.

use std::time::Duration;

use cognate_wire::Secret;

use super::Client;
use crate::Timestamp;
use crate::error::{Error, Result};

pub const MOST_SECRETS: usize = 2;

/// One that is active.
#[derive(Clone, Debug)]
pub struct ClientSecret {
    pub id: String,
    /// Kept in the client's own row; an added one has a row of its own.
    pub is_first: bool,
    pub value: Secret,
    pub created_at: Timestamp,
}

/// `<client id>--<seconds since 1970>`.
pub fn secret_id(client_id: &str, created_at: Timestamp) -> String {
    format!("{client_id}--{}", created_at.seconds())
}

impl Client {
    /// Who uses it must prove that they know a secret.
    pub fn is_confidential(&self) -> bool {
        !self.secrets.is_empty()
    }

    /// Whether what came is what this client asks for: any active secret of a confidential one, none of another. Every
    /// secret is looked at, whichever fits.
    pub fn proves(&self, presented: Option<&Secret>) -> bool {
        match presented {
            Some(presented) => self.proves_with(|secret| secret == presented),
            None => !self.is_confidential(),
        }
    }

    /// The same for what is made of a secret. `fits` must take the same time for all of them.
    pub fn proves_with(&self, mut fits: impl FnMut(&Secret) -> bool) -> bool {
        self.secrets.iter().fold(false, |any, secret| any | fits(&secret.value))
    }

    /// When a secret that is added now counts as made: two of one second would have one id, so the later one is made a
    /// second after the other.
    pub fn next_secret_at(&self, now: Timestamp) -> Result<Timestamp> {
        if !self.is_confidential() {
            return Err(Error::client_without_secret());
        }
        if self.secrets.len() >= MOST_SECRETS {
            return Err(Error::too_many_client_secrets());
        }
        let latest = self.secrets.iter().map(|secret| secret.created_at).max();
        let taken = latest.filter(|latest| latest.seconds() >= now.seconds());
        Ok(taken.map_or(now, |latest| latest + Duration::from_secs(1)))
    }

    /// A secret that may be taken away: one that is there, and is not the last.
    pub fn removable_secret(&self, id: &str) -> Result<&ClientSecret> {
        let found = self.secrets.iter().find(|secret| secret.id == id);
        let found = found.ok_or_else(|| Error::client_secret_not_found(id))?;
        if self.secrets.len() == 1 { Err(Error::last_client_secret()) } else { Ok(found) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::client;
    use super::*;

    const NOW: Timestamp = Timestamp(1_700_000_000_999);

    /// With secrets that were made now.
    fn with(ids: &[&str]) -> Client {
        let secret = |id: &&str| ClientSecret {
            id: (*id).to_owned(),
            is_first: false,
            value: Secret::from(format!("secret of {id}")),
            created_at: NOW,
        };
        Client { secrets: ids.iter().map(secret).collect(), ..client() }
    }

    #[test]
    fn any_active_secret_proves_and_nothing_else_does() {
        let (public, one, two) = (with(&[]), with(&["a"]), with(&["a", "b"]));
        let secret = |text: &str| Some(Secret::from(text));
        for (client, presented, proves) in [
            (&public, None, true),
            (&public, secret("secret of a"), false),
            (&public, secret(""), false),
            (&one, None, false),
            (&one, secret("secret of a"), true),
            (&one, secret("secret of b"), false),
            (&one, secret("secret of "), false),
            (&one, secret(""), false),
            (&two, None, false),
            (&two, secret("secret of a"), true),
            (&two, secret("secret of b"), true),
            (&two, secret("secret of c"), false),
        ] {
            let case = (client.secrets.len(), presented.as_ref().map(Secret::expose));
            assert_eq!(client.proves(presented.as_ref()), proves, "{case:?}");
        }
    }

    #[test]
    fn every_secret_is_looked_at() {
        let mut looked_at = 0;
        let found = with(&["a", "b"]).proves_with(|_| {
            looked_at += 1;
            true
        });
        assert!(found);
        assert_eq!(looked_at, 2);
    }

    #[test]
    fn an_id_is_the_client_and_a_second_of_its_own() {
        assert_eq!(secret_id("abc", NOW), "abc--1700000000");
        for (now, made_at) in [
            (Timestamp(NOW.0 + 1), Timestamp(NOW.0 + 1)),
            (NOW, Timestamp(NOW.0 + 1000)),
            (Timestamp(NOW.0 - 999), Timestamp(NOW.0 + 1000)),
            (Timestamp(NOW.0 - 5000), Timestamp(NOW.0 + 1000)),
        ] {
            assert_eq!(with(&["a"]).next_secret_at(now).unwrap(), made_at, "{now:?}");
        }
    }

    #[test]
    fn a_third_secret_and_a_first_one_are_refused() {
        let refused = |client: Client| client.next_secret_at(NOW).unwrap_err().to_string();
        assert_eq!(refused(with(&["a", "b"])), Error::too_many_client_secrets().to_string());
        assert_eq!(refused(with(&[])), Error::client_without_secret().to_string());
    }

    #[test]
    fn the_last_secret_stays() {
        assert_eq!(with(&["a", "b"]).removable_secret("b").unwrap().id, "b");
        let refused = |client: Client, id: &str| client.removable_secret(id).unwrap_err().to_string();
        assert_eq!(refused(with(&["a"]), "a"), Error::last_client_secret().to_string());
        assert_eq!(refused(with(&["a", "b"]), "c"), Error::client_secret_not_found("c").to_string());
        assert_eq!(refused(with(&[]), "c"), Error::client_secret_not_found("c").to_string());
    }
}
