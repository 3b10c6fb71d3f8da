//! What is allocated is freed (these pointers are aws-lc's, so the compiler does not see to it), and what aws-lc refuses is noticed.

use std::process::Command;

use crate::bn::{Modulus, Num, Reckoner, done};
use crate::constants::{BYTES, N};

/// Bytes that this process has resident.
fn resident() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap();
    pages.split(' ').nth(1).unwrap().parse::<usize>().unwrap() * 4096
}

/// Runs `work` 1,000 times to fill every pool there is, then `times` more, and says how much the process grew.
fn growth(times: usize, work: impl Fn()) -> usize {
    (0..1000).for_each(|_| work());
    let before = resident();
    (0..times).for_each(|_| work());
    resident().saturating_sub(before)
}

const LITTLE: usize = 8 << 20;
const ALONE: &str = "MEMORY_IS_MEASURED_HERE";

/// In a process of its own: what the tests beside it allocate would be counted too.
#[test]
fn numbers_moduli_and_scratch_space_are_freed() {
    if std::env::var_os(ALONE).is_none() {
        let alone = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "tests::memory::numbers_moduli_and_scratch_space_are_freed", "--nocapture"])
            .env(ALONE, "1")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&alone.stdout) + String::from_utf8_lossy(&alone.stderr);
        assert!(alone.status.success() && said.contains("1 passed"), "{said}");
        return;
    }

    let modulus = Modulus::new(&N);
    // Leaked, each of the three would take more than 20 MB.
    let numbers = growth(100_000, || drop(Num::from_bytes(&[7; BYTES])));
    let moduli = growth(20_000, || drop(Modulus::new(&N)));
    let scratch = growth(20_000, || {
        let mut reckoner = Reckoner::new(&modulus);
        reckoner.square(&mut Num::from_bytes(&[7; BYTES]));
    });

    assert!(numbers < LITTLE, "{numbers}");
    assert!(moduli < LITTLE, "{moduli}");
    assert!(scratch < LITTLE, "{scratch}");
}

#[test]
#[should_panic(expected = "aws-lc ran out of memory, or was given a number outside the group")]
fn a_refused_call_is_noticed() {
    done(0);
}
