//! `/account/data`: everything that is kept about a person, as a file. What proves who they are is not: no salt, no
//! verifier, no digest.

use axum::response::{IntoResponse as _, Response};
use cognate_domain::delivery::Medium;
use cognate_domain::{Error, Result};
use cognate_engine::account::Application;
use http::header;
use serde_json::{Map, Value, json};

use super::Own;
use crate::login::problem;
use crate::login::visit::Visit;
use crate::moment::iso;

const HEADERS: [(header::HeaderName, &str); 2] = [
    (header::CONTENT_TYPE, "application/json; charset=utf-8"),
    (header::CONTENT_DISPOSITION, "attachment; filename=\"account.json\""),
];

pub(super) async fn download(visit: Visit) -> Response {
    let answered = visit.answer(|visit| async move {
        let own = Own::enter(&visit).await?;
        let text =
            document(&visit, &own).await.and_then(|data| serde_json::to_string_pretty(&data).map_err(Error::internal));
        let text = text.map_err(|error| problem::failed(&visit, &error))?;
        let mut response = (HEADERS, text).into_response();
        visit.finish(&mut response);
        Ok(response)
    });
    answered.await
}

async fn document(visit: &Visit, own: &Own) -> Result<Value> {
    let user = own.user();
    let at = visit.cx.signed_in_at(user).await?;
    let browsers = at.browsers.iter().map(|session| {
        json!({
            "provider": session.provider,
            "signedInAt": iso(session.authenticated_at),
            "until": iso(session.expires_at),
        })
    });
    let applications = at.applications.iter().map(|Application { family, name }| {
        json!({
            "application": name,
            "clientId": family.client_id,
            "scopes": family.scope.split(' ').collect::<Vec<_>>(),
            "signedInAt": iso(family.authenticated_at),
            "until": iso(family.expires_at),
        })
    });
    Ok(json!({
        "sub": user.id,
        "username": user.username,
        "status": user.status.name(),
        "enabled": user.enabled,
        "hasPassword": own.has_password(),
        "createdAt": iso(user.created_at),
        "modifiedAt": iso(user.modified_at),
        "attributes": user.attributes,
        "pendingContacts": pending(visit, own).await?,
        "groups": visit.cx.groups_of(user).await?,
        "browsers": browsers.collect::<Vec<_>>(),
        "applications": applications.collect::<Vec<_>>(),
    }))
}

async fn pending(visit: &Visit, own: &Own) -> Result<Map<String, Value>> {
    let mut pending = Map::new();
    for medium in [Medium::Email, Medium::Sms] {
        if let Some(value) = visit.cx.pending_contact(own.user(), medium).await? {
            pending.insert(medium.attribute().to_owned(), value.into());
        }
    }
    Ok(pending)
}
