//! Files, ports and programs of a server.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use belldot_session::Session;

/// The files and ports of a server.
pub struct ServerSite {
    /// The folder of its sources in the project.
    pub sources: PathBuf,
    /// A folder of its own.
    pub folder: PathBuf,
    /// The port that clients connect to.
    pub port: u16,
    /// The port of the application: the same, if nothing is in front of it.
    pub application: u16,
}

/// Node.js with one of the scripts.
pub fn node(session: &Session, site: &ServerSite, script: &str) -> Command {
    let mut command = session.command("node");
    command.current_dir(&site.sources).arg(script);
    command.env("PORT", site.application.to_string());
    command
}

/// A program of the Python environment that `cargo xtask setup` made.
pub fn python(session: &Session, site: &ServerSite, program: &str) -> Command {
    let mut command = session.command(installed("python/bin").join(program));
    command.current_dir(&site.sources);
    command.env("PORT", site.application.to_string());
    command.env("NOTICES", site.folder.join("notices"));
    // The sources stay as they are.
    command.env("PYTHONDONTWRITEBYTECODE", "1");
    command
}

/// A program that `cargo xtask setup` has installed in the target folder.
pub fn installed(name: &str) -> PathBuf {
    let test = env::current_exe().unwrap();
    let mut places = test
        .ancestors()
        .map(|target| target.join("servers").join(name));
    places
        .find(|path| path.exists())
        .unwrap_or_else(|| panic!("{name} is not installed; `cargo xtask setup` installs it"))
}

/// Writes a configuration of the project with its placeholders (`@PORT@`) filled in.
pub fn configuration(site: &ServerSite, name: &str) -> PathBuf {
    let text = fs::read_to_string(site.sources.join(name)).unwrap();
    let text = text
        .replace("@FOLDER@", &site.folder.display().to_string())
        .replace("@SOURCES@", &site.sources.display().to_string())
        .replace("@PORT@", &site.port.to_string())
        .replace("@APPLICATION@", &site.application.to_string());
    let path = site.folder.join(Path::new(name).file_name().unwrap());
    fs::write(&path, text).unwrap();
    path
}
