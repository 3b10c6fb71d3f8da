//! What the mock writes to people: into the inbox of development, as the own pool does, in the same words.

use cognate_domain::delivery::Medium;
use cognate_domain::ids;
use cognate_domain::template::{self, Purpose, Values};
use cognate_engine::{Cx, Secret};
use cognate_store::inbox::{self, Message};
use cognate_wire::idp::UserPoolType;

use crate::problem::Problem;

const SENDER: &str = "no-reply@mock.example";

pub(super) struct Letter {
    pub(super) medium: Medium,
    pub(super) to: String,
    pub(super) purpose: Purpose,
    /// Cognito's name of the occasion, or ours where it has none.
    pub(super) trigger: &'static str,
    pub(super) code: Option<Secret>,
    /// The name that is told.
    pub(super) username: String,
}

impl Letter {
    pub(super) async fn keep(self, cx: &mut Cx) -> Result<(), Problem> {
        let pool = UserPoolType::default(); // its texts are the default ones
        let template = template::choose(&pool, None, self.purpose, self.medium);
        let code = self.code.as_ref().map(Secret::expose);
        let rendered = template.render(&Values { code, username: Some(&self.username), ..Values::default() });
        let is_email = self.medium == Medium::Email;
        let message = Message {
            id: ids::ordered_uuid(cx.entropy(), cx.now).to_string(),
            channel: if is_email { "email" } else { "sms" }.to_owned(),
            from: is_email.then(|| SENDER.to_owned()),
            subject: rendered.subject,
            body: rendered.body,
            code: code.map(str::to_owned),
            trigger: self.trigger.to_owned(),
            created_at: cx.now,
            to: self.to,
        };
        Ok(cx.write(async |tx| inbox::insert(tx, &message).await).await?)
    }
}
