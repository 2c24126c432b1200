//! What `watch` and `doctor` share: the settings in force, the way to the servers, a token from the
//! environment, and text that is fit for a terminal.

use std::{fmt::Write as _, io::Write as _, sync::Arc};

use belldot_core::{
    i18n::Localizer,
    policy::Policy,
    settings::{Settings, SettingsFile},
    source::SignIn,
};
use belldot_stream::Client;
use reqwest::header::HeaderMap;
use tokio::runtime::Runtime;

use crate::{
    cli::Cli,
    http::HttpClients,
    os::{keyring::Keyring, paths::AppPaths, runtime},
    sign_in,
};

/// The variable that holds a token.
const TOKEN: &str = "BELLDOT_TOKEN";

/// What `watch` and `doctor` share.
pub struct Terminal {
    pub runtime: Runtime,
    /// In force: the user's, and above them the policy.
    pub settings: Settings,
    pub words: Localizer,
    pub keyring: Arc<Keyring>,
    /// By the network settings.
    pub client: Client,
}

impl Terminal {
    /// Reads settings and policy as the app would, and makes nothing. What cannot be used is said
    /// on standard error.
    ///
    /// # Errors
    /// Where there is no way to any server, in a sentence.
    pub fn start(cli: &Cli) -> Result<Self, String> {
        let runtime = runtime::start().map_err(|error| error.to_string())?;
        let paths = AppPaths::find(cli).ok();
        let (settings, wrong) = match &paths {
            Some(paths) => {
                let (_, settings, wrong) = SettingsFile::load(paths.settings());
                (settings, wrong)
            }
            None => (Settings::default(), None),
        };
        let policy = Policy::load(AppPaths::policy());
        let settings = policy.apply(settings);
        let words = Localizer::new(settings.general.language);
        let wrong = wrong.map(|error| error.say(&words));
        for sentence in wrong.into_iter().chain(policy.remarks(&words)) {
            say_aside(&sentence);
        }
        let keyring = paths.as_ref().map(Keyring::look).unwrap_or_default();
        let keyring = Arc::new(keyring);
        let http = HttpClients::new(keyring.clone());
        if let Err(detail) = http.configure(&settings.network) {
            say_aside(&words.text("error-settings-network", &[("detail", detail.into())]));
        }
        let client = http
            .client()
            .ok_or_else(|| words.text("error-no-way", &[]))?;
        Ok(Self {
            runtime,
            settings,
            words,
            keyring,
            client,
        })
    }

    /// The headers of the token in the environment, if there is one.
    ///
    /// # Errors
    /// Where it cannot be sent, in a sentence.
    pub fn token(&self) -> Result<Option<HeaderMap>, String> {
        let Some(token) = std::env::var_os(TOKEN).filter(|token| !token.is_empty()) else {
            return Ok(None);
        };
        let secret = sign_in::secret(&SignIn::Token, &token.to_string_lossy());
        let secret = secret.map_err(|error| {
            let detail = error.say(&self.words);
            self.words.text(
                "error-token",
                &[("name", TOKEN.into()), ("detail", detail.into())],
            )
        })?;
        Ok(Some(secret.headers))
    }
}

/// Says something beside the output.
pub fn say_aside(sentence: &str) {
    let _ = writeln!(std::io::stderr(), "belldot: {}", escaped(sentence));
}

/// Text of a server as a terminal can show it: control characters, and what turns the direction of
/// writing, stand there as `\u{…}`; line ends and tabs stay.
pub fn escaped(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\t' => shown.push(c),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                let _ = write!(shown, "\\u{{{:x}}}", u32::from(c));
            }
            c if c.is_control() => {
                let _ = write!(shown, "\\u{{{:x}}}", u32::from(c));
            }
            c => shown.push(c),
        }
    }
    shown
}

/// The same for a line of JSON, which stays the same JSON.
pub fn escaped_json(line: &str) -> String {
    let mut shown = String::with_capacity(line.len());
    for c in line.chars() {
        match c {
            // JSON has the others escaped already.
            '\u{7f}'..='\u{9f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                let _ = write!(shown, "\\u{:04x}", u32::from(c));
            }
            c => shown.push(c),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_steer_a_terminal_is_shown_instead() {
        let text = "red \u{1b}[31m, \u{9b}31m\r, \u{202e}back\nnext\tü 待办";
        let shown = "red \\u{1b}[31m, \\u{9b}31m\\u{d}, \\u{202e}back\nnext\tü 待办";
        assert_eq!(escaped(text), shown);
    }

    #[test]
    fn json_means_the_same_when_it_is_escaped() {
        let value = serde_json::json!({ "data": "a\u{1b}\u{9b}\u{7f}\u{202e}ü" });
        let shown = escaped_json(&value.to_string());
        assert!(!shown.contains(char::is_control) && !shown.contains('\u{202e}'));
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&shown).unwrap(),
            value
        );
    }
}
