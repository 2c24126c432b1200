//! The command line of `belldot-server`.

mod backup;
mod descriptors;
mod logging;
mod memory;
mod options;
mod publish;
mod serve;
mod signals;
mod token;

use std::io::Write;

use clap::{Parser, Subcommand};

use backup::BackupOptions;
use options::ServerOptions;
use publish::PublishOptions;
use token::TokenOptions;

/// A server for to-dos, as a stream of Server-Sent Events and a small API.
#[derive(Parser)]
#[command(
    version,
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true
)]
pub(crate) struct CommandLine {
    #[command(subcommand)]
    command: Option<ServerCommand>,
    #[command(flatten)]
    serve: ServerOptions,
}

#[derive(Subcommand)]
enum ServerCommand {
    /// Make a token, and print what users.toml is to say of it
    Token(TokenOptions),
    /// Send a to-do to a server
    Publish(Box<PublishOptions>),
    /// Copy the to-dos to a new file, also while a server runs
    Backup(BackupOptions),
}

/// Does what the command line asks for. An error is a sentence.
pub(crate) fn run(line: CommandLine) -> Result<(), String> {
    match line.command {
        Some(ServerCommand::Token(options)) => print(&token::make(&options)?),
        Some(ServerCommand::Publish(options)) => publish::publish(*options),
        Some(ServerCommand::Backup(options)) => print(&backup::make(&options)?),
        None => serve::serve(line.serve),
    }
}

fn print(text: &str) -> Result<(), String> {
    let mut stdout = std::io::stdout();
    let written = stdout.write_all(text.as_bytes());
    written
        .and_then(|()| stdout.flush())
        .map_err(|error| format!("cannot write to standard output: {error}."))
}
