//! A catalogue, ready to be asked. Of operators' statements only those are evaluated that can be about the question; of
//! grants only those that belong to a role that counts and cover it. So the cost grows with the policies that say
//! something about it, not with the catalogue.

use std::collections::{BTreeSet, HashMap};

use cedar_policy::{Authorizer, Decision, Policy, PolicyId, PolicySet, PolicySetError, Response};
use cognate_domain::Timestamp;
use cognate_domain::directory::{Catalogue, PolicyText, RoleScope};

use crate::facts::{Facts, Standing};
use crate::grants::CompiledGrant;
use crate::needs::Needs;
use crate::question::Question;
use crate::refused::{Origin, Refused};
use crate::request::{Asked, Asking, Told, Types};
use crate::scope::{About, Scope};
use crate::statements::{self, DEFAULT_POLICIES, Roles};
use crate::verdict::{Reason, Verdict};
use crate::{MOST_GRANTS, MOST_POLICIES};

#[derive(Debug)]
pub struct Compiled {
    version: i64,
    scopes: HashMap<String, RoleScope>,
    /// By role: those without a condition first.
    grants: HashMap<String, Vec<CompiledGrant>>,
    statements: Vec<Statements>,
    authors: HashMap<PolicyId, Author>,
    types: Types,
    authorizer: Authorizer,
}

/// Those of one scope.
#[derive(Debug)]
struct Statements {
    scope: Scope,
    policies: PolicySet,
    needs: Needs,
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
            statements: Vec::new(),
            authors: HashMap::new(),
            types: Types::new().map_err(of_catalogue)?,
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
            let grant = CompiledGrant::compile(grant, &compiled.types)?;
            compiled.grants.entry(grant.role.clone()).or_default().push(grant);
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
        self.decide_next(facts, question, &mut Told::default())
    }

    /// As if each were asked alone.
    pub fn decide_all(&self, facts: &Facts<'_>, questions: &[Question]) -> Vec<Verdict> {
        let mut told = Told::default();
        questions.iter().map(|question| self.decide_next(facts, question, &mut told)).collect()
    }

    fn decide_next<'f>(&self, facts: &Facts<'f>, question: &Question, told: &mut Told<'f>) -> Verdict {
        let standing = Standing::of(facts, question.tenant.as_ref(), &self.scopes);
        let about = About {
            subject: &facts.subject.id,
            roles: standing.role_of_each_scope(),
            action: question.action.as_str(),
            resource: question.resource.as_str(),
        };
        let statements: Vec<_> = self.statements.iter().filter(|statements| statements.scope.covers(&about)).collect();
        let grants = self.grants_about(&about);
        let needs = statements.iter().map(|statements| &statements.needs);
        let needs: Vec<_> = needs.chain(grants.iter().map(|grant| &grant.needs)).collect();

        let asking = Asking { types: &self.types, facts, standing: &standing, question, needs: &needs };
        let asked = match asking.ask(told) {
            Ok(asked) => asked,
            Err(fault) => {
                tracing::error!(%fault, "a question could not be put to Cedar");
                return Verdict::of(Reason::Failed { policy: None }, Vec::new());
            }
        };
        if let Some(verdict) = self.by_statements(&asked, &statements) {
            return verdict;
        }
        if let Some(verdict) = self.by_grants(&asked, &grants) {
            return verdict;
        }
        let outside = question.tenant.is_some() && !standing.member;
        Verdict::of(if outside { Reason::NotAMember } else { Reason::NoGrant }, Vec::new())
    }

    /// Up to the first without a condition: it permits.
    fn grants_about(&self, about: &About<'_>) -> Vec<&CompiledGrant> {
        let mut found = Vec::new();
        for role in about.roles.into_iter().flatten() {
            let grants = self.grants.get(role).map(Vec::as_slice).unwrap_or_default();
            for grant in grants.iter().filter(|grant| grant.covers(about.action, about.resource)) {
                found.push(grant);
                if !grant.conditional {
                    return found;
                }
            }
        }
        found
    }

    fn by_statements(&self, asked: &Asked, statements: &[&Statements]) -> Option<Verdict> {
        let responses: Vec<_> = statements.iter().map(|of_one| self.evaluate(asked, &of_one.policies)).collect();
        let authors = |decision| {
            let decided = responses.iter().filter(move |response| response.decision() == decision);
            let reasons = decided.flat_map(|response| response.diagnostics().reason());
            reasons.filter_map(|id| self.authors.get(id)).collect::<BTreeSet<_>>()
        };
        let failed = self.log_errors(&responses);
        let mut determining = authors(Decision::Deny);
        let reason = match determining.first().copied() {
            Some(Author::House(code)) if code == Reason::SubjectDisabled.code() => Reason::SubjectDisabled,
            Some(Author::House(_)) => Reason::WorkspaceArchived,
            Some(Author::Operator(policy)) => Reason::Forbidden { policy: policy.clone() },
            None if failed.is_some() => return failed,
            None => {
                determining = authors(Decision::Allow);
                let Some(Author::Operator(policy)) = determining.first().copied() else { return None };
                Reason::Permitted { policy: policy.clone() }
            }
        };
        Some(Verdict::of(reason, determining.into_iter().map(Author::to_string).collect()))
    }

    /// The first that permits: more would say no more.
    fn by_grants(&self, asked: &Asked, grants: &[&CompiledGrant]) -> Option<Verdict> {
        for grant in grants {
            let response = self.evaluate(asked, &grant.policy);
            if response.decision() == Decision::Allow {
                let reason = Reason::Granted { role: grant.role.clone(), grant: grant.id.clone() };
                return Some(Verdict::of(reason, vec![format!("grant:{}", grant.id)]));
            }
            if let Some(failed) = self.log_errors(&[response]) {
                return Some(failed);
            }
        }
        None
    }

    fn evaluate(&self, asked: &Asked, policies: &PolicySet) -> Response {
        self.authorizer.is_authorized(&asked.request, policies, &asked.entities)
    }

    /// If there is one, this is the verdict, unless a forbid was found too.
    fn log_errors(&self, responses: &[Response]) -> Option<Verdict> {
        let mut failed = BTreeSet::new();
        for error in responses.iter().flat_map(|response| response.diagnostics().errors()) {
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
        // Statements are numbered: their own ids are those of each text alone.
        let id = PolicyId::new(self.authors.len().to_string());
        self.authors.insert(id.clone(), author);

        let scope = Scope::of(statement);
        let needs = Needs::of(statement, &self.types);
        let statement = statement.new_id(id);
        let refused = |error: PolicySetError| Refused::new(Origin::Catalogue, None, error.to_string());
        if let Some(same) = self.statements.iter_mut().find(|same| same.scope == scope) {
            same.needs.add(needs);
            return same.policies.add(statement).map_err(refused);
        }
        let policies = PolicySet::from_policies([statement]).map_err(refused)?;
        self.statements.push(Statements { scope, policies, needs });
        Ok(())
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
