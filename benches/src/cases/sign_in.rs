//! Signing in, as Amplify does it: by password, and by SRP with its two calls and the arithmetic between them.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use cognate_srp::client::Identity;
use data_encoding::BASE64;
use serde::Deserialize;
use serde_json::json;
use time::OffsetDateTime;
use time::macros::format_description;

use super::{Job, Tokens};
use crate::chance::now;
use crate::http::Connection;
use crate::people;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Asked {
    challenge_name: Option<String>,
    challenge_parameters: Option<Challenge>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
struct Challenge {
    #[serde(default)]
    salt: String,
    #[serde(default)]
    srp_b: String,
    #[serde(default)]
    secret_block: String,
    #[serde(default)]
    user_id_for_srp: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Done {
    authentication_result: Option<AuthenticationResult>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct AuthenticationResult {
    access_token: String,
    refresh_token: String,
}

impl Job {
    pub(crate) async fn password_sign_in(&self, connection: &mut Connection, number: u64) -> Result<Tokens> {
        let (username, password) = (people::username(number), people::PASSWORD);
        let body = json!({
            "ClientId": self.site.pool.client_id,
            "AuthFlow": "USER_PASSWORD_AUTH",
            "AuthParameters": { "USERNAME": username, "PASSWORD": password },
        });
        let request = self.site.plain("InitiateAuth", &body.to_string());
        tokens(self.ask(connection, &request).await?)
    }

    pub(super) async fn srp_sign_in(&self, connection: &mut Connection, number: u64) -> Result<Duration> {
        let (username, password) = (people::username(number), people::PASSWORD);
        let body = json!({
            "ClientId": self.site.pool.client_id,
            "AuthFlow": "USER_SRP_AUTH",
            "AuthParameters": { "USERNAME": username, "SRP_A": self.srp.public().hex() },
        });
        let request = self.site.plain("InitiateAuth", &body.to_string());
        let began = Instant::now();
        let asked = self.ask(connection, &request).await?;
        let mut waited = began.elapsed();
        let asked: Asked = serde_json::from_slice(asked).context("the challenge is not understood")?;

        let request = self.prove(asked, password)?;
        let began = Instant::now();
        let done = self.ask(connection, &request).await?;
        waited += began.elapsed();
        tokens(done)?;
        Ok(waited)
    }

    fn prove(&self, asked: Asked, password: &str) -> Result<Vec<u8>> {
        let challenge = asked.challenge_parameters.unwrap_or_default();
        if asked.challenge_name.as_deref() != Some("PASSWORD_VERIFIER") || challenge.srp_b.len() < 700 {
            bail!("it does not ask for an SRP proof (SRP_B has {} digits)", challenge.srp_b.len());
        }
        let pool_name = self.site.pool.srp_name();
        let whose = Identity { pool_name, user: &challenge.user_id_for_srp, password };
        let key = self.srp.session_key(whose, &challenge.salt, &challenge.srp_b)?;
        let block = BASE64.decode(challenge.secret_block.as_bytes())?;
        let timestamp = timestamp()?;
        let signature = cognate_srp::claim_signature(&key, pool_name, &challenge.user_id_for_srp, &block, &timestamp);
        let body = json!({
            "ClientId": self.site.pool.client_id,
            "ChallengeName": "PASSWORD_VERIFIER",
            "ChallengeResponses": {
                "USERNAME": challenge.user_id_for_srp,
                "PASSWORD_CLAIM_SECRET_BLOCK": challenge.secret_block,
                "PASSWORD_CLAIM_SIGNATURE": BASE64.encode(&signature),
                "TIMESTAMP": timestamp,
            },
        });
        Ok(self.site.plain("RespondToAuthChallenge", &body.to_string()))
    }
}

fn tokens(answer: &[u8]) -> Result<Tokens> {
    let done: Done = serde_json::from_slice(answer).context("the tokens are not understood")?;
    let done = done.authentication_result.context("no tokens came")?;
    Ok(Tokens { access: done.access_token, refresh: done.refresh_token })
}

/// `Tue Sep 1 09:05:07 UTC 2026`
fn timestamp() -> Result<String> {
    let form = format_description!(
        "[weekday repr:short] [month repr:short] [day padding:none] [hour]:[minute]:[second] UTC [year]"
    );
    let moment = OffsetDateTime::from_unix_timestamp(i64::try_from(now().as_secs())?)?;
    Ok(moment.format(form)?)
}
