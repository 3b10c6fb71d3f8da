//! A catalogue, ready to be asked. Operators' statements are evaluated for every question; of grants only those that
//! belong to a role that counts and cover the question. So the cost grows with the policies that say something about
//! it, not with the catalogue.

use std::collections::{BTreeSet, HashMap};

use cedar_policy::{Authorizer, Decision, Policy, PolicyId, PolicySet, Response};
use cognate_domain::Timestamp;
use cognate_domain::directory::{Catalogue, PolicyText, RoleScope};

use crate::facts::{Facts, Standing};
use crate::grants::CompiledGrant;
use crate::pattern::{Names, Pattern};
use crate::question::Question;
use crate::refused::{Origin, Refused};
use crate::request::{Asked, Asking, Groups, Types};
use crate::statements::{self, DEFAULT_POLICIES, Named, Roles};
use crate::verdict::{Reason, Verdict};
use crate::{MOST_GRANTS, MOST_POLICIES};

#[derive(Debug)]
pub struct Compiled {
    version: i64,
    scopes: HashMap<String, RoleScope>,
    /// By role: those without a condition first.
    grants: HashMap<String, Vec<CompiledGrant>>,
    statements: PolicySet,
    authors: HashMap<PolicyId, Author>,
    types: Types,
    actions: Groups,
    resources: Groups,
    authorizer: Authorizer,
}

/// Who wrote a statement. What the house forbids is named before what an operator does.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Author {
    House(String),
    /// By the id of the text.
    Operator(String),
}

impl Compiled {
    /// Takes a millisecond or so for each policy: not for a thread that answers others meanwhile.
    pub fn new(catalogue: &Catalogue) -> Result<Self, Refused> {
        let of_catalogue = |sentence: String| Refused::new(Origin::Catalogue, None, sentence);
        if catalogue.policies.len() > MOST_POLICIES || catalogue.grants.len() > MOST_GRANTS {
            return Err(of_catalogue(format!("there are at most {MOST_POLICIES} policies and {MOST_GRANTS} grants")));
        }
        let mut compiled = Self {
            version: catalogue.version,
            scopes: catalogue.roles.iter().map(|role| (role.key.clone(), role.scope)).collect(),
            grants: HashMap::new(),
            statements: PolicySet::new(),
            authors: HashMap::new(),
            types: Types::new().map_err(of_catalogue)?,
            actions: Groups::default(),
            resources: Groups::default(),
            authorizer: Authorizer::new(),
        };

        for statement in statements::read(&default_policies(), Roles::Any)? {
            let author = Author::House(statement.annotation("reason").unwrap_or_default().to_owned());
            compiled.add(&statement, author)?;
        }
        let of_the_house = compiled.authors.len();
        for text in &catalogue.policies {
            for statement in statements::read(text, Roles::Any)? {
                compiled.add(&statement, Author::Operator(text.id.clone()))?;
            }
            if compiled.authors.len() - of_the_house > MOST_POLICIES {
                return Err(of_catalogue(format!("there are at most {MOST_POLICIES} statements in all policies")));
            }
        }
        for grant in &catalogue.grants {
            compiled.add_grant(&grant.role, CompiledGrant::compile(grant)?);
        }
        for grants in compiled.grants.values_mut() {
            grants.sort_by(|a, b| (a.conditional, &a.id).cmp(&(b.conditional, &b.id)));
        }
        Ok(compiled)
    }

    /// The catalogue's.
    pub const fn version(&self) -> i64 {
        self.version
    }

    pub fn decide(&self, facts: &Facts<'_>, question: &Question) -> Verdict {
        let standing = Standing::of(facts, question.tenant.as_ref(), &self.scopes);
        let Self { types, actions, resources, .. } = self;
        let asked = match (Asking { types, actions, resources, facts, standing: &standing, question }).ask() {
            Ok(asked) => asked,
            Err(fault) => {
                tracing::error!(%fault, "a question could not be put to Cedar");
                return Verdict::of(Reason::Failed { policy: None }, Vec::new());
            }
        };

        if let Some(verdict) = self.by_statements(&asked) {
            return verdict;
        }
        if let Some(verdict) = self.by_grants(&asked, &standing, question) {
            return verdict;
        }
        let outside = question.tenant.is_some() && !standing.member;
        Verdict::of(if outside { Reason::NotAMember } else { Reason::NoGrant }, Vec::new())
    }

    fn by_statements(&self, asked: &Asked) -> Option<Verdict> {
        let response = self.evaluate(asked, &self.statements);
        let determining: BTreeSet<_> = response.diagnostics().reason().filter_map(|id| self.authors.get(id)).collect();
        let failed = self.log_errors(&response);
        let reason = match (response.decision(), determining.first().copied()) {
            (Decision::Deny, Some(Author::House(code))) if code == Reason::SubjectDisabled.code() => {
                Reason::SubjectDisabled
            }
            (Decision::Deny, Some(Author::House(_))) => Reason::WorkspaceArchived,
            (Decision::Deny, Some(Author::Operator(policy))) => Reason::Forbidden { policy: policy.clone() },
            _ if failed.is_some() => return failed,
            (Decision::Allow, Some(Author::Operator(policy))) => Reason::Permitted { policy: policy.clone() },
            _ => return None,
        };
        Some(Verdict::of(reason, determining.into_iter().map(Author::to_string).collect()))
    }

    /// The first that permits: more would say no more.
    fn by_grants(&self, asked: &Asked, standing: &Standing<'_>, question: &Question) -> Option<Verdict> {
        let (action, resource) = (question.action.as_str(), question.resource.as_str());
        for role in standing.roles() {
            let grants = self.grants.get(role).map(Vec::as_slice).unwrap_or_default();
            for grant in grants.iter().filter(|grant| grant.covers(action, resource)) {
                let response = self.evaluate(asked, &grant.policy);
                if response.decision() == Decision::Allow {
                    let reason = Reason::Granted { role: role.to_owned(), grant: grant.id.clone() };
                    return Some(Verdict::of(reason, vec![format!("grant:{}", grant.id)]));
                }
                if let Some(failed) = self.log_errors(&response) {
                    return Some(failed);
                }
            }
        }
        None
    }

    fn evaluate(&self, asked: &Asked, policies: &PolicySet) -> Response {
        self.authorizer.is_authorized(&asked.request, policies, &asked.entities)
    }

    /// If there is one, this is the verdict, unless a forbid was found too.
    fn log_errors(&self, response: &Response) -> Option<Verdict> {
        let mut failed = BTreeSet::new();
        for error in response.diagnostics().errors() {
            let cedar_policy::AuthorizationError::PolicyEvaluationError(inner) = error;
            tracing::error!(%error, "a policy could not be evaluated, and the question was denied");
            failed.insert(self.authors.get(inner.policy_id()));
        }
        let policy = match failed.first()? {
            Some(Author::Operator(policy)) => Some(policy.clone()),
            _ => None,
        };
        Some(Verdict::of(Reason::Failed { policy }, failed.into_iter().flatten().map(Author::to_string).collect()))
    }

    fn add(&mut self, statement: &Policy, author: Author) -> Result<(), Refused> {
        let named = Named::by(std::slice::from_ref(statement));
        for action in &named.actions {
            self.group(Names::Actions, action);
        }
        for resource in &named.resources {
            self.group(Names::Resources, resource);
        }
        // Statements are numbered: their own ids are those of each text alone.
        let id = PolicyId::new(self.authors.len().to_string());
        let added = self.statements.add(statement.new_id(id.clone()));
        added.map_err(|error| Refused::new(Origin::Catalogue, None, error.to_string()))?;
        self.authors.insert(id, author);
        Ok(())
    }

    fn add_grant(&mut self, role: &str, grant: CompiledGrant) {
        for (names, pattern) in [(Names::Actions, &grant.action), (Names::Resources, &grant.resource)] {
            if let Pattern::Below(prefix) = pattern {
                self.add_group(names, prefix);
            }
        }
        self.grants.entry(role.to_owned()).or_default().push(grant);
    }

    fn group(&mut self, names: Names, text: &str) {
        if let Ok(Pattern::Below(prefix)) = Pattern::read(names, text) {
            self.add_group(names, &prefix);
        }
    }

    fn add_group(&mut self, names: Names, prefix: &str) {
        match names {
            Names::Actions => self.types.add_action(&mut self.actions, prefix),
            Names::Resources => self.types.add_resource(&mut self.resources, prefix),
        }
    }
}

impl std::fmt::Display for Author {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::House(code) => write!(f, "default:{code}"),
            Self::Operator(policy) => write!(f, "policy:{policy}"),
        }
    }
}

fn default_policies() -> PolicyText {
    let source = DEFAULT_POLICIES.to_owned();
    PolicyText { id: "default".to_owned(), source, created_at: Timestamp(0), modified_at: Timestamp(0) }
}
