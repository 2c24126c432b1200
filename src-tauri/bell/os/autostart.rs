//! Starting with the session.

use crate::os::paths::AppPaths;

/// Starts Belldot with the session from now on, hidden, or no longer.
///
/// # Errors
/// When the system does not take it; in the system's words.
pub fn set(on: bool, paths: &AppPaths) -> Result<(), String> {
    system::set(on, &command(paths)?)
}

/// Sees to it at the start that what was set still holds: Belldot may have moved meanwhile. Who
/// switched it off in the desktop's own settings is left alone.
///
/// # Errors
/// When the system does not take it; in the system's words.
pub fn keep(paths: &AppPaths) -> Result<(), String> {
    system::keep(&command(paths)?)
}

/// The program and its arguments.
fn command(paths: &AppPaths) -> Result<Vec<String>, String> {
    let program = std::env::var_os("APPIMAGE").map_or_else(std::env::current_exe, |path| {
        Ok(std::path::PathBuf::from(path))
    });
    let program = program.map_err(|error| error.to_string())?;
    let mut command = vec![program.display().to_string(), "--hidden".to_owned()];
    command.extend(paths.arguments());
    Ok(command)
}

/// A file in the autostart folder (freedesktop, Desktop Application Autostart).
#[cfg(all(target_os = "linux", not(feature = "portable")))]
mod system {
    use std::{fs, io, path::PathBuf};

    use belldot_core::private;
    use directories::BaseDirs;

    pub fn set(on: bool, command: &[String]) -> Result<(), String> {
        let path = path()?;
        let done = if on {
            private::replace(&path, entry(command).as_bytes())
        } else {
            match fs::remove_file(&path) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
                done => done,
            }
        };
        done.map_err(|error| format!("{}: {error}", path.display()))
    }

    pub fn keep(command: &[String]) -> Result<(), String> {
        let path = path()?;
        let there = match fs::read(&path) {
            Ok(there) => String::from_utf8_lossy(&there).into_owned(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            // It may say that the user wants no start: it stays as it is.
            Err(error) => return Err(format!("{}: {error}", path.display())),
        };
        let off = there.lines().any(|line| {
            let line = line.replace(' ', "").to_lowercase();
            line == "hidden=true" || line == "x-gnome-autostart-enabled=false"
        });
        if off || there == entry(command) {
            return Ok(());
        }
        set(true, command)
    }

    fn path() -> Result<PathBuf, String> {
        let dirs = BaseDirs::new().ok_or("there is no home directory")?;
        Ok(dirs.config_dir().join("autostart").join("belldot.desktop"))
    }

    fn entry(command: &[String]) -> String {
        let exec: Vec<String> = command.iter().map(|word| quote(word)).collect();
        format!(
            "[Desktop Entry]\n\
             Type=Application\n\
             Name=Belldot\n\
             Icon=belldot\n\
             Exec={}\n\
             Terminal=false\n\
             X-GNOME-Autostart-enabled=true\n",
            exec.join(" ")
        )
    }

    /// One word of an `Exec` key (Desktop Entry Specification, "The Exec key"): quoted, and then
    /// escaped once more as every string in the file is.
    fn quote(word: &str) -> String {
        let mut quoted = String::from("\"");
        for character in word.chars() {
            match character {
                '"' | '`' | '$' => quoted.extend(['\\', '\\', character]),
                '\\' => quoted.push_str("\\\\\\\\"),
                '%' => quoted.push_str("%%"),
                '\n' => quoted.push_str("\\n"),
                other => quoted.push(other),
            }
        }
        quoted.push('"');
        quoted
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn words_are_quoted_as_the_exec_key_wants_them() {
            assert_eq!(quote("/opt/my apps/belldot"), r#""/opt/my apps/belldot""#);
            assert_eq!(quote(r#"a"b$c`d\e%f"#), r#""a\\"b\\$c\\`d\\\\e%%f""#);
        }

        #[test]
        fn an_entry_starts_hidden() {
            let command = ["/usr/bin/belldot".to_owned(), "--hidden".to_owned()];
            assert!(entry(&command).contains("Exec=\"/usr/bin/belldot\" \"--hidden\"\n"));
        }
    }
}

/// Windows' registry and macOS' launch agents.
#[cfg(any(not(target_os = "linux"), feature = "portable"))]
mod system {
    use auto_launch::{AutoLaunch, AutoLaunchBuilder};

    pub fn set(on: bool, command: &[String]) -> Result<(), String> {
        let launch = launch(command)?;
        let done = match (on, launch.is_enabled()) {
            (true, _) => launch.enable(),
            (false, Ok(false)) => Ok(()),
            // Where nobody can tell, it may be on.
            (false, Ok(true) | Err(_)) => launch.disable(),
        };
        done.map_err(|error| error.to_string())
    }

    pub fn keep(command: &[String]) -> Result<(), String> {
        let launch = launch(command)?;
        if launch.is_enabled().unwrap_or(false) {
            return Ok(());
        }
        launch.enable().map_err(|error| error.to_string())
    }

    fn launch(command: &[String]) -> Result<AutoLaunch, String> {
        // macOS keeps the words apart; the others are given one line.
        let quote = |word: &String| {
            if cfg!(target_os = "macos") {
                word.clone()
            } else {
                format!("\"{word}\"")
            }
        };
        let words: Vec<String> = command.iter().map(quote).collect();
        let (program, arguments) = words.split_first().ok_or("no program")?;
        AutoLaunchBuilder::new()
            .set_app_name("Belldot")
            .set_app_path(program)
            .set_args(arguments)
            .build()
            .map_err(|error| error.to_string())
    }
}
