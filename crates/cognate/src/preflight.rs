//! Everything that can be judged before a store is opened: settings, the master key, carriers. `serve` and `check` ask
//! the same, so that `check` cannot promise what `serve` refuses.

use std::sync::Arc;

use cognate_engine::carriers::outbound::{Outbound, OutboundSettings};
use cognate_engine::carriers::sms_webhook::{SmsWebhook, SmsWebhookSettings};
use cognate_engine::carriers::smtp::{Smtp, SmtpSettings};
use cognate_engine::carriers::{Carrier, SetupError};
use cognate_engine::messages::Post;

use crate::master_key::{self, Opened};
use crate::seams::{SystemClock, SystemEntropy};
use crate::settings::{Carriers, Config, Judged, Mode, Refusal, Refused, Sources};

pub(crate) struct Ready {
    pub(crate) config: Config,
    pub(crate) keys: Opened,
    pub(crate) post: Post,
}

pub(crate) fn all(sources: Sources) -> Result<Ready, Refused> {
    let mut judged = sources.config(Mode::Serve);
    let keys = judged.and(|config| master_key::open(&config.keys));
    let post = judged.and(|config| carriers(&config.carriers));
    let Judged { value: config, refusals } = judged;
    match (keys, post) {
        (Some(keys), Some(post)) if refusals.is_empty() => Ok(Ready { config, keys, post }),
        _ => Err(Refused(refusals)),
    }
}

fn carriers(settings: &Carriers) -> Result<Post, Refused> {
    let mut refusals = Vec::new();
    let mut note = |prefix: &str, error: SetupError| {
        refusals.push(Refusal::new(format!("messages.{prefix}_{}", error.setting), error.reason));
    };
    let smtp = smtp(settings).map_err(|error| note("smtp", error)).ok().flatten();
    let sms = webhook(settings).map_err(|error| note("sms_webhook", error)).ok().flatten();
    if refusals.is_empty() { Ok(Post::carriers(smtp, sms)) } else { Err(Refused(refusals)) }
}

fn smtp(settings: &Carriers) -> Result<Option<Arc<dyn Carrier>>, SetupError> {
    let Some(smtp) = settings.smtp.clone() else { return Ok(None) };
    let settings = SmtpSettings {
        host: smtp.host,
        port: smtp.port,
        security: smtp.security,
        allow_plaintext: smtp.allow_plaintext,
        login: smtp.login,
        from: smtp.from,
        timeout: SmtpSettings::USUAL_TIMEOUT,
    };
    Ok(Some(Arc::new(Smtp::new(settings, Arc::new(SystemClock), Arc::new(SystemEntropy))?)))
}

fn webhook(settings: &Carriers) -> Result<Option<Arc<dyn Carrier>>, SetupError> {
    let Some(webhook) = settings.webhook.clone() else { return Ok(None) };
    let allow_hosts = settings.allowed_private_hosts.clone();
    let outbound = Outbound::new(OutboundSettings { allow_hosts, ..OutboundSettings::default() })
        .map_err(|_| SetupError { setting: "url", reason: "cannot be used: TLS does not start" })?;
    let settings = SmsWebhookSettings { url: webhook.url, secret: webhook.secret, from: webhook.from };
    Ok(Some(Arc::new(SmsWebhook::new(settings, outbound, Arc::new(SystemClock))?)))
}
