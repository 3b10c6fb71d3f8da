//! The command line. The flags of settings are made from the table of settings, under the heading of their section.

use std::path::PathBuf;
use std::sync::LazyLock;

use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches, Parser, Subcommand};

use crate::settings::{For, Given, Kind, Layer, Setting, TABLE, from_text};

const EVERY_SETTING: &str = "Every setting is also a variable, COGNATE__SECTION__KEY, and a key of that section in the \
TOML file: --public-url is COGNATE__SERVER__PUBLIC_URL and public_url under [server]; --auth-api-client is \
COGNATE__AUTH_API__CLIENT and client under [auth_api]. A flag wins over the variable, \
the variable over the file.";

/// An identity platform that speaks Amazon Cognito's own protocols.
#[derive(Parser)]
#[command(name = "cognate", version, arg_required_else_help = true, disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Action,
}

#[derive(Subcommand)]
pub(crate) enum Action {
    /// Development: an embedded store, no configuration, messages kept in an inbox, any access key admitted
    #[command(after_help = EVERY_SETTING)]
    Dev(Dev),
    /// Production: refuses to start with an unsafe or unknown setting, and names it
    #[command(after_help = EVERY_SETTING)]
    Serve(Serve),
    /// Says everything that `serve` would refuse, without starting and without changing anything
    #[command(after_help = EVERY_SETTING)]
    Check(Serve),
    /// Access keys for operators and machines, and the master key
    #[command(subcommand, arg_required_else_help = true)]
    Keys(Keys),
    /// The Auth API's administrators, while servers run
    #[command(name = "auth-api", subcommand, arg_required_else_help = true)]
    AuthApi(AuthApi),
    /// Write a pool to a file that another store can import, while servers run
    ///
    /// The file holds everything of the pool but sessions: its configuration, signing keys, clients, resource servers,
    /// groups, domains and users, so that passwords and client secrets go on working. What is secret in it is sealed
    /// under an export key. If it is stopped, the same command goes on where it was.
    Export(Export),
    /// Read a pool from such a file, or users from Cognito's CSV
    ///
    /// The whole file is verified before anything is written, and the pool appears when all of it is there. If it is
    /// stopped, the same command goes on where it was, and brings every user once.
    Import(Import),
}

#[derive(Args)]
pub(crate) struct Dev {
    /// A TOML file with settings; development needs none
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Keep nothing: a fresh temporary store, removed at the end
    #[arg(long, conflicts_with_all = ["store.data", "store.database"])]
    pub(crate) ephemeral: bool,
    /// Print one JSON object as the first line, once the server answers, instead of the banner
    #[arg(long)]
    pub(crate) json: bool,
    /// Allow --listen on an address that other machines can reach
    #[arg(long)]
    pub(crate) expose: bool,
    #[command(flatten)]
    pub(crate) settings: Settings<false>,
}

#[derive(Args)]
pub(crate) struct Serve {
    /// The TOML file with the settings
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) settings: Settings<true>,
}

/// Which store a `keys` command works on: by its configuration, or by the data folder of `cognate dev`.
#[derive(Args)]
pub(crate) struct Place {
    /// The TOML file of the server; without it, and without --environment, a development store is meant
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) settings: Settings<true>,
}

#[derive(Subcommand)]
pub(crate) enum Keys {
    /// Make an access key and say its secret, once. It has full rights in its account (--account)
    Create {
        /// What the key is for
        #[arg(long, default_value = "", value_name = "TEXT", hide_default_value = true)]
        description: String,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        place: Place,
    },
    /// List the access keys, revoked ones too; never their secrets
    List {
        /// Print one JSON array
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        place: Place,
    },
    /// End an access key at once
    Revoke {
        /// The key's id, AKIA...
        #[arg(value_name = "ACCESS_KEY_ID")]
        id: String,
        #[command(flatten)]
        place: Place,
    },
    /// Give a pool new signing keys, while servers run
    ///
    /// New tokens are signed with them at once; tokens in flight stay good, because the old keys stay in the pool's
    /// JWK set until every token that they signed has expired.
    Rotate {
        /// The pool whose keys are replaced
        #[arg(value_name = "USER_POOL_ID")]
        pool: String,
        #[command(flatten)]
        place: Place,
    },
    /// Move everything that is sealed to the current master key, while servers run
    ///
    /// First give every server the new master key and name the old one with --previous-master-key-files or
    /// --previous-master-keys. Afterwards the old one is needed no longer. It may be stopped and begun again.
    Rewrap {
        #[command(flatten)]
        place: Place,
    },
}

#[derive(Subcommand)]
pub(crate) enum AuthApi {
    /// Who may do everything at /v1/admin: the first one is named here, the others by an administrator
    #[command(subcommand, arg_required_else_help = true)]
    Admins(Admins),
}

#[derive(Subcommand)]
pub(crate) enum Admins {
    /// Make somebody an administrator, whether they have called yet or not
    Add {
        #[command(flatten)]
        who: Who,
        /// What they are, if they have never called
        #[arg(long, default_value = "user", value_parser = ["user", "machine"], value_name = "KIND")]
        kind: String,
        #[command(flatten)]
        place: Place,
    },
    /// List the administrators
    List {
        /// Print one JSON array
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        place: Place,
    },
    /// Take an administrator's power away; the last one keeps it
    Remove {
        #[command(flatten)]
        who: Who,
        #[command(flatten)]
        place: Place,
    },
}

/// Somebody, as their provider knows them.
#[derive(Args)]
pub(crate) struct Who {
    /// A person's `sub`, a machine's client id
    #[arg(long)]
    pub(crate) sub: String,
    /// Whose `sub` that is; `--provider` is the setting's name
    #[arg(long = "known-by", id = "known_by", value_name = "PROVIDER", default_value = "cognate", value_parser = ["cognate", "cognito"])]
    pub(crate) provider: String,
}

#[derive(Args)]
pub(crate) struct Export {
    /// The pool to write
    #[arg(value_name = "USER_POOL_ID")]
    pub(crate) pool: String,
    /// Where it is written, as JSON lines; FILE.part until it is whole
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// The file with the export key, made (mode 0600) if it is missing; without it `COGNATE_EXPORT_KEY` holds the key
    #[arg(long, value_name = "KEY_FILE")]
    pub(crate) key_file: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) place: Place,
}

#[derive(Args)]
pub(crate) struct Import {
    /// The file to read
    #[arg(value_name = "FILE", required_unless_present = "abandon")]
    pub(crate) file: Option<PathBuf>,
    /// The file with the export key; without it `COGNATE_EXPORT_KEY` holds the key
    #[arg(long, value_name = "KEY_FILE", conflicts_with = "csv_into")]
    pub(crate) key_file: Option<PathBuf>,
    /// Read Cognito's CSV into this pool; its users must choose a password. Those who are there already are skipped
    #[arg(long, value_name = "USER_POOL_ID")]
    pub(crate) csv_into: Option<String>,
    /// Take back what an unfinished import of this pool has brought
    #[arg(long, value_name = "USER_POOL_ID", conflicts_with_all = ["file", "key_file", "csv_into"])]
    pub(crate) abandon: Option<String>,
    /// Print one JSON object
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) place: Place,
}

pub(crate) fn parse() -> Cli {
    Cli::parse()
}

static FLAGS: LazyLock<Vec<(&'static Setting, String)>> =
    LazyLock::new(|| TABLE.iter().map(|setting| (setting, setting.flag())).collect());

/// The settings that were given as flags. `ALL` adds those that only `serve` uses.
pub(crate) struct Settings<const ALL: bool>(pub(crate) Layer);

impl<const ALL: bool> Args for Settings<ALL> {
    fn augment_args(command: Command) -> Command {
        let shown = FLAGS.iter().filter(|(setting, _)| ALL || setting.used_by == For::Both);
        shown.fold(command, |command, (setting, flag)| command.arg(argument(setting, flag)))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

fn argument(setting: &'static Setting, flag: &'static str) -> Arg {
    let argument = Arg::new(setting.name).long(flag).help(setting.help).help_heading(heading(setting.section()));
    match setting.kind {
        Kind::Text => argument.value_name(setting.value),
        Kind::List => argument.value_name(setting.value).action(ArgAction::Append).value_delimiter(','),
        Kind::Switch => argument
            .value_name("BOOL")
            .num_args(0..=1)
            .require_equals(true)
            .default_missing_value("true")
            .value_parser(["true", "false"]),
    }
}

fn heading(section: &str) -> &'static str {
    match section {
        "server" => "[server]",
        "store" => "[store]",
        "keys" => "[keys]",
        "login" => "[login]",
        "auth_api" => "[auth_api]",
        _ => "[messages]",
    }
}

impl<const ALL: bool> FromArgMatches for Settings<ALL> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut layer = Layer::new();
        for (setting, flag) in FLAGS.iter().filter(|(setting, _)| ALL || setting.used_by == For::Both) {
            let Ok(Some(values)) = matches.try_get_many::<String>(setting.name) else { continue };
            let text = values.map(String::as_str).collect::<Vec<_>>().join(",");
            let raw = from_text(setting.kind, &text)
                .map_err(|reason| clap::Error::raw(clap::error::ErrorKind::InvalidValue, reason))?;
            layer.insert(setting.name, Given { raw, origin: format!("flag --{flag}") });
        }
        Ok(Self(layer))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_list_is_repeated_or_separated_by_commas() {
        let cli = Cli::try_parse_from(["cognate", "serve", "--faces", "aws,login", "--faces=gateway"]).unwrap();
        let Action::Serve(serve) = cli.command else { panic!("not serve") };
        let expected = crate::settings::from_text(Kind::List, "aws,login,gateway").unwrap();
        assert_eq!(serve.settings.0["server.faces"].raw, expected);
    }

    #[test]
    fn a_switch_needs_no_value() {
        let cli = Cli::try_parse_from(["cognate", "check", "--allow-http-public-url"]).unwrap();
        let Action::Check(check) = cli.command else { panic!("not check") };
        let expected = crate::settings::from_text(Kind::Switch, "true").unwrap();
        assert_eq!(check.settings.0["server.allow_http_public_url"].raw, expected);
    }
}
