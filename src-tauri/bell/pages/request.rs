//! The requests of Belldot's own pages, and what answers each.

use std::sync::Arc;

use belldot_core::{
    format::{Format, Lesson},
    inbox::{Export, TodoKey},
    page::{Action, Query, Sample},
    settings::Settings,
    source::{SignIn, SourceId},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::commands;
use crate::state::AppState;

/// What a page may ask for: the name of a command, and what goes with it.
#[allow(
    missing_docs,
    reason = "what goes with a request is explained where it is answered"
)]
#[derive(Debug, Deserialize)]
#[serde(
    tag = "command",
    content = "arguments",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum PageRequest {
    /// The to-dos that a query asks for.
    List { query: Query },
    /// Where a to-do stands in the answer to a query.
    Position { query: Query, key: TodoKey },
    /// The latest news.
    News {},
    /// A change to a to-do, or to several.
    Act { action: Action },
    /// A to-do's address in the browser.
    OpenTodo { key: TodoKey },
    /// The settings and what surrounds them.
    Settings {},
    /// New settings.
    SaveSettings { settings: Box<Settings> },
    /// A source's secret, or that it is forgotten.
    SetToken {
        source: SourceId,
        token: Option<String>,
        url: Option<String>,
    },
    /// The proxy's password, or that it is forgotten.
    SetProxyPassword { password: Option<String> },
    /// What somebody means by an address.
    Address { text: String },
    /// What stands at an address.
    Probe {
        url: String,
        sign_in: SignIn,
        secret: Option<String>,
        source: Option<SourceId>,
    },
    /// What a format would make of events.
    Preview {
        format: Format,
        samples: Vec<Sample>,
    },
    /// The format that a person means.
    Teach {
        format: Format,
        samples: Vec<Sample>,
        which: usize,
        lesson: Lesson,
    },
    /// What a source's stream has been doing.
    StreamReport { source: SourceId },
    /// All that helps to see why something does not work.
    Diagnosis {},
    /// The inbox in a file.
    ExportInbox { kind: Export },
    /// The settings in a file.
    ExportSettings {},
    /// Settings from the text of such a file.
    ImportSettings { text: String },
    /// A folder in the file manager.
    OpenFolder { which: String },
    /// The settings' window.
    OpenSettings {},
    /// The to-dos' window.
    OpenTodos {},
    /// That the page met a fault.
    PageFault { what: String, at: String },
    /// The embedded server, as a source.
    StartDemo {},
    /// A toast, to see whether the desktop takes it.
    TestToast {},
}

impl PageRequest {
    /// The request of this name.
    ///
    /// # Errors
    /// When there is none of this name, or what goes with it is something else.
    pub fn parse(command: &str, arguments: Value) -> Result<Self, serde_json::Error> {
        serde_json::from_value(json!({ "command": command, "arguments": arguments }))
    }

    /// Does what the page in this window asks for, and answers it.
    ///
    /// # Errors
    /// Why it was not done, in a sentence.
    pub async fn answer(self, state: &Arc<AppState>, window: &str) -> Result<Value, String> {
        match self {
            Self::List { query } => value(commands::list(state, query).await?),
            Self::Position { query, key } => value(commands::position(state, query, key).await?),
            Self::News {} => value(commands::news(state)),
            Self::Act { action } => value(commands::act(state, action)?),
            Self::OpenTodo { key } => value(commands::open_todo(state, key).await?),
            Self::Settings {} => value(commands::settings(state)),
            Self::SaveSettings { settings } => {
                value(commands::save_settings(state, *settings).await?)
            }
            Self::SetToken { source, token, url } => {
                value(commands::set_token(state, source, token, url).await?)
            }
            Self::SetProxyPassword { password } => {
                value(commands::set_proxy_password(state, password).await?)
            }
            Self::Address { text } => value(commands::address(state, &text)?),
            Self::Probe {
                url,
                sign_in,
                secret,
                source,
            } => value(commands::probe(state, &url, sign_in, secret, source).await?),
            Self::Preview { format, samples } => value(commands::preview(&format, samples)),
            Self::Teach {
                format,
                samples,
                which,
                lesson,
            } => value(commands::teach(&format, samples, which, &lesson)),
            Self::StreamReport { source } => value(commands::stream_report(state, &source)),
            Self::Diagnosis {} => value(commands::diagnosis(state).await?),
            Self::ExportInbox { kind } => value(commands::export_inbox(state, kind).await?),
            Self::ExportSettings {} => value(commands::export_settings(state).await?),
            Self::ImportSettings { text } => value(commands::import_settings(state, &text).await?),
            Self::OpenFolder { which } => value(commands::open_folder(state, &which).await?),
            Self::OpenSettings {} => value(commands::open_settings(state)?),
            Self::OpenTodos {} => value(commands::open_todos(state)?),
            Self::PageFault { what, at } => {
                state.page_faults().log(window, &what, &at);
                Ok(Value::Null)
            }
            Self::StartDemo {} => value(commands::start_demo(state).await?),
            Self::TestToast {} => value(commands::test_toast(state).await?),
        }
    }
}

fn value(answer: impl Serialize) -> Result<Value, String> {
    serde_json::to_value(answer).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_a_name_and_what_the_page_gives_with_it() {
        let asked = PageRequest::parse("position", json!({ "query": {}, "key": 7 }));
        assert!(
            matches!(asked, Ok(PageRequest::Position { .. })),
            "{asked:?}"
        );
        let asked = PageRequest::parse(
            "probe",
            json!({ "url": "a.example", "signIn": { "basic": { "user": "ann" } }, "secret": null, "source": null }),
        );
        assert!(matches!(asked, Ok(PageRequest::Probe { .. })), "{asked:?}");
    }

    #[test]
    fn nothing_goes_with_a_request_that_only_asks() {
        for arguments in [json!({}), json!({ "extra": 1 })] {
            let asked = PageRequest::parse("diagnosis", arguments);
            assert!(matches!(asked, Ok(PageRequest::Diagnosis {})), "{asked:?}");
        }
    }

    #[test]
    fn what_no_page_may_ask_for_is_an_error() {
        assert!(PageRequest::parse("quit", json!({})).is_err());
        assert!(PageRequest::parse("list", json!({ "query": 1 })).is_err());
    }
}
