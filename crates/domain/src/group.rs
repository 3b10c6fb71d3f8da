//! Groups of a pool, and what a user's groups say in their tokens. user-pools.md, sections 17.1 and 20.

use cognate_wire::idp::{CreateGroupRequest, GroupType};

use crate::Timestamp;

/// Groups of one pool.
pub const MOST_IN_POOL: i64 = 10_000;
/// Groups of one user.
pub const MOST_OF_USER: i64 = 100;

#[derive(Clone, Debug)]
pub struct Group {
    pub pool_id: String,
    /// Random, and what members are kept by: a later group of the same name is another one.
    pub id: String,
    pub name: String,
    pub description: Option<String>,
    pub role_arn: Option<String>,
    /// 0 comes first, none comes last.
    pub precedence: Option<i32>,
    pub created_at: Timestamp,
    pub modified_at: Timestamp,
}

impl Group {
    pub fn from_wire(input: CreateGroupRequest, id: String, now: Timestamp) -> Self {
        Self {
            pool_id: input.user_pool_id,
            id,
            name: input.group_name,
            description: input.description,
            role_arn: input.role_arn,
            precedence: input.precedence,
            created_at: now,
            modified_at: now,
        }
    }

    pub fn into_wire(self) -> GroupType {
        GroupType {
            group_name: Some(self.name),
            user_pool_id: Some(self.pool_id),
            description: self.description,
            role_arn: self.role_arn,
            precedence: self.precedence,
            last_modified_date: Some(self.modified_at.as_json_seconds()),
            creation_date: Some(self.created_at.as_json_seconds()),
        }
    }
}

/// As much of a user's group as a token tells.
#[derive(Clone, Debug)]
pub struct Membership {
    pub group: String,
    pub role_arn: Option<String>,
    pub precedence: Option<i32>,
}

/// What a user's groups say in their tokens; nothing of it is said where it is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupClaims {
    pub groups: Vec<String>,
    pub roles: Vec<String>,
    pub preferred_role: Option<String>,
}

impl GroupClaims {
    /// By precedence, then by name. Each role is named once.
    pub fn of(mut memberships: Vec<Membership>) -> Self {
        memberships.sort_unstable_by(|one, other| one.rank().cmp(&other.rank()));
        let preferred_role = preferred_role(&memberships).map(str::to_owned);
        let mut claims = Self { preferred_role, ..Self::default() };
        for Membership { group, role_arn, .. } in memberships {
            claims.groups.push(group);
            claims.roles.extend(role_arn.filter(|arn| !claims.roles.contains(arn)));
        }
        claims
    }
}

impl Membership {
    fn rank(&self) -> (i64, &str) {
        (self.precedence.map_or(i64::MAX, i64::from), &self.group)
    }
}

/// AWS: the role of the first group that has one; none where its equals in precedence have another.
fn preferred_role(ordered: &[Membership]) -> Option<&str> {
    let with_role = || ordered.iter().filter_map(|group| Some((group.precedence, group.role_arn.as_deref()?)));
    let (precedence, first) = with_role().next()?;
    let agreed = with_role().filter(|(of, _)| *of == precedence).all(|(_, role)| role == first);
    agreed.then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Name, precedence and role of each group, in the order in which a store may give them.
    type Given<'a> = &'a [(&'a str, Option<i32>, Option<&'a str>)];

    fn claims(given: Given<'_>) -> GroupClaims {
        let membership = |(group, precedence, role_arn): &(&str, Option<i32>, Option<&str>)| Membership {
            group: (*group).to_owned(),
            role_arn: role_arn.map(str::to_owned),
            precedence: *precedence,
        };
        GroupClaims::of(given.iter().map(membership).collect())
    }

    #[test]
    fn a_group_is_described_as_it_was_asked_for() {
        let asked = serde_json::json!({ "UserPoolId": "us-east-1_AbCdEf123", "GroupName": "staff",
            "Description": "d", "RoleArn": "R", "Precedence": 5 });
        let group = Group::from_wire(serde_json::from_value(asked.clone()).unwrap(), "1".to_owned(), Timestamp(1_500));
        assert_eq!(group.id, "1");
        let mut told = serde_json::to_value(Group { modified_at: Timestamp(2_250), ..group }.into_wire()).unwrap();
        let dates =
            ["CreationDate", "LastModifiedDate"].map(|name| told.as_object_mut().unwrap().remove(name).unwrap());
        assert_eq!((told, dates), (asked, [1.5.into(), 2.25.into()]));
    }

    #[test]
    fn who_is_in_no_group_has_no_claims() {
        assert_eq!(claims(&[]), GroupClaims::default());
    }

    #[test]
    fn groups_stand_by_precedence_and_then_by_name() {
        let cases: &[(Given<'_>, &[&str])] = &[
            (&[("b", Some(1), None), ("a", Some(2), None)], &["b", "a"]),
            (&[("b", None, None), ("a", None, None)], &["a", "b"]),
            (&[("a", None, None), ("z", Some(i32::MAX), None)], &["z", "a"]),
            (&[("c", Some(0), None), ("b", Some(10), None), ("a", Some(9), None)], &["c", "a", "b"]),
            (&[("b", Some(0), None), ("a", Some(0), None), ("B", Some(0), None)], &["B", "a", "b"]),
        ];
        for (given, wanted) in cases {
            assert_eq!(claims(given).groups, *wanted, "{given:?}");
        }
    }

    #[test]
    fn roles_stand_in_the_order_of_their_groups_and_once() {
        let given: Given<'_> =
            &[("c", None, Some("R1")), ("b", Some(1), Some("R2")), ("a", Some(2), None), ("d", Some(3), Some("R1"))];
        assert_eq!(claims(given).roles, ["R2", "R1"]);
    }

    #[test]
    fn the_preferred_role_is_that_of_the_first_group() {
        let cases: &[(Given<'_>, Option<&str>)] = &[
            (&[("a", None, None)], None),
            (&[("a", None, Some("R1"))], Some("R1")),
            (&[("a", Some(1), Some("R1")), ("b", Some(0), Some("R2"))], Some("R2")),
            (&[("a", None, Some("R1")), ("b", Some(i32::MAX), Some("R2"))], Some("R2")),
            // A tie.
            (&[("a", Some(5), Some("R1")), ("b", Some(5), Some("R2"))], None),
            (&[("a", Some(5), Some("R1")), ("b", Some(5), Some("R1"))], Some("R1")),
            (&[("a", None, Some("R1")), ("b", None, Some("R2"))], None),
            (&[("a", Some(5), Some("R1")), ("b", Some(5), Some("R1")), ("c", Some(5), Some("R2"))], None),
            // A tie further down changes nothing.
            (&[("a", Some(1), Some("R1")), ("b", Some(5), Some("R2")), ("c", Some(5), Some("R3"))], Some("R1")),
            // Groups without a role are passed over.
            (&[("a", Some(0), None), ("b", Some(5), Some("R1"))], Some("R1")),
            (&[("a", Some(5), None), ("b", Some(5), Some("R1"))], Some("R1")),
            (&[("a", Some(0), None), ("b", Some(5), Some("R1")), ("c", Some(5), Some("R2"))], None),
        ];
        for (given, wanted) in cases {
            assert_eq!(claims(given).preferred_role.as_deref(), *wanted, "{given:?}");
        }
    }
}
