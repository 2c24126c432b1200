//! A company's own page: opened by the bell, without access to Belldot, kept to its origins.

mod failures;
mod pictures;
mod proxy;
mod rules;
mod sessions;
mod sign_in;
mod site;
mod trust;

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use belldot_session::{Session, wait_until};
use belldot_testkit::{Belldot, Home, LIMIT};

/// The settings of somebody with one source whose page is there.
fn home(session: &Session, page: &str, more: &str) -> Home {
    home_in(session, "", page, more)
}

/// The same on a network.
fn home_in(session: &Session, network: &str, page: &str, more: &str) -> Home {
    Home::with_settings(session, &settings(network, page, more))
}

fn settings(network: &str, page: &str, more: &str) -> String {
    format!(
        "{network}\n[[sources]]\nid = \"work\"\nname = \"Work\"\n\
         url = \"http://127.0.0.1:9/nobody\"\npage = \"{page}\"\n{more}\n"
    )
}

/// A browser that only notes what it is to open.
struct Browser {
    notes: PathBuf,
    path: PathBuf,
}

impl Browser {
    fn install(session: &Session) -> Self {
        let folder = session.folder().join("bin");
        fs::create_dir_all(&folder).unwrap();
        let (browser, notes) = (folder.join("xdg-open"), folder.join("browsed"));
        let script = format!("#!/bin/sh\necho \"$1\" >> '{}'\n", notes.display());
        fs::write(&browser, script).unwrap();
        fs::set_permissions(&browser, fs::Permissions::from_mode(0o755)).unwrap();
        let path = std::env::var("PATH").unwrap();
        Self {
            notes,
            path: format!("{}:{path}", folder.display()).into(),
        }
    }

    /// Where programs are found that Belldot starts.
    fn path(&self) -> (&'static str, &Path) {
        ("PATH", &self.path)
    }

    /// Starts a Belldot that has this browser.
    fn belldot(&self, session: &Session, home: &Home, arguments: &[&str]) -> Belldot {
        let (name, path) = self.path();
        Belldot::run(home.command(session, arguments).env(name, path))
    }

    /// The addresses that it was to open.
    fn opened(&self) -> Vec<String> {
        let notes = fs::read_to_string(&self.notes).unwrap_or_default();
        notes.lines().map(str::to_owned).collect()
    }

    fn wait_for_any(&self) -> Vec<String> {
        let waited = wait_until("the browser opens something", LIMIT, || {
            !self.opened().is_empty()
        });
        waited.unwrap();
        self.opened()
    }
}
