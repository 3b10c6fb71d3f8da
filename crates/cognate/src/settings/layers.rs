//! Where values come from: a flag wins over the environment, that over the file, that over the default.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;

use config::{FileFormat, Source as _, Value, ValueKind};

use super::refusal::Refusal;
use super::table::{self, Kind, Setting, TABLE};

const PREFIX: &str = "COGNATE__";

/// A value as it was written, before anybody asked what it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Raw {
    Text(String),
    Switch(bool),
    List(Vec<String>),
}

#[derive(Clone, Debug)]
pub(crate) struct Given {
    pub(crate) raw: Raw,
    /// `flag --listen`, `variable COGNATE__SERVER__LISTEN`, `file cognate.toml`
    pub(crate) origin: String,
}

/// Values by the setting's full name.
pub(crate) type Layer = BTreeMap<&'static str, Given>;

/// Lays `over` upon `under`.
pub(crate) fn merge(over: Layer, mut under: Layer) -> Layer {
    under.extend(over);
    under
}

/// Reads the environment. A variable of our prefix that is no setting is refused by name.
pub(crate) fn from_environment(
    variables: impl Iterator<Item = (OsString, OsString)>,
    refusals: &mut Vec<Refusal>,
) -> Layer {
    let mut layer = Layer::new();
    for (name, value) in variables {
        let Some(name) = name.to_str().filter(|name| name.starts_with(PREFIX)) else { continue };
        let Some(setting) = TABLE.iter().find(|setting| setting.variable() == name) else {
            refusals.push(Refusal::new(name, "is no setting of Cognate"));
            continue;
        };
        let Some(text) = value.to_str() else {
            refusals.push(Refusal::new(name, "is not readable as text"));
            continue;
        };
        match from_text(setting.kind, text) {
            Ok(raw) => drop(layer.insert(setting.name, Given { raw, origin: format!("variable {name}") })),
            Err(reason) => refusals.push(Refusal::new(name, reason)),
        }
    }
    layer
}

/// Reads the file. Unknown sections and keys are refused by name.
pub(crate) fn from_file(path: &Path, refusals: &mut Vec<Refusal>) -> Layer {
    let mut layer = Layer::new();
    let shown = path.display().to_string();
    let sections = match config::File::from(path).format(FileFormat::Toml).required(true).collect() {
        Ok(sections) => sections,
        Err(error) => {
            refusals.push(Refusal::new(format!("--config {shown}"), error.to_string()));
            return layer;
        }
    };
    for (section, value) in sections {
        let ValueKind::Table(keys) = value.kind else {
            refusals.push(Refusal::new(section, format!("stands outside a section (in {shown})")));
            continue;
        };
        if !TABLE.iter().any(|setting| setting.section() == section) {
            refusals.push(Refusal::new(format!("[{section}]"), format!("is no section (in {shown})")));
            continue;
        }
        for (name, value) in named(&section, keys) {
            match table::find(&name).ok_or_else(|| unknown(&section)).and_then(|found| typed(found, value)) {
                Ok((name, raw)) => drop(layer.insert(name, Given { raw, origin: format!("file {shown}") })),
                Err(reason) => refusals.push(Refusal::new(name, format!("{reason} (in {shown})"))),
            }
        }
    }
    refusals.sort_by(|one, other| one.name.cmp(&other.name));
    layer
}

/// The keys of a section by their full names, and those of the tables in it.
fn named(section: &str, keys: impl IntoIterator<Item = (String, Value)>) -> Vec<(String, Value)> {
    let mut named = Vec::new();
    for (key, value) in keys {
        match value.kind {
            ValueKind::Table(inner) => {
                named.extend(inner.into_iter().map(|(inner, value)| (format!("{section}.{key}.{inner}"), value)));
            }
            _ => named.push((format!("{section}.{key}"), value)),
        }
    }
    named
}

fn unknown(section: &str) -> String {
    let known: Vec<_> = TABLE.iter().filter(|setting| setting.section() == section).map(Setting::key).collect();
    format!("is no setting; [{section}] has {}", known.join(", "))
}

fn typed(setting: &'static Setting, value: Value) -> Result<(&'static str, Raw), String> {
    let raw = match (setting.kind, value.kind) {
        (Kind::Switch, ValueKind::Boolean(on)) => Raw::Switch(on),
        (Kind::Switch, _) => return Err("must be true or false".into()),
        (Kind::List, ValueKind::Array(items)) => {
            Raw::List(items.into_iter().map(|item| text(item.kind)).collect::<Result<_, _>>()?)
        }
        (Kind::List, _) => return Err("must be an array of strings".into()),
        (Kind::Text, value) => Raw::Text(text(value)?),
    };
    Ok((setting.name, raw))
}

/// Text, or a whole number such as a port or an account that was written without quotes.
fn text(value: ValueKind) -> Result<String, String> {
    match value {
        ValueKind::String(text) => Ok(text),
        ValueKind::I64(number) => Ok(number.to_string()),
        _ => Err("must be a string".into()),
    }
}

/// A flag's or variable's text, by the kind of its setting.
pub(crate) fn from_text(kind: Kind, text: &str) -> Result<Raw, &'static str> {
    Ok(match kind {
        Kind::Text => Raw::Text(text.to_owned()),
        Kind::Switch => Raw::Switch(text.parse().map_err(|_| "must be true or false")?),
        Kind::List => {
            Raw::List(text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect())
        }
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::{Given, Layer, Raw, from_environment, from_file, merge};

    fn file(text: &str) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::with_suffix(".toml").unwrap();
        file.write_all(text.as_bytes()).unwrap();
        file
    }

    #[test]
    fn a_section_has_tables_of_its_own() {
        let mut refusals = Vec::new();
        let file = file("[auth_api.cognito]\nclient_id = \"c\"\nclient = \"x\"\n");
        let layer = from_file(file.path(), &mut refusals);
        assert_eq!(layer["auth_api.cognito.client_id"].raw, Raw::Text("c".into()));
        assert_eq!(
            refusals.iter().map(|refusal| refusal.name.as_str()).collect::<Vec<_>>(),
            ["auth_api.cognito.client"]
        );
    }

    #[test]
    fn every_unknown_name_in_a_file_is_refused_at_once() {
        let mut refusals = Vec::new();
        let file = file("loose = 1\n[server]\nlisten = \"127.0.0.1:1\"\nlisten_adr = \"x\"\n[sever]\nlisten = \"y\"\n");

        let layer = from_file(file.path(), &mut refusals);

        let names: Vec<_> = refusals.iter().map(|refusal| refusal.name.as_str()).collect();
        assert_eq!(names, ["[sever]", "loose", "server.listen_adr"]);
        assert_eq!(layer["server.listen"].raw, Raw::Text("127.0.0.1:1".into()));
    }

    #[test]
    fn a_variable_of_our_prefix_that_is_no_setting_is_refused() {
        let mut refusals = Vec::new();
        let variables = [("COGNATE__SERVER__REGION", "eu-west-1"), ("COGNATE__SERVER__REGON", "x"), ("PATH", "y")];

        let layer = from_environment(variables.map(|(k, v)| (k.into(), v.into())).into_iter(), &mut refusals);

        assert_eq!(layer.len(), 1);
        assert_eq!(refusals.len(), 1);
        assert_eq!(refusals[0].name, "COGNATE__SERVER__REGON");
    }

    #[test]
    fn lists_and_switches_are_read_by_their_kind() {
        let mut refusals = Vec::new();
        let file = file("[server]\nfaces = [\"aws\"]\nallow_http_public_url = \"yes\"\naccount = 123456789012\n");

        let layer = from_file(file.path(), &mut refusals);

        assert_eq!(layer["server.faces"].raw, Raw::List(vec!["aws".into()]));
        assert_eq!(layer["server.account"].raw, Raw::Text("123456789012".into()));
        assert_eq!(refusals[0].name, "server.allow_http_public_url");
    }

    #[test]
    fn a_section_within_a_section_has_settings_too_and_unknown_ones_are_refused() {
        let mut refusals = Vec::new();
        let file = file(
            "[auth_api]\nprovider = \"mock\"\n[auth_api.mock]\nfile = \"u.toml\"\nfle = 1\n[auth_api.moc]\nfile = 1\n",
        );

        let layer = from_file(file.path(), &mut refusals);

        let names: Vec<_> = refusals.iter().map(|refusal| refusal.name.as_str()).collect();
        assert_eq!(names, ["auth_api.moc.file", "auth_api.mock.fle"]);
        assert_eq!(layer["auth_api.mock.file"].raw, Raw::Text("u.toml".into()));
        assert_eq!(layer["auth_api.provider"].raw, Raw::Text("mock".into()));
    }

    #[test]
    fn the_upper_layer_wins() {
        let given = |text: &str| Given { raw: Raw::Text(text.into()), origin: String::new() };
        let upper = Layer::from([("server.listen", given("upper"))]);
        let lower = Layer::from([("server.listen", given("lower")), ("server.region", given("lower"))]);

        let merged = merge(upper, lower);

        assert_eq!(merged["server.listen"].raw, Raw::Text("upper".into()));
        assert_eq!(merged["server.region"].raw, Raw::Text("lower".into()));
    }
}
