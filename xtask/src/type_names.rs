//! Names of types that are defined more than once: one name is to have one meaning.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// The types that are defined in sources, with their files.
#[derive(Default)]
pub(crate) struct TypeNames(BTreeMap<String, Vec<PathBuf>>);

impl TypeNames {
    /// Adds all sources below `folder`, tests left out.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub(crate) fn read(&mut self, folder: &Path) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.file_stem().is_some_and(|name| name == "tests") {
                continue;
            }
            if path.is_dir() {
                self.read(&path)?;
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                self.add(&path, &fs::read_to_string(&path)?);
            }
        }
        Ok(())
    }

    /// The names that are defined more than once, each with its files.
    pub(crate) fn defined_twice(&self) -> BTreeMap<&str, &[PathBuf]> {
        let all = self.0.iter().filter(|(_, files)| files.len() > 1);
        all.map(|(name, files)| (name.as_str(), files.as_slice()))
            .collect()
    }

    fn add(&mut self, path: &Path, source: &str) {
        let source = source.split("#[cfg(test)]\nmod tests {").next();
        for name in source.unwrap_or_default().lines().filter_map(defined) {
            let files = self.0.entry(name.to_owned()).or_default();
            files.push(path.to_owned());
        }
    }
}

/// The name of the type that a line defines. What is indented may be an associated type, whose name
/// is its trait's.
fn defined(line: &str) -> Option<&str> {
    let line = match line.strip_prefix("pub") {
        Some(rest) if rest.starts_with('(') => rest.split_once(") ")?.1,
        Some(rest) => rest.strip_prefix(' ')?,
        None => line,
    };
    let (keyword, rest) = line.split_once(' ')?;
    let is_type = matches!(keyword, "struct" | "enum" | "trait" | "type" | "union");
    let end = rest.find(|character: char| !character.is_alphanumeric())?;
    is_type.then(|| &rest[..end])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::root;

    const FOLDERS: &[&str] = &[
        "crates/core/src",
        "crates/server/src",
        "crates/session/src",
        "crates/stream/src",
        "crates/testkit/src",
        "crates/wire/src",
        "src-tauri",
        "xtask/src",
    ];

    #[test]
    fn no_name_of_a_type_is_defined_twice() {
        let mut names = TypeNames::default();
        for folder in FOLDERS {
            names.read(&root().join(folder)).unwrap();
        }
        let twice = names.defined_twice();
        assert!(twice.is_empty(), "{twice:#?}");
    }

    #[test]
    fn tests_within_a_file_are_left_out_and_what_comes_after_a_folder_of_tests_is_not() {
        let mut names = TypeNames::default();
        names.add(
            Path::new("a.rs"),
            "#[cfg(test)]\nmod tests;\nstruct Here;\n#[cfg(test)]\nmod tests {\nstruct There;\n",
        );
        assert_eq!(names.0.keys().collect::<Vec<_>>(), ["Here"]);
    }

    #[test]
    fn a_definition_is_found_whatever_its_visibility() {
        for line in [
            "struct Name;",
            "pub struct Name<T> {",
            "pub(crate) enum Name {",
            "pub(in crate::a) trait Name: Send {",
            "type Name = u8;",
        ] {
            assert_eq!(defined(line), Some("Name"), "{line}");
        }
        for line in ["    type Name = u8;", "fn name() {}", "// struct Name;", ""] {
            assert_eq!(defined(line), None, "{line}");
        }
    }

    #[test]
    fn a_name_in_two_files_or_twice_in_one_is_told_with_them() {
        let mut names = TypeNames::default();
        names.add(Path::new("a.rs"), "struct Twice;\nstruct Once;\n");
        names.add(
            Path::new("b.rs"),
            "enum Twice {}\n#[cfg(test)]\nmod tests {\nstruct Once;\n",
        );
        let twice = names.defined_twice();
        assert_eq!(twice.keys().collect::<Vec<_>>(), [&"Twice"]);
        assert_eq!(twice["Twice"], [Path::new("a.rs"), Path::new("b.rs")]);
    }
}
