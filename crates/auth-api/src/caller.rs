//! Who calls: the bearer's token, proved by the provider, and the subject that the directory knows by it. Nothing that a body, an address or a
//! cookie says counts.

use std::sync::Arc;

use cognate_domain::directory::{Claims, Membership, Subject, SubjectKind, SubjectState, rules};
use cognate_domain::ids;
use cognate_engine::Secret;
use cognate_engine::tokens::standing;
use cognate_policy::{Facts, VerifiedClaims};
use cognate_store::callers::{self, FamilyKey};
use cognate_store::subjects;
use http::header;

use crate::call::{Call, ask};
use crate::problem::{Code, Problem};
use crate::provider::{Bearer, Proved};

/// Of an access token.
const LONGEST_BEARER: usize = 16 * 1024;

/// Whoever calls, as of the one read that a warm call makes.
pub(crate) struct Caller {
    pub(crate) bearer: Bearer,
    pub(crate) subject: Subject,
    /// The oldest first.
    pub(crate) memberships: Vec<Membership>,
    /// Of the catalogue that decides what they may do.
    pub(crate) catalogue_version: i64,
    claims: VerifiedClaims,
}

impl Caller {
    /// What decisions about them go by.
    pub(crate) fn facts(&self) -> Facts<'_> {
        Facts { subject: &self.subject, memberships: &self.memberships, claims: &self.claims }
    }

    /// What they are in a workspace.
    pub(crate) fn membership(&self, workspace_id: &str) -> Option<&Membership> {
        self.memberships.iter().find(|membership| membership.workspace_id == workspace_id)
    }
}

fn none(cause: impl Into<std::borrow::Cow<'static, str>>) -> Problem {
    Problem::new(Code::Unauthenticated).because(cause)
}

fn shut_out() -> Problem {
    Problem::new(Code::AccountDisabled).because("the subject is disabled")
}

impl Call {
    /// Whoever calls, as the directory knows them: the first call makes the subject. Who is disabled there may do nothing.
    pub(crate) async fn caller(&mut self) -> Result<Caller, Problem> {
        let (bearer, mut found) = self.proved().await?;
        if found.subject.is_none() {
            self.make_subject(&bearer).await?;
            found = self.look_up(&bearer.proved).await?;
        }
        let subject = found.subject.ok_or_else(|| none("the subject is gone"))?;
        if subject.state == SubjectState::Disabled {
            return Err(shut_out());
        }
        let claims = VerifiedClaims {
            sub: Some(bearer.proved.subject.id.clone()),
            client_id: Some(bearer.proved.client_id.clone()),
            scopes: bearer.proved.scopes.clone(),
            groups: bearer.proved.groups.clone(),
        };
        let callers::Caller { memberships, catalogue_version, .. } = found;
        Ok(Caller { bearer, subject, memberships, catalogue_version, claims })
    }

    /// Whose token it is, whether the directory knows them or not: for what anybody may do who is signed in.
    pub(crate) async fn bearer(&mut self) -> Result<Bearer, Problem> {
        self.proved().await.map(|(bearer, _)| bearer)
    }

    /// A token in a body, an address or a cookie is none, and neither is one of two.
    async fn proved(&mut self) -> Result<(Bearer, callers::Caller), Problem> {
        let mut sent = self.headers.get_all(header::AUTHORIZATION).iter();
        let (Some(only), None) = (sent.next(), sent.next()) else { return Err(none("no bearer, or several")) };
        let token = only.to_str().ok().and_then(|value| value.split_once(' '));
        let token = token.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, token)| token.trim());
        let token = token.filter(|token| (1..=LONGEST_BEARER).contains(&token.len()));
        let token = Secret::from(token.ok_or_else(|| none("no bearer"))?);
        let provider = Arc::clone(&self.api.provider);
        let proved = provider.prove(&self.cx, token.expose(), self.api.settings.uses).await?;
        if proved.token_use == "id" {
            self.noted.by_id_token();
        }
        let found = self.look_up(&proved).await?;
        Ok((Bearer { token, proved }, found))
    }

    /// One read. Of a token of this server's own it tells as well that its sign-in is neither revoked nor its user shut out.
    async fn look_up(&self, proved: &Proved) -> Result<callers::Caller, Problem> {
        let family = proved.family.as_ref().map(|family| FamilyKey {
            pool_id: &family.pool_id,
            user_id: &family.user_id,
            origin_jti: &family.origin_jti,
        });
        let found = callers::find(&mut self.cx.read().await?, &proved.subject, family).await?;
        if family.is_some() {
            let held = found.held.as_ref().ok_or_else(|| none("no such sign-in"))?;
            if let Err(error) = standing(&proved.client_id, held) {
                let disabled = found.subject.as_ref().is_some_and(|subject| subject.state == SubjectState::Disabled);
                // Whoever was shut out is told so by every token that was theirs.
                return Err(if disabled { shut_out() } else { none(error.message) });
            }
        }
        Ok(found)
    }

    /// Where several first calls come at once, one of them makes the subject.
    async fn make_subject(&mut self, bearer: &Bearer) -> Result<(), Problem> {
        let proved = &bearer.proved;
        rules::provider_subject(&proved.subject.id).map_err(|unfit| none(unfit.0))?;
        let (kind, said) = if proved.is_machine {
            (SubjectKind::Machine, Claims::default())
        } else {
            (SubjectKind::User, ask!(self, claims(bearer))?)
        };
        let claims = Claims::kept(said.name.as_deref(), said.email.as_deref());
        let id = ids::uuid(self.cx.entropy()).to_string();
        let subject = Subject::new(id, kind, proved.subject.clone(), claims, self.cx.now);
        self.cx.write(async |tx| subjects::insert_if_absent(tx, &subject).await).await?;
        Ok(())
    }
}
