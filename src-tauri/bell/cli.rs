//! The command line: what `belldot` can be told.

use std::path::PathBuf;

use belldot_core::{
    address::{self, Address},
    i18n::Localizer,
    settings::Language,
};
use clap::{Parser, Subcommand};
use percent_encoding::percent_decode_str;
use url::Url;

/// A bell in the tray for what a company's server wants its people to see.
#[derive(Clone, Debug, Parser)]
#[command(name = "belldot", version)]
pub struct Cli {
    /// What to do; without it Belldot starts in the tray and shows the to-dos.
    #[command(subcommand)]
    pub verb: Option<Verb>,

    /// A link to a to-do, `belldot://todo/<id>`: opens it, in the running Belldot if there is one
    #[arg(value_name = "LINK", value_parser = link)]
    pub todo: Option<String>,

    /// Start in the tray without opening a window, as at log-in
    #[arg(long)]
    pub hidden: bool,

    /// Where settings.toml is, instead of the usual place
    #[arg(long, global = true, value_name = "DIR")]
    pub config_dir: Option<PathBuf>,

    /// Where inbox.db is, instead of the usual place
    #[arg(long, global = true, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
}

/// The subcommands.
#[derive(Clone, Debug, Subcommand)]
pub enum Verb {
    /// Open my to-dos, in the running Belldot if there is one
    Open,
    /// Open the settings, in the running Belldot if there is one
    Settings,
    /// Try Belldot with a to-do server of its own, apart from your settings and to-dos
    Demo {
        /// Where the demo's server listens
        #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0")]
        listen: std::net::SocketAddr,
    },
    /// Follow a stream in the terminal; ends with 3 once no further attempt makes sense
    Watch {
        /// The stream's address
        #[arg(value_parser = address)]
        url: Address,
        /// One JSON object a line
        #[arg(long)]
        json: bool,
        /// Every event exactly as the standard dispatches it, instead of to-dos
        #[arg(long)]
        raw: bool,
        /// Stop after so many to-dos (events with --raw)
        #[arg(long, value_name = "N")]
        count: Option<u64>,
    },
    /// Find out why a stream does not work, or not well; succeeds only if there is one
    Doctor {
        /// The stream's address
        #[arg(value_parser = address, required_unless_present = "source")]
        url: Option<Address>,
        /// A source of the settings instead: its address, sign-in and headers
        #[arg(long, value_name = "ID", conflicts_with = "url")]
        source: Option<String>,
        /// How long to listen
        #[arg(long, value_name = "SECONDS", default_value_t = 20,
              value_parser = clap::value_parser!(u64).range(1..=3600))]
        listen: u64,
        /// The report as JSON
        #[arg(long)]
        json: bool,
    },
    /// End the running Belldot
    Quit,
}

/// An address as people type it; what is none is answered in the system's language.
fn address(text: &str) -> Result<Address, String> {
    address::parse(text).map_err(|error| error.say(&Localizer::new(Language::System)))
}

/// The to-do's id in a link `belldot://todo/<id>`.
fn link(text: &str) -> Result<String, String> {
    let url = Url::parse(text).map_err(|error| error.to_string())?;
    let id = match (url.scheme(), url.host_str()) {
        ("belldot", Some("todo")) => url.path().trim_start_matches('/'),
        _ => return Err("a link reads belldot://todo/<id>".to_owned()),
    };
    let id = percent_decode_str(id).decode_utf8_lossy().into_owned();
    if id.is_empty() {
        return Err("the link names no to-do".to_owned());
    }
    Ok(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn todo(arguments: &[&str]) -> Result<Option<String>, String> {
        Cli::try_parse_from(std::iter::once(&"belldot").chain(arguments))
            .map(|cli| cli.todo)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn a_link_names_a_todo() {
        let named = |id: &str| Ok(Some(id.to_owned()));
        assert_eq!(todo(&["belldot://todo/42"]), named("42"));
        assert_eq!(todo(&["belldot://todo/a%2Fb%20%E4%B8%AD"]), named("a/b 中"));
        assert_eq!(todo(&["--hidden"]), Ok(None));
        assert_eq!(todo(&["open"]), Ok(None));
    }

    #[test]
    fn the_doctor_wants_an_address_or_a_source() {
        let doctor = |arguments: &[&str]| {
            let arguments = ["belldot", "doctor"].iter().chain(arguments);
            Cli::try_parse_from(arguments).is_ok()
        };
        assert!(doctor(&["todo.example/events"]));
        assert!(doctor(&["--source", "work", "--listen", "60", "--json"]));
        assert!(!doctor(&[]));
        assert!(!doctor(&["todo.example/events", "--source", "work"]));
        assert!(!doctor(&["todo.example/events", "--listen", "0"]));
    }

    #[test]
    fn an_address_that_is_none_is_answered_by_what_one_looks_like() {
        let error = Cli::try_parse_from(["belldot", "watch", "hello world"]).unwrap_err();
        assert!(error.to_string().contains("https://"), "{error}");
    }

    #[test]
    fn anything_else_is_no_link() {
        for text in [
            "https://todo/42",
            "belldot://todo/",
            "belldot://settings/1",
            "nonsense",
        ] {
            assert!(todo(&[text]).is_err(), "{text}");
        }
    }
}
