//! What the steps of a handshake cost on this machine: `cargo run -p cognate-srp --example measure`.

#![expect(clippy::print_stdout, reason = "a measuring tool prints what it measured")]

use std::hint::black_box;
use std::time::Instant;

use cognate_srp::{ClientPublic, challenge, password_matches, session_key, verifier, warm_up};

fn measure(what: &str, mut step: impl FnMut()) {
    const ROUNDS: u32 = 200;
    // The best of five: what is left when nobody else uses the core.
    let best = (0..5).map(|_| {
        let start = Instant::now();
        (0..ROUNDS).for_each(|_| step());
        start.elapsed() / ROUNDS
    });
    println!("{what:<18} {:>10.1?}", best.min().unwrap_or_default());
}

fn main() -> Result<(), cognate_srp::Refused> {
    let start = Instant::now();
    warm_up();
    println!("{:<18} {:>10.1?}  (once)", "tables", start.elapsed());

    let (salt, b) = ([0xa5; 16], [0xc3; 32]);
    let v = verifier("Ab3dE6gH9", "jane", "Passw0rd!", &salt);
    let server = challenge(&v, &b)?;
    let client = ClientPublic::from_bytes(*verifier("any", "other", "number", &salt))?;
    measure("verifier", || drop(black_box(verifier("Ab3dE6gH9", "jane", "Passw0rd!", black_box(&salt)))));
    measure("password_matches", || {
        black_box(password_matches("Ab3dE6gH9", "jane", "Passw0rd!", black_box(&salt), &v));
    });
    measure("challenge", || drop(black_box(challenge(&v, black_box(&b)))));
    // Two general exponentiations of 256 bits: half of it is what the comb is to be compared with.
    measure("session_key", || drop(black_box(session_key(&client, &server, &v, black_box(&b)))));
    Ok(())
}
