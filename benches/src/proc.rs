//! What Linux says of a process: the time it computed (of all its threads, ended ones too) and the memory it holds.
//! The time is exact to 10 ms: Linux keeps it in nanoseconds and shows it in ticks.

use std::fs;
use std::time::Duration;

use anyhow::{Context as _, Result};

/// `/proc` shows ticks of 1/100 s on every Linux, whatever the kernel's own tick (`USER_HZ`).
pub(crate) const TICK: Duration = Duration::from_millis(10);

struct Stat {
    pid: u32,
    parent: u32,
    own: u32,
    ended_children: u32,
}

impl Stat {
    fn read(pid: u32) -> Result<Self> {
        let text = fs::read_to_string(format!("/proc/{pid}/stat")).with_context(|| format!("process {pid} is gone"))?;
        let (_, rest) = text.rsplit_once(')').context("/proc/PID/stat without a name")?; // the name may hold spaces
        let fields: Vec<&str> = rest.split_ascii_whitespace().collect();
        let field = |number: usize| -> Result<u32> {
            let text = fields.get(number - 3).context("/proc/PID/stat is short")?; // numbered as in proc(5)
            Ok(text.parse()?)
        };
        Ok(Self { pid, parent: field(4)?, own: field(14)? + field(15)?, ended_children: field(16)? + field(17)? })
    }
}

/// User and system time of a process.
pub(crate) fn cpu(pid: u32) -> Result<Duration> {
    Ok(TICK * Stat::read(pid)?.own)
}

/// The same of a process and all its children: PostgreSQL has one for each connection.
pub(crate) fn cpu_of_family(pid: u32) -> Result<Duration> {
    let parent = Stat::read(pid)?;
    let mut ticks = parent.own + parent.ended_children;
    for entry in fs::read_dir("/proc")? {
        let Some(pid) = entry?.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        if let Ok(stat) = Stat::read(pid)
            && stat.parent == parent.pid
        {
            ticks += stat.own + stat.ended_children;
        }
    }
    Ok(TICK * ticks)
}

/// Of this very thread, in nanoseconds.
pub(crate) fn cpu_of_thread() -> Result<Duration> {
    let text = fs::read_to_string("/proc/thread-self/schedstat").context("the kernel keeps no schedstat")?;
    let computed = text.split_ascii_whitespace().next().context("an empty schedstat")?;
    Ok(Duration::from_nanos(computed.parse()?))
}

/// Resident memory in KiB.
pub(crate) fn resident_kib(pid: u32) -> Result<u32> {
    let text = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}
