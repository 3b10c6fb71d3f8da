//! Proofs of a client's key (RFC 9449): read, held against the request, and good once.

use std::time::Duration;

use cognate_domain::oauth::dpop::{SKEW, Said, Seen, fits};
use cognate_domain::oauth::{OAuthCode, OAuthResult};
use cognate_domain::{Error, Timestamp};
use cognate_jose::{Proof, constant_time_eq, sha256};
use cognate_store::{OnUnique as _, spent};
use data_encoding::BASE64URL_NOPAD;

use crate::Cx;

/// After which a proof is too old to be tried again.
const REMEMBERED: Duration = SKEW.saturating_mul(2);

/// The endpoint that a proof came to.
#[derive(Clone, Copy)]
pub struct Endpoint<'a> {
    pub method: &'a str,
    /// Every address under which clients meet it.
    pub addresses: &'a [String],
}

impl Cx {
    /// Takes a proof: from now on the request is one of its key's holder. `access_token` is what comes along with it.
    pub async fn prove_key(&mut self, proof: &str, at: Endpoint<'_>, access_token: Option<&str>) -> OAuthResult<()> {
        let refused = || OAuthCode::InvalidDpopProof;
        let proof = Proof::read(proof).map_err(|_| refused())?;
        let claims = &proof.claims;
        let made_at = Timestamp(claims.iat.saturating_mul(1000));
        let said = Said { method: &claims.htm, address: &claims.htu, made_at, jti: &claims.jti };
        if !fits(said, Seen { method: at.method, addresses: at.addresses, now: self.now }) {
            return Err(refused().into());
        }
        if let Some(token) = access_token {
            let digest = BASE64URL_NOPAD.encode(&sha256(token.as_bytes()));
            let said = claims.ath.as_deref().unwrap_or_default();
            if !constant_time_eq(said.as_bytes(), digest.as_bytes()) {
                return Err(refused().into());
            }
        }
        self.spend_proof(&proof).await?;
        self.key = Some(proof.thumbprint);
        Ok(())
    }

    /// The first one to bring it is the only one, on every node.
    async fn spend_proof(&mut self, proof: &Proof) -> OAuthResult<()> {
        let digest = sha256(format!("dpop\0{}\0{}", proof.thumbprint, proof.claims.jti).as_bytes());
        let (now, until) = (self.now, self.now + REMEMBERED);
        let spent =
            self.write(async |tx| spent::insert_call(tx, &digest, now, until).await.on_unique(Error::session_used));
        match spent.await {
            Err(error) if error.message == Error::session_used().message => Err(OAuthCode::InvalidDpopProof.into()),
            done => Ok(done?),
        }
    }
}
