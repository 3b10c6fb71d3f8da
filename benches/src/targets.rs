//! What the figures must reach: the server's CPU beside what the machine asks for in any case.

use std::fmt;

use serde::Serialize;

use crate::cases::Case;
use crate::floor::Floor;
use crate::report::Row;

#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Target {
    AtLeast(f64),
    AtMost(f64),
}

impl Target {
    pub(crate) fn is_met(self, figure: f64) -> bool {
        match self {
            Self::AtLeast(least) => figure >= least,
            Self::AtMost(most) => figure <= most,
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtLeast(least) => write!(f, "≥ {least}"),
            Self::AtMost(most) => write!(f, "≤ {most}"),
        }
    }
}

const fn verdict_of(met: bool) -> &'static str {
    if met { "pass" } else { "**miss**" }
}

/// A case beside its floor.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Verdict {
    pub(crate) floor_us: f64,
    /// Floor ÷ server where it is to be great, server ÷ floor where it is to be small.
    pub(crate) figure: f64,
    pub(crate) target: Target,
    pub(crate) met: bool,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1} | {:.2} | {} | {} |", self.floor_us, self.figure, self.target, verdict_of(self.met))
    }
}

/// What else was measured in a case's round.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Beside {
    Nothing,
    /// The bare echo's CPU for the same request and length of answer.
    Echo(f64),
    /// Our own, for what a sign-in by form is made of.
    Parts {
        password_us: f64,
        page_us: f64,
    },
    /// A sign-in by password, without the boundary around it.
    Password(f64),
}

/// Each case's own floor and target.
pub(crate) fn judge(case: Case, floor: Floor, beside: Beside, server_us: f64) -> Option<Verdict> {
    let Floor { signature, verification, exponentiation } = floor;
    let echo_us = match beside {
        Beside::Echo(echo_us) => Some(echo_us),
        Beside::Parts { password_us, page_us } => {
            let (figure, target) = ((server_us - page_us) / password_us, Target::AtMost(1.3));
            return Some(Verdict { floor_us: password_us + page_us, figure, target, met: target.is_met(figure) });
        }
        Beside::Password(password_us) => {
            let (figure, target) = (server_us / password_us, Target::AtMost(1.1));
            return Some(Verdict { floor_us: password_us, figure, target, met: target.is_met(figure) });
        }
        Beside::Nothing => None,
    };
    let (floor_us, target) = match case {
        Case::Srp => (2.0 * signature + 3.0 * exponentiation, Target::AtLeast(0.85)),
        Case::Password => (2.0 * signature + exponentiation, Target::AtLeast(0.80)),
        Case::Refresh => (2.0 * signature, Target::AtLeast(0.85)),
        Case::ClientCredentials => (signature, Target::AtLeast(0.75)),
        Case::CodeExchange => (2.0 * signature, Target::AtLeast(0.75)),
        Case::GetUser => (echo_us? + verification, Target::AtMost(2.0)),
        Case::AdminGetUser => (echo_us?, Target::AtMost(2.5)),
        _ => return None,
    };
    let figure = match target {
        Target::AtLeast(_) => floor_us / server_us,
        Target::AtMost(_) => server_us / floor_us,
    };
    Some(Verdict { floor_us, figure, target, met: target.is_met(figure) })
}

/// A figure that is not a case's own.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Check {
    pub(crate) what: String,
    pub(crate) figure: f64,
    pub(crate) unit: &'static str,
    pub(crate) target: Option<Target>,
    pub(crate) met: Option<bool>,
}

impl Check {
    pub(crate) fn new(what: String, figure: f64, unit: &'static str, target: Target) -> Self {
        Self { what, figure, unit, target: Some(target), met: Some(target.is_met(figure)) }
    }

    /// One that nothing is asked of.
    pub(crate) fn told(what: String, figure: f64, unit: &'static str) -> Self {
        Self { what, figure, unit, target: None, met: None }
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, figure, unit, target, met } = self;
        let target = target.map(|target| format!("{target}{unit}")).unwrap_or_default();
        write!(f, "| {what} | {figure:.2}{unit} | {target} | {} |", met.map_or("", verdict_of))
    }
}

/// What costs the same however many users there are.
const GROWS_NOT: [Case; 6] = [Case::Srp, Case::Password, Case::GetUser, Case::ListEquals, Case::ListPrefix, Case::Me];

/// What is seen only from several rows: that cost does not grow with users, that writers share their COMMITs; and the login page.
pub(crate) fn across(rows: &[Row]) -> Vec<Check> {
    let mut checks = Vec::new();
    let fewest = rows.iter().map(|row| row.users).min().unwrap_or_default();
    let most = rows.iter().map(|row| row.users).max().unwrap_or_default();
    let find = |case: Case, users: u64| {
        rows.iter().find(|row| row.case == case.name() && row.users == users && row.error.is_none())
    };
    if fewest < most {
        for case in GROWS_NOT {
            if let (Some(few), Some(many)) = (find(case, fewest), find(case, most)) {
                let what = format!("{}: server CPU with {most} users ÷ with {fewest}", case.name());
                checks.push(Check::new(what, many.server_us / few.server_us, "", Target::AtMost(1.2)));
            }
        }
    }
    let mut sizes: Vec<u64> = rows.iter().map(|row| row.users).collect();
    sizes.dedup();
    for users in sizes {
        if let (Some(alone), Some(many)) = (find(Case::UpdateAlone, users), find(Case::Update, users)) {
            let what = format!("AdminUpdateUserAttributes, {users} users: rate of 64 connections ÷ of 1");
            checks.push(Check::new(what, many.per_second / alone.per_second, "", Target::AtLeast(2.5)));
        }
        let Some(page) = find(Case::LoginPage, users) else { continue };
        checks.push(Check::new(
            format!("login page, {users} users: server CPU"),
            page.server_us,
            " µs",
            Target::AtMost(300.0),
        ));
    }
    checks
}
