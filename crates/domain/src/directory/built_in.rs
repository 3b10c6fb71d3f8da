//! The roles that are there from the beginning, and what they allow then. An operator may give them other grants. What
//! members may do with the application's own things is the application's affair.

use super::RoleScope::{self, Platform, Workspace};
use super::{OWNER, PLATFORM_ADMIN};

pub struct BuiltIn {
    pub key: &'static str,
    pub scope: RoleScope,
    pub name: &'static str,
    pub description: &'static str,
    /// Actions, on everything that the role reaches.
    pub actions: &'static [&'static str],
}

pub const BUILT_IN: &[BuiltIn] = &[
    BuiltIn {
        key: OWNER,
        scope: Workspace,
        name: "Owner",
        description: "May do everything in the workspace.",
        actions: &["*"],
    },
    BuiltIn {
        key: "admin",
        scope: Workspace,
        name: "Admin",
        description: "Looks after the workspace and its people.",
        actions: &["workspace:read", "workspace:update", "members:*", "invitations:*"],
    },
    BuiltIn {
        key: "member",
        scope: Workspace,
        name: "Member",
        description: "Works in the workspace.",
        actions: &["workspace:read", "members:read"],
    },
    BuiltIn {
        key: "viewer",
        scope: Workspace,
        name: "Viewer",
        description: "Sees the workspace.",
        actions: &["workspace:read"],
    },
    BuiltIn {
        key: PLATFORM_ADMIN,
        scope: Platform,
        name: "Platform admin",
        description: "May do everything.",
        actions: &["*"],
    },
    BuiltIn {
        key: "support",
        scope: Platform,
        name: "Support",
        description: "Sees people and workspaces, and changes nothing.",
        actions: &[
            "subjects:read",
            "sign_ins:read",
            "workspace:read",
            "members:read",
            "invitations:read",
            "audit:read",
        ],
    },
];

impl BuiltIn {
    /// The ids of its first grants, each with its action.
    pub fn grants(&self) -> impl Iterator<Item = (String, &'static str)> {
        self.actions.iter().enumerate().map(|(at, action)| (format!("built-in-{}-{at}", self.key), *action))
    }
}

/// Without it nobody could give it back, so it can be neither changed nor removed.
pub const LOCKED_GRANT: &str = "built-in-platform_admin-0";

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::directory::rules;

    #[test]
    fn what_is_built_in_keeps_the_rules_for_everybody_elses() {
        let mut keys = HashSet::new();
        for role in BUILT_IN {
            assert!(keys.insert(role.key), "{}", role.key);
            rules::role_key(role.key).unwrap();
            assert_eq!(rules::name(role.name).unwrap(), role.name);
            assert_eq!(rules::description(role.description).unwrap(), role.description);
            for action in role.actions {
                rules::action(action).unwrap();
            }
        }
    }

    #[test]
    fn only_owners_and_platform_admins_may_do_everything_and_the_latter_for_ever() {
        let all = |role: &&BuiltIn| role.actions.contains(&"*");
        let keys: Vec<_> = BUILT_IN.iter().filter(all).map(|role| (role.key, role.scope)).collect();
        assert_eq!(keys, [(OWNER, Workspace), (PLATFORM_ADMIN, Platform)]);
        let locked = BUILT_IN.iter().flat_map(|role| role.grants().map(|grant| (role.key, grant)));
        let locked: Vec<_> = locked.filter(|(_, (id, _))| id == LOCKED_GRANT).collect();
        assert_eq!(locked, [(PLATFORM_ADMIN, (LOCKED_GRANT.to_owned(), "*"))]);
    }
}
