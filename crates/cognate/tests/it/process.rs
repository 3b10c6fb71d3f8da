//! Starts the binary as a process and speaks HTTP to it by hand, so that nothing of ours stands between.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

/// The binary, with none of our variables.
pub(crate) fn cognate(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cognate"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("COGNATE__")) {
        command.env_remove(name);
    }
    command.args(arguments);
    command
}

/// Runs to the end.
pub(crate) fn run(arguments: &[&str]) -> Output {
    cognate(arguments).output().unwrap()
}

pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Runs to the end, and expects exit code 2 with every one of `names` in what it says.
#[track_caller]
pub(crate) fn refused(arguments: &[&str], names: &[&str]) -> String {
    let output = run(arguments);
    let said = stderr(&output);
    assert_eq!(output.status.code(), Some(2), "{said}");
    for name in names {
        assert!(said.contains(name), "{name} is not named in: {said}");
    }
    said
}

/// A server that is ended when the test is.
pub(crate) struct Server {
    child: Child,
    out: BufReader<ChildStdout>,
    pub(crate) first_line: String,
}

impl Server {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        Self::spawn(&mut cognate(arguments))
    }

    /// Waits for the first line, which says that the server answers.
    pub(crate) fn spawn(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut first_line = String::new();
        out.read_line(&mut first_line).unwrap();
        assert!(!first_line.is_empty(), "the server ended: {:?}", child.wait());
        Self { child, out, first_line }
    }

    pub(crate) fn dev(data: &Path) -> Self {
        Self::start(&["dev", "--json", "--listen", "127.0.0.1:0", "--data", data.to_str().unwrap()])
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.first_line).unwrap_or_else(|error| panic!("{error}: {}", self.first_line))
    }

    /// `host:port` of the endpoint.
    pub(crate) fn address(&self) -> String {
        self.json()["endpoint"].as_str().unwrap().trim_start_matches("http://").to_owned()
    }

    pub(crate) fn signal(&self, name: &str) {
        // The shell's own `kill`: a small Debian has no program of that name.
        let kill = format!("kill {name} {}", self.child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
    }

    pub(crate) fn wait(&mut self) -> ExitStatus {
        let deadline = Instant::now() + Duration::from_secs(20);
        while Instant::now() < deadline {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("the server did not end");
    }

    pub(crate) fn terminate(mut self) -> ExitStatus {
        self.signal("-TERM");
        self.wait()
    }

    /// Everything after the first line, once the server has ended.
    pub(crate) fn rest(&mut self) -> String {
        let mut rest = String::new();
        self.out.read_to_string(&mut rest).unwrap();
        rest
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Lower-case names, one a line.
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

/// One request on a connection of its own. `head` is request line and headers, with `Host` unless one is given.
pub(crate) fn request(address: &str, head: &str, body: &str) -> Answer {
    let mut head = head.trim().replace('\n', "\r\n");
    if !head.to_lowercase().contains("\r\nhost:") {
        head = format!("{head}\r\nHost: {address}");
    }
    if !body.is_empty() || !head.starts_with("GET") {
        head = format!("{head}\r\nContent-Length: {}", body.len());
    }
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(format!("{head}\r\nConnection: close\r\n\r\n{body}").as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {answer:?}"));
    let (line, rest) = head.split_once("\r\n").unwrap_or((head, ""));
    let status = line.split(' ').nth(1).unwrap().parse().unwrap();
    let lower = |line: &str| match line.split_once(':') {
        Some((name, value)) => format!("{}:{value}", name.to_lowercase()),
        None => String::new(),
    };
    let lines: Vec<_> = rest.lines().map(lower).collect();
    Answer { status, head: lines.join("\n"), body: body.to_owned() }
}

pub(crate) fn get(address: &str, path: &str) -> Answer {
    request(address, &format!("GET {path} HTTP/1.1"), "")
}

/// A call of AWS's user-pool API.
pub(crate) fn idp(address: &str, operation: &str, input: &Value) -> Answer {
    let head = format!(
        "POST / HTTP/1.1\nContent-Type: application/x-amz-json-1.1\n\
         X-Amz-Target: AWSCognitoIdentityProviderService.{operation}"
    );
    request(address, &head, &input.to_string())
}
