//! Where a message goes, and how much of the address a client is told.
//!
//! `Delivery` holds an address and can be sent to. `Destination` is only what is told; that of a user who does not exist can
//! therefore never be sent to. User-pools.md, sections 8, 16 and 19.

use aws_lc_rs::hmac;
use cognate_wire::idp::{CodeDeliveryDetailsType, DeliveryMediumType, VerifiedAttributeType};

use crate::attributes::{Attributes, EMAIL, EMAIL_VERIFIED, PHONE_NUMBER, PHONE_NUMBER_VERIFIED};
use crate::error::{Error, Result};
use crate::username::{SignInNames, is_email, is_phone};

#[cfg(test)]
mod tests;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Medium {
    Email,
    Sms,
}

#[derive(Clone, PartialEq, Eq)]
pub struct Delivery {
    pub medium: Medium,
    pub address: String,
}

/// The masked address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    pub medium: Medium,
    pub masked: String,
}

impl Medium {
    pub const fn from_wire(medium: DeliveryMediumType) -> Self {
        match medium {
            DeliveryMediumType::Sms => Self::Sms,
            DeliveryMediumType::Email => Self::Email,
        }
    }

    pub const fn into_wire(self) -> DeliveryMediumType {
        match self {
            Self::Sms => DeliveryMediumType::Sms,
            Self::Email => DeliveryMediumType::Email,
        }
    }

    /// The medium that proves an attribute.
    pub const fn verifying(attribute: VerifiedAttributeType) -> Self {
        match attribute {
            VerifiedAttributeType::PhoneNumber => Self::Sms,
            VerifiedAttributeType::Email => Self::Email,
        }
    }

    /// The medium that an attribute is reached by; none if it is no contact.
    pub fn of(attribute: &str) -> Option<Self> {
        [Self::Sms, Self::Email].into_iter().find(|medium| medium.attribute() == attribute)
    }

    pub const fn attribute(self) -> &'static str {
        match self {
            Self::Sms => PHONE_NUMBER,
            Self::Email => EMAIL,
        }
    }

    pub const fn verified_flag(self) -> &'static str {
        match self {
            Self::Sms => PHONE_NUMBER_VERIFIED,
            Self::Email => EMAIL_VERIFIED,
        }
    }

    /// To this user, if the user has such an address.
    pub fn delivery(self, attributes: &Attributes) -> Option<Delivery> {
        let address = attributes.filled(self.attribute())?.to_owned();
        Some(Delivery { medium: self, address })
    }

    fn mask(self, address: &str) -> String {
        match self {
            Self::Email => mask_email(address),
            Self::Sms => mask_phone(address),
        }
    }
}

impl Delivery {
    pub const fn attribute(&self) -> &'static str {
        self.medium.attribute()
    }

    pub fn destination(&self) -> Destination {
        Destination { medium: self.medium, masked: self.medium.mask(&self.address) }
    }
}

impl Destination {
    pub fn into_wire(self) -> CodeDeliveryDetailsType {
        CodeDeliveryDetailsType {
            destination: Some(self.masked),
            delivery_medium: Some(self.medium.into_wire()),
            attribute_name: Some(self.medium.attribute().to_owned()),
        }
    }
}

/// Where the code of a sign-up goes: to an attribute that the pool verifies and the user has; a phone wins.
pub fn choose_for_sign_up(auto_verified: &[VerifiedAttributeType], attributes: &Attributes) -> Option<Delivery> {
    verifying(auto_verified).find_map(|medium| medium.delivery(attributes))
}

/// Where an invitation goes. AWS: SMS if nothing is asked for; we then take the e-mail address of a user without a phone,
/// and send nothing to a user with neither. What was asked for by name must be possible at least once.
pub fn choose_for_invitation(desired: &[DeliveryMediumType], attributes: &Attributes) -> Result<Vec<Delivery>> {
    if desired.is_empty() {
        let either = [Medium::Sms, Medium::Email].into_iter().find_map(|medium| medium.delivery(attributes));
        return Ok(either.into_iter().collect());
    }
    let mut deliveries: Vec<Delivery> = Vec::new();
    for medium in desired.iter().copied().map(Medium::from_wire) {
        if !deliveries.iter().any(|known| known.medium == medium) {
            deliveries.extend(medium.delivery(attributes));
        }
    }
    match (deliveries.is_empty(), desired.first()) {
        (true, Some(first)) => Err(Error::no_contact_for(Medium::from_wire(*first).attribute())),
        _ => Ok(deliveries),
    }
}

/// What is told of a user who does not exist: the same for the same input, and unguessable without the pool's key.
pub fn veiled(
    input: &str,
    names: &SignInNames,
    auto_verified: &[VerifiedAttributeType],
    veil_key: &[u8; 32],
) -> Destination {
    let input = &names.fold(input);
    let possible: Vec<Medium> = verifying(auto_verified).collect();
    let own = [(Medium::Email, is_email(input)), (Medium::Sms, is_phone(input))].into_iter().find(|(_, fits)| *fits);
    if let Some((medium, _)) = own.filter(|(medium, _)| possible.is_empty() || possible.contains(medium)) {
        return Destination { medium, masked: medium.mask(input) };
    }
    let key = hmac::Key::new(hmac::HMAC_SHA256, veil_key);
    let tag = hmac::sign(&key, format!("delivery\0{input}").as_bytes());
    let medium = possible.first().copied().unwrap_or(Medium::Email);
    let masked = match (medium, tag.as_ref()) {
        (Medium::Email, [local, domain, ..]) => {
            format!("{}***@{}***", drawn(LOCAL_INITIALS, *local), drawn(DOMAIN_INITIALS, *domain))
        }
        (Medium::Sms, [high, low, ..]) => {
            format!("+*******{:04}", u32::from(u16::from_be_bytes([*high, *low])) * 10_000 / 65_536)
        }
        _ => String::new(),
    };
    Destination { medium, masked }
}

/// About as often as people's names and mail providers begin so.
const LOCAL_INITIALS: &str = "aaaabbbccccddddeeefgghiijjjjjkkkllllmmmmmmnnooppprrrssssssttttuvwyz";
const DOMAIN_INITIALS: &str = "ggggggggggggghhhhhhooooyyyyiimmmaaccddeefllnppqrsstuvwz";

fn drawn(initials: &str, byte: u8) -> char {
    initials.chars().nth(usize::from(byte) * initials.len() / 256).unwrap_or('a')
}

/// The media a pool verifies, a phone first.
fn verifying(auto_verified: &[VerifiedAttributeType]) -> impl Iterator<Item = Medium> {
    [VerifiedAttributeType::PhoneNumber, VerifiedAttributeType::Email]
        .into_iter()
        .filter(|attribute| auto_verified.contains(attribute))
        .map(Medium::verifying)
}

/// `f***@e***`
fn mask_email(address: &str) -> String {
    let (local, domain) = address.split_once('@').unwrap_or((address, ""));
    let initial = |text: &str| text.chars().next().map(String::from).unwrap_or_default();
    format!("{}***@{}***", initial(local), initial(domain))
}

/// `+*******1234`
fn mask_phone(number: &str) -> String {
    let digits: Vec<char> = number.chars().filter(char::is_ascii_digit).collect();
    let hidden = digits.len().saturating_sub(4);
    let shown = |(at, digit): (usize, char)| if at < hidden { '*' } else { digit };
    std::iter::once('+').chain(digits.into_iter().enumerate().map(shown)).collect()
}
