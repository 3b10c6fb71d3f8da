//! What is shown of a user who is not there: salt, id and verifier, the same each time for a name in a pool, and not to be
//! told from a real user's without the pool's own key. user-pools.md, section 19.

use zeroize::Zeroizing;

use super::Door;

pub(crate) struct Simulated {
    pub(crate) salt: [u8; 16],
    pub(crate) id: String,
    pub(crate) verifier: Zeroizing<[u8; 384]>,
}

impl Simulated {
    pub(crate) fn of(door: Door<'_>, username: &str) -> Self {
        let name = door.pool.config.names.fold(username);
        let derive = |label: &[u8]| cognate_jose::hmac_sha256(&door.pool.veil_key, &[label, name.as_bytes()]);
        let mut verifier = Zeroizing::new([0_u8; 384]);
        for (at, block) in verifier.chunks_mut(32).enumerate() {
            block.copy_from_slice(&derive(format!("srp verifier {at}\0").as_bytes()));
        }
        if let Some(first) = verifier.first_mut() {
            *first &= 0x7f; // below N
        }
        let id = uuid::Builder::from_random_bytes(first_half(derive(b"srp user id\0"))).into_uuid().to_string();
        Self { salt: first_half(derive(b"srp salt\0")), id, verifier }
    }
}

fn first_half(digest: [u8; 32]) -> [u8; 16] {
    let mut half = [0; 16];
    half.copy_from_slice(digest.split_at(16).0);
    half
}
