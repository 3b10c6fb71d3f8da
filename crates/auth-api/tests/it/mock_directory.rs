//! What the directory knows of a mock's file, the first time and every time after it.

use cognate_auth_api::provider::mock::Script;
use cognate_auth_api::provider::{Mock, Provider as _};
use cognate_domain::directory::{Catalogue, Onboarding, ProviderSubject, Subject, SubjectKind};
use cognate_jose::{Alg, SigningKey};
use cognate_store::callers::Caller;
use cognate_store::{callers, catalogue, members, workspaces};
use cognate_testkit::{TestApp, both_engines};

const SCRIPT: &str = r#"
    [[users]]
    email = "ann@example.com"
    password = "Correct-Horse-9"
    name = "Ann"
    sub = "ann"
    platform_role = "platform_admin"
    plan = "pro"

    [[users]]
    email = "ben@example.com"
    password = "Correct-Horse-9"
    sub = "ben"

    [[machines]]
    client_id = "nightly"
    client_secret = "secret-of-nightly"
    kind = "job"

    [[workspaces]]
    id = "5d1f4c0e-9a58-4f0a-8a5e-0d6c2f1b7e11"
    name = "Acme"
    members = [
        { machine = "nightly", role = "editor" },
        { user = "BEN@example.com", role = "viewer" },
        { user = "ann@example.com", role = "owner" },
    ]

    [[workspaces]]
    name = "Umbrella"
    members = [{ user = "ben@example.com", role = "owner" }]

    [[roles]]
    key = "editor"
    name = "Editor"
    description = "Writes documents."

    [[grants]]
    role = "editor"
    action = "documents:*"
    resource = "projects/*"
    condition = { kinds = ["job"] }

    [[grants]]
    role = "viewer"
    action = "documents:read"
    resource = "*"
"#;
const ACME: &str = "5d1f4c0e-9a58-4f0a-8a5e-0d6c2f1b7e11";

fn mock(app: &TestApp, script: &str) -> Mock {
    let script = Script::read(script).unwrap_or_else(|flaws| panic!("{flaws:?}"));
    let (key, _) = SigningKey::generate_for(Alg::Es256).unwrap();
    Mock::new(script, &app.app, key).unwrap()
}

async fn seed(app: &TestApp, script: &str) {
    mock(app, script).seed(&mut app.cx()).await.unwrap();
}

async fn caller(app: &TestApp, id: &str) -> Caller {
    let known_as = ProviderSubject { provider: "mock".to_owned(), id: id.to_owned() };
    callers::find(&mut app.cx().read().await.unwrap(), &known_as, None).await.unwrap()
}

/// Workspaces by name, and the role there.
async fn belongs(app: &TestApp, id: &str) -> Vec<(String, String)> {
    let memberships = caller(app, id).await.memberships;
    let mut told: Vec<_> = memberships.into_iter().map(|member| (member.workspace_name, member.role)).collect();
    told.sort();
    told
}

fn pairs(of: &[(&str, &str)]) -> Vec<(String, String)> {
    of.iter().map(|(one, other)| ((*one).to_owned(), (*other).to_owned())).collect()
}

/// Everything that a seeding could change.
async fn whole(app: &TestApp) -> (Catalogue, Vec<Option<Subject>>, Vec<String>) {
    let mut subjects = Vec::new();
    let mut told = Vec::new();
    for id in ["ann", "ben", "nightly"] {
        let caller = caller(app, id).await;
        told.push(format!("{:?}", caller.memberships));
        subjects.push(caller.subject);
    }
    let mut tx = app.cx().read().await.unwrap();
    told.push(format!("{:?}", members::list(&mut tx, ACME, "", 10).await.unwrap()));
    told.push(format!("{:?}", workspaces::find(&mut tx, ACME, "").await.unwrap()));
    (catalogue::load(&mut tx).await.unwrap(), subjects, told)
}

both_engines! {
    async fn the_directory_begins_as_the_file_says(app: TestApp) {
        seed(&app, SCRIPT).await;
        let ann = caller(&app, "ann").await.subject.unwrap();
        assert_eq!((ann.kind, ann.plan.as_str(), ann.onboarding), (SubjectKind::User, "pro", Onboarding::New));
        assert_eq!(ann.platform_role.as_deref(), Some("platform_admin"));
        assert_eq!((ann.claims.name.as_deref(), ann.claims.email.as_deref()), (Some("Ann"), Some("ann@example.com")));
        let nightly = caller(&app, "nightly").await.subject.unwrap();
        assert_eq!((nightly.kind, nightly.plan.as_str()), (SubjectKind::Job, "free"));

        assert_eq!(belongs(&app, "ann").await, pairs(&[("Acme", "owner")]));
        assert_eq!(belongs(&app, "ben").await, pairs(&[("Acme", "viewer"), ("Umbrella", "owner")]));
        assert_eq!(belongs(&app, "nightly").await, pairs(&[("Acme", "editor")]));

        let known = catalogue::load(&mut app.cx().read().await.unwrap()).await.unwrap();
        let editor = known.roles.iter().find(|role| role.key == "editor").unwrap();
        assert_eq!((editor.name.as_str(), editor.built_in), ("Editor", false));
        let grants: Vec<_> = known.grants.iter().filter(|grant| grant.id.starts_with("mock-")).collect();
        let told: Vec<_> = grants.iter().map(|grant| (grant.role.as_str(), grant.action.as_str(), grant.resource.as_str())).collect();
        assert_eq!(told, [("editor", "documents:*", "projects/*"), ("viewer", "documents:read", "*")]);
        assert_eq!(serde_json::to_value(&grants[0].condition).unwrap(), serde_json::json!({ "kinds": ["job"] }));
    }

    async fn a_second_start_changes_nothing(app: TestApp) {
        seed(&app, SCRIPT).await;
        let before = whole(&app).await;
        app.clock.tick();
        seed(&app, SCRIPT).await;
        assert_eq!(whole(&app).await, before);
        assert_eq!(app.rows("subjects").await, 3);
        assert_eq!(app.rows("workspaces").await, 2);
    }

    async fn what_a_file_says_now_stands_and_the_rest_stays(app: TestApp) {
        seed(&app, SCRIPT).await;
        let changed = SCRIPT
            .replace("plan = \"pro\"", "")
            .replace("name = \"Acme\"", "name = \"Acme & Sons\"")
            .replace("sub = \"ben\"", "sub = \"ben\"\nplan = \"team\"\nname = \"Ben\"")
            .replace("kind = \"job\"", "kind = \"device\"")
            .replace("name = \"Editor\"", "name = \"Author\"")
            .replace("{ user = \"BEN@example.com\", role = \"viewer\" }", "{ user = \"BEN@example.com\", role = \"owner\" }")
            .replace("{ user = \"ann@example.com\", role = \"owner\" }", "{ user = \"ann@example.com\", role = \"admin\" }");
        seed(&app, &changed).await;

        assert_eq!(caller(&app, "ann").await.subject.unwrap().plan, "pro");
        let ben = caller(&app, "ben").await.subject.unwrap();
        assert_eq!((ben.plan.as_str(), ben.claims.name.as_deref()), ("team", Some("Ben")));
        assert_eq!(caller(&app, "nightly").await.subject.unwrap().kind, SubjectKind::Device);
        assert_eq!(belongs(&app, "ann").await, pairs(&[("Acme & Sons", "admin")]));
        assert_eq!(belongs(&app, "ben").await, pairs(&[("Acme & Sons", "owner"), ("Umbrella", "owner")]));
        let known = catalogue::load(&mut app.cx().read().await.unwrap()).await.unwrap();
        assert!(known.roles.iter().any(|role| role.key == "editor" && role.name == "Author"));
    }

    async fn an_emptied_store_is_seeded_again(app: TestApp) {
        let mock = mock(&app, SCRIPT);
        assert_eq!(mock.name(), "mock");
        mock.seed(&mut app.cx()).await.unwrap();
        let tables = ["members", "workspaces", "subjects", "role_grants", "roles", "catalogue"];
        app.app.db.write(async |tx| {
            for table in tables {
                tx.query(&format!("DELETE FROM {table}")).execute().await?;
            }
            Ok(())
        }).await.unwrap();
        mock.begin_anew(&app.app);
        mock.seed(&mut app.cx()).await.unwrap();
        assert_eq!(belongs(&app, "ann").await, pairs(&[("Acme", "owner")]));
        assert_eq!(app.rows("roles").await, 7);
    }

    async fn a_file_that_contradicts_the_store_seeds_nothing(app: TestApp) {
        seed(&app, SCRIPT).await;
        let before = whole(&app).await;
        let platform = SCRIPT
            .replace("key = \"editor\"", "key = \"editor\"\nscope = \"platform\"")
            .replace("{ machine = \"nightly\", role = \"editor\" }", "{ machine = \"nightly\", role = \"member\" }")
            .replace("plan = \"pro\"", "plan = \"team\"");
        let refused = mock(&app, &platform).seed(&mut app.cx()).await.unwrap_err();
        let cause = std::error::Error::source(&refused).unwrap().to_string();
        assert!(cause.contains("the role editor is there with another scope"), "{cause}");
        assert_eq!(whole(&app).await, before);
    }
}
