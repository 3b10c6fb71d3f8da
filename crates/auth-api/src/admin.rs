//! `/v1/admin`: what support and operators do. Each call is an action on something of the platform's, so only a role of the platform's
//! allows it, whatever somebody is in a workspace. What changes something keeps its audit entry in the same write.

pub(crate) mod audit;
mod edit;
pub(crate) mod grants;
pub(crate) mod policies;
pub(crate) mod roles;
pub(crate) mod users;

use std::convert::Infallible;

use axum::extract::{FromRequestParts, Path};
use cognate_domain::directory::SubjectState;
use cognate_store::{Tx, subjects};
use http::request::Parts;
use serde_json::{Map, Value};

use crate::caller::Caller;
use crate::parameters::Page;
use crate::problem::{Code, GivenUp, Problem};

/// Of an id that an address names.
const LONGEST_ID: usize = 64;

/// What an address names. Text that is no id of ours is kept as none, and there is nothing there.
pub(crate) struct Id(Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let named = Path::<String>::from_request_parts(parts, state).await.ok().map(|Path(id)| id);
        let is_id = |id: &String| {
            (1..=LONGEST_ID).contains(&id.len())
                && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        };
        Ok(Self(named.filter(is_id)))
    }
}

impl Id {
    fn known(self) -> Result<String, Problem> {
        self.0.ok_or_else(|| Problem::new(Code::NotFound))
    }
}

/// In the write that stands on it: whoever asks still has the power that they had when they asked, or all is taken back.
async fn assert_power(tx: &mut Tx<'_>, caller: &Caller) -> cognate_domain::Result<()> {
    let there = subjects::find(tx, &caller.subject.id).await?;
    let still = there.is_some_and(|there| {
        there.state == SubjectState::Active && there.platform_role == caller.subject.platform_role
    });
    if still { Ok(()) } else { Err(GivenUp::because(Code::Forbidden)) }
}

/// What stands behind `after` in the order of keys: as much of it as a page reads.
fn behind<'a, T>(all: impl Iterator<Item = &'a T>, page: &Page, key: impl Fn(&T) -> &str) -> Vec<&'a T> {
    let after = page.after.as_deref();
    let mut rest: Vec<_> = all.filter(|one| after.is_none_or(|after| key(one) > after)).collect();
    rest.sort_by(|one, other| key(one).cmp(key(other)));
    rest.truncate(usize::try_from(page.to_read()).unwrap_or_default());
    rest
}

/// An object of what is known.
fn details<const N: usize>(members: [(&str, Value); N]) -> Map<String, Value> {
    members.into_iter().filter(|(_, value)| !value.is_null()).map(|(name, value)| (name.to_owned(), value)).collect()
}
