//! Workspaces, roles and grants.

use std::collections::HashSet;

use cognate_domain::directory::built_in::BUILT_IN;
use cognate_domain::directory::{self, OWNER, RoleScope, rules};
use cognate_domain::username::fold;
use cognate_policy::check_grant;
use toml::Spanned;

use super::Checks;
use crate::provider::mock::file::{Grant as GrantInFile, Member as InFile, Role, Workspace as WorkspaceInFile};
use crate::provider::mock::script::{Member, NEVER, Workspace, id_of};

const MOST_WORKSPACES: usize = 1_000;
const MOST_MEMBERS: usize = 1_000;
const MOST_ROLES: usize = 100;
const MOST_GRANTS: usize = 1_000;

impl Checks<'_> {
    pub(super) fn roles(&mut self, roles: Vec<Role>) -> Vec<directory::Role> {
        self.roles.extend(BUILT_IN.iter().map(|role| (role.key.to_owned(), role.scope)));
        self.most(&roles, MOST_ROLES, "roles");
        roles.into_iter().map(|role| self.role(role)).collect()
    }

    fn role(&mut self, role: Role) -> directory::Role {
        let scope = role.scope.unwrap_or(RoleScope::Workspace);
        self.fit(&role.key, rules::role_key);
        let name = self.fit(&role.name, rules::name).unwrap_or_default();
        let description = role.description.and_then(|text| self.fit(&text, rules::description));
        if self.roles.insert(role.key.as_ref().clone(), scope).is_some() {
            self.flaw(role.key.span(), "This role is there already; a built-in one is given more by [[grants]].");
        }
        let key = role.key.into_inner();
        directory::Role { key, scope, name, description, built_in: false, created_at: NEVER, modified_at: NEVER }
    }

    /// Who has none is told which there are.
    pub(super) fn no_role(&self, key: &str, scope: RoleScope) -> String {
        let mut known: Vec<_> =
            self.roles.iter().filter(|(_, of)| **of == scope).map(|(key, _)| key.as_str()).collect();
        known.sort_unstable();
        format!("{key:?} is no role of scope {}; there are {}.", scope.name(), known.join(", "))
    }

    pub(super) fn grants(&mut self, grants: Vec<GrantInFile>) -> Vec<directory::Grant> {
        self.most(&grants, MOST_GRANTS, "grants");
        grants.into_iter().map(|grant| self.grant(grant)).collect()
    }

    fn grant(&mut self, grant: GrantInFile) -> directory::Grant {
        if !self.roles.contains_key(grant.role.as_ref()) {
            self.flaw(
                grant.role.span(),
                format!("There is no role {:?}; make it under [[roles]].", grant.role.as_ref()),
            );
        }
        self.fit(&grant.action, rules::action);
        self.fit(&grant.resource, rules::resource);
        let at = grant.condition.as_ref().map_or(grant.action.span(), Spanned::span);
        let condition = grant.condition.map(Spanned::into_inner);
        let [role, action, resource] = [grant.role, grant.action, grant.resource].map(Spanned::into_inner);
        let told = serde_json::json!([role, action, resource, condition]).to_string();
        // By what it says, so that a later start finds it.
        let id = format!("mock-{}", id_of("grant", &told));
        let grant = directory::Grant { id, role, action, resource, condition, created_at: NEVER };
        if let Some(condition) = &grant.condition {
            let empty =
                directory::Catalogue { version: 0, roles: Vec::new(), grants: Vec::new(), policies: Vec::new() };
            if let Err(rules::Unfit(sentence)) = rules::condition(condition) {
                self.flaw(at, sentence);
            } else if let Err(refused) = check_grant(&grant, &empty) {
                self.flaw(at, format!("This condition cannot be used: {}.", refused.sentence));
            }
        }
        grant
    }

    pub(super) fn workspaces(&mut self, workspaces: Vec<WorkspaceInFile>) -> Vec<Workspace> {
        self.most(&workspaces, MOST_WORKSPACES, "workspaces");
        let mut ids = HashSet::new();
        workspaces.into_iter().map(|workspace| self.workspace(workspace, &mut ids)).collect()
    }

    fn workspace(&mut self, workspace: WorkspaceInFile, ids: &mut HashSet<String>) -> Workspace {
        let name = self.fit(&workspace.name, rules::name).unwrap_or_default();
        let at = workspace.id.as_ref().map_or_else(|| workspace.name.span(), Spanned::span);
        let id = match workspace.id.map(Spanned::into_inner) {
            Some(id) if is_uuid(&id) => id,
            Some(_) => {
                self.flaw(at.clone(), "A workspace's id is a UUID in lower case.");
                String::new()
            }
            None => id_of("workspace", &name),
        };
        if !ids.insert(id.clone()) {
            self.flaw(at, "There is such a workspace already; two of one name need an `id` each.");
        }
        let (at, members) = (workspace.members.span(), workspace.members.into_inner());
        self.most(&members, MOST_MEMBERS, "members of one workspace");
        let mut members = self.members(members);
        match members.iter().position(|member| member.role == OWNER) {
            Some(owner) => members.swap(0, owner),
            None => self.flaw(at, "A workspace needs an owner: a member with `role = \"owner\"`."),
        }
        Workspace { id, name, members }
    }

    fn members(&mut self, members: Vec<Spanned<InFile>>) -> Vec<Member> {
        let mut seen = HashSet::new();
        let mut made = Vec::new();
        for member in members {
            let (at, InFile { user, machine, role }) = (member.span(), member.into_inner());
            if self.roles.get(&role) != Some(&RoleScope::Workspace) {
                let sentence = self.no_role(&role, RoleScope::Workspace);
                self.flaw(at.clone(), sentence);
            }
            let known = match (user, machine) {
                (Some(user), None) => self.subs.get(&fold(&user)).cloned(),
                (None, Some(machine)) => self.client_ids.get(&machine).cloned(),
                _ => None,
            };
            match known {
                Some(provider_subject) if seen.insert(provider_subject.clone()) => {
                    made.push(Member { provider_subject, role });
                }
                Some(_) => self.flaw(at, "Somebody is a member once."),
                None => self.flaw(at, "A member is a `user` of [[users]] by address, or a `machine` by its client id."),
            }
        }
        made
    }
}

fn is_uuid(text: &str) -> bool {
    let dashes = [8, 13, 18, 23];
    let fits = |(at, byte): (usize, u8)| {
        if dashes.contains(&at) { byte == b'-' } else { matches!(byte, b'0'..=b'9' | b'a'..=b'f') }
    };
    text.len() == 36 && text.bytes().enumerate().all(fits)
}
