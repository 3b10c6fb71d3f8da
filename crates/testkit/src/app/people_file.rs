//! An export file of a pool with as many people as wanted, for load and for imports: real verifiers, all of one password.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;
use std::thread;

use cognate_domain::attributes::Attributes;
use cognate_domain::client::ClientConfig;
use cognate_domain::pool::{Pool, PoolConfig};
use cognate_domain::transfer::{Bytes, ClientLine, Line, PasswordLine, PoolLine, SigningKeyLine, UserLine};
use cognate_domain::{Entropy, Timestamp, ids};
use cognate_engine::transfer::{LineWriter, Origin, Secret};
use cognate_jose::{MasterKey, SigningKey};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{ACCOUNT, PASSWORD, REGION};

/// What signs in: `person-0000000` to one before `users`, or `{name}@example.com` by a filter, all with `PASSWORD`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeopleFile {
    pub pool_id: String,
    /// A public client with passwords, SRP and refreshing.
    pub client_id: String,
    pub users: u64,
}

/// People whose verifiers are computed at a time.
const BLOCK: u64 = 4096;
const BLOCK_STEP: usize = 4096;

pub fn name(at: u64) -> String {
    format!("person-{at:07}")
}

/// Writes the file and answers what is in it. On every core; a million take a minute or two.
pub fn write(path: &Path, key: [u8; 32], users: u64) -> PeopleFile {
    let key = MasterKey::from_bytes(key);
    let pool_id = ids::pool_id(&Chance, REGION);
    let now = Timestamp(1_767_323_045_000);
    let origin = Origin { pool_id: pool_id.clone(), region: REGION.into(), account: ACCOUNT.into(), now };
    let out = BufWriter::with_capacity(1 << 20, File::create(path).expect("a place for the file"));
    let mut writer = LineWriter::begin(out, &key, &origin, &Chance).expect("a header");

    let pool = pool(&pool_id, now);
    let veil_key = seal(&writer, Secret::VeilKey, "", &pool.veil_key);
    let line = PoolLine { config: pool.config.clone(), veil_key, created_at: now.0, modified_at: now.0 };
    put(&mut writer, &Line::Pool(Box::new(line)));
    let mut keys: Vec<_> = ["id", "access"].map(|token_use| (token_use, SigningKey::generate().expect("a key"))).into();
    keys.sort_by(|(_, one), (_, other)| one.0.kid().cmp(other.0.kid()));
    for (token_use, (key, der)) in &keys {
        let line = SigningKeyLine {
            kid: key.kid().to_owned(),
            token_use: (*token_use).to_owned(),
            private_key: seal(&writer, Secret::SigningKey, key.kid(), der),
            created_at: now.0,
            retired_at: None,
        };
        put(&mut writer, &Line::SigningKey(line));
    }
    let client_id = ids::client_id(&Chance);
    put(&mut writer, &Line::Client(Box::new(client(&pool, &client_id, now))));

    let cores = u64::try_from(thread::available_parallelism().map_or(2, usize::from)).unwrap_or(2);
    for from in (0..users).step_by(BLOCK_STEP) {
        let to = users.min(from + BLOCK);
        let share = (to - from).div_ceil(cores);
        let lines: Vec<Vec<Line>> = thread::scope(|scope| {
            let parts = (from..to).step_by(usize::try_from(share).unwrap_or(1));
            let writer = &writer;
            let pool = &pool;
            let one = |begin: u64| {
                scope.spawn(move || {
                    (begin..to.min(begin + share)).map(|at| person(writer, pool, (at, users), now)).collect()
                })
            };
            let running: Vec<_> = parts.map(one).collect();
            running.into_iter().map(|thread| thread.join().expect("verifiers")).collect()
        });
        for line in lines.into_iter().flatten() {
            put(&mut writer, &line);
        }
    }
    writer.finish().expect("a footer");
    PeopleFile { pool_id, client_id, users }
}

type Writer = LineWriter<BufWriter<File>>;

fn put(writer: &mut Writer, line: &Line) {
    writer.write(line).unwrap_or_else(|failure| panic!("{failure:?}"));
}

fn seal(writer: &Writer, secret: Secret, row: &str, plain: &[u8]) -> Bytes {
    Bytes(writer.keys().seal(secret, row, plain, &Chance).expect("a sealed value"))
}

fn pool(id: &str, now: Timestamp) -> Pool {
    let request = json!({ "PoolName": "people", "AutoVerifiedAttributes": ["email"] });
    Pool {
        id: id.to_owned(),
        region: REGION.to_owned(),
        account: ACCOUNT.to_owned(),
        version: 1,
        created_at: now,
        modified_at: now,
        veil_key: ids::random(&Chance),
        config: PoolConfig::create(read(request)).expect("a pool"),
    }
}

fn client(pool: &Pool, id: &str, now: Timestamp) -> ClientLine {
    let request = json!({
        "UserPoolId": pool.id,
        "ClientName": "app",
        "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    });
    let config = ClientConfig::create(read(request), pool).expect("a client");
    let (created_at, modified_at) = (now.0, now.0);
    ClientLine { id: id.to_owned(), config, secret: None, added_secrets: Vec::new(), created_at, modified_at }
}

fn read<T: DeserializeOwned>(request: Value) -> T {
    serde_json::from_value(request).expect("a request of the model")
}

/// Ids go up, as a file's must: the first 32 bits are the person's place among all, the rest is chance.
fn person(writer: &Writer, pool: &Pool, place: (u64, u64), now: Timestamp) -> Line {
    let (at, users) = place;
    let [mut bytes, salt] = [ids::random::<16>(&Chance), ids::random::<16>(&Chance)];
    let high = u32::try_from((at << 32) / users.max(1)).expect("fewer people than 32 bits");
    for (to, from) in bytes.iter_mut().zip(high.to_be_bytes()) {
        *to = from;
    }
    let id = ids::uuid(&Fixed(bytes)).to_string();
    let name = name(at);
    let verifier = cognate_srp::verifier(pool.srp_name(), &name, PASSWORD, &salt);
    let verifier = seal(writer, Secret::Verifier, &id, &verifier[..]);
    let attributes = [
        ("email", format!("{name}@example.com")),
        ("email_verified", "true".to_owned()),
        ("name", format!("Person {at}")),
    ];
    Line::User(Box::new(UserLine {
        id,
        username: name,
        status: "CONFIRMED".to_owned(),
        enabled: true,
        attributes: attributes.into_iter().collect::<Attributes>(),
        password: Some(PasswordLine { salt: Bytes(salt.to_vec()), verifier, expires_at: None }),
        password_history: None,
        groups: Vec::new(),
        pending: Vec::new(),
        created_at: now.0,
        modified_at: now.0,
    }))
}

struct Chance;

impl Entropy for Chance {
    fn fill(&self, bytes: &mut [u8]) {
        aws_lc_rs::rand::fill(bytes).expect("chance");
    }
}

struct Fixed([u8; 16]);

impl Entropy for Fixed {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.copy_from_slice(&self.0);
    }
}
