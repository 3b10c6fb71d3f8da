//! A question in Cedar's terms. Names become ids of entities as they are, never text of Cedar.

use std::collections::{HashMap, HashSet};
use std::str::FromStr;

use cedar_policy::{Context, Entities, Entity, EntityId, EntityTypeName, EntityUid, Request, RestrictedExpression};
use cognate_domain::Timestamp;
use time::OffsetDateTime;
use time::macros::format_description;

use crate::circumstances::Circumstances;
use crate::facts::{Facts, Standing};
use crate::pattern::Names;
use crate::question::Question;

type Fault = Box<dyn std::error::Error + Send + Sync>;

/// The names of the schema's types, parsed once.
#[derive(Debug)]
pub(crate) struct Types {
    subject: EntityTypeName,
    role: EntityTypeName,
    action: EntityTypeName,
    resource: EntityTypeName,
    texts: EntityTypeName,
    numbers: EntityTypeName,
    flags: EntityTypeName,
    lists: EntityTypeName,
}

/// The patterns that policies name, by their prefix: only these need to be among what a name lies in.
#[derive(Debug, Default)]
pub(crate) struct Groups(HashMap<String, EntityUid>);

impl Types {
    pub(crate) fn new() -> Result<Self, String> {
        let name =
            |name: &str| EntityTypeName::from_str(&format!("Cognate::{name}")).map_err(|errors| errors.to_string());
        Ok(Self {
            subject: name("Subject")?,
            role: name("Role")?,
            action: name("Action")?,
            resource: name("Resource")?,
            texts: name("Texts")?,
            numbers: name("Numbers")?,
            flags: name("Flags")?,
            lists: name("Lists")?,
        })
    }

    pub(crate) fn add_action(&self, groups: &mut Groups, prefix: &str) {
        groups.0.insert(prefix.to_owned(), uid(&self.action, &format!("{prefix}*")));
    }

    pub(crate) fn add_resource(&self, groups: &mut Groups, prefix: &str) {
        groups.0.insert(prefix.to_owned(), uid(&self.resource, &format!("{prefix}*")));
    }
}

impl Groups {
    fn of(&self, names: Names, name: &str) -> HashSet<EntityUid> {
        names.prefixes(name).filter_map(|prefix| self.0.get(prefix)).cloned().collect()
    }
}

/// What Cedar is asked, and what it may look up meanwhile.
pub(crate) struct Asked {
    pub(crate) request: Request,
    pub(crate) entities: Entities,
}

pub(crate) struct Asking<'a> {
    pub(crate) types: &'a Types,
    pub(crate) actions: &'a Groups,
    pub(crate) resources: &'a Groups,
    pub(crate) facts: &'a Facts<'a>,
    pub(crate) standing: &'a Standing<'a>,
    pub(crate) question: &'a Question,
}

impl Asking<'_> {
    pub(crate) fn ask(&self) -> Result<Asked, Fault> {
        let Self { types, question, .. } = self;
        let subject = uid(&types.subject, &self.facts.subject.id);
        let action = uid(&types.action, question.action.as_str());
        let resource = uid(&types.resource, question.resource.as_str());

        let mut entities = vec![
            self.subject(subject.clone())?,
            Entity::new_no_attrs(action.clone(), self.actions.of(Names::Actions, question.action.as_str())),
            self.resource(resource.clone())?,
        ];
        let context = self.context(&mut entities)?;
        Ok(Asked {
            request: Request::new(subject, action, resource, context, None)?,
            entities: Entities::from_entities(entities, None)?,
        })
    }

    fn subject(&self, uid_of_subject: EntityUid) -> Result<Entity, Fault> {
        let Facts { subject, claims, .. } = self.facts;
        let mut attributes = HashMap::from([
            ("id".to_owned(), text(&subject.id)),
            ("kind".to_owned(), text(subject.kind.name())),
            ("state".to_owned(), text(subject.state.name())),
            ("plan".to_owned(), text(&subject.plan)),
            ("entitlements".to_owned(), set(&subject.entitlements)),
            ("scopes".to_owned(), set(&claims.scopes)),
            ("groups".to_owned(), set(&claims.groups)),
        ]);
        if let Some(role) = self.standing.platform_role {
            attributes.insert("platformRole".to_owned(), text(role));
        }
        let of_token = [("sub", &claims.sub), ("clientId", &claims.client_id)];
        let of_token =
            of_token.into_iter().filter_map(|(name, claim)| Some((name.to_owned(), text(claim.as_deref()?))));
        attributes.insert("claims".to_owned(), RestrictedExpression::new_record(of_token)?);

        let roles = self.standing.roles().map(|role| uid(&self.types.role, role)).collect();
        Ok(Entity::new(uid_of_subject, attributes, roles)?)
    }

    fn resource(&self, uid: EntityUid) -> Result<Entity, Fault> {
        let path = self.question.resource.as_str();
        let mut attributes = HashMap::from([("path".to_owned(), text(path))]);
        if let Some(tenant) = &self.question.tenant {
            attributes.insert("tenant".to_owned(), text(tenant.id()));
        }
        Ok(Entity::new(uid, attributes, self.resources.of(Names::Resources, path))?)
    }

    fn context(&self, entities: &mut Vec<Entity>) -> Result<Context, Fault> {
        let Self { types, question, standing, .. } = self;
        let Circumstances { owner, texts, numbers, flags, lists } = &question.circumstances;
        let mut bag = |name: &str, of: &EntityTypeName, tags: Vec<(String, RestrictedExpression)>| {
            let id = uid(of, "circumstances");
            // An entity that is not there has no tags.
            if !tags.is_empty() {
                entities.push(Entity::new_with_tags(id.clone(), [], [], tags)?);
            }
            Ok::<_, Fault>((name.to_owned(), RestrictedExpression::new_entity_uid(id)))
        };
        let mut pairs = vec![
            bag("texts", &types.texts, texts.iter().map(|(name, said)| (name.clone(), text(said))).collect())?,
            bag("numbers", &types.numbers, tagged(numbers, RestrictedExpression::new_long))?,
            bag("flags", &types.flags, tagged(flags, RestrictedExpression::new_bool))?,
            bag("lists", &types.lists, lists.iter().map(|(name, said)| (name.clone(), set(said))).collect())?,
        ];

        pairs.push(("action".to_owned(), text(question.action.as_str())));
        pairs.push(("now".to_owned(), RestrictedExpression::new_datetime(moment(question.now)?)));
        pairs.push(("member".to_owned(), RestrictedExpression::new_bool(standing.member)));
        pairs.push(("archived".to_owned(), RestrictedExpression::new_bool(standing.archived)));
        if let Some(tenant) = &question.tenant {
            pairs.push(("tenant".to_owned(), text(tenant.id())));
        }
        if let Some(address) = question.address {
            let address = address.to_canonical().to_string();
            pairs.push(("address".to_owned(), RestrictedExpression::new_ip(address)));
        }
        if let Some(owner) = owner {
            pairs.push(("owner".to_owned(), text(owner)));
        }
        Ok(Context::from_pairs(pairs)?)
    }
}

fn uid(of: &EntityTypeName, id: &str) -> EntityUid {
    EntityUid::from_type_name_and_id(of.clone(), EntityId::new(id))
}

fn text(value: &str) -> RestrictedExpression {
    RestrictedExpression::new_string(value.to_owned())
}

fn set(values: &[String]) -> RestrictedExpression {
    RestrictedExpression::new_set(values.iter().map(|value| text(value)))
}

fn tagged<T: Copy>(values: &[(String, T)], told: fn(T) -> RestrictedExpression) -> Vec<(String, RestrictedExpression)> {
    values.iter().map(|(name, value)| (name.clone(), told(*value))).collect()
}

/// As Cedar's `datetime` reads it.
fn moment(now: Timestamp) -> Result<String, Fault> {
    let nanoseconds = i128::from(now.0) * 1_000_000;
    let form = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");
    Ok(OffsetDateTime::from_unix_timestamp_nanos(nanoseconds)?.format(form)?)
}
