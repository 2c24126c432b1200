//! Log files of bounded size, for the user's eyes only.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use belldot_core::private;

/// The most bytes of a file, and how many files there are.
const MOST: u64 = 5 << 20;
const FILES: usize = 5;

/// Writes to `belldot.log`; when that is full it becomes `belldot.1.log`, and so on.
#[derive(Debug)]
pub struct Rolling {
    folder: PathBuf,
    /// None where it could not be opened; tried again with the next line.
    file: Option<File>,
    written: u64,
    most: u64,
}

impl Rolling {
    /// Goes on where the last run ended.
    ///
    /// # Errors
    /// When the folder cannot be made or the file not be opened.
    pub fn open(folder: &Path) -> io::Result<Self> {
        Self::with(folder, MOST)
    }

    fn with(folder: &Path, most: u64) -> io::Result<Self> {
        private::make_folder(folder)?;
        remove_daily(folder);
        let mut rolling = Self {
            folder: folder.to_owned(),
            file: None,
            written: 0,
            most,
        };
        rolling.reopen()?;
        Ok(rolling)
    }

    fn path(&self, age: usize) -> PathBuf {
        self.folder.join(match age {
            0 => "belldot.log".to_owned(),
            age => format!("belldot.{age}.log"),
        })
    }

    fn reopen(&mut self) -> io::Result<&mut File> {
        let file = private::options()
            .append(true)
            .create(true)
            .open(self.path(0))?;
        private::narrow(&self.path(0));
        self.written = file.metadata()?.len();
        Ok(self.file.insert(file))
    }

    /// Everything becomes older by one; the oldest goes.
    fn roll(&mut self) -> io::Result<()> {
        self.file = None;
        for age in (1..FILES).rev() {
            match fs::rename(self.path(age - 1), self.path(age)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    fn append(&mut self, line: &[u8]) -> io::Result<()> {
        if self.written > 0 && self.written + line.len() as u64 > self.most {
            self.roll()?;
        }
        let file = match &mut self.file {
            Some(file) => file,
            None => self.reopen()?,
        };
        file.write_all(line)?;
        self.written += line.len() as u64;
        Ok(())
    }
}

impl Write for Rolling {
    /// What cannot be written is let go: nobody is there to hear of it, least of all the log.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let _ = self.append(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Earlier versions wrote a file a day, of any size.
fn remove_daily(folder: &Path) {
    for file in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = file.file_name();
        let day = name.to_str().and_then(|name| {
            let day = name.strip_prefix("belldot.")?.strip_suffix(".log")?;
            day.parse::<jiff::civil::Date>().ok()
        });
        if day.is_some() {
            let _ = fs::remove_file(file.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(folder: &Path) -> u64 {
        let files = fs::read_dir(folder).unwrap();
        files
            .map(|file| file.unwrap().metadata().unwrap().len())
            .sum()
    }

    #[test]
    fn however_much_is_written_the_files_stay_few_and_small_and_the_latest_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let mut log = Rolling::with(folder.path(), 1_000).unwrap();
        for number in 0..1_000 {
            writeln!(log, "line {number} {}", "x".repeat(50)).unwrap();
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), FILES);
        assert!(size(folder.path()) <= FILES as u64 * 1_000);
        let latest = fs::read_to_string(folder.path().join("belldot.log")).unwrap();
        assert!(latest.contains("line 999 "));
    }

    #[test]
    fn the_next_run_goes_on_in_the_same_file() {
        let folder = tempfile::tempdir().unwrap();
        for run in ["first", "second"] {
            let mut log = Rolling::with(folder.path(), 1_000).unwrap();
            writeln!(log, "{run}").unwrap();
        }
        let log = fs::read_to_string(folder.path().join("belldot.log")).unwrap();
        assert_eq!(log, "first\nsecond\n");
    }

    #[test]
    fn the_daily_files_of_earlier_versions_go_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        for file in ["belldot.2026-11-22.log", "panic-20261122T100000Z.txt"] {
            fs::write(folder.path().join(file), "").unwrap();
        }
        Rolling::with(folder.path(), 1_000).unwrap();
        assert!(!folder.path().join("belldot.2026-11-22.log").exists());
        assert!(folder.path().join("panic-20261122T100000Z.txt").exists());
    }

    #[cfg(unix)]
    #[test]
    fn only_the_user_can_read_it_also_after_an_older_version() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("belldot.log");
        fs::write(&path, "").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        let mut log = Rolling::with(folder.path(), 10).unwrap();
        for _ in 0..3 {
            writeln!(log, "longer than ten bytes").unwrap();
        }
        for file in fs::read_dir(folder.path()).unwrap() {
            let mode = file.unwrap().metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }
}
