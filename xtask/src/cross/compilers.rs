//! Stand-ins for the C compilers of other systems. A check links nothing, so the objects that
//! dependencies have compiled may be empty: this program does that, when it is called by the name
//! of such a tool.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use crate::cross::targets::{TARGETS, folder, in_variables};
use crate::shell::TaskResult;

const CLANG: &str = "clang";
const CLANG_CL: &str = "clang-cl";
const AR: &str = "ar";
const LIB: &str = "llvm-lib";
const RC: &str = "llvm-rc";
const XCRUN: &str = "xcrun";

/// Those that Cargo's variables name by their paths. They must not be found by name, for this
/// system's own build scripts are linked with what is.
const BY_PATH: [&str; 2] = [CLANG, AR];

/// Those that build scripts for the other systems start by name.
const BY_NAME: [&str; 4] = [CLANG_CL, LIB, RC, XCRUN];

/// Puts the stand-ins where the build scripts of a Cargo command find them.
///
/// # Errors
/// When they cannot be put there.
pub(crate) fn apply(cargo: &mut Command) -> TaskResult {
    let by_path = folder().join("compilers");
    let by_name = by_path.join("by-name");
    fs::create_dir_all(&by_name)?;
    for (folder, names) in [(&by_path, &BY_PATH[..]), (&by_name, &BY_NAME[..])] {
        for name in names {
            stand_in(&folder.join(format!("{name}{}", env::consts::EXE_SUFFIX)))?;
        }
    }
    for target in TARGETS {
        let (compiler, archiver) = match target.ends_with("-msvc") {
            true => (by_name.join(CLANG_CL), by_name.join(LIB)),
            false => (by_path.join(CLANG), by_path.join(AR)),
        };
        let target = in_variables(target);
        cargo.env(format!("CC_{target}"), &compiler);
        cargo.env(format!("CXX_{target}"), &compiler);
        cargo.env(format!("AR_{target}"), &archiver);
    }
    // Where `xcrun` says that the headers are; nobody reads one.
    cargo.env("SDKROOT", &by_path);
    let path = env::var_os("PATH").unwrap_or_default();
    let path = [by_name].into_iter().chain(env::split_paths(&path));
    cargo.env("PATH", env::join_paths(path).unwrap_or_default());
    Ok(())
}

#[cfg(unix)]
fn stand_in(tool: &Path) -> TaskResult {
    let this = env::current_exe()?;
    if fs::read_link(tool).is_ok_and(|there| there == this) {
        return Ok(());
    }
    fs::remove_file(tool).ok();
    Ok(std::os::unix::fs::symlink(this, tool)?)
}

#[cfg(not(unix))]
fn stand_in(tool: &Path) -> TaskResult {
    fs::copy(env::current_exe()?, tool)?;
    Ok(())
}

/// Does the work of the tool by whose name this program was called, if it is one.
pub(crate) fn called_as_one() -> Option<ExitCode> {
    let mut arguments = env::args_os();
    let name = PathBuf::from(arguments.next()?);
    let name = name.file_stem()?.to_str()?;
    if !BY_PATH.contains(&name) && !BY_NAME.contains(&name) {
        return None;
    }
    let arguments: Vec<_> = arguments.collect();
    let (answer, file) = work(name, &arguments);
    print!("{answer}");
    let written = file.map_or(Ok(()), |(path, text)| fs::write(path, text));
    Some(match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{name}: {error}");
            ExitCode::FAILURE
        }
    })
}

/// What it prints, and the file that it writes.
fn work(name: &str, arguments: &[OsString]) -> (String, Option<(PathBuf, &'static str)>) {
    let arguments: Vec<_> = arguments.iter().filter_map(|one| one.to_str()).collect();
    let object = || object(&arguments);
    match name {
        // Asked where the system's headers are.
        XCRUN => {
            let folder = env::var("SDKROOT").unwrap_or_default();
            (format!("{folder}\n"), None)
        }
        LIB | AR => {
            let written = archive(&arguments).map(|path| (path, "!<arch>\n"));
            (String::new(), written)
        }
        _ if arguments.contains(&"--version") => ("clang version 19.0.0\n".to_owned(), None),
        // Asked which compiler it is, by what it makes of a file of macros.
        _ if arguments.iter().any(|argument| is_preprocess(argument)) => {
            ("clang\n".to_owned(), object().map(|path| (path, "clang\n")))
        }
        _ => (String::new(), object().map(|path| (path, ""))),
    }
}

/// `-o FILE`, `/fo FILE` or `-FoFILE`.
fn object(arguments: &[&str]) -> Option<PathBuf> {
    let apart = arguments.windows(2).find_map(|pair| match pair {
        ["-o" | "/o" | "-fo" | "/fo", file] => Some(*file),
        _ => None,
    });
    let joined = || {
        arguments.iter().find_map(|argument| {
            let file = argument.strip_prefix(['-', '/'])?.strip_prefix("Fo")?;
            (!file.is_empty()).then_some(file)
        })
    };
    apart.or_else(joined).map(PathBuf::from)
}

/// `-out:FILE`, or as `ar` has it.
fn archive(arguments: &[&str]) -> Option<PathBuf> {
    arguments.iter().find_map(|argument| {
        let option = argument.strip_prefix(['-', '/']);
        let is_archive = argument.ends_with(".a") || argument.ends_with(".lib");
        option
            .and_then(|option| option.strip_prefix("out:").or(option.strip_prefix("OUT:")))
            .or_else(|| is_archive.then_some(*argument))
            .map(PathBuf::from)
    })
}

fn is_preprocess(argument: &str) -> bool {
    matches!(argument, "-E" | "/E" | "-EP" | "/EP")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn works(name: &str, line: &str) -> (String, Option<(PathBuf, &'static str)>) {
        let arguments: Vec<_> = line.split(' ').map(OsString::from).collect();
        work(name, &arguments)
    }

    #[test]
    fn objects_are_empty_wherever_they_are_asked_for() {
        let expected = (String::new(), Some(("out/a.o".into(), "")));
        assert_eq!(works(CLANG, "-c -O0 -o out/a.o a.c"), expected);
        assert_eq!(works(CLANG_CL, "-nologo -c -Foout/a.o a.c"), expected);
        assert_eq!(works(RC, "/fo out/a.o a.rc"), expected);
    }

    #[test]
    fn archives_are_empty() {
        let expected = (String::new(), Some(("out/liba.a".into(), "!<arch>\n")));
        assert_eq!(works(LIB, "-out:out/liba.a -nologo a.o"), expected);
        assert_eq!(works(AR, "crs out/liba.a a.o"), expected);
    }

    #[test]
    fn the_compiler_is_clang() {
        assert_eq!(works(CLANG, "-E detect.c"), ("clang\n".to_owned(), None));
        assert!(works(CLANG_CL, "--version").0.starts_with("clang"));
    }
}
