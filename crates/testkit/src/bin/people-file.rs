//! Writes an export file with as many people as wanted, to be read by `cognate import`:
//! `people-file USERS FILE KEY_FILE`. The key file holds the export key, 32 bytes in base64; it is made if it is missing.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::process::ExitCode;

use cognate_testkit::app::{PASSWORD, people_file};
use data_encoding::BASE64;
use serde_json::json;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [users, file, key_file] = words.as_slice() else { return usage() };
    let Ok(users) = users.parse() else { return usage() };
    match key(Path::new(key_file)) {
        Ok(key) => {
            let made = people_file::write(Path::new(file), key, users);
            let said = json!({
                "userPoolId": made.pool_id,
                "clientId": made.client_id,
                "users": made.users,
                "firstUsername": people_file::name(0),
                "password": PASSWORD,
            });
            drop(writeln!(std::io::stdout(), "{said}"));
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("{key_file}: {why}");
            ExitCode::FAILURE
        }
    }
}

fn usage() -> ExitCode {
    eprintln!("usage: people-file USERS FILE KEY_FILE");
    ExitCode::from(2)
}

fn key(path: &Path) -> Result<[u8; 32], String> {
    if !path.exists() {
        let mut fresh = [0; 32];
        aws_lc_rs::rand::fill(&mut fresh).map_err(|_| "no chance".to_owned())?;
        let mut options = fs::OpenOptions::new();
        let made = options.write(true).create_new(true).mode(0o600).open(path);
        let written = made.and_then(|mut file| writeln!(file, "{}", BASE64.encode(&fresh)));
        written.map_err(|error| error.to_string())?;
    }
    let text = fs::read_to_string(path).map_err(|error| error.to_string())?;
    let bytes = BASE64.decode(text.trim().as_bytes()).map_err(|error| error.to_string())?;
    bytes.try_into().map_err(|_| "not 32 bytes".to_owned())
}
