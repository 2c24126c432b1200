//! The command line: what `belldot` can be told.

use std::path::PathBuf;

use clap::{Parser, Subcommand};
use url::Url;

/// A bell in the tray for what a company's server wants its people to see.
#[derive(Clone, Debug, Parser)]
#[command(name = "belldot", version)]
pub struct Cli {
    /// What to do; without it Belldot starts in the tray and shows the to-dos.
    #[command(subcommand)]
    pub verb: Option<Verb>,

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
    /// Follow a stream in the terminal
    Watch {
        /// The stream's address
        url: Url,
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
    /// Find out what stands at an address, and why it does not work
    Doctor {
        /// The stream's address
        url: Url,
        /// The report as JSON
        #[arg(long)]
        json: bool,
    },
    /// End the running Belldot
    Quit,
}
