//! Where Belldot keeps its files.

use std::path::{Path, PathBuf};

use belldot_core::private;
use directories::ProjectDirs;

use crate::cli::{Cli, Verb};

/// Where Belldot keeps its files.
#[derive(Clone, Debug)]
pub struct AppPaths {
    config: PathBuf,
    data: PathBuf,
    /// What the command line has to say for these to be chosen again.
    arguments: Vec<String>,
}

impl AppPaths {
    /// As the command line says, else where the system wants such files; the demo has a folder
    /// of its own.
    ///
    /// # Errors
    /// When there is no home directory, or a folder cannot be made; in a sentence.
    pub fn choose(cli: &Cli) -> Result<Self, String> {
        let paths = Self::find(cli)?;
        for (path, option) in [(&paths.config, "--config-dir"), (&paths.data, "--data-dir")] {
            private::make_folder(path).map_err(|error| {
                format!(
                    "{}: {error}; name another folder with {option}",
                    path.display()
                )
            })?;
        }
        Ok(paths)
    }

    /// The same, but makes no folder.
    ///
    /// # Errors
    /// When there is no home directory; in a sentence.
    pub fn find(cli: &Cli) -> Result<Self, String> {
        let usual = ProjectDirs::from("", "", "belldot");
        let choose =
            |given: &Option<PathBuf>, usual: Option<&Path>, option: &str| match (given, usual) {
                (Some(given), _) => Ok(given.clone()),
                (None, Some(usual)) if matches!(cli.verb, Some(Verb::Demo { .. })) => {
                    Ok(usual.join("demo"))
                }
                (None, Some(usual)) => Ok(usual.to_owned()),
                (None, None) => Err(format!(
                    "there is no home directory; name a folder with {option}"
                )),
            };
        let mut paths = Self {
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
            arguments: Vec::new(),
        };
        for (option, path, usual) in [
            (
                "--config-dir",
                &paths.config,
                usual.as_ref().map(|d| d.config_dir()),
            ),
            (
                "--data-dir",
                &paths.data,
                usual.as_ref().map(|d| d.data_dir()),
            ),
        ] {
            if Some(path.as_path()) != usual {
                let path = std::path::absolute(path).unwrap_or_else(|_| path.clone());
                let words = [option.to_owned(), path.display().to_string()];
                paths.arguments.extend(words);
            }
        }
        Ok(paths)
    }

    /// What the command line has to say for these places to be chosen again.
    pub fn arguments(&self) -> Vec<String> {
        self.arguments.clone()
    }

    /// The folders of the settings and of everything else.
    pub fn folders(&self) -> [PathBuf; 2] {
        [self.config.clone(), self.data.clone()]
    }

    /// Whether a folder is where the system wants Belldot's files, and nobody else's.
    pub fn is_usual(&self, folder: &Path) -> bool {
        let usual = ProjectDirs::from("", "", "belldot");
        usual.is_some_and(|usual| {
            let usual = [usual.config_dir(), usual.data_dir()];
            usual.iter().any(|usual| folder.starts_with(usual))
        })
    }

    /// What sets the secrets of these settings apart from those of others: nothing where the
    /// system wants the settings, else a short digest of where they are.
    pub fn profile(&self) -> Option<String> {
        let usual = ProjectDirs::from("", "", "belldot");
        if usual.is_some_and(|usual| usual.config_dir() == self.config) {
            return None;
        }
        let path = std::path::absolute(&self.config).unwrap_or_else(|_| self.config.clone());
        let path = std::fs::canonicalize(&path).unwrap_or(path);
        let digest = path.as_os_str().as_encoded_bytes().iter();
        // FNV-1a: the same for good, unlike the hashes of the standard library.
        let digest = digest.fold(0xcbf2_9ce4_8422_2325_u64, |digest, byte| {
            (digest ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Some(format!("{digest:016x}"))
    }

    /// The folder of the inbox.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// Sizes and places of windows.
    pub fn windows(&self) -> PathBuf {
        self.data.join("windows.json")
    }

    /// The same of companies' pages, where they are in processes of their own: each process writes
    /// its whole file.
    #[cfg(all(target_os = "linux", not(feature = "portable")))]
    pub fn company_windows(&self) -> PathBuf {
        self.data.join("windows.company.json")
    }

    /// What windows need from the disk.
    pub fn ahead(&self) -> PathBuf {
        self.data.join("ahead.json")
    }

    /// What an administrator fixed for this machine: `/etc/belldot/policy.toml`,
    /// `/Library/Application Support/belldot/policy.toml`, or `policy.toml` in
    /// `%ProgramData%\belldot`. In a debug build `BELLDOT_POLICY` names another file, for tests; in
    /// a release the environment, which is the user's, has no say in it.
    pub fn policy() -> PathBuf {
        #[cfg(debug_assertions)]
        if let Some(path) = std::env::var_os("BELLDOT_POLICY") {
            return path.into();
        }
        let folder = if cfg!(target_os = "macos") {
            PathBuf::from("/Library/Application Support")
        } else if cfg!(windows) {
            std::env::var_os("ProgramData").map_or_else(|| "C:\\ProgramData".into(), PathBuf::from)
        } else {
            PathBuf::from("/etc")
        };
        folder.join("belldot").join("policy.toml")
    }

    /// `settings.toml`.
    pub fn settings(&self) -> PathBuf {
        self.config.join("settings.toml")
    }

    /// `inbox.db`.
    pub fn inbox(&self) -> PathBuf {
        self.data.join("inbox.db")
    }

    /// Which secrets are in the keyring; none of them is here.
    pub fn secrets(&self) -> PathBuf {
        self.data.join("secrets.json")
    }

    /// The logs.
    pub fn logs(&self) -> PathBuf {
        self.data.join("logs")
    }

    /// The demo server's to-dos.
    pub fn demo(&self) -> PathBuf {
        self.data.join("server")
    }

    /// What companies' pages keep: their cookies and caches, apart from everything else.
    pub fn pages(&self) -> PathBuf {
        self.data.join("pages")
    }
}
