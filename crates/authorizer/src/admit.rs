//! Whether the claims of a token that its issuer has signed make it one for us, now: use, client, audience, times, in
//! that order.

use crate::claims::Claims;
use crate::issuer::{Issuer, Names, TokenUses};
use crate::refusal::{listed, shown};
use crate::{AuthContext, Refusal, TokenUse};

/// Seconds since 1970, and by how many a token may be late or early.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Time {
    pub(crate) now: i64,
    pub(crate) late: i64,
    pub(crate) early: i64,
}

/// `at_jwt`: the header says that it is an access token.
pub(crate) fn admit(issuer: &Issuer, claims: Claims, at_jwt: bool, time: Time) -> Result<AuthContext, Refusal> {
    let token_use = token_use(issuer.uses, &claims, at_jwt)?;
    let audience = claims.audience()?;
    let client_id = client_id(&claims, token_use, &audience)?;
    check_client(issuer, token_use, client_id.as_deref(), &audience)?;
    check_audience(issuer, token_use, client_id.as_deref(), &audience)?;
    let expires_at = check_times(&claims, time)?;
    if !issuer.bound_tokens && claims.has("cnf") {
        return Err(Refusal::Bound);
    }

    let owned = |claim| claims.text(claim).map(|text| text.map(str::to_owned));
    let username = match owned("username")? {
        Some(username) => Some(username),
        None => owned("cognito:username")?.or(owned("preferred_username")?),
    };
    Ok(AuthContext {
        issuer: issuer.url.clone(),
        subject: claims.needed_text("sub")?.to_owned(),
        token_use,
        client_id,
        username,
        scopes: if token_use == Some(TokenUse::Id) { Vec::new() } else { claims.scopes()? },
        groups: claims.list(&issuer.groups_claim)?,
        expires_at,
        issued_at: claims.seconds("iat")?,
        jti: owned("jti")?,
        origin_jti: owned("origin_jti")?,
        claims: claims.into_map(),
    })
}

fn token_use(wanted: Option<TokenUses>, claims: &Claims, at_jwt: bool) -> Result<Option<TokenUse>, Refusal> {
    let Some(wanted) = wanted else { return Ok(None) };
    let expected = match wanted {
        TokenUses::Access => "access",
        TokenUses::Id => "id",
        TokenUses::Either => "access or id",
    };
    match (claims.text("token_use")?, wanted) {
        (Some("access"), TokenUses::Access | TokenUses::Either) => Ok(Some(TokenUse::Access)),
        (Some("id"), TokenUses::Id | TokenUses::Either) if !at_jwt => Ok(Some(TokenUse::Id)),
        (said, _) => Err(Refusal::WrongTokenUse { expected, actual: said.map_or("not said".to_owned(), shown) }),
    }
}

fn client_id(claims: &Claims, token_use: Option<TokenUse>, audience: &[String]) -> Result<Option<String>, Refusal> {
    let said = match (token_use, audience) {
        (Some(TokenUse::Access), _) => Some(claims.needed_text("client_id")?),
        (Some(TokenUse::Id), [one]) => Some(one.as_str()),
        (Some(TokenUse::Id), _) => None,
        (None, _) => match claims.text("client_id")? {
            Some(client_id) => Some(client_id),
            None => claims.text("azp")?,
        },
    };
    Ok(said.map(str::to_owned))
}

fn check_client(
    issuer: &Issuer,
    token_use: Option<TokenUse>,
    client_id: Option<&str>,
    audience: &[String],
) -> Result<(), Refusal> {
    let Some(clients) = &issuer.clients else { return Ok(()) };
    if token_use == Some(TokenUse::Id) {
        return one_of(clients, audience);
    }
    // Who takes any client does not ask that there is one.
    if matches!(clients, Names::Any) || client_id.is_some_and(|client_id| clients.has(client_id)) {
        return Ok(());
    }
    let actual = client_id.map_or_else(|| "not said".to_owned(), shown);
    Err(Refusal::WrongClient { expected: clients.expected(), actual })
}

fn check_audience(
    issuer: &Issuer,
    token_use: Option<TokenUse>,
    client_id: Option<&str>,
    audience: &[String],
) -> Result<(), Refusal> {
    match (token_use, &issuer.audiences) {
        // An ID token's audience is the client, which was looked at.
        (Some(TokenUse::Id), _) | (_, Some(Names::Any)) => Ok(()),
        (_, Some(audiences)) => one_of(audiences, audience),
        (_, None) => {
            let own = |one: &String| *one == issuer.url || Some(one.as_str()) == client_id;
            if audience.is_empty() || audience.iter().any(own) {
                return Ok(());
            }
            let expected = format!("{} or none", issuer.url);
            Err(Refusal::WrongAudience { expected, actual: shown(&listed(audience)) })
        }
    }
}

fn one_of(wanted: &Names, audience: &[String]) -> Result<(), Refusal> {
    if audience.iter().any(|one| wanted.has(one)) {
        return Ok(());
    }
    Err(Refusal::WrongAudience { expected: wanted.expected(), actual: shown(&listed(audience)) })
}

/// A token without an end is refused. Gives the end.
fn check_times(claims: &Claims, time: Time) -> Result<i64, Refusal> {
    let Time { now, late, early } = time;
    let expired_at = claims.seconds("exp")?.ok_or(Refusal::MissingClaim { expected: "exp" })?;
    if now >= expired_at.saturating_add(late) {
        return Err(Refusal::Expired { expired_at, now });
    }
    let soon = now.saturating_add(early);
    if let Some(not_before) = claims.seconds("nbf")?.filter(|not_before| soon < *not_before) {
        return Err(Refusal::NotYetValid { not_before, now });
    }
    if let Some(issued_at) = claims.seconds("iat")?.filter(|issued_at| soon < *issued_at) {
        return Err(Refusal::IssuedInTheFuture { issued_at, now });
    }
    Ok(expired_at)
}

impl Names {
    fn expected(&self) -> String {
        match self {
            Self::Any => "any".to_owned(),
            Self::OneOf(names) => format!("one of {}", listed(names)),
        }
    }
}
