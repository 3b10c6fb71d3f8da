//! What a file comes to: everything in it checked, ready to be played.

use std::fmt;

use cognate_domain::directory::{Grant, Role, SubjectKind};
use cognate_domain::{Entropy, Timestamp, ids};
use cognate_engine::Secret;
use cognate_jose::sha256;
use serde::Deserialize as _;
use zeroize::Zeroizing;

use super::checks::Checks;
use super::faults::Strike;
use super::file::{File, Status};
use crate::provider::ChallengeKind;

/// Bytes of a file: more than anybody writes by hand.
pub const LONGEST: usize = 1024 * 1024;

/// Users, machines, workspaces, roles, grants and faults, out of a TOML file.
pub struct Script {
    pub(super) code: Option<Secret>,
    pub(super) required_attributes: Vec<String>,
    pub(super) people: Vec<Person>,
    pub(super) machines: Vec<Machine>,
    pub(super) workspaces: Vec<Workspace>,
    pub(super) roles: Vec<Role>,
    pub(super) grants: Vec<Grant>,
    pub(super) faults: Vec<Strike>,
}

pub(super) struct Person {
    pub(super) sub: String,
    pub(super) email: String,
    pub(super) password: Secret,
    pub(super) name: Option<String>,
    pub(super) phone: Option<String>,
    pub(super) status: Status,
    pub(super) challenges: Vec<ChallengeKind>,
    pub(super) totp_secret: Option<Zeroizing<Vec<u8>>>,
    pub(super) question: Option<String>,
    pub(super) answer: Option<Secret>,
    pub(super) groups: Vec<String>,
    pub(super) standing: Standing,
}

pub(super) struct Machine {
    pub(super) client_id: String,
    pub(super) client_secret: Secret,
    pub(super) scopes: Vec<String>,
    pub(super) kind: SubjectKind,
    pub(super) standing: Standing,
}

/// What the directory is to know of somebody; what is left out stays as it is.
pub(super) struct Standing {
    pub(super) platform_role: Option<String>,
    pub(super) plan: Option<String>,
}

pub(super) struct Workspace {
    pub(super) id: String,
    pub(super) name: String,
    /// The first is an owner: the one who made it.
    pub(super) members: Vec<Member>,
}

pub(super) struct Member {
    /// A `sub` or a client id.
    pub(super) provider_subject: String,
    pub(super) role: String,
}

/// What is wrong in a file, and where: in words for whoever writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// Counted from 1.
    pub line: usize,
    pub sentence: String,
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.sentence)
    }
}

impl Script {
    /// All that is wrong at once, by line.
    pub fn read(text: &str) -> Result<Self, Vec<Flaw>> {
        if text.len() > LONGEST {
            return Err(vec![Flaw { line: 1, sentence: "The file is longer than 1 MiB.".to_owned() }]);
        }
        let read = toml::Deserializer::parse(text).and_then(File::deserialize);
        let file = read.map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            vec![Flaw { line: line_of(text, at), sentence: error.message().to_owned() }]
        })?;
        let mut checks = Checks::new(text);
        let script = checks.script(file);
        checks.finish().map(|()| script)
    }
}

impl Script {
    pub(super) fn is_of_users_alone(&self) -> bool {
        let Self { code, required_attributes, people: _, machines, workspaces, roles, grants, faults } = self;
        code.is_none()
            && required_attributes.is_empty()
            && machines.is_empty()
            && workspaces.is_empty()
            && roles.is_empty()
            && grants.is_empty()
            && faults.is_empty()
    }
}

pub(super) fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

/// The id of something that has none in the file: the same at every start.
pub(super) fn id_of(what: &str, name: &str) -> String {
    ids::uuid(&Derived(sha256(format!("{what}\0{name}").as_bytes()))).to_string()
}

struct Derived([u8; 32]);

impl Entropy for Derived {
    fn fill(&self, bytes: &mut [u8]) {
        for (to, from) in bytes.iter_mut().zip(self.0) {
            *to = from;
        }
    }
}

/// Until it is kept.
pub(super) const NEVER: Timestamp = Timestamp(0);
