//! Where each sealed column lies: the one list of table, column and row that bind a sealed value to its place.

use cognate_domain::{Error, Result, ids};
use cognate_jose::{Place, SEAL_RANDOM};
use zeroize::Zeroizing;

use crate::App;

/// A column that holds sealed values. `row` is the text that names its row in the associated data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sealed {
    AccessKeySecret,
    PoolVeilKey,
    SigningKey,
    StockedKey,
    ClientSecret,
    AddedClientSecret,
    UserVerifier,
    UserPasswordHistory,
    /// Not kept: travels to the client and back.
    AuthSession,
    /// Not kept: SRP's secret block.
    SecretBlock,
    /// Not kept: page tokens of lists.
    PageToken,
    /// Not kept: what a login page leaves for the next one.
    PageData,
    /// Not kept: a challenge's session at the Auth API.
    AuthApiChallenge,
}

impl Sealed {
    pub const fn at(self, row: &str) -> Place<'_> {
        let (table, column) = match self {
            Self::AccessKeySecret => ("access_keys", "secret_sealed"),
            Self::PoolVeilKey => ("user_pools", "veil_key_sealed"),
            Self::SigningKey => ("signing_keys", "private_sealed"),
            Self::StockedKey => ("key_stock", "private_sealed"),
            Self::ClientSecret => ("clients", "secret_sealed"),
            Self::AddedClientSecret => ("client_secrets", "secret_sealed"),
            Self::UserVerifier => ("users", "verifier_sealed"),
            Self::UserPasswordHistory => ("users", "password_history_sealed"),
            Self::AuthSession => ("-", "auth_session"),
            Self::SecretBlock => ("-", "srp_secret_block"),
            Self::PageToken => ("-", "page_token"),
            Self::PageData => ("-", "page_data"),
            Self::AuthApiChallenge => ("-", "auth_api_challenge"),
        };
        Place { table, column, row }
    }
}

/// Rows with a key of two parts.
pub fn row_of(pool_id: &str, id: &str) -> String {
    format!("{pool_id}/{id}")
}

impl App {
    pub fn seal(&self, column: Sealed, row: &str, plain: &[u8]) -> Result<Vec<u8>> {
        let random = ids::random::<SEAL_RANDOM>(self.entropy.as_ref());
        self.keyring.seal(column.at(row), plain, random).map_err(Error::internal)
    }

    /// A value of ours from the store. That it does not open is a fault of ours.
    pub fn open(&self, column: Sealed, row: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        self.keyring.open(column.at(row), sealed).map_err(Error::internal)
    }

    /// A value that a client sent back. `None` if it is not one of ours.
    pub fn open_from_client(&self, column: Sealed, row: &str, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        self.keyring.open(column.at(row), sealed).ok()
    }
}
