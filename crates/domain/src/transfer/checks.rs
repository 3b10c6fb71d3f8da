//! What each line must look like by itself. Pools, clients, groups and resource servers are held against the very
//! constraints that the API's calls are; so a file cannot bring what a call could not.

use std::collections::HashSet;

use cognate_wire::idp::{
    CreateUserPoolDomainRequest, S_CREATE_GROUP_REQUEST, S_CREATE_RESOURCE_SERVER_REQUEST,
    S_CREATE_USER_POOL_DOMAIN_REQUEST, S_UPDATE_USER_POOL_CLIENT_REQUEST, S_UPDATE_USER_POOL_REQUEST,
};
use cognate_wire::shape::{Refusal, Shape, validate};
use serde_json::{Value, json};

use super::{ClientLine, DomainLine, FORMAT, GroupLine, Header, PoolLine, ResourceServerLine, UserLine, VERSION};
use crate::Timestamp;
use crate::attributes::{EMAIL, EMAIL_VERIFIED, PHONE_NUMBER, PHONE_NUMBER_VERIFIED};
use crate::login_domain::LoginDomain;
use crate::pool::Pool;
use crate::schema::{LONGEST_VALUE, Schema};
use crate::user::UserStatus;
use crate::username::{NameKind, SignInNames, is_email, is_phone};

type Checked = Result<(), String>;

/// The end of the year 9999.
const LAST_MOMENT: i64 = 253_402_300_799_999;
const LONGEST_USERNAME: usize = 128;
const LONGEST_ID: usize = 128;
const SALT: usize = 16;
const MOST_ATTRIBUTES: usize = 128;
const MOST_ADDED_SECRETS: usize = 8;

pub(super) fn header(header: &Header) -> Checked {
    if header.format != FORMAT {
        return Err("this is no export of Cognate's".to_owned());
    }
    if header.version != VERSION {
        return Err(format!("the file is of version {}, this program knows {VERSION}", header.version));
    }
    let hex = |text: &str, length: usize| {
        text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    };
    if !hex(&header.id, 32) || !hex(&header.key, 16) {
        return Err("the file's id or its key's is not readable".to_owned());
    }
    let name = header.pool_id.strip_prefix(header.region.as_str()).and_then(|rest| rest.strip_prefix('_'));
    let region = header.region.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let named = name.is_some_and(|name| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    if !named || !region || header.region.is_empty() || header.pool_id.len() > 55 {
        return Err("the pool's id is none".to_owned());
    }
    if header.account.len() != 12 || !header.account.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("the account is not twelve digits".to_owned());
    }
    times(&[Some(header.created_at)])
}

pub(super) fn pool(pool_id: &str, pool: &PoolLine) -> Checked {
    times(&[Some(pool.created_at), Some(pool.modified_at)])?;
    let described = serde_json::to_value(&pool.config.described).map_err(|error| error.to_string())?;
    like_a_call(&S_UPDATE_USER_POOL_REQUEST, described, &json!({ "UserPoolId": pool_id }))?;
    schema(&pool.config.schema)
}

fn schema(schema: &Schema) -> Checked {
    let mut names = HashSet::new();
    if !schema.definitions().all(|one| names.insert(one.name.as_str())) || names.len() > MOST_ATTRIBUTES {
        return Err("the schema has an attribute twice, or too many".to_owned());
    }
    if !Schema::default().definitions().all(|one| names.contains(one.name.as_str())) {
        return Err("the schema lacks a standard attribute".to_owned());
    }
    Ok(())
}

pub(super) fn client(pool_id: &str, client: &ClientLine) -> Checked {
    times(&[Some(client.created_at), Some(client.modified_at)])?;
    let config = serde_json::to_value(&client.config).map_err(|error| error.to_string())?;
    let named = json!({ "UserPoolId": pool_id, "ClientId": client.id });
    like_a_call(&S_UPDATE_USER_POOL_CLIENT_REQUEST, config, &named)?;
    client.config.validity().map_err(|error| error.message.into_owned())?;
    let mut ids = HashSet::new();
    for added in &client.added_secrets {
        times(&[Some(added.created_at)])?;
        if added.id.is_empty() || added.id.len() > 2 * LONGEST_ID || !ids.insert(added.id.as_str()) {
            return Err("the ids of the client's secrets are not readable".to_owned());
        }
    }
    if client.added_secrets.len() > MOST_ADDED_SECRETS {
        return Err("the client has more secrets than a client can".to_owned());
    }
    Ok(())
}

pub(super) fn resource_server(pool_id: &str, server: &ResourceServerLine) -> Checked {
    let call = json!({ "Identifier": server.identifier, "Name": server.name, "Scopes": server.scopes });
    like_a_call(&S_CREATE_RESOURCE_SERVER_REQUEST, call, &json!({ "UserPoolId": pool_id }))
}

pub(super) fn group(pool_id: &str, group: &GroupLine) -> Checked {
    times(&[Some(group.created_at), Some(group.modified_at)])?;
    if group.id.is_empty() || group.id.len() > LONGEST_ID || !group.id.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err("the group's id is not readable".to_owned());
    }
    let call = json!({
        "GroupName": group.name,
        "Description": group.description,
        "RoleArn": group.role_arn,
        "Precedence": group.precedence,
    });
    like_a_call(&S_CREATE_GROUP_REQUEST, call, &json!({ "UserPoolId": pool_id }))
}

pub(super) fn domain(pool: &Pool, domain: &DomainLine) -> Checked {
    times(&[Some(domain.created_at), Some(domain.modified_at)])?;
    let custom = serde_json::to_value(&domain.config.custom).map_err(|error| error.to_string())?;
    let call = json!({ "Domain": domain.domain, "CustomDomainConfig": custom });
    like_a_call(&S_CREATE_USER_POOL_DOMAIN_REQUEST, call, &json!({ "UserPoolId": pool.id }))?;
    let request = CreateUserPoolDomainRequest {
        domain: domain.domain.clone(),
        user_pool_id: pool.id.clone(),
        managed_login_version: Some(domain.config.managed_login_version),
        custom_domain_config: domain.config.custom.clone(),
        routing: None,
    };
    let made = LoginDomain::create(request, pool, None, Timestamp(domain.created_at));
    made.map(drop).map_err(|error| error.message.into_owned())
}

pub(super) fn user(user: &UserLine, names: &SignInNames, attributes: &HashSet<String>) -> Checked {
    if uuid::Uuid::try_parse(&user.id).ok().is_none_or(|id| id.to_string() != user.id) {
        return Err("the user's id is no UUID".to_owned());
    }
    let status = UserStatus::from_name(&user.status).map_err(|_| "the user's status is unknown".to_owned())?;
    let length = user.username.chars().count();
    if length == 0 || length > LONGEST_USERNAME || user.username.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err("the username is none that a user can have".to_owned());
    }
    let contact_is_name = matches!(names.kind, NameKind::UsernameAttributes { .. });
    if contact_is_name && status != UserStatus::ExternalProvider && user.username != user.id {
        return Err("in a pool where a contact is the name, the username is the id".to_owned());
    }
    for (name, value) in user.attributes.iter() {
        attribute(name, value, attributes)?;
    }
    if user.password.as_ref().is_some_and(|password| password.salt.0.len() != SALT) {
        return Err("the salt is not 16 bytes".to_owned());
    }
    times(&[Some(user.created_at), Some(user.modified_at)])?;
    times(&[user.password.as_ref().and_then(|password| password.expires_at)])?;
    times(&user.groups.iter().map(|one| Some(one.added_at)).collect::<Vec<_>>())?;
    pending(user)
}

fn attribute(name: &str, value: &str, known: &HashSet<String>) -> Checked {
    if name == "sub" || !known.contains(name) {
        return Err(format!("the attribute {name:?} is not in the pool's schema"));
    }
    let length = i64::try_from(value.chars().count()).unwrap_or(i64::MAX);
    if length > LONGEST_VALUE || value.contains('\0') {
        return Err(format!("the attribute {name:?} is too long, or has a NUL character"));
    }
    if (name == EMAIL_VERIFIED || name == PHONE_NUMBER_VERIFIED) && !matches!(value, "true" | "false") {
        return Err(format!("the attribute {name:?} is neither true nor false"));
    }
    Ok(())
}

fn pending(user: &UserLine) -> Checked {
    let mut seen = HashSet::new();
    for one in &user.pending {
        let fits = match one.attribute.as_str() {
            EMAIL => is_email(&one.value),
            PHONE_NUMBER => is_phone(&one.value),
            _ => false,
        };
        if !fits || !seen.insert(one.attribute.as_str()) {
            return Err("a contact that waits for its proof is not readable".to_owned());
        }
        times(&[Some(one.asked_at)])?;
    }
    Ok(())
}

pub(super) fn times(moments: &[Option<i64>]) -> Checked {
    if moments.iter().flatten().all(|moment| (0..=LAST_MOMENT).contains(moment)) {
        Ok(())
    } else {
        Err("a time lies outside the years 1970 to 9999".to_owned())
    }
}

/// Holds `body`, with what names its object, against the constraints of a call.
fn like_a_call(shape: &'static Shape, mut body: Value, named: &Value) -> Checked {
    if let (Value::Object(body), Value::Object(named)) = (&mut body, named) {
        body.extend(named.clone());
    }
    validate(shape, &body).map_err(|refusal| match refusal {
        Refusal::Constraint(sentence) => sentence,
        Refusal::Type(_) => "a value is of the wrong type".to_owned(),
    })
}
