//! What the bell and the windows tell each other, one JSON object a line where they are two
//! processes.

use std::path::PathBuf;

use belldot_core::{
    inbox::TodoKey,
    page::News,
    settings::{Language, Theme},
    source::SourceId,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

/// What the bell tells the windows.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "message", rename_all = "kebab-case")]
pub enum ToWindows {
    /// The first message to a process.
    Start(WindowStart),
    /// Show a page: bring its window to the front, or make it.
    Show(Box<ShowWindow>),
    /// An event for Belldot's own pages.
    Emit {
        /// Its name.
        event: String,
        /// What the page is told.
        payload: Value,
    },
    /// The answer to a request.
    Answer {
        /// The request's number.
        id: u64,
        /// What the page is told; else why not, in a sentence.
        answer: Result<Value, String>,
    },
    /// Forget what a company's page kept, and close its window.
    Forget {
        /// Whose page it was.
        source: SourceId,
        /// Where it kept that.
        folder: PathBuf,
    },
}

impl ToWindows {
    /// The news, for Belldot's own pages.
    pub fn news(news: &News) -> Self {
        Self::Emit {
            event: "news".to_owned(),
            payload: serde_json::to_value(news).unwrap_or_default(),
        }
    }
}

/// What a process of windows has to know from the beginning.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WindowStart {
    /// The file in which places and sizes of windows are remembered.
    pub window_state: PathBuf,
}

/// A page to show.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ShowWindow {
    /// Which.
    pub page: WindowPage,
    /// The user's language.
    pub language: Language,
    /// Light or dark.
    pub theme: Theme,
    /// The token by which Wayland lets a window come to the front.
    pub activation: Option<String>,
}

/// A page that has a window.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "page", rename_all = "kebab-case")]
pub enum WindowPage {
    /// Belldot's own list, at this to-do if one is given.
    Todos {
        /// The to-do.
        todo: Option<TodoKey>,
    },
    /// The settings, at what Belldot is if that is asked for.
    Settings {
        /// Whether it is.
        about: bool,
    },
    /// A company's page.
    Company(Box<CompanyPage>),
}

/// A company's page, and by which rules it is shown.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CompanyPage {
    /// Whose it is.
    pub source: SourceId,
    /// The source's name.
    pub name: String,
    /// Where it is.
    pub url: Url,
    /// Further origins that it may go to.
    pub origins: Vec<Url>,
    /// Where it keeps cookies and caches.
    pub folder: PathBuf,
    /// By which proxy it goes.
    pub proxy: PageProxy,
    /// Files of certificates that are trusted as well.
    pub authorities: Vec<String>,
}

/// By which proxy a page goes.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(tag = "proxy", rename_all = "kebab-case")]
pub enum PageProxy {
    /// By none.
    #[default]
    Direct,
    /// By this one.
    Through {
        /// `scheme://host:port`.
        url: String,
        /// Name and password, for an HTTP proxy that asks for them.
        sign_in: Option<(String, String)>,
        /// What is reached without it.
        except: Vec<String>,
    },
}

/// Without its password.
impl std::fmt::Debug for PageProxy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Direct => "Direct",
            Self::Through { .. } => "Through",
        })
    }
}

impl WindowPage {
    /// The label of its window.
    pub fn label(&self) -> &'static str {
        match self {
            Self::Todos { .. } => TODOS,
            Self::Settings { .. } => SETTINGS,
            Self::Company(_) => COMPANY,
        }
    }
}

/// The label of the window with Belldot's own list.
pub const TODOS: &str = "todos";

/// The label of the settings' window.
pub const SETTINGS: &str = "settings";

/// The label of the window with a company's page.
pub const COMPANY: &str = "company-page";

/// What the windows tell the bell.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "message", rename_all = "kebab-case")]
pub enum FromWindows {
    /// The process is ready, and draws with this version of the system's web engine.
    Ready {
        /// The version, or why it is unknown.
        webview: String,
    },
    /// One of Belldot's own pages asks for something.
    Request {
        /// Its number, for the answer.
        id: u64,
        /// The label of the window.
        window: String,
        /// The command's name, as `pages::request` has it.
        command: String,
        /// What goes with it.
        arguments: Value,
    },
    /// A page that was to be shown is there; or it is not, and why.
    Shown {
        /// The label of its window.
        window: String,
        /// Why there is none.
        error: Option<String>,
    },
    /// An address to open in the user's browser.
    Browse {
        /// The address.
        url: Url,
    },
    /// A window was closed.
    Closed {
        /// Its label.
        window: String,
    },
    /// The web engine of a window ended by itself.
    Crashed {
        /// Its label.
        window: String,
    },
}
