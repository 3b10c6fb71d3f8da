//! The client's half of SRP-6a, as Cognito's libraries compute it. user-pools.md, section 10. It shares no arithmetic
//! with `cognate-srp`.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hmac;
use cognate_domain::{Clock as _, Timestamp};
use crypto_bigint::modular::{FixedMontyForm, FixedMontyParams};
use crypto_bigint::{Odd, U3072};
use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::macros::format_description;

use super::{Answered, TestApp};

const N: &str = "\
    ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404dd\
    ef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7ed\
    ee386bfb5a899fa5ae9f24117c4b1fe649286651ece45b3dc2007cb8a163bf0598da48361c55d39a69163fa8fd24cf5f\
    83655d23dca3ad961c62f356208552bb9ed529077096966d670c354e4abc9804f1746c08ca18217c32905e462e36ce3b\
    e39e772c180e86039b2783a2ec07a28fb5c55df06f4c52c9de2bcbf6955817183995497cea956ae515d2261898fa0510\
    15728e5a8aaac42dad33170d04507a33a85521abdf1cba64ecfb850458dbef0a8aea71575d060c7db3970f85a6e1e4c7\
    abf5ae8cdb0933d71e8c94e04a25619dcee3d2261ad2ee6bf12ffa06d98a0864d87602733ec86a64521f2b18177b200c\
    bbe117577a615d6c770988c0bad946e208e24fa074e5ab3143db5bfce0fd108e4b82d120a93ad2caffffffffffffffff";

/// A sign-in that has been begun.
pub struct SrpClient {
    secret: U3072,
    public: U3072,
}

/// `PASSWORD_VERIFIER`'s answer, ready to be sent or bent.
#[derive(Clone, Debug)]
pub struct Proof {
    pub username: String,
    pub secret_block: String,
    pub signature: String,
    pub timestamp: String,
}

impl SrpClient {
    /// `secret` is what a real client draws.
    pub fn new(secret: [u8; 32]) -> Self {
        let secret = number(&secret);
        Self { public: two_to(&secret), secret }
    }

    pub fn srp_a(&self) -> String {
        hex(&self.public)
    }

    /// Answers a challenge for a user of the pool with this name (the part of its id behind the `_`).
    pub fn prove(&self, pool_name: &str, challenge: &Answered, password: &str, now: Timestamp) -> Proof {
        let given = |name: &str| challenge.text(&format!("/ChallengeParameters/{name}"));
        let (username, secret_block) = (given("USER_ID_FOR_SRP"), given("SECRET_BLOCK"));
        let identity = format!("{pool_name}{username}:{password}");
        let key = self.session_key(&identity, &unhex(&given("SALT")), &unhex(&given("SRP_B")));
        let block = BASE64.decode(secret_block.as_bytes()).expect("base64");
        let timestamp = timestamp(now);
        let said = [pool_name.as_bytes(), username.as_bytes(), &block, timestamp.as_bytes()].concat();
        Proof { username, secret_block, signature: BASE64.encode(&mac(&key, &said)), timestamp }
    }

    fn session_key(&self, identity: &str, salt: &U3072, server: &U3072) -> Vec<u8> {
        let k = number(&hash(&[&padded(&modulus()), &padded(&U3072::from_u8(2))]));
        let u = number(&hash(&[&padded(&self.public), &padded(server)]));
        let x = number(&hash(&[&padded(salt), &hash(&[identity.as_bytes()])]));
        let base = in_group(server) - in_group(&k) * in_group(&two_to(&x));
        let shared = base.pow_vartime(&u.wrapping_mul(&x).wrapping_add(&self.secret)).retrieve();
        let mut key = mac(&mac(&padded(&u), &padded(&shared)), b"Caldera Derived Key\x01");
        key.truncate(16);
        key
    }
}

impl TestApp {
    pub async fn start_srp(&self, client: &str, name: &str, srp: &SrpClient) -> Answered {
        let parameters = json!({ "USERNAME": name, "SRP_A": srp.srp_a() });
        let input = json!({ "ClientId": client, "AuthFlow": "USER_SRP_AUTH", "AuthParameters": parameters });
        self.idp("InitiateAuth", input).await
    }

    /// The answer to a challenge that is still to be sent.
    pub async fn srp_proof(&self, pool: &str, client: &str, name: &str, password: &str) -> Proof {
        let srp = SrpClient::new([3; 32]);
        let challenge = self.start_srp(client, name, &srp).await;
        challenge.assert_good();
        srp.prove(pool_name(pool), &challenge, password, self.clock.now())
    }

    pub async fn send_proof(&self, client: &str, proof: &Proof) -> Answered {
        let answers = [
            ("USERNAME", proof.username.as_str()),
            ("PASSWORD_CLAIM_SECRET_BLOCK", &proof.secret_block),
            ("PASSWORD_CLAIM_SIGNATURE", &proof.signature),
            ("TIMESTAMP", &proof.timestamp),
        ];
        self.answer(client, "PASSWORD_VERIFIER", "", &answers).await
    }

    /// Both steps; the first refusal if there is one.
    pub async fn srp(&self, pool: &str, client: &str, name: &str, password: &str) -> Answered {
        let srp = SrpClient::new([3; 32]);
        let challenge = self.start_srp(client, name, &srp).await;
        if challenge.body.get("ChallengeName") != Some(&Value::from("PASSWORD_VERIFIER")) {
            return challenge;
        }
        self.send_proof(client, &srp.prove(pool_name(pool), &challenge, password, self.clock.now())).await
    }
}

/// As Amazon's clients write a moment: `Tue Sep 1 09:05:07 UTC 2026`.
pub fn timestamp(now: Timestamp) -> String {
    let form = format_description!(
        "[weekday repr:short] [month repr:short] [day padding:none] [hour]:[minute]:[second] UTC [year]"
    );
    let moment = OffsetDateTime::from_unix_timestamp(now.seconds()).expect("a moment of our time");
    moment.format(form).expect("a moment in English")
}

fn pool_name(pool: &str) -> &str {
    pool.split_once('_').map_or("", |(_, name)| name)
}

fn modulus() -> U3072 {
    unhex(N)
}

fn number(bytes: &[u8]) -> U3072 {
    let mut full = [0; 384];
    let tail = full.len().checked_sub(bytes.len()).and_then(|at| full.get_mut(at..)).expect("at most 3072 bits");
    tail.copy_from_slice(bytes);
    U3072::from_be_slice(&full)
}

fn in_group(number: &U3072) -> FixedMontyForm<{ U3072::LIMBS }> {
    let modulus = Odd::new(modulus()).expect("odd");
    FixedMontyForm::new(&number.rem(modulus.as_nz_ref()), &FixedMontyParams::new_vartime(modulus))
}

fn two_to(exponent: &U3072) -> U3072 {
    in_group(&U3072::from_u8(2)).pow_vartime(exponent).retrieve()
}

fn hex(number: &U3072) -> String {
    format!("{number:x}").trim_start_matches('0').to_owned()
}

fn unhex(text: &str) -> U3072 {
    let even = if text.len() % 2 == 1 { format!("0{text}") } else { text.to_owned() };
    number(&HEXLOWER_PERMISSIVE.decode(even.as_bytes()).expect("hexadecimal"))
}

/// The shortest two's complement: the rule that everybody gets wrong.
fn padded(number: &U3072) -> Vec<u8> {
    let hex = hex(number);
    let even = if hex.len() % 2 == 1 { format!("0{hex}") } else { hex };
    let signed = if even.starts_with(|first: char| "89abcdef".contains(first)) { format!("00{even}") } else { even };
    HEXLOWER_PERMISSIVE.decode(signed.as_bytes()).expect("hexadecimal")
}

fn hash(parts: &[&[u8]]) -> Vec<u8> {
    digest(&SHA256, &parts.concat()).as_ref().to_vec()
}

fn mac(key: &[u8], data: &[u8]) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), data).as_ref().to_vec()
}
