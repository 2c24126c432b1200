//! `belldot doctor`: why a stream does not work, in the terminal.

use std::{io::Write as _, process::ExitCode};

use belldot_core::{page::Found, settings::Language, words::Words};
use url::Url;

use crate::{
    os::runtime,
    probe::{Asking, probe},
    sign_in::bearer,
};

/// Asks and reports; succeeds only if there is a stream.
///
/// # Errors
/// When standard output cannot be written, in a sentence.
pub fn run(url: Url, json: bool) -> Result<ExitCode, String> {
    let runtime = runtime::start().map_err(|error| error.to_string())?;
    let words = Words::new(Language::System);
    let token = std::env::var("BELLDOT_TOKEN").ok();
    let asking = Asking {
        headers: token.as_deref().map(bearer).unwrap_or_default(),
        client: Some(crate::way::client(&crate::way::as_the_system_says())?),
    };
    let report = runtime.block_on(probe(url.as_str(), &asking, &words));
    let mut out = std::io::stdout().lock();
    let written = if json {
        serde_json::to_string(&report)
            .map_err(Into::into)
            .and_then(|line| writeln!(out, "{line}"))
    } else {
        report
            .steps
            .iter()
            .try_for_each(|step| {
                let mark = match step.ok {
                    Some(true) => "✓",
                    Some(false) => "✗",
                    None => "·",
                };
                let millis = step
                    .millis
                    .map(|millis| format!("  {millis} ms"))
                    .unwrap_or_default();
                writeln!(out, "{mark} {}: {}{millis}", step.name, step.detail)
            })
            .and_then(|()| writeln!(out, "{}", report.sentence))
    };
    written.map_err(|error| error.to_string())?;
    let well = matches!(report.found, Found::Belldot | Found::Sse);
    Ok(if well {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
