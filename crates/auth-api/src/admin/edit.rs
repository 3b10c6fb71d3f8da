//! One change of the catalogue. It is checked against the catalogue as it was read, away from the threads that answer others, and kept only
//! if that is the catalogue still: so what is kept is what was checked.

use cognate_domain::directory::{Catalogue, Grant, PolicyText, Role};
use cognate_domain::{Error, Timestamp};
use cognate_policy::{Compiled, Origin, Refused, check_grant, check_policy};
use cognate_store::catalogue::{self, Outcome};
use cognate_store::{WriteTx, audit_log};
use data_encoding::HEXLOWER;
use serde_json::{Map, Value};
use tokio::task::spawn_blocking;

use super::{assert_power, details};
use crate::audit::Changed;
use crate::call::Call;
use crate::caller::Caller;
use crate::permissions::{On, may_define, may_hand_out_of};
use crate::problem::{Code, FieldProblem, Problem};

/// How often a change is tried on a catalogue that changes meanwhile.
const TRIES: usize = 5;

pub(super) enum Edit {
    AddRole(Role),
    ChangeRole(Role),
    RemoveRole(String),
    AddGrant(Grant),
    ChangeGrant { before: Grant, after: Grant },
    RemoveGrant(Grant),
    AddPolicy(PolicyText),
    ChangePolicy(PolicyText),
    RemovePolicy(String),
}

impl Edit {
    fn changed(&self) -> Changed<'_> {
        let (action, kind, id) = match self {
            Self::AddRole(role) => ("role.create", "role", &role.key),
            Self::ChangeRole(role) => ("role.update", "role", &role.key),
            Self::RemoveRole(key) => ("role.delete", "role", key),
            Self::AddGrant(grant) => ("grant.create", "grant", &grant.id),
            Self::ChangeGrant { after, .. } => ("grant.update", "grant", &after.id),
            Self::RemoveGrant(grant) => ("grant.delete", "grant", &grant.id),
            Self::AddPolicy(policy) => ("policy.create", "policy", &policy.id),
            Self::ChangePolicy(policy) => ("policy.update", "policy", &policy.id),
            Self::RemovePolicy(id) => ("policy.delete", "policy", id),
        };
        Changed { action, kind, id, workspace: None }
    }

    /// Of a policy its digest: an operator's text may name anything.
    fn told(&self) -> Map<String, Value> {
        match self {
            Self::AddRole(role) => details([("name", role.name.as_str().into()), ("scope", role.scope.name().into())]),
            Self::ChangeRole(role) => details([("name", role.name.as_str().into())]),
            Self::AddGrant(grant) | Self::RemoveGrant(grant) => told(grant),
            Self::ChangeGrant { before, after } => {
                details([("before", told(before).into()), ("after", told(after).into())])
            }
            Self::AddPolicy(policy) | Self::ChangePolicy(policy) => {
                let digest = HEXLOWER.encode(&cognate_jose::sha256(policy.source.as_bytes()));
                details([("sha256", digest.into())])
            }
            Self::RemoveRole(_) | Self::RemovePolicy(_) => Map::new(),
        }
    }

    /// Nobody gives or takes more than they have.
    fn may_be_made_by(&self, caller: &Caller, catalogue: &Catalogue) -> Result<(), Problem> {
        match self {
            Self::AddGrant(grant) | Self::RemoveGrant(grant) => may_define(catalogue, caller, grant),
            Self::ChangeGrant { before, after } => {
                may_define(catalogue, caller, before)?;
                may_define(catalogue, caller, after)
            }
            Self::RemoveRole(key) => may_hand_out_of(catalogue, caller, key, None),
            _ => Ok(()),
        }
    }

    /// Takes a while. Of policies it gives the catalogue as it would decide with them.
    fn check(&self, catalogue: &Catalogue) -> Result<Option<Compiled>, Refused> {
        match self {
            Self::AddGrant(grant) | Self::ChangeGrant { after: grant, .. } => {
                check_grant(grant, catalogue).map(|()| None)
            }
            Self::AddPolicy(policy) | Self::ChangePolicy(policy) => {
                check_policy(&policy.id, &policy.source, catalogue)?;
                let mut with = catalogue.clone();
                with.policies.retain(|other| other.id != policy.id);
                with.policies.push(policy.clone());
                Compiled::new(&with).map(Some)
            }
            _ => Ok(None),
        }
    }

    async fn apply(&self, tx: &mut WriteTx<'_>, now: Timestamp) -> cognate_domain::Result<Outcome> {
        match self {
            Self::AddRole(role) => catalogue::insert_role(tx, role).await,
            Self::ChangeRole(role) => catalogue::update_role(tx, role).await,
            Self::RemoveRole(key) => catalogue::delete_role(tx, key, now).await,
            Self::AddGrant(grant) => catalogue::insert_grant(tx, grant).await,
            Self::ChangeGrant { after, .. } => catalogue::update_grant(tx, after).await,
            Self::RemoveGrant(grant) => catalogue::delete_grant(tx, &grant.role, &grant.id).await,
            Self::AddPolicy(policy) => catalogue::insert_policy(tx, policy).await,
            Self::ChangePolicy(policy) => catalogue::update_policy(tx, policy).await,
            Self::RemovePolicy(id) => catalogue::delete_policy(tx, id).await,
        }
    }
}

fn told(grant: &Grant) -> Map<String, Value> {
    details([
        ("role", grant.role.as_str().into()),
        ("action", grant.action.as_str().into()),
        ("resource", grant.resource.as_str().into()),
        ("condition", grant.condition.clone().into()),
    ])
}

impl Call {
    /// The change that `make` makes of the catalogue, and the catalogue's next version.
    pub(super) async fn edit(
        &mut self,
        caller: &Caller,
        make: impl Fn(&Catalogue) -> Result<Edit, Problem>,
    ) -> Result<(Edit, i64), Problem> {
        for _ in 0..TRIES {
            let catalogue = catalogue::load(&mut self.cx.read().await?).await?;
            self.must_match(catalogue.version)?;
            let edit = make(&catalogue)?;
            edit.may_be_made_by(caller, &catalogue)?;
            let version = catalogue.version;
            let edit = self.checked(caller, edit, catalogue).await?;
            match self.keep(caller, &edit, version).await? {
                None => {}
                Some(Outcome::Done) => return Ok((edit, version + 1)),
                Some(outcome) => return Err(refused(outcome)),
            }
        }
        Err(Problem::new(Code::Conflict))
    }

    async fn checked(&self, caller: &Caller, edit: Edit, catalogue: Catalogue) -> Result<Edit, Problem> {
        let check = move || {
            let compiled = edit.check(&catalogue);
            (edit, compiled)
        };
        let (edit, compiled) = spawn_blocking(check).await.map_err(Error::internal)?;
        let Some(compiled) = compiled.map_err(unfit)? else { return Ok(edit) };

        let (action, id) = ("policies:delete", edit.changed().id.to_owned());
        let on = || On::platform(format!("policies/{id}"));
        let could = self.is_allowed(caller, action, on()).await?;
        if could && !self.would_allow(&compiled, caller, action, &on())? {
            return Err(Problem::locks_out());
        }
        Ok(edit)
    }

    /// None if the catalogue is of another version by now.
    async fn keep(&mut self, caller: &Caller, edit: &Edit, version: i64) -> Result<Option<Outcome>, Problem> {
        let entry = self.entry(caller, &edit.changed(), edit.told());
        let now = self.cx.now;
        let kept = async |tx: &mut WriteTx<'_>| {
            assert_power(tx, caller).await?;
            if catalogue::version(tx).await? != version {
                return Ok(None);
            }
            let outcome = edit.apply(tx, now).await?;
            if outcome == Outcome::Done {
                audit_log::insert(tx, &entry).await?;
            }
            Ok(Some(outcome))
        };
        Ok(self.cx.write(kept).await?)
    }
}

fn refused(outcome: Outcome) -> Problem {
    match outcome {
        Outcome::Missing => Problem::new(Code::NotFound),
        Outcome::Taken => Problem::taken(),
        Outcome::BuiltIn => Problem::built_in(),
        Outcome::Held => Problem::role_held(),
        Outcome::Full => Problem::new(Code::LimitReached),
        Outcome::Done => Problem::new(Code::Internal),
    }
}

/// The policy crate's own words: they are about what was sent, and nothing else.
fn unfit(refused: Refused) -> Problem {
    let Refused { origin, at, sentence } = refused;
    match origin {
        Origin::Catalogue => Problem::new(Code::LimitReached).saying(capital(&sentence)),
        Origin::Grant(_) => {
            let (field, sentence) = sentence.split_once(": ").unwrap_or(("condition", &sentence));
            Problem::field(format!("/{field}"), capital(sentence))
        }
        Origin::Policy(_) => {
            let sentence = at
                .map_or_else(|| capital(&sentence), |at| format!("line {}, column {}: {sentence}", at.line, at.column));
            let mut problem = Problem::new(Code::PolicyRejected);
            problem.errors.push(FieldProblem { field: "/source".to_owned(), message: sentence.into() });
            problem
        }
    }
}

/// Of a sentence that was meant to follow a colon.
fn capital(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| format!("{}{}.", first.to_uppercase(), letters.as_str()))
}
