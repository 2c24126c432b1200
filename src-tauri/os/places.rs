//! Where Belldot keeps its files.

use std::path::{Path, PathBuf};

use directories::ProjectDirs;

use crate::cli::{Cli, Verb};

/// Where Belldot keeps its files.
#[derive(Clone, Debug)]
pub struct Places {
    config: PathBuf,
    data: PathBuf,
}

impl Places {
    /// As the command line says, else where the system wants such files; the demo has a folder
    /// of its own.
    ///
    /// # Errors
    /// When there is no home directory, or a folder cannot be made; in a sentence.
    pub fn choose(cli: &Cli) -> Result<Self, String> {
        let usual = ProjectDirs::from("", "", "belldot");
        let choose = |given: &Option<PathBuf>, usual: Option<&Path>, option: &str| {
            let path = match (given, usual) {
                (Some(given), _) => given.clone(),
                (None, Some(usual)) if matches!(cli.verb, Some(Verb::Demo { .. })) => {
                    usual.join("demo")
                }
                (None, Some(usual)) => usual.to_owned(),
                (None, None) => {
                    return Err(format!(
                        "there is no home directory; name a folder with {option}"
                    ));
                }
            };
            std::fs::create_dir_all(&path).map_err(|error| {
                format!(
                    "{}: {error}; name another folder with {option}",
                    path.display()
                )
            })?;
            Ok(path)
        };
        Ok(Self {
            config: choose(
                &cli.config_dir,
                usual.as_ref().map(|d| d.config_dir()),
                "--config-dir",
            )?,
            data: choose(
                &cli.data_dir,
                usual.as_ref().map(|d| d.data_dir()),
                "--data-dir",
            )?,
        })
    }

    /// `settings.toml`.
    pub fn settings(&self) -> PathBuf {
        self.config.join("settings.toml")
    }

    /// `inbox.db`.
    pub fn inbox(&self) -> PathBuf {
        self.data.join("inbox.db")
    }

    /// The logs.
    pub fn logs(&self) -> PathBuf {
        self.data.join("logs")
    }

    /// The demo server's to-dos.
    pub fn demo(&self) -> PathBuf {
        self.data.join("server")
    }

    /// What a company's page keeps: its cookies and caches, apart from everything else.
    pub fn web(&self, source: &str) -> PathBuf {
        self.data.join("pages").join(source)
    }
}
