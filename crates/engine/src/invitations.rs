//! The mail that invites somebody to a workspace of the application's. It leaves unseen, like a notice: neither the answer nor its time
//! says anything about the address. A pool's sender stands on it where there is a pool; elsewhere the carrier's own does.

use std::sync::Arc;

use cognate_domain::Result;
use cognate_domain::template::{self, Values};

use crate::carriers::{Channel, Outgoing};
use crate::{Cx, Secret};

const TRIGGER: &str = "WorkspaceInvitation";

/// Made once what it is about is kept.
pub struct WorkspaceInvitation {
    /// Whose sender it is.
    pub pool_id: Option<String>,
    pub to: String,
    /// As people see it.
    pub workspace: String,
    /// As they want to be called, or as the provider says.
    pub inviter: Option<String>,
    pub token: Secret,
    /// Where a click accepts, with the token in it.
    pub link: Option<Secret>,
}

impl Cx {
    pub fn invite_unseen(&self, invitation: WorkspaceInvitation) {
        let mut cx = Self::new(Arc::clone(&self.app));
        tokio::spawn(async move {
            if cx.invite_to_workspace(invitation).await.is_err() {
                tracing::warn!(trigger = TRIGGER, "an invitation to a workspace was not sent");
            }
        });
    }

    async fn invite_to_workspace(&mut self, invitation: WorkspaceInvitation) -> Result<()> {
        let WorkspaceInvitation { pool_id, to, workspace, inviter, token, link } = invitation;
        let values = Values {
            code: Some(token.expose()),
            link: link.as_ref().map(Secret::expose),
            inviter: Some(inviter.as_deref().filter(|name| is_shown(name)).unwrap_or("Somebody")),
            workspace: Some(Some(workspace.as_str()).filter(|name| is_shown(name)).unwrap_or("a workspace")),
            username: None,
        };
        let rendered = template::workspace_invitation(link.is_some()).render(&values);
        let pool = match &pool_id {
            Some(id) => self.app.pool(id).await?,
            None => None,
        };
        let sender = pool.as_ref().and_then(|pool| pool.config.described.email_configuration.as_ref());
        self.post(Outgoing {
            channel: Channel::Email,
            to,
            from: sender.and_then(|sender| sender.from.clone()),
            reply_to: sender.and_then(|sender| sender.reply_to_email_address.clone()),
            subject: rendered.subject,
            body: rendered.body,
            code: Some(token.expose().to_owned()),
            trigger: TRIGGER,
            pool_id: pool_id.unwrap_or_default(),
        })
        .await
    }
}

/// People choose these names, and the mail comes from us: what reads as an address of somebody or of a page is not said.
fn is_shown(name: &str) -> bool {
    let is_address = |word: &str| word.trim_matches(|edge: char| !edge.is_alphanumeric()).contains(['@', ':', '.']);
    !name.split_whitespace().any(is_address)
}

#[cfg(test)]
mod tests {
    use super::is_shown;

    #[test]
    fn a_name_that_reads_as_an_address_is_not_said() {
        for name in ["Ann", "Ann O'Neill", "Müller & Söhne", "Dr. Ann", "Ann B.", "Works Inc.", "Team 7", "研究"] {
            assert!(is_shown(name), "{name}");
        }
        for name in [
            "eve@example.com",
            "see https://eve.example",
            "www.eve.example",
            "Win at eve.example/now",
            "(eve.example)",
            "mailto:eve",
        ] {
            assert!(!is_shown(name), "{name}");
        }
    }
}
