//! What a route asks of a token beside being good.

use std::fmt;
use std::sync::Arc;

use crate::refusal::{listed, shown};
use crate::{AuthContext, Refusal, TokenUse};

/// All that is asked must hold; it is looked at in the order in which it was asked for.
///
/// ```
/// # use cognate_authorizer::{Rule, TokenUse};
/// let rule = Rule::authenticated()
///     .only(TokenUse::Access)
///     .all_scopes(["orders/read", "orders/write"])
///     .any_group(["clerks", "admins"])
///     .check("of our own tenant", |who| who.claims.get("tenant").is_some_and(|tenant| tenant == "acme"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Rule {
    needs: Vec<Need>,
}

#[derive(Clone)]
enum Need {
    Only(TokenUse),
    AllScopes(Vec<String>),
    AnyScope(Vec<String>),
    AnyGroup(Vec<String>),
    Check(String, Check),
}

type Check = Arc<dyn Fn(&AuthContext) -> bool + Send + Sync>;

impl Rule {
    /// A good token, whoever has it.
    pub fn authenticated() -> Self {
        Self::default()
    }

    /// 401 otherwise: such a token is the wrong one, not too weak. A token that does not say its use does not do.
    #[must_use]
    pub fn only(self, token_use: TokenUse) -> Self {
        self.and(Need::Only(token_use))
    }

    #[must_use]
    pub fn scope(self, scope: impl Into<String>) -> Self {
        self.all_scopes([scope])
    }

    #[must_use]
    pub fn all_scopes<T: Into<String>>(self, scopes: impl IntoIterator<Item = T>) -> Self {
        self.and(Need::AllScopes(owned(scopes)))
    }

    /// Of no scopes nobody has any: an empty list refuses everybody.
    #[must_use]
    pub fn any_scope<T: Into<String>>(self, scopes: impl IntoIterator<Item = T>) -> Self {
        self.and(Need::AnyScope(owned(scopes)))
    }

    /// An empty list refuses everybody.
    #[must_use]
    pub fn any_group<T: Into<String>>(self, groups: impl IntoIterator<Item = T>) -> Self {
        self.and(Need::AnyGroup(owned(groups)))
    }

    /// The name is for the log.
    #[must_use]
    pub fn check(self, name: impl Into<String>, holds: impl Fn(&AuthContext) -> bool + Send + Sync + 'static) -> Self {
        self.and(Need::Check(name.into(), Arc::new(holds)))
    }

    /// Whether somebody who was verified before may pass here.
    pub fn allows(&self, who: &AuthContext) -> Result<(), Refusal> {
        self.needs.iter().try_for_each(|need| need.allows(who))
    }

    fn and(mut self, need: Need) -> Self {
        self.needs.push(need);
        self
    }
}

impl Need {
    fn allows(&self, who: &AuthContext) -> Result<(), Refusal> {
        match self {
            Self::Only(wanted) if who.token_use == Some(*wanted) => Ok(()),
            Self::AllScopes(wanted) if wanted.iter().all(|scope| who.has_scope(scope)) => Ok(()),
            Self::AnyScope(wanted) if wanted.iter().any(|scope| who.has_scope(scope)) => Ok(()),
            Self::AnyGroup(wanted) if wanted.iter().any(|group| who.in_group(group)) => Ok(()),
            Self::Check(_, holds) if holds(who) => Ok(()),
            unmet => Err(unmet.refuse(who)),
        }
    }

    fn refuse(&self, who: &AuthContext) -> Refusal {
        let scopes = || shown(&listed(&who.scopes));
        match self {
            Self::Only(wanted) => Refusal::WrongTokenUse {
                expected: wanted.as_str(),
                actual: who.token_use.map_or("not said", TokenUse::as_str).to_owned(),
            },
            Self::AllScopes(wanted) => Refusal::WithoutScope { expected: listed(wanted), actual: scopes() },
            Self::AnyScope(wanted) => {
                Refusal::WithoutScope { expected: format!("one of {}", listed(wanted)), actual: scopes() }
            }
            Self::AnyGroup(wanted) => {
                Refusal::NotInGroup { expected: listed(wanted), actual: shown(&listed(&who.groups)) }
            }
            Self::Check(name, _) => Refusal::CheckFailed { expected: name.clone() },
        }
    }
}

fn owned<T: Into<String>>(names: impl IntoIterator<Item = T>) -> Vec<String> {
    names.into_iter().map(Into::into).collect()
}

impl fmt::Debug for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Only(token_use) => f.debug_tuple("Only").field(token_use).finish(),
            Self::AllScopes(scopes) => f.debug_tuple("AllScopes").field(scopes).finish(),
            Self::AnyScope(scopes) => f.debug_tuple("AnyScope").field(scopes).finish(),
            Self::AnyGroup(groups) => f.debug_tuple("AnyGroup").field(groups).finish(),
            Self::Check(name, _) => f.debug_tuple("Check").field(name).finish(),
        }
    }
}
