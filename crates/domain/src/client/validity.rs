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

/// The default in the unit that a client counts in, so that what is described is what holds.
pub(super) fn thirty_days_in(unit: TimeUnitsType) -> i32 {
    match unit {
        TimeUnitsType::Days => 30,
        TimeUnitsType::Hours => 30 * 24,
        TimeUnitsType::Minutes => 30 * 24 * 60,
        TimeUnitsType::Seconds => 30 * 24 * 3600,
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

#[cfg(test)]
mod tests {
    use cognate_wire::idp::TokenValidityUnitsType;

    use super::*;

    /// Access, ID and refresh token: a number and its unit.
    type Given = [(Option<i32>, Option<TimeUnitsType>); 3];

    fn of(given: Given) -> Result<Validity> {
        let [access, id, refresh] = given;
        Validity::from_wire(&UserPoolClientType {
            access_token_validity: access.0,
            id_token_validity: id.0,
            refresh_token_validity: refresh.0,
            token_validity_units: Some(TokenValidityUnitsType {
                access_token: access.1,
                id_token: id.1,
                refresh_token: refresh.1,
            }),
            ..UserPoolClientType::default()
        })
    }

    #[test]
    fn what_is_left_out_is_an_hour_an_hour_and_thirty_days() {
        let hour = Duration::from_hours(1);
        let default = Validity { access: hour, id: hour, refresh: Duration::from_hours(24 * 30) };
        let none = (None, None);
        assert_eq!(of([none; 3]).unwrap(), default);
        let minutes = (None, Some(TimeUnitsType::Minutes));
        assert_eq!(of([minutes, minutes, none]).unwrap(), default, "a unit without a number changes nothing");
    }

    #[test]
    fn the_default_of_a_refresh_token_is_the_same_in_every_unit() {
        use TimeUnitsType::{Days, Hours, Minutes, Seconds};
        for unit in [Seconds, Minutes, Hours, Days] {
            let given = (Some(thirty_days_in(unit)), Some(unit));
            let validity = of([(None, None), (None, None), given]).unwrap();
            assert_eq!(validity.refresh, Duration::from_hours(24 * 30), "{unit:?}");
        }
    }

    #[test]
    fn each_unit_reaches_from_bound_to_bound() {
        use TimeUnitsType::{Days, Hours, Minutes, Seconds};
        for (unit, low, high) in [(Seconds, 300, 86_400), (Minutes, 5, 1440), (Hours, 1, 24), (Days, 1, 1)] {
            for (number, sound) in [(low, true), (high, true), (low - 1, false), (high + 1, false), (-1, false)] {
                let (given, none) = ((Some(number), Some(unit)), (None, None));
                assert_eq!(of([given, none, none]).is_ok(), sound, "access: {number} {unit:?}");
                assert_eq!(of([none, given, none]).is_ok(), sound, "ID: {number} {unit:?}");
            }
        }
        for (unit, low, high) in
            [(Seconds, 3600, 315_360_000), (Minutes, 60, 5_256_000), (Hours, 1, 87_600), (Days, 1, 3650)]
        {
            for (number, sound) in [(low, true), (high, true), (low - 1, false), (high + 1, false), (-1, false)] {
                let (given, none) = ((Some(number), Some(unit)), (None, None));
                assert_eq!(of([none, none, given]).is_ok(), sound, "refresh: {number} {unit:?}");
            }
        }
    }

    #[test]
    fn a_refresh_token_outlives_what_it_renews() {
        let (hours, none) = (|number| (Some(number), Some(TimeUnitsType::Hours)), (None, None));
        for (given, sound) in [
            ([hours(2), none, hours(2)], true),
            ([hours(3), none, hours(2)], false),
            ([none, hours(2), hours(2)], true),
            ([none, hours(3), hours(2)], false),
        ] {
            assert_eq!(of(given).is_ok(), sound, "{given:?}");
        }
    }
}
