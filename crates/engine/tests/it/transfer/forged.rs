//! Files that somebody who has the key has written by hand: every tag is right, and what they say is not. What only the
//! store can know (a name that is taken) is named by line too, and the whole is taken back.

use std::fs::File;
use std::path::Path;

use cognate_domain::transfer::{DomainLine, Line, PasswordLine, UserLine};
use cognate_engine::transfer::{LineReader, LineWriter, Origin, Secret};
use cognate_testkit::app::people_file;
use cognate_testkit::{On as _, TestApp, TestDb, both_engines};
use serde_json::json;
use std::io::BufReader;

use super::{assert_nothing_of_it, check, flaw, import, key, place, rows};

/// Writes a file again, with its lines as `change` leaves them; under its own tags, and its values sealed anew.
pub(super) fn rewritten(from: &Path, to: &Path, app: &TestApp, mut change: impl FnMut(Vec<Line>) -> Vec<Line>) {
    let key = key();
    let mut reader = LineReader::open(BufReader::new(File::open(from).unwrap()), &key).unwrap();
    let header = reader.header().clone();
    let origin = Origin { pool_id: header.pool_id, region: header.region, account: header.account, now: app.cx().now };
    let mut lines = Vec::new();
    while let Some(line) = reader.next_line().unwrap() {
        if !matches!(line, Line::Footer(_)) {
            lines.push(line);
        }
    }
    let entropy = app.app.entropy.as_ref();
    let mut writer = LineWriter::begin(File::create(to).unwrap(), &key, &origin, entropy).unwrap();
    let (old, app) = (reader.same_keys(&key).unwrap(), &app.app);
    for mut line in change(lines) {
        let again = |secret, row: &str, sealed: &mut Vec<u8>| {
            if let Ok(plain) = old.open(secret, row, sealed) {
                *sealed = writer.keys().seal(secret, row, &plain, app.entropy.as_ref()).unwrap();
            }
        };
        match &mut line {
            Line::Pool(pool) => again(Secret::VeilKey, "", &mut pool.veil_key.0),
            Line::SigningKey(key) => again(Secret::SigningKey, &key.kid, &mut key.private_key.0),
            Line::User(user) => {
                if let Some(password) = &mut user.password {
                    again(Secret::Verifier, &user.id, &mut password.verifier.0);
                }
            }
            _ => {}
        }
        writer.write(&line).unwrap();
    }
    writer.finish().unwrap();
}

fn user(line: &mut Line) -> Option<&mut UserLine> {
    if let Line::User(user) = line { Some(user) } else { None }
}

both_engines! {
    async fn a_name_that_is_there_twice_takes_the_whole_file_back(app: TestApp) {
        let (_folder, path) = place();
        people_file::write(&path, [42; 32], 2500);
        let forged = path.with_extension("forged");
        // Users begin in line 6; the first batch of a thousand lines has been kept when the clash shows.
        rewritten(&path, &forged, &app, |mut lines| {
            let first = user(&mut lines[4]).unwrap().username.clone();
            user(&mut lines[2000]).unwrap().username = first;
            lines
        });
        let (line, reason) = flaw(import(&app, &forged).await);
        assert_eq!((line, reason.as_str()), (2002, "a name of this user is already that of a user in an earlier line"));
        assert_nothing_of_it(&app).await;

        rewritten(&path, &forged, &app, |mut lines| {
            let earlier = user(&mut lines[100]).unwrap().username.clone();
            user(&mut lines[101]).unwrap().username = earlier;
            lines
        });
        assert_eq!(flaw(import(&app, &forged).await).0, 103, "within one batch");
        assert_nothing_of_it(&app).await;
        import(&app, &path).await.unwrap();
        assert_eq!(app.rows("users").await, 2500);
    }

    async fn what_is_another_pools_in_this_store_is_refused_by_its_line(app: TestApp) {
        let other = app.pool().await;
        let client = app.client(&other).await;
        app.idp("CreateUserPoolDomain", json!({ "UserPoolId": other, "Domain": "taken" })).await.assert_good();
        app.user(&other, "ann").await;
        let before = rows(&app).await;
        let (_folder, path) = place();
        people_file::write(&path, [42; 32], 3);
        let forged = path.with_extension("forged");

        rewritten(&path, &forged, &app, |mut lines| {
            if let Line::Client(line) = &mut lines[3] {
                line.id.clone_from(&client);
            }
            lines
        });
        let (line, reason) = flaw(import(&app, &forged).await);
        assert_eq!((line, reason), (5, format!("the client id {client} is another client's in this store")));

        rewritten(&path, &forged, &app, |mut lines| {
            let config = serde_json::from_value(json!({ "managed_login_version": 1 })).unwrap();
            let domain = DomainLine { domain: "taken".into(), config, created_at: 1, modified_at: 1 };
            lines.insert(4, Line::Domain(domain));
            lines
        });
        let (line, reason) = flaw(import(&app, &forged).await);
        assert_eq!((line, reason.as_str()), (6, "the domain taken is another pool's in this store"));

        assert_eq!(rows(&app).await, before, "nothing of the files is left, and nothing of the other pool is gone");
        app.tokens(&client, "ann").await;
        import(&app, &path).await.unwrap();
    }
}

type Change = fn(&mut Vec<Line>);

#[tokio::test]
async fn what_could_not_be_used_is_refused_before_anything_is_written() {
    let app = TestApp::on(TestDb::sqlite()).await;
    let (_folder, path) = place();
    people_file::write(&path, [42; 32], 3);
    let forged = path.with_extension("forged");
    let cases: [(Change, u64, &str); 8] = [
        (|lines| lines.swap(4, 5), 7, "does not belong here"),
        (|lines| drop(lines.remove(1)), 8, "no key that signs"),
        (|lines| user(&mut lines[5]).unwrap().status = "DEAD".into(), 7, "status is unknown"),
        (|lines| user(&mut lines[5]).unwrap().attributes.set("shoe", "9"), 7, "not in the pool's schema"),
        (
            |lines| {
                let stolen = user(&mut lines[4]).unwrap().password.as_ref().unwrap().verifier.clone();
                user(&mut lines[5]).unwrap().password.as_mut().unwrap().verifier = stolen;
            },
            7,
            "user.password.verifier belongs elsewhere",
        ),
        (
            |lines| {
                let password: &mut PasswordLine = user(&mut lines[5]).unwrap().password.as_mut().unwrap();
                password.verifier.0.truncate(70);
            },
            7,
            "user.password.verifier belongs elsewhere",
        ),
        (
            |lines| {
                if let Line::Pool(pool) = &mut lines[0] {
                    pool.veil_key.0.clear();
                }
            },
            2,
            "pool.veilKey belongs elsewhere",
        ),
        (
            |lines| {
                if let Line::SigningKey(key) = &mut lines[2] {
                    key.private_key.0[70] ^= 1;
                }
            },
            4,
            "signingKey.privateKey belongs elsewhere",
        ),
    ];
    for (change, line, why) in cases {
        rewritten(&path, &forged, &app, |mut lines| {
            change(&mut lines);
            lines
        });
        let (named, reason) = flaw(check(&app, &forged).await);
        assert!(named == line && reason.contains(why), "line {named}: {reason}");
    }
    rewritten(&path, &forged, &app, |lines| lines);
    import(&app, &forged).await.unwrap();
}
