//! The client's half, for what calls a server: the load harness. Behind the feature `client`, so that a server holds
//! none of it. It is made to cost little, so it computes as the server does; the tests' client shares nothing with it.

use zeroize::Zeroizing;

use crate::Refused;
use crate::constants::{BYTES, Bytes, N, small};
use crate::group::{Group, add};
use crate::handshake::{derived, private_key, sha256};
use crate::public::{ClientPublic, pad};

/// `base ^ exponent mod N` by aws-lc's `BN_mod_exp_mont_consttime`: what everything else is measured against.
pub fn power(base: &Bytes, exponent: &[u8]) -> Zeroizing<Bytes> {
    Group::get().power(base, exponent)
}

/// `a` and A, good for as many handshakes as one likes where nobody's secret is at stake.
pub struct Client {
    secret: [u8; 32],
    public: ClientPublic,
}

/// Whose password it is: the part of the pool's id behind the `_`, and `USER_ID_FOR_SRP`.
#[derive(Clone, Copy)]
pub struct Identity<'a> {
    pub pool_name: &'a str,
    pub user: &'a str,
    pub password: &'a str,
}

impl Client {
    pub fn new(secret: [u8; 32]) -> Result<Self, Refused> {
        let public = ClientPublic::from_bytes(*Group::get().base_power(&secret))?;
        Ok(Self { secret, public })
    }

    pub fn public(&self) -> &ClientPublic {
        &self.public
    }

    /// The key that signs the claim: `S = (B - k * v) ^ (a + u * x)`. `SALT` and `SRP_B` as they came.
    pub fn session_key(
        &self,
        whose: Identity<'_>,
        salt: &str,
        server_public: &str,
    ) -> Result<Zeroizing<[u8; 16]>, Refused> {
        let group = Group::get();
        let salt = ClientPublic::parse(salt)?.to_bytes();
        let (_, salt) = salt.split_last_chunk::<16>().ok_or(Refused::NoKey)?;
        let server_public = ClientPublic::parse(server_public)?.to_bytes();
        let x = private_key(whose.pool_name, whose.user, whose.password, salt);
        let u = sha256(&[&pad(self.public.bytes()), &pad(&server_public)]);

        let masked = group.masked(&group.base_power(x.as_slice()), &small(0));
        let base = add(&server_public, &negative(&masked));
        derived(&u, &group.power(&base, exponent(&self.secret, &u, &x).as_slice()))
    }
}

/// `N - number`, for a number below N and above 0.
fn negative(number: &Bytes) -> Bytes {
    let mut result = [0; BYTES];
    let mut borrow = 0;
    for ((to, from), n) in result.iter_mut().zip(number).zip(&N).rev() {
        let [high, low] = u16::from(*n).wrapping_sub(u16::from(*from) + borrow).to_be_bytes();
        *to = low;
        borrow = u16::from(high & 1);
    }
    result
}

/// `a + u * x`, as an integer.
fn exponent(a: &[u8; 32], u: &[u8; 32], x: &[u8; 32]) -> Zeroizing<[u8; 64]> {
    let mut sum = [0_u64; 16];
    for (to, from) in sum.iter_mut().zip(digits(a)) {
        *to = from;
    }
    for (at, digit) in digits(u).enumerate() {
        let mut carry = 0;
        for (to, other) in sum.iter_mut().skip(at).zip(digits(x).chain([0; 8])) {
            let total = *to + digit * other + carry;
            *to = total & 0xffff_ffff;
            carry = total >> 32;
        }
    }
    let mut bytes = Zeroizing::new([0; 64]);
    for (to, digit) in bytes.rchunks_mut(4).zip(sum) {
        let [_, _, _, _, word @ ..] = digit.to_be_bytes();
        to.copy_from_slice(&word);
    }
    bytes
}

/// In base 2^32, the lowest first.
fn digits(number: &[u8; 32]) -> impl Iterator<Item = u64> {
    number.rchunks(4).map(|word| word.iter().fold(0, |digit, byte| digit << 8 | u64::from(*byte)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ClientPublic, challenge, salt_hex, session_key, verifier};

    const WHOSE: Identity<'_> = Identity { pool_name: "Ab3dE6gH9", user: "jane", password: "Passw0rd!" };

    #[test]
    fn the_server_derives_the_same_key_and_another_password_does_not() {
        for seed in 0..40_u8 {
            let salt = [seed.wrapping_mul(37); 16].map(|byte| byte | 1);
            let (a, b) = ([seed.wrapping_mul(91) | 1; 32], [seed.wrapping_mul(53) | 2; 32]);
            let v = verifier(WHOSE.pool_name, WHOSE.user, WHOSE.password, &salt);
            let (client, server) = (Client::new(a).unwrap(), challenge(&v, &b).unwrap());
            let kept = session_key(&ClientPublic::parse(&client.public().hex()).unwrap(), &server, &v, &b).unwrap();

            let key = client.session_key(WHOSE, &salt_hex(&salt), &server.hex()).unwrap();
            let wrong = Identity { password: "Passw0rd?", ..WHOSE };

            assert_eq!(*key, *kept, "{seed}");
            assert_ne!(*client.session_key(wrong, &salt_hex(&salt), &server.hex()).unwrap(), *kept);
        }
    }

    #[test]
    fn the_greatest_exponent_carries_to_its_end() {
        let most = [0xff; 32];
        let sum = exponent(&most, &most, &most); // (2^256 - 1) * 2^256
        assert_eq!(sum[..32], most);
        assert_eq!(sum[32..], [0; 32]);
    }
}
