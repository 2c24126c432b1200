//! `belldot-server publish`: sends a to-do to a server, from a terminal or a script.

use std::io::Write;
use std::path::PathBuf;

use belldot_wire::Problem;
use clap::Args;
use reqwest::{Client, StatusCode};
use serde_json::{Map, Value};
use url::Url;

/// Send a to-do to a server.
///
/// The token is taken from the environment variable BELLDOT_TOKEN, where nothing else is said.
/// What the server answers is printed as JSON.
#[derive(Args)]
pub(super) struct PublishOptions {
    /// What waits, in one line
    title: String,
    /// The address of the server
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8787")]
    url: Url,
    /// The token; other users of this machine can see it
    #[arg(long, value_name = "TOKEN")]
    token: Option<String>,
    /// A file that holds the token
    #[arg(long, value_name = "FILE", conflicts_with = "token")]
    token_file: Option<PathBuf>,
    /// For whom it is; may be given several times. Without it: for the token's own user
    #[arg(long, value_name = "USER")]
    user: Vec<String>,
    /// For all users that the server knows
    #[arg(long, conflicts_with = "user")]
    all: bool,
    /// Your own id of it: sending it again changes the to-do and makes no second one
    #[arg(long)]
    id: Option<String>,
    /// More, as plain text
    #[arg(long, value_name = "TEXT")]
    body: Option<String>,
    /// Where it is dealt with
    #[arg(long, value_name = "URL")]
    link: Option<String>,
    /// From 1, lowest, to 5, highest
    #[arg(long, value_name = "1-5")]
    priority: Option<u8>,
    /// By when, as in 2027-01-31T17:00:00+08:00
    #[arg(long, value_name = "TIME")]
    due: Option<String>,
    /// open, done or cancelled
    #[arg(long)]
    status: Option<String>,
    /// A label; may be given several times
    #[arg(long, value_name = "TAG")]
    tag: Vec<String>,
    /// Who or what asks
    #[arg(long, value_name = "NAME")]
    sender: Option<String>,
}

/// Sends the to-do. An error is a sentence.
pub(super) fn publish(options: PublishOptions) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime
        .map_err(|error| format!("cannot start: {error}."))?
        .block_on(send(options))
}

#[allow(
    clippy::disallowed_methods,
    reason = "belldot_stream::Client is the desktop's, with its proxies and keyring"
)]
async fn send(options: PublishOptions) -> Result<(), String> {
    let token = token(&options)?;
    let url = todos_url(&options.url)?;
    // There is only one in this process.
    rustls::crypto::ring::default_provider()
        .install_default()
        .ok();
    let cannot = |error: reqwest::Error| format!("cannot ask {url}: {}.", innermost(&error));
    let client = Client::builder().build().map_err(cannot)?;
    let mut request = client.post(url.clone()).json(&todo(options));
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    let response = request.send().await.map_err(cannot)?;
    let status = response.status();
    let text = response.text().await.map_err(cannot)?;
    if status.is_success() {
        // Nobody may be reading; it was sent all the same.
        writeln!(std::io::stdout(), "{text}").ok();
        return Ok(());
    }
    Err(refusal(status, &text))
}

fn token(options: &PublishOptions) -> Result<Option<String>, String> {
    match (&options.token, &options.token_file) {
        (Some(token), _) => Ok(Some(token.clone())),
        (None, Some(file)) => match std::fs::read_to_string(file) {
            Ok(token) => Ok(Some(token.trim().to_owned())),
            Err(error) => Err(format!("cannot read {}: {error}.", file.display())),
        },
        (None, None) => Ok(std::env::var("BELLDOT_TOKEN").ok()),
    }
}

/// The address of the to-dos of a server at `base`, which may be below a path.
fn todos_url(base: &Url) -> Result<Url, String> {
    let mut url = base.clone();
    let path = url.path().trim_end_matches('/').to_owned();
    let path = path.strip_suffix("/api/v1/events").unwrap_or(&path);
    let path = format!("{path}/api/v1/todos");
    url.set_path(&path);
    url.set_query(None);
    match url.scheme() {
        "http" | "https" => Ok(url),
        _ => Err(format!("{base} does not start with http:// or https://.")),
    }
}

fn todo(options: PublishOptions) -> Value {
    let mut users = options.user.into_iter().map(Value::String);
    let user = users.next();
    let more: Vec<_> = users.collect();
    let (user, users) = match user {
        Some(user) if more.is_empty() => (Some(user), None),
        Some(user) => (None, Some([vec![user], more].concat().into())),
        None => (None, options.all.then(|| "all".into())),
    };
    let tags = (!options.tag.is_empty()).then(|| options.tag.into());
    let fields = [
        ("title", Some(options.title.into())),
        ("user", user),
        ("users", users),
        ("id", options.id.map(Value::String)),
        ("body", options.body.map(Value::String)),
        ("url", options.link.map(Value::String)),
        ("priority", options.priority.map(Value::from)),
        ("due", options.due.map(Value::String)),
        ("status", options.status.map(Value::String)),
        ("tags", tags),
        ("sender", options.sender.map(Value::String)),
    ];
    let given = fields.into_iter();
    let given = given.filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Value::Object(given.collect::<Map<_, _>>())
}

fn refusal(status: StatusCode, text: &str) -> String {
    let problem: Option<Problem> = serde_json::from_str(text).ok();
    match problem.and_then(|problem| problem.detail) {
        Some(detail) => format!("not taken ({}): {detail}", status.as_u16()),
        None => format!("not taken ({status}); is that a belldot-server?"),
    }
}

fn innermost(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(source) => innermost(source),
        None => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use serde_json::json;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        options: PublishOptions,
    }

    fn parsed(arguments: &[&str]) -> PublishOptions {
        Line::parse_from([&["publish"], arguments].concat()).options
    }

    #[test]
    fn only_what_is_given_is_sent() {
        assert_eq!(todo(parsed(&["Sign"])), json!({ "title": "Sign" }));
        assert_eq!(
            todo(parsed(&[
                "Sign",
                "--user",
                "ann",
                "--priority",
                "5",
                "--tag",
                "a",
                "--tag",
                "b"
            ])),
            json!({ "title": "Sign", "user": "ann", "priority": 5, "tags": ["a", "b"] })
        );
        assert_eq!(
            todo(parsed(&["Sign", "--user", "ann", "--user", "bob"])),
            json!({ "title": "Sign", "users": ["ann", "bob"] })
        );
        assert_eq!(
            todo(parsed(&["Sign", "--all"])),
            json!({ "title": "Sign", "users": "all" })
        );
    }

    #[test]
    fn the_address_may_be_below_a_path_or_that_of_the_stream() {
        for (base, url) in [
            ("http://a.example", "http://a.example/api/v1/todos"),
            ("http://a.example/x/", "http://a.example/x/api/v1/todos"),
            (
                "https://a.example/api/v1/events?access_token=x",
                "https://a.example/api/v1/todos",
            ),
        ] {
            assert_eq!(todos_url(&base.parse().unwrap()).unwrap().as_str(), url);
        }
        assert!(todos_url(&"ftp://a.example".parse().unwrap()).is_err());
    }
}
