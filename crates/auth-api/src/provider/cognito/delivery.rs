//! Where Cognito sent a code, as a client may be told: masked here once more, since not every server that speaks its API does. For somebody
//! who is not there it is made up from the identifier alone.

use cognate_domain::delivery::{Delivery as Address, Destination, Medium, veiled};
use cognate_domain::username::{NameKind, SignInNames};
use serde::Deserialize;

use crate::provider::{Channel, Delivery};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Sent {
    code_delivery_details: Option<Details>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Details {
    destination: Option<String>,
    delivery_medium: Option<String>,
}

impl Sent {
    pub(super) fn told(self) -> Option<Delivery> {
        self.code_delivery_details?.told()
    }
}

impl Details {
    pub(super) fn told(self) -> Option<Delivery> {
        Some(masked(self.delivery_medium.as_deref().unwrap_or("EMAIL"), &self.destination?))
    }
}

pub(super) fn masked(medium: &str, destination: &str) -> Delivery {
    let medium = if medium == "SMS" { Medium::Sms } else { Medium::Email };
    if medium == Medium::Sms && destination.contains('*') {
        let masked = destination.chars().filter(|c| c.is_ascii_digit() || matches!(c, '*' | '+')).take(32).collect();
        return Delivery { channel: Channel::Sms, destination: masked };
    }
    shown(Address { medium, address: destination.to_owned() }.destination())
}

pub(super) fn made_up(identifier: &str, veil: &[u8; 32]) -> Delivery {
    let names = SignInNames { kind: NameKind::Plain, case_sensitive: false };
    shown(veiled(identifier, &names, &[], veil))
}

fn shown(destination: Destination) -> Delivery {
    let channel = match destination.medium {
        Medium::Email => Channel::Email,
        Medium::Sms => Channel::Sms,
    };
    Delivery { channel, destination: destination.masked }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_destination_is_masked_whoever_should_have_done_it() {
        for (medium, sent, told) in [
            ("EMAIL", "ann@example.com", "a***@e***"),
            ("EMAIL", "a***@e***", "a***@e***"),
            ("EMAIL", "ann@example.com@h***.com", "a***@e***"),
            ("SMS", "+15551234567", "+*******4567"),
            ("SMS", "+*******4567", "+*******4567"),
        ] {
            assert_eq!(masked(medium, sent).destination, told);
        }
    }

    #[test]
    fn what_is_made_up_for_an_address_or_a_number_is_that_one() {
        for (identifier, channel, told) in
            [("ann@example.com", Channel::Email, "a***@e***"), ("+15551234567", Channel::Sms, "+*******4567")]
        {
            let made = made_up(identifier, &[7; 32]);
            assert_eq!((made.channel, made.destination.as_str()), (channel, told));
        }
    }
}
