//! What is sealed in a line, opened and looked at: nothing goes into a store that could not be used there.

use cognate_domain::transfer::{AddedSecret, Bytes, ClientLine, Line, PoolLine, SigningKeyLine, UserLine};
use cognate_jose::SigningKey;
use zeroize::Zeroizing;

use super::seals::{FileKeys, Secret};
use crate::password_history::{ENTRY, MOST_ENTRIES};

type Opened = Result<Zeroizing<Vec<u8>>, String>;

/// Opens everything, and keeps nothing.
pub(super) fn check(line: &Line, keys: &FileKeys) -> Result<(), String> {
    match line {
        Line::Pool(pool) => veil_key(pool, keys).map(drop),
        Line::SigningKey(key) => signing_key(key, keys).map(drop),
        Line::Client(client) => {
            client_secret(client, keys)?;
            client.added_secrets.iter().try_for_each(|added| added_secret(client, added, keys).map(drop))
        }
        Line::User(user) => {
            verifier(user, keys)?;
            history(user, keys).map(drop)
        }
        _ => Ok(()),
    }
}

pub(super) fn veil_key(pool: &PoolLine, keys: &FileKeys) -> Opened {
    let plain = keys.open(Secret::VeilKey, "", &pool.veil_key.0)?;
    if plain.len() == 32 { Ok(plain) } else { Err("the veil key is not 32 bytes".to_owned()) }
}

/// PKCS#8, and the public half as the store keeps it.
pub(super) fn signing_key(line: &SigningKeyLine, keys: &FileKeys) -> Result<(Zeroizing<Vec<u8>>, String), String> {
    let der = keys.open(Secret::SigningKey, &line.kid, &line.private_key.0)?;
    let key = SigningKey::from_pkcs8(&der).map_err(|error| format!("a signing key cannot be used: {error}"))?;
    if key.kid() != line.kid {
        return Err("a signing key has another kid than its line says".to_owned());
    }
    let public = serde_json::to_string(&key.public_jwk()).map_err(|error| error.to_string())?;
    Ok((der, public))
}

pub(super) fn client_secret(client: &ClientLine, keys: &FileKeys) -> Result<Option<Zeroizing<Vec<u8>>>, String> {
    let open = |sealed: &Bytes| like_a_secret(keys.open(Secret::ClientSecret, &client.id, &sealed.0)?);
    client.secret.as_ref().map(open).transpose()
}

pub(super) fn added_secret(client: &ClientLine, added: &AddedSecret, keys: &FileKeys) -> Opened {
    like_a_secret(keys.open(Secret::AddedSecret, &row_of_added(&client.id, &added.id), &added.secret.0)?)
}

pub(super) fn row_of_added(client_id: &str, secret_id: &str) -> String {
    format!("{client_id}/{secret_id}")
}

fn like_a_secret(plain: Zeroizing<Vec<u8>>) -> Opened {
    let fits = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'+');
    if (24..=64).contains(&plain.len()) && plain.iter().all(fits) {
        Ok(plain)
    } else {
        Err("a client secret is none that a client can have".to_owned())
    }
}

pub(super) fn verifier(user: &UserLine, keys: &FileKeys) -> Result<Option<Zeroizing<Vec<u8>>>, String> {
    let Some(password) = &user.password else { return Ok(None) };
    let plain = keys.open(Secret::Verifier, &user.id, &password.verifier.0)?;
    let usable = plain.len() == cognate_srp::BYTES && cognate_srp::client_verifier(&plain).is_ok();
    if usable { Ok(Some(plain)) } else { Err("the verifier is none that a password could have".to_owned()) }
}

pub(super) fn history(user: &UserLine, keys: &FileKeys) -> Result<Option<Zeroizing<Vec<u8>>>, String> {
    let Some(sealed) = &user.password_history else { return Ok(None) };
    let plain = keys.open(Secret::PasswordHistory, &user.id, &sealed.0)?;
    let whole = plain.len().is_multiple_of(ENTRY) && plain.len() <= MOST_ENTRIES * ENTRY;
    if whole { Ok(Some(plain)) } else { Err("the former passwords are not readable".to_owned()) }
}
