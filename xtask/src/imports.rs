//! Which module of a crate imports which, read from `use` declarations.
//!
//! Re-exports (`pub use`) do not count: a module may offer what its children define.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;

/// A module's path in its crate; empty for the crate's root.
type Module = Vec<String>;

/// The imports between the modules of a crate.
pub(crate) struct Imports(BTreeMap<Module, BTreeSet<Module>>);

impl Imports {
    /// Reads all sources below `folder`, unit tests left out.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub(crate) fn read(folder: &Path) -> io::Result<Self> {
        let mut sources = BTreeMap::new();
        collect(folder, &Module::new(), &mut sources)?;
        Ok(Self::of(&sources))
    }

    fn of(sources: &BTreeMap<Module, String>) -> Self {
        let imports = sources.iter().map(|(module, source)| {
            let paths = declarations(source)
                .into_iter()
                .flat_map(|used| expand(&used));
            let targets = paths.filter_map(|path| resolve(module, &path, sources));
            let others = targets.filter(|target| target != module).collect();
            (module.clone(), others)
        });
        Self(imports.collect())
    }

    /// The modules that import each other in a circle, or lie between two such circles.
    pub(crate) fn cycles(&self) -> BTreeSet<String> {
        let mut left = self.0.clone();
        loop {
            let imported: BTreeSet<_> = left.values().flatten().cloned().collect();
            let before = left.len();
            left.retain(|module, imports| !imports.is_empty() && imported.contains(module));
            let modules: BTreeSet<_> = left.keys().cloned().collect();
            for imports in left.values_mut() {
                imports.retain(|target| modules.contains(target));
            }
            if left.len() == before && left.values().all(|imports| !imports.is_empty()) {
                return left.keys().map(|module| module.join("::")).collect();
            }
        }
    }
}

fn collect(
    folder: &Path,
    module: &[String],
    sources: &mut BTreeMap<Module, String>,
) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        if name == "tests" {
            continue;
        }
        let child = [module, &[name.clone().into_owned()]].concat();
        if path.is_dir() {
            collect(&path, &child, sources)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let source = fs::read_to_string(&path)?;
            let is_parent = matches!(name.as_ref(), "lib" | "main" | "mod");
            let module = if is_parent { module.to_vec() } else { child };
            // A crate may have a library and a program, which share their root.
            sources.entry(module).or_default().push_str(&source);
        }
    }
    Ok(())
}

/// What stands between `use` and `;` up to the unit tests, without white space.
fn declarations(source: &str) -> Vec<String> {
    let source = source.split("#[cfg(test)]").next().unwrap_or_default();
    let mut found = Vec::new();
    let mut lines = source.lines();
    while let Some(line) = lines.next() {
        let Some(start) = line.trim_start().strip_prefix("use ") else {
            continue;
        };
        let mut text = start.to_owned();
        while !text.contains(';') {
            let Some(line) = lines.next() else { break };
            text.push_str(line);
        }
        let used = text.split(';').next().unwrap_or_default();
        let used = used.replace(" as ", "::as::");
        found.push(used.split_whitespace().collect());
    }
    found
}

/// `a::{b,c::{d,e}}` as `a::b`, `a::c::d`, `a::c::e`.
fn expand(used: &str) -> Vec<String> {
    let Some((prefix, group)) = used.split_once('{') else {
        return vec![used.to_owned()];
    };
    let group = group.strip_suffix('}').unwrap_or(group);
    let (mut parts, mut depth) = (vec![String::new()], 0);
    for character in group.chars() {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        match (character, depth, parts.last_mut()) {
            (',', 0, _) => parts.push(String::new()),
            (_, _, Some(part)) => part.push(character),
            (_, _, None) => {}
        }
    }
    let parts = parts.iter().filter(|part| !part.is_empty());
    parts
        .flat_map(|part| expand(part))
        .map(|part| format!("{prefix}{part}"))
        .collect()
}

/// The module of the crate that a path leads to or into.
fn resolve(module: &[String], path: &str, sources: &BTreeMap<Module, String>) -> Option<Module> {
    let mut names = path.split("::").peekable();
    let mut target = match *names.peek()? {
        "crate" => Module::new(),
        "self" | "super" => module.to_vec(),
        child => {
            let child = [module, &[child.to_owned()]].concat();
            sources.contains_key(&child).then(|| module.to_vec())?
        }
    };
    for name in names {
        match name {
            "crate" | "self" => {}
            "super" => {
                target.pop();
            }
            name => target.push(name.to_owned()),
        }
    }
    while !sources.contains_key(&target) {
        target.pop()?;
    }
    Some(target)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::root;

    /// The sources in which modules must not import each other in a circle.
    const FOLDERS: &[&str] = &[
        "crates/server/src",
        "crates/session/src",
        "crates/testkit/src",
        "crates/wire/src",
        "xtask/src",
    ];

    fn cycles(sources: &[(&str, &str)]) -> Vec<String> {
        let sources = sources.iter().map(|(module, source)| {
            let module = module.split("::").filter(|name| !name.is_empty());
            (module.map(str::to_owned).collect(), (*source).to_owned())
        });
        Imports::of(&sources.collect())
            .cycles()
            .into_iter()
            .collect()
    }

    #[test]
    fn no_modules_import_each_other_in_a_circle() {
        for folder in FOLDERS {
            let imports = Imports::read(&root().join(folder)).unwrap();
            assert_eq!(imports.cycles(), BTreeSet::new(), "{folder}");
        }
    }

    #[test]
    fn a_circle_is_found_through_groups_and_parents() {
        let sources = [
            ("", "mod a;\nmod b;\n"),
            ("a", "use crate::{b::{B, C}, d};\n"),
            ("b", "mod c;\nuse std::fmt;\n"),
            ("b::c", "use super::super::a::A as Other;\n"),
            ("d", "use crate::a::{\n    A,\n};\n"),
        ];
        assert_eq!(cycles(&sources), ["a", "d"]);
    }

    #[test]
    fn re_exports_and_unit_tests_make_no_circle() {
        let sources = [
            ("", "mod a;\npub use a::A;\n"),
            ("a", "use crate::Error;\n"),
            ("b", "#[cfg(test)]\nmod tests {\n    use crate::c::C;\n}\n"),
            ("c", "use crate::b::B;\n"),
        ];
        assert!(cycles(&sources).is_empty());
    }
}
