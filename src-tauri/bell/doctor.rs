//! `belldot doctor`: why a stream does not work, in the terminal.

use std::{
    io::{self, IsTerminal as _, Write},
    process::ExitCode,
    time::Duration,
};

use belldot_core::{
    address::Address,
    page::{Found, ProbeReport, ProbeStep},
    source::{Source, SourceId},
};

use crate::{
    cli::Cli,
    os::keyring::SecretOwner,
    probe::{Asking, Patience, probe, used},
    sign_in,
    terminal::{Terminal, escaped, escaped_json, say_aside},
};

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The address.
    pub url: Option<&'a Address>,
    /// The source to ask as instead.
    pub source: Option<&'a str>,
    /// How long to listen.
    pub listen: Duration,
    /// The report as JSON.
    pub json: bool,
}

/// Asks and reports, each step as it comes; succeeds only if there is a stream.
///
/// # Errors
/// In a sentence: when there is no such source, the token cannot be sent, or standard output
/// cannot be written.
pub fn run(cli: &Cli, question: Question<'_>) -> Result<ExitCode, String> {
    let terminal = Terminal::start(cli)?;
    let (url, asking) = match (question.url, question.source) {
        (_, Some(id)) => of_source(&terminal, id)?,
        (Some(address), None) => (address.url.to_string(), of_address(&terminal)?),
        // The command line asks for one of them.
        (None, None) => (String::new(), of_address(&terminal)?),
    };
    let asking = Asking {
        patience: Patience::listening(question.listen),
        ..asking
    };
    if io::stderr().is_terminal() {
        let seconds = question.listen.as_secs();
        say_aside(
            &terminal
                .words
                .text("doctor-listens", &[("seconds", seconds.into())]),
        );
    }
    let mut written = Ok(());
    let mut tell = |step: &ProbeStep| {
        if !question.json && written.is_ok() {
            written = print_step(&mut io::stdout().lock(), step);
        }
    };
    let asked = probe(&url, &asking, &terminal.words, &mut tell);
    let report = terminal.runtime.block_on(asked);
    written
        .and_then(|()| print_end(&mut io::stdout().lock(), &report, question.json))
        .map_err(|error| error.to_string())?;
    Ok(match report.found {
        Found::Belldot | Found::Sse => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    })
}

fn of_address(terminal: &Terminal) -> Result<Asking, String> {
    let mut asking = Asking::new(terminal.client.clone());
    asking.used = used::network(&terminal.settings.network, &terminal.words);
    if let Some(token) = terminal.token()? {
        asking.used.push(terminal.words.text("used-token", &[]));
        asking.headers = token;
        asking.signed_in = true;
    }
    Ok(asking)
}

/// As a source asks: its address, with its sign-in and its headers.
fn of_source(terminal: &Terminal, id: &str) -> Result<(String, Asking), String> {
    let Terminal {
        settings, words, ..
    } = terminal;
    let Some(source) = settings.source(&SourceId(id.to_owned())) else {
        let known: Vec<&str> = settings
            .sources
            .iter()
            .map(|one| one.id.0.as_str())
            .collect();
        let values = [("id", id.into()), ("known", known.join(", ").into())];
        return Err(words.text("error-no-source", &values));
    };
    let mut asking = of_address(terminal)?;
    asking.take(source);
    asking
        .used
        .push(words.text("used-source", &[("name", source.name.as_str().into())]));
    if !asking.signed_in {
        sign_in_as(source, terminal, &mut asking);
    }
    let mut headers = sign_in::further_headers(source);
    if !headers.is_empty() {
        let count = headers.len();
        asking
            .used
            .push(words.text("used-headers", &[("count", count.into())]));
    }
    headers.extend(std::mem::take(&mut asking.headers));
    asking.headers = headers;
    Ok((source.url.to_string(), asking))
}

fn sign_in_as(source: &Source, terminal: &Terminal, asking: &mut Asking) {
    let said = match terminal
        .keyring
        .secret_blocking(&SecretOwner::source(source))
    {
        Err(waits) => {
            let detail = waits.code().into();
            terminal
                .words
                .text("used-no-keyring", &[("detail", detail)])
        }
        Ok(None) => terminal.words.text("used-no-secret", &[]),
        Ok(Some(kept)) => match sign_in::secret(&source.sign_in, &kept) {
            Ok(secret) => {
                asking.headers = secret.headers;
                asking.signed_in = true;
                terminal.words.text("used-secret", &[])
            }
            Err(error) => error.say(&terminal.words),
        },
    };
    asking.used.push(said);
}

fn print_step(out: &mut impl Write, step: &ProbeStep) -> io::Result<()> {
    let mark = match step.ok {
        Some(true) => "✓",
        Some(false) => "✗",
        None => "·",
    };
    let millis = step.millis.map(|millis| format!("  {millis} ms"));
    let (name, detail) = (escaped(&step.name), escaped(&step.detail));
    writeln!(out, "{mark} {name}: {detail}{}", millis.unwrap_or_default())?;
    if let Some(advice) = &step.advice {
        writeln!(out, "    {}", escaped(advice))?;
    }
    out.flush()
}

fn print_end(out: &mut impl Write, report: &ProbeReport, json: bool) -> io::Result<()> {
    if json {
        let line = serde_json::to_string(report)?;
        writeln!(out, "{}", escaped_json(&line))
    } else {
        writeln!(out, "{}", escaped(&report.sentence))
    }
}
