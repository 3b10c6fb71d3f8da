//! What roles allow, where, and to whom.

use cognate_domain::directory::{RoleScope, WorkspaceState};
use cognate_policy::{Compiled, Reason, Tenant};

use crate::world::{caller, catalogue, compiled, grant, policy, question, role, within};

fn house() -> Compiled {
    compiled(
        vec![
            grant("g-admin", "admin", "*", "*"),
            grant("g-support", "support", "tickets:*", "*"),
            grant("g-owner", "owner", "*", "*"),
            grant("g-editor", "editor", "documents:*", "projects/*"),
            grant("g-editor-2", "editor", "projects:read", "projects/a1"),
            grant("g-viewer", "viewer", "documents:read", "projects/a1/documents/*"),
        ],
        Vec::new(),
    )
}

#[test]
fn what_nothing_permits_is_denied() {
    let verdict = caller("u").asks(&compiled(Vec::new(), Vec::new()), &question("a:b", "c"));
    assert_eq!((verdict.allowed, verdict.reason, verdict.determining), (false, Reason::NoGrant, Vec::new()));
}

#[test]
fn a_grant_names_itself_and_its_role() {
    let viewer = caller("u").member("w1", "viewer");
    let verdict = viewer.asks(&house(), &within("w1", question("documents:read", "projects/a1/documents/7")));
    let reason = Reason::Granted { role: "viewer".into(), grant: "g-viewer".into() };
    assert_eq!(
        (verdict.allowed, verdict.reason, verdict.determining),
        (true, reason, vec!["grant:g-viewer".to_owned()])
    );
}

#[test]
fn a_grant_covers_what_its_patterns_say() {
    let house = house();
    let editor = caller("u").member("w1", "editor");
    for (action, resource, expected) in [
        ("documents:read", "projects/a1", "granted_by_role"),
        ("documents:write", "projects/a1/documents/7", "granted_by_role"),
        ("documents:page:write", "projects/a1/documents/7", "granted_by_role"),
        ("documents:write", "projects", "no_grant"),
        ("documents:write", "projectsx", "no_grant"),
        ("documents:write", "projectsx/a1", "no_grant"),
        ("documents", "projects/a1", "no_grant"),
        ("documentsx:read", "projects/a1", "no_grant"),
        ("projects:read", "projects/a1", "granted_by_role"),
        ("projects:read", "projects/a1/documents", "no_grant"),
        ("projects:read", "projects/a2", "no_grant"),
        ("projects:write", "projects/a1", "no_grant"),
    ] {
        assert_eq!(editor.hears(&house, &within("w1", question(action, resource))), expected, "{action} {resource}");
    }
}

#[test]
fn a_workspace_role_holds_in_its_tenant_and_a_platform_role_everywhere() {
    let house = house();
    let read = || question("documents:read", "projects/a1/documents/7");
    let ticket = || question("tickets:close", "tickets/5");
    let (owner, admin, support) = (
        caller("o").member("w1", "owner").member("w2", "viewer"),
        caller("a").platform("admin"),
        caller("s").platform("support"),
    );
    for (case, who, question, expected) in [
        ("an owner at home", &owner, within("w1", ticket()), "granted_by_role"),
        ("the same one as a viewer elsewhere", &owner, within("w2", ticket()), "no_grant"),
        ("the viewer reads there", &owner, within("w2", read()), "granted_by_role"),
        ("where the owner is nobody", &owner, within("w3", read()), "not_a_member"),
        ("ids are compared as they are", &owner, within("W1", read()), "not_a_member"),
        ("without a tenant no workspace's role counts", &owner, read(), "no_grant"),
        ("an admin without a tenant", &admin, ticket(), "granted_by_role"),
        ("an admin in any tenant", &admin, within("w3", ticket()), "granted_by_role"),
        ("support closes tickets anywhere", &support, within("w3", ticket()), "granted_by_role"),
        ("and nothing else", &support, within("w3", read()), "not_a_member"),
        ("and nothing else without a tenant", &support, read(), "no_grant"),
    ] {
        assert_eq!(who.hears(&house, &question), expected, "{case}");
    }
}

#[test]
fn the_roles_of_platform_and_tenant_add_up() {
    let house = house();
    let both = caller("u").platform("support").member("w1", "viewer");
    let named = |question| match both.asks(&house, &within("w1", question)).reason {
        Reason::Granted { role, .. } => role,
        other => panic!("{other:?}"),
    };
    assert_eq!(named(question("tickets:read", "tickets/1")), "support");
    assert_eq!(named(question("documents:read", "projects/a1/documents/7")), "viewer");
}

#[test]
fn a_role_of_the_wrong_scope_or_of_no_catalogue_counts_for_nothing() {
    let house = house();
    let ask = || question("documents:read", "projects/a1/documents/7");
    for (case, who) in [
        ("a workspace's role on the platform", caller("u").platform("owner")),
        ("a role that nobody knows", caller("u").platform("root")),
        ("a platform's role in a workspace", caller("u").member("w1", "admin")),
        ("a role that was removed", caller("u").member("w1", "guest")),
    ] {
        assert_eq!(who.hears(&house, &ask()), "no_grant", "{case}");
        let in_tenant = who.hears(&house, &within("w1", ask()));
        assert_eq!(in_tenant, if who.memberships.is_empty() { "not_a_member" } else { "no_grant" }, "{case}");
    }
    // A grant of a role that the catalogue does not have.
    let house = compiled(vec![grant("g", "guest", "*", "*")], Vec::new());
    assert_eq!(caller("u").member("w1", "guest").hears(&house, &within("w1", ask())), "no_grant");
}

#[test]
fn a_key_means_the_role_of_its_scope() {
    let mut catalogue = catalogue(vec![grant("g", "auditor", "*", "*")], Vec::new());
    catalogue.roles.push(role("auditor", RoleScope::Workspace));
    let house = Compiled::new(&catalogue).unwrap();
    let platform = caller("u").platform("auditor");
    assert_eq!(platform.hears(&house, &question("a:b", "c")), "no_grant");
    assert_eq!(caller("u").member("w", "auditor").hears(&house, &within("w", question("a:b", "c"))), "granted_by_role");
}

#[test]
fn a_disabled_subject_is_denied_everything() {
    let permits_all = policy("all", "permit (principal, action, resource);");
    let house = compiled(vec![grant("g", "admin", "*", "*")], vec![permits_all]);
    let verdict = caller("u").platform("admin").disabled().asks(&house, &question("documents:read", "projects/a1"));
    assert_eq!((verdict.allowed, verdict.reason), (false, Reason::SubjectDisabled));
    assert_eq!(verdict.determining, ["default:subject_disabled"]);
    // Before everything else that forbids.
    let archived = caller("u").member("w1", "owner").archived().disabled();
    let verdict = archived.asks(&house, &within("w1", question("a:write", "c")));
    assert_eq!(verdict.reason, Reason::SubjectDisabled);
    assert_eq!(verdict.determining, ["default:subject_disabled", "default:workspace_archived"]);
}

#[test]
fn an_archived_workspace_is_only_read() {
    let house = house();
    let owner = caller("u").member("w1", "owner").archived();
    for (action, expected) in [
        ("documents:read", "granted_by_role"),
        ("documents:list", "granted_by_role"),
        ("documents:page:read", "granted_by_role"),
        ("documents:write", "workspace_archived"),
        ("documents:readme", "workspace_archived"),
        ("documents:unread", "workspace_archived"),
        ("read", "workspace_archived"),
        ("read:all", "workspace_archived"),
    ] {
        assert_eq!(owner.hears(&house, &within("w1", question(action, "projects/a1"))), expected, "{action}");
    }
    // Only there.
    let elsewhere = owner.clone().member("w2", "owner");
    assert_eq!(elsewhere.hears(&house, &within("w2", question("documents:write", "projects/a1"))), "granted_by_role");
}

#[test]
fn what_is_known_of_a_tenant_counts_for_those_who_are_no_members() {
    let house = house();
    let admin = caller("a").platform("admin");
    let mut ask = within("w1", question("documents:write", "projects/a1"));
    for (state, expected) in
        [(WorkspaceState::Active, "granted_by_role"), (WorkspaceState::Archived, "workspace_archived")]
    {
        ask.tenant = Some(Tenant::parse("w1").unwrap().in_state(state));
        assert_eq!(admin.hears(&house, &ask), expected);
    }
    // If a membership says that it is archived, it is.
    ask.tenant = Some(Tenant::parse("w1").unwrap().in_state(WorkspaceState::Active));
    assert_eq!(caller("u").member("w1", "owner").archived().hears(&house, &ask), "workspace_archived");
}
