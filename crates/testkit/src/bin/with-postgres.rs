//! Starts a private PostgreSQL server, runs a command that finds it in `COGNATE_TEST_POSTGRES`, and stops it again:
//! `cargo run -p cognate-testkit --bin with-postgres -- cargo nextest run`. `--not-durable` first turns fsync off.

use std::process::{Command, ExitCode};

use cognate_testkit::databases::SERVER;
use cognate_testkit::server::Server;

fn main() -> ExitCode {
    let mut words = std::env::args_os().skip(1).peekable();
    let durable = words.next_if(|word| word == "--not-durable").is_none();
    let Some(program) = words.next() else {
        eprintln!("usage: with-postgres [--not-durable] COMMAND [ARGUMENTS]");
        return ExitCode::from(2);
    };

    let done = Server::start(durable).and_then(|server| {
        let status = Command::new(&program).args(words).env(SERVER, server.url()).status();
        status.map_err(|error| format!("{}: {error}", program.display()))
    });
    match done {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(status) => ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)),
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}
