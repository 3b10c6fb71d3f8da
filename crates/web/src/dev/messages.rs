//! `GET /dev/messages` lists what was kept, newest first; `DELETE` empties it.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Response};
use cognate_domain::Result;
use cognate_engine::App;
use cognate_store::inbox::{self, Message, Wanted};
use http::StatusCode;
use serde::{Deserialize, Serialize};

use crate::{answer, moment};

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    to: Option<String>,
    channel: Option<String>,
}

impl Asked {
    /// An unencoded `+` of a phone number arrives as a space, and no address has spaces.
    pub(crate) fn to(&self) -> Option<String> {
        self.to.as_deref().filter(|to| !to.is_empty()).map(|to| to.replace(' ', "+"))
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    id: String,
    channel: String,
    to: String,
    from: Option<String>,
    subject: Option<String>,
    body: String,
    code: Option<String>,
    trigger: String,
    created_at: String,
}

impl From<Message> for Shown {
    fn from(message: Message) -> Self {
        Self {
            id: message.id,
            channel: message.channel,
            to: message.to,
            from: message.from,
            subject: message.subject,
            body: message.body,
            code: message.code,
            trigger: message.trigger,
            created_at: moment::iso(message.created_at),
        }
    }
}

pub(crate) async fn list(State(app): State<Arc<App>>, asked: Result<Query<Asked>, QueryRejection>) -> Response {
    let asked = match asked {
        Ok(Query(asked)) => asked,
        Err(refused) => return answer::json_error(StatusCode::BAD_REQUEST, &refused.body_text()),
    };
    if !matches!(asked.channel.as_deref(), None | Some("email" | "sms")) {
        return answer::json_error(StatusCode::BAD_REQUEST, "channel is email or sms.");
    }
    match find(&app, &asked).await {
        Ok(messages) => (answer::PRIVATE, Json(messages)).into_response(),
        Err(error) => answer::failed(&error),
    }
}

async fn find(app: &App, asked: &Asked) -> Result<Vec<Shown>> {
    let to = asked.to();
    let wanted = Wanted { to: to.as_deref(), channel: asked.channel.as_deref(), most: None };
    let messages = inbox::list(&mut app.db.read().await?, wanted).await?;
    Ok(messages.into_iter().map(Shown::from).collect())
}

pub(crate) async fn empty(State(app): State<Arc<App>>) -> Response {
    match app.db.write(async |tx| inbox::delete_all(tx).await).await {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => answer::failed(&error),
    }
}
