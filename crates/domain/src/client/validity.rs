//! How long tokens live. user-pools.md, section 17.3.

use std::time::Duration;

use cognate_wire::idp::{TimeUnitsType, UserPoolClientType};

use crate::error::{Error, Result};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    pub access: Duration,
    pub id: Duration,
    pub refresh: Duration,
}

const SHORTEST: Duration = Duration::from_mins(5);
const DAY: Duration = Duration::from_hours(24);
const SHORTEST_REFRESH: Duration = Duration::from_hours(1);
const LONGEST_REFRESH: Duration = Duration::from_hours(24 * 3650);

impl Validity {
    pub(super) fn from_wire(client: &UserPoolClientType) -> Result<Self> {
        let units = client.token_validity_units.clone().unwrap_or_default();
        let (hours, days) = (TimeUnitsType::Hours, TimeUnitsType::Days);
        let access = length(
            client.access_token_validity.unwrap_or(1),
            access_unit(units.access_token, client.access_token_validity, hours),
        )?;
        let id = length(
            client.id_token_validity.unwrap_or(1),
            access_unit(units.id_token, client.id_token_validity, hours),
        )?;
        let refresh = length(client.refresh_token_validity.unwrap_or(30), units.refresh_token.unwrap_or(days))?;
        let in_range = |life: Duration, from: Duration, to: Duration| (from..=to).contains(&life);
        let sound = in_range(access, SHORTEST, DAY)
            && in_range(id, SHORTEST, DAY)
            && in_range(refresh, SHORTEST_REFRESH, LONGEST_REFRESH)
            && refresh >= access.max(id);
        if sound { Ok(Self { access, id, refresh }) } else { Err(Error::invalid_token_validity()) }
    }
}

/// A unit without a number does not change the default of one hour.
fn access_unit(unit: Option<TimeUnitsType>, number: Option<i32>, default: TimeUnitsType) -> TimeUnitsType {
    if number.is_some() { unit.unwrap_or(default) } else { default }
}

fn length(number: i32, unit: TimeUnitsType) -> Result<Duration> {
    let seconds = match unit {
        TimeUnitsType::Seconds => 1,
        TimeUnitsType::Minutes => 60,
        TimeUnitsType::Hours => 3600,
        TimeUnitsType::Days => 86_400,
    };
    let total = u64::try_from(number).ok().and_then(|number| number.checked_mul(seconds));
    total.map(Duration::from_secs).ok_or_else(Error::invalid_token_validity)
}
