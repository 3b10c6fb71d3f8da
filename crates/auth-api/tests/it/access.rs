//! Who may call what: every operation of the document that asks for a bearer, tried by everybody who could want to, each time on things that
//! were made for that call. What came of it is held against ledger/auth-api-access.txt.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use cognate_domain::Clock as _;
use cognate_domain::directory::{
    Claims, Grant, Invitation, PLATFORM_ADMIN, PolicyText, ProviderSubject, Role, RoleScope, Subject, SubjectKind,
    SubjectState, Workspace, WorkspaceState,
};
use cognate_domain::ids;
use cognate_store::members::{self, Place};
use cognate_store::{WriteTx, catalogue, invitations, subjects, workspaces};
use cognate_testkit::app::PASSWORD;
use cognate_testkit::{TestApp, both_engines};
use http::Method;
use serde_json::json;

use crate::kit::{Answer, Product};

/// Operations that ask for no bearer: who signs in has none yet, and events are signed.
const OPEN: &[&str] = &[
    "GET /v1/openapi.json",
    "POST /v1/auth/challenges/custom",
    "POST /v1/auth/challenges/email-code",
    "POST /v1/auth/challenges/new-password",
    "POST /v1/auth/challenges/select",
    "POST /v1/auth/challenges/sms-code",
    "POST /v1/auth/challenges/software-token",
    "POST /v1/auth/identifier-reminders",
    "POST /v1/auth/password-resets",
    "POST /v1/auth/password-resets/confirm",
    "POST /v1/auth/sign-in",
    "POST /v1/auth/sign-up",
    "POST /v1/auth/sign-up/confirm",
    "POST /v1/auth/sign-up/resend-confirmation",
    "POST /v1/auth/token/refresh",
    "POST /v1/auth/webhook",
];

/// Who tries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Actor {
    Nobody,
    /// A member with the ID token of their session.
    IdToken,
    Disabled,
    Machine,
    /// An owner, of another workspace.
    Stranger,
    Viewer,
    Member,
    Admin,
    Owner,
    Support,
    PlatformAdmin,
}

use Actor::{Admin, Disabled, IdToken, Machine, Member, Nobody, Owner, PlatformAdmin, Stranger, Support, Viewer};

const ACTORS: [Actor; 11] =
    [Nobody, IdToken, Disabled, Machine, Stranger, Viewer, Member, Admin, Owner, Support, PlatformAdmin];

impl Actor {
    /// In the workspace that is tried.
    const fn role(self) -> Option<&'static str> {
        match self {
            Self::IdToken | Self::Member => Some("member"),
            Self::Disabled | Self::Owner => Some("owner"),
            Self::Viewer => Some("viewer"),
            Self::Admin => Some("admin"),
            Self::Nobody | Self::Machine | Self::Stranger | Self::Support | Self::PlatformAdmin => None,
        }
    }

    const fn platform_role(self) -> Option<&'static str> {
        match self {
            Self::Support => Some("support"),
            Self::PlatformAdmin => Some(PLATFORM_ADMIN),
            _ => None,
        }
    }
}

/// One actor in a store of its own.
struct World {
    product: Product,
    actor: Actor,
    email: &'static str,
    /// None of nobody's.
    subject: Option<String>,
    token: Option<String>,
}

/// What was made for one call.
struct Things {
    workspace: String,
    member: String,
    invitation: String,
    subject: String,
    role: String,
    grant: String,
    policy: String,
}

impl World {
    async fn of(app: TestApp, actor: Actor) -> Self {
        let product = Product::open(app).await;
        let email = "actor@example.com";
        let mut world = Self { product, actor, email, subject: None, token: None };
        match actor {
            Nobody => return world,
            Machine => world.token = Some(world.product.machine().await.1),
            _ => {
                world.product.person(email).await;
                world.token = Some(world.session().await);
            }
        }
        let me = match actor {
            IdToken => world.product.signed_in(email).await.access,
            _ => world.token.clone().unwrap_or_default(),
        };
        let me = world.product.call(Method::GET, "/v1/me", Some(&me), None).await.good().text("/id");
        let now = world.product.app.clock.now();
        if let Some(role) = actor.platform_role() {
            let done = async |tx: &mut WriteTx<'_>| subjects::set_platform_role(tx, &me, Some(role), now).await;
            assert_eq!(world.product.write(done).await, subjects::Outcome::Done);
        }
        if actor == Disabled {
            let done = async |tx: &mut WriteTx<'_>| subjects::set_state(tx, &me, SubjectState::Disabled, now).await;
            assert_eq!(world.product.write(done).await, subjects::Outcome::Done);
        }
        world.subject = Some(me);
        world
    }

    async fn session(&self) -> String {
        let session = self.product.signed_in(self.email).await;
        if self.actor == IdToken { session.id } else { session.access }
    }

    async fn person(&self, name: &str) -> String {
        let entropy = self.product.app.app.entropy.as_ref();
        let (id, now) = (ids::uuid(entropy).to_string(), self.product.app.clock.now());
        let known_as = ProviderSubject { provider: "cognate".to_owned(), id: ids::uuid(entropy).to_string() };
        let claims = Claims { name: Some(name.to_owned()), email: None };
        let subject = Subject::new(id, SubjectKind::User, known_as, claims, now);
        self.product.write(async |tx: &mut WriteTx<'_>| subjects::insert_if_absent(tx, &subject).await).await.id
    }

    async fn workspace(&self, owner: &str) -> String {
        let now = self.product.app.clock.now();
        let workspace = Workspace {
            id: ids::uuid(self.product.app.app.entropy.as_ref()).to_string(),
            name: "Works".to_owned(),
            state: WorkspaceState::Active,
            created_by: owner.to_owned(),
            version: 1,
            created_at: now,
            modified_at: now,
        };
        assert!(self.product.write(async |tx: &mut WriteTx<'_>| workspaces::insert(tx, &workspace).await).await);
        workspace.id
    }

    async fn join(&self, workspace: &str, subject: &str, role: &str) {
        let (place, now) = (Place { workspace_id: workspace, subject_id: subject }, self.product.app.clock.now());
        let joined = async |tx: &mut WriteTx<'_>| members::add(tx, place, role, now).await;
        assert_eq!(self.product.write(joined).await, members::Outcome::Done);
    }

    async fn things(&self) -> Things {
        let now = self.product.app.clock.now();
        let fresh = || ids::uuid(self.product.app.app.entropy.as_ref()).to_string();
        let (founder, member) = (self.person("Founder").await, self.person("Member").await);
        let workspace = self.workspace(&founder).await;
        self.join(&workspace, &member, "member").await;
        if let (Some(role), Some(subject)) = (self.actor.role(), &self.subject) {
            self.join(&workspace, subject, role).await;
        }
        if self.actor == Stranger {
            self.workspace(self.subject.as_ref().unwrap()).await;
        }
        let invitation = Invitation {
            workspace_id: workspace.clone(),
            id: fresh(),
            email: "guest@example.com".to_owned(),
            role: "viewer".to_owned(),
            invited_by: founder,
            created_at: now,
            expires_at: now + std::time::Duration::from_hours(1),
        };
        let digest = cognate_jose::sha256(invitation.id.as_bytes());
        let kept = async |tx: &mut WriteTx<'_>| invitations::insert(tx, &invitation, &digest).await;
        assert_eq!(self.product.write(kept).await, members::Outcome::Done);

        let key = format!("r{}", fresh().replace('-', ""));
        let role = Role {
            key: key.clone(),
            scope: RoleScope::Workspace,
            name: "Auditor".to_owned(),
            description: None,
            built_in: false,
            created_at: now,
            modified_at: now,
        };
        let grant = Grant {
            id: fresh(),
            role: key.clone(),
            action: "documents:read".to_owned(),
            resource: "*".to_owned(),
            condition: None,
            created_at: now,
        };
        let policy = PolicyText {
            id: format!("p{}", fresh()),
            source: "forbid (principal, action == Cognate::Action::\"never:asked\", resource);".to_owned(),
            created_at: now,
            modified_at: now,
        };
        let kept = async |tx: &mut WriteTx<'_>| {
            let role = catalogue::insert_role(tx, &role).await?;
            let grant = catalogue::insert_grant(tx, &grant).await?;
            Ok([role, grant, catalogue::insert_policy(tx, &policy).await?])
        };
        assert_eq!(self.product.write(kept).await, [catalogue::Outcome::Done; 3]);
        let subject = self.product.person(&format!("{}@example.com", fresh())).await;
        let subject = self.known(&subject).await;
        Things { workspace, member, invitation: invitation.id, subject, role: key, grant: grant.id, policy: policy.id }
    }

    /// The subject of a person of the pool's.
    async fn known(&self, sub: &str) -> String {
        let (id, now) = (ids::uuid(self.product.app.app.entropy.as_ref()).to_string(), self.product.app.clock.now());
        let known_as = ProviderSubject { provider: "cognate".to_owned(), id: sub.to_owned() };
        let subject = Subject::new(id, SubjectKind::User, known_as, Claims::default(), now);
        self.product.write(async |tx: &mut WriteTx<'_>| subjects::insert_if_absent(tx, &subject).await).await.id
    }

    /// The catalogue holds only so much.
    async fn clear(&self, things: &Things) {
        let now = self.product.app.clock.now();
        let cleared = async |tx: &mut WriteTx<'_>| {
            let _gone_already = catalogue::delete_policy(tx, &things.policy).await?;
            let _gone_already = catalogue::delete_role(tx, &things.role, now).await?;
            Ok(())
        };
        self.product.write(cleared).await;
    }

    /// One operation, with a body that would do.
    async fn attempt(&mut self, operation: &str) -> Answer {
        let things = self.things().await;
        let (method, path) = operation.split_once(' ').unwrap();
        let Things { workspace, member, invitation, subject, role, grant, policy } = &things;
        let of_admin = path.starts_with("/v1/admin/");
        let id = match path {
            path if path.starts_with("/v1/admin/users") => subject,
            path if path.starts_with("/v1/admin/grants") => grant,
            path if path.starts_with("/v1/admin/policies") => policy,
            _ => workspace,
        };
        let mut address = path
            .replace("{id}", id)
            .replace("{subjectId}", member)
            .replace("{invitationId}", invitation)
            .replace("{key}", role);
        assert!(!address.contains('{'), "{address}");
        if operation == "GET /v1/admin/users" {
            address.push_str("?name=Mem");
        }
        let machine = || async {
            let entropy = self.product.app.app.entropy.as_ref();
            let (id, now) = (ids::uuid(entropy).to_string(), self.product.app.clock.now());
            let known_as = ProviderSubject { provider: "cognate".to_owned(), id: id.clone() };
            let subject = Subject::new(id, SubjectKind::Machine, known_as, Claims::default(), now);
            self.product.write(async |tx: &mut WriteTx<'_>| subjects::insert_if_absent(tx, &subject).await).await.id
        };
        let text = "forbid (principal, action == Cognate::Action::\"never:asked\", resource);";
        let body = match operation {
            _ if ["GET", "DELETE"].contains(&method) => None,
            "POST /v1/auth/sign-out" | "POST /v1/admin/users/{id}/password-resets" => Some(json!({})),
            "POST /v1/auth/password-verifications" => Some(json!({ "password": PASSWORD })),
            "PATCH /v1/auth/password" => Some(json!({ "currentPassword": PASSWORD, "newPassword": PASSWORD })),
            "PATCH /v1/me" => Some(json!({ "displayName": "Annie" })),
            "POST /v1/authorization/decisions" => {
                Some(json!({ "action": "workspace:read", "resource": "x", "tenant": workspace }))
            }
            "POST /v1/workspaces" | "PATCH /v1/workspaces/{id}" => Some(json!({ "name": "Other works" })),
            "POST /v1/workspaces/{id}/members" => Some(json!({ "subjectId": machine().await, "role": "viewer" })),
            "PATCH /v1/workspaces/{id}/members/{subjectId}" => Some(json!({ "role": "viewer" })),
            "POST /v1/workspaces/{id}/invitations" => Some(json!({ "email": "new@example.com", "role": "viewer" })),
            "POST /v1/invitations/accept" => Some(json!({ "token": "nobody-was-given-this-token-0123456789ab" })),
            "POST /v1/admin/users" => Some(json!({ "email": format!("{member}@example.com") })),
            "PATCH /v1/admin/users/{id}" => Some(json!({ "plan": "team" })),
            "POST /v1/admin/roles" => {
                Some(json!({ "key": format!("n{}", &role[1..]), "scope": "workspace", "name": "New" }))
            }
            "PATCH /v1/admin/roles/{key}" => Some(json!({ "name": "Renamed" })),
            "POST /v1/admin/grants" => Some(json!({ "role": role, "action": "documents:write", "resource": "*" })),
            "PATCH /v1/admin/grants/{id}" => Some(json!({ "action": "documents:list" })),
            "POST /v1/admin/policies" => Some(json!({ "id": format!("n{}", &policy[1..]), "source": text })),
            "PUT /v1/admin/policies/{id}" => Some(json!({ "source": text })),
            _ => unreachable!("{operation} has no body here yet"),
        };
        assert!(!of_admin || body.is_some() || ["GET", "DELETE"].contains(&method));
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let answer = self.product.call(method, &address, self.token.as_deref(), body).await;
        self.clear(&things).await;
        // Who has signed out signs in again for what comes next.
        if operation.starts_with("POST /v1/auth/sign-out") && answer.status == 204 {
            self.product.app.clock.tick();
            self.token = Some(self.session().await);
        }
        answer
    }
}

fn told(answer: &Answer) -> String {
    if answer.status < 400 {
        return answer.status.to_string();
    }
    let (status, code) = answer.problem();
    format!("{status} {code}")
}

both_engines! {
    async fn everybody_may_do_what_the_ledger_says_and_nothing_else(app: TestApp) {
        let product = Product::open(app.another_node().await).await;
        let document = product.call(Method::GET, "/v1/openapi.json", None, None).await.good().body;
        let mut operations = Vec::new();
        let mut open = Vec::new();
        for (path, methods) in document["paths"].as_object().unwrap() {
            for (method, described) in methods.as_object().unwrap() {
                let operation = format!("{} {path}", method.to_uppercase());
                if described.get("security").is_some() { operations.push(operation) } else { open.push(operation) }
            }
        }
        open.push("GET /v1/openapi.json".to_owned());
        open.sort();
        assert_eq!(open, OPEN);
        assert!(operations.len() > 5);

        let mut outcomes: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for actor in ACTORS {
            let mut world = World::of(app.another_node().await, actor).await;
            for operation in &operations {
                let answer = world.attempt(operation).await;
                outcomes.entry(operation.clone()).or_default().push(told(&answer));
            }
        }
        let ledger = written(&outcomes);
        let kept = include_str!("../../../../ledger/auth-api-access.txt");
        let at = concat!(env!("CARGO_TARGET_TMPDIR"), "/auth-api-access.txt");
        std::fs::write(at, &ledger).unwrap();
        assert!(ledger == kept, "what everybody may do has changed: compare {at} with ledger/auth-api-access.txt\n{ledger}");
    }
}

/// An operation a block, an actor a line: a change is seen where it is.
fn written(outcomes: &BTreeMap<String, Vec<String>>) -> String {
    let mut text = String::from(
        "# What comes of every operation of the Auth API that asks for a bearer, by who tries it. Held by the test `access`, which says\n\
         # where it keeps what it found. A line may change only together with what the documents say of the operation.\n",
    );
    for (operation, tried) in outcomes {
        let _ = write!(text, "\n{operation}\n");
        for (actor, outcome) in ACTORS.iter().zip(tried) {
            let _ = writeln!(text, "  {:<14} {outcome}", format!("{actor:?}"));
        }
    }
    text
}
