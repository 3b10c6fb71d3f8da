//! A question in Cedar's terms. Names become ids of entities as they are, never text of Cedar.

use std::net::IpAddr;
use std::str::FromStr;

use cedar_policy::{Context, Entities, Entity, EntityId, EntityTypeName, EntityUid, Request, RestrictedExpression};
use cognate_domain::Timestamp;
use time::OffsetDateTime;
use time::macros::format_description;

use crate::circumstances::Circumstances;
use crate::facts::{Facts, Standing};
use crate::needs::{Attribute, Attributes, Groups, Needs};
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

    /// What lies below a prefix.
    pub(crate) fn group(&self, names: Names, prefix: &str) -> EntityUid {
        let of = match names {
            Names::Actions => &self.action,
            Names::Resources => &self.resource,
        };
        uid(of, &format!("{prefix}*"))
    }
}

/// What Cedar is asked, and what it may look up meanwhile.
pub(crate) struct Asked {
    pub(crate) request: Request,
    pub(crate) entities: Entities,
}

pub(crate) struct Asking<'q, 'f> {
    pub(crate) types: &'q Types,
    pub(crate) facts: &'q Facts<'f>,
    pub(crate) standing: &'q Standing<'f>,
    pub(crate) question: &'q Question,
    /// Of what will be evaluated.
    pub(crate) needs: &'q [&'q Needs],
}

/// What the last question told, and the next one of the same subject may tell again.
#[derive(Default)]
pub(crate) struct Told<'f> {
    subject: Option<(ToldOfSubject<'f>, Entity)>,
    now: Option<(Timestamp, RestrictedExpression)>,
    address: Option<(IpAddr, RestrictedExpression)>,
}

#[derive(PartialEq, Eq)]
struct ToldOfSubject<'f> {
    attributes: Attributes,
    platform_role: Option<&'f str>,
    roles: [Option<&'f str>; 2],
}

impl<'f> Asking<'_, 'f> {
    pub(crate) fn ask(&self, told: &mut Told<'f>) -> Result<Asked, Fault> {
        let Self { types, question, .. } = self;
        let subject = uid(&types.subject, &self.facts.subject.id);
        let action = uid(&types.action, question.action.as_str());
        let resource = uid(&types.resource, question.resource.as_str());
        let attributes = self.needs.iter().fold(Attributes::default(), |all, needs| all.with(needs.attributes));

        let mut entities = vec![self.subject(&subject, attributes, told)?];
        // Of an entity that is not there, Cedar knows that it is itself.
        let groups = self.groups(|needs| &needs.actions, question.action.as_str());
        if !groups.is_empty() {
            entities.push(Entity::new_with_tags(action.clone(), [], groups, [])?);
        }
        entities.extend(self.resource(&resource, attributes)?);
        let context = self.context(&mut entities, attributes, told)?;
        Ok(Asked {
            request: Request::new(subject, action, resource, context, None)?,
            // Cheaper than `from_entities`, which looks for circles of any shape; here no entity lies in another.
            entities: Entities::empty().add_entities(entities, None)?,
        })
    }

    /// What the name lies in, and somebody asks about.
    fn groups(&self, of: fn(&Needs) -> &Groups, name: &str) -> Vec<EntityUid> {
        let groups = self.needs.iter().flat_map(|needs| of(needs));
        let covering = groups.filter(|(prefix, _)| name.len() > prefix.len() && name.starts_with(prefix.as_str()));
        covering.map(|(_, group)| group.clone()).collect()
    }

    fn subject(
        &self,
        uid_of_subject: &EntityUid,
        attributes: Attributes,
        told: &mut Told<'f>,
    ) -> Result<Entity, Fault> {
        let Facts { subject, claims, .. } = self.facts;
        let named = |role: &&str| self.needs.iter().any(|needs| needs.roles.contains(*role));
        let Standing { platform_role, .. } = *self.standing;
        let roles = self.standing.role_of_each_scope().map(|role| role.filter(named));
        let telling = ToldOfSubject { attributes, platform_role, roles };
        if let Some((before, entity)) = &told.subject
            && *before == telling
        {
            return Ok(entity.clone());
        }

        let mut pairs = Pairs::of(attributes);
        pairs.tell(Attribute::Id, || text(&subject.id));
        pairs.tell(Attribute::Kind, || text(subject.kind.name()));
        pairs.tell(Attribute::State, || text(subject.state.name()));
        pairs.tell(Attribute::Plan, || text(&subject.plan));
        pairs.tell(Attribute::Entitlements, || set(&subject.entitlements));
        pairs.tell(Attribute::Scopes, || set(&claims.scopes));
        pairs.tell(Attribute::Groups, || set(&claims.groups));
        if let Some(role) = platform_role {
            pairs.tell(Attribute::PlatformRole, || text(role));
        }
        if attributes.has(Attribute::Claims) {
            let of_token = [("sub", &claims.sub), ("clientId", &claims.client_id)];
            let of_token =
                of_token.into_iter().filter_map(|(name, claim)| Some((name.to_owned(), text(claim.as_deref()?))));
            let record = RestrictedExpression::new_record(of_token)?;
            pairs.tell(Attribute::Claims, || record);
        }
        let roles = roles.into_iter().flatten().map(|role| uid(&self.types.role, role));
        let entity = Entity::new_with_tags(uid_of_subject.clone(), pairs.told, roles, [])?;
        told.subject = Some((telling, entity.clone()));
        Ok(entity)
    }

    fn resource(&self, uid: &EntityUid, attributes: Attributes) -> Result<Option<Entity>, Fault> {
        let path = self.question.resource.as_str();
        let mut pairs = Pairs::of(attributes);
        pairs.tell(Attribute::Path, || text(path));
        if let Some(tenant) = &self.question.tenant {
            pairs.tell(Attribute::Tenant, || text(tenant.id()));
        }
        let groups = self.groups(|needs| &needs.resources, path);
        if pairs.told.is_empty() && groups.is_empty() {
            return Ok(None);
        }
        Ok(Some(Entity::new_with_tags(uid.clone(), pairs.told, groups, [])?))
    }

    fn context(&self, entities: &mut Vec<Entity>, needed: Attributes, told: &mut Told<'f>) -> Result<Context, Fault> {
        let Self { types, question, standing, .. } = self;
        let Circumstances { owner, texts, numbers, flags, lists } = &question.circumstances;
        let mut pairs = Pairs::of(needed);
        let mut bag = |attribute: Attribute, of: &EntityTypeName, tags: &dyn Fn() -> Tags| {
            if !needed.has(attribute) {
                return Ok(());
            }
            let id = uid(of, "circumstances");
            let tags = tags();
            // An entity that is not there has no tags.
            if !tags.is_empty() {
                entities.push(Entity::new_with_tags(id.clone(), [], [], tags)?);
            }
            pairs.tell(attribute, || RestrictedExpression::new_entity_uid(id));
            Ok::<_, Fault>(())
        };
        bag(Attribute::Texts, &types.texts, &|| tagged(texts, |said| text(said)))?;
        bag(Attribute::Numbers, &types.numbers, &|| tagged(numbers, |said| RestrictedExpression::new_long(*said)))?;
        bag(Attribute::Flags, &types.flags, &|| tagged(flags, |said| RestrictedExpression::new_bool(*said)))?;
        bag(Attribute::Lists, &types.lists, &|| tagged(lists, |said| set(said)))?;

        pairs.tell(Attribute::Action, || text(question.action.as_str()));
        pairs.tell(Attribute::Member, || RestrictedExpression::new_bool(standing.member));
        pairs.tell(Attribute::Archived, || RestrictedExpression::new_bool(standing.archived));
        if let Some(tenant) = &question.tenant {
            pairs.tell(Attribute::Tenant, || text(tenant.id()));
        }
        if let Some(owner) = owner {
            pairs.tell(Attribute::Owner, || text(owner));
        }
        // A moment that no calendar has is a fault, whether somebody looks at it or not.
        let now = moment(question.now)?;
        if needed.has(Attribute::Now) {
            let now = again(&mut told.now, question.now, || Ok(RestrictedExpression::new_datetime(as_text(now)?)))?;
            pairs.tell(Attribute::Now, || now);
        }
        if let Some(address) = question.address
            && needed.has(Attribute::Address)
        {
            let new = || Ok(RestrictedExpression::new_ip(address.to_canonical().to_string()));
            let address = again(&mut told.address, address, new)?;
            pairs.tell(Attribute::Address, || address);
        }
        Ok(Context::from_pairs(pairs.told)?)
    }
}

/// Attributes with their values, of those that are needed.
struct Pairs {
    needed: Attributes,
    told: Tags,
}

type Tags = Vec<(String, RestrictedExpression)>;

impl Pairs {
    const fn of(needed: Attributes) -> Self {
        Self { needed, told: Vec::new() }
    }

    fn tell(&mut self, attribute: Attribute, value: impl FnOnce() -> RestrictedExpression) {
        if self.needed.has(attribute) {
            self.told.push((attribute.name().to_owned(), value()));
        }
    }
}

/// Cedar parses the name of the function each time one is called.
fn again<K: PartialEq>(
    told: &mut Option<(K, RestrictedExpression)>,
    key: K,
    new: impl FnOnce() -> Result<RestrictedExpression, Fault>,
) -> Result<RestrictedExpression, Fault> {
    if let Some((before, expression)) = told
        && *before == key
    {
        return Ok(expression.clone());
    }
    let expression = new()?;
    *told = Some((key, expression.clone()));
    Ok(expression)
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

fn tagged<T>(values: &[(String, T)], told: fn(&T) -> RestrictedExpression) -> Tags {
    values.iter().map(|(name, value)| (name.clone(), told(value))).collect()
}

/// Of the years that Cedar's `datetime` can read.
fn moment(now: Timestamp) -> Result<OffsetDateTime, Fault> {
    let moment = OffsetDateTime::from_unix_timestamp_nanos(i128::from(now.0) * 1_000_000)?;
    if (0..=9999).contains(&moment.year()) { Ok(moment) } else { Err("a year that has not four digits".into()) }
}

fn as_text(moment: OffsetDateTime) -> Result<String, Fault> {
    let form = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");
    Ok(moment.format(form)?)
}
