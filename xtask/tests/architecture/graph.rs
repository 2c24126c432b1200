//! Which file imports which.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use crate::source::{Source, Written};

/// One file needs another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    pub from: String,
    /// Counted from 1.
    pub line: usize,
    pub to: String,
}

impl fmt::Display for Import {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{} imports {}", self.from, self.line, self.to)
    }
}

/// The files of a crate with their imports, at most one from a file to another.
#[derive(Debug)]
pub struct Graph {
    files: Vec<String>,
    imports: Vec<Import>,
}

/// A module by its names from the crate's root on, and the file that it is.
type Modules = BTreeMap<Vec<String>, String>;

impl Graph {
    /// The graph of a crate whose root is in this folder, from paths and texts of its files.
    pub fn of(folder: &str, files: Vec<(String, String)>) -> Self {
        let sources: BTreeMap<String, Source> = files
            .into_iter()
            .map(|(name, text)| (name, Source::read(&text)))
            .collect();
        let mut modules: Modules = sources
            .keys()
            .map(|file| (names_of(folder, file), file.clone()))
            .collect();
        // Of a library that has a program too, the program is a crate of its own.
        let library = format!("{folder}/lib.rs");
        if sources.contains_key(&library) {
            modules.insert(Vec::new(), library);
        }
        // What is there in tests only may import what it likes.
        let mut in_tests = Vec::new();
        for (names, file) in &modules {
            for child in &sources[file].test_children {
                in_tests.push([names.clone(), vec![child.clone()]].concat());
            }
        }
        modules.retain(|names, _| !in_tests.iter().any(|test| names.starts_with(test)));

        let mut seen = BTreeSet::new();
        let mut imports = Vec::new();
        for (names, file) in &modules {
            let source = &sources[file];
            let children = source.children.iter().filter_map(|(child, line)| {
                let child = [names.clone(), vec![child.clone()]].concat();
                Some((*line, modules.get(&child)?.clone()))
            });
            let paths = source.paths.iter().filter_map(|path| {
                let to = target(&modules, &sources, names, path)?;
                Some((path.line, to))
            });
            for (line, to) in children.chain(paths) {
                if to != *file && seen.insert((file.clone(), to.clone())) {
                    imports.push(Import {
                        from: file.clone(),
                        line,
                        to,
                    });
                }
            }
        }
        Self {
            files: modules.into_values().collect(),
            imports,
        }
    }

    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(String::as_str)
    }

    pub fn imports(&self) -> impl Iterator<Item = &Import> {
        self.imports.iter()
    }
}

/// The names of the module that a file is.
fn names_of(folder: &str, file: &str) -> Vec<String> {
    let inside = file.strip_prefix(folder).unwrap_or(file);
    let mut names: Vec<String> = inside
        .trim_end_matches(".rs")
        .split('/')
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect();
    let is_root = names.len() == 1 && ["lib", "main"].contains(&names[0].as_str());
    if is_root || names.last().is_some_and(|last| last == "mod") {
        names.pop();
    }
    names
}

/// The file that a path leads to; `None` where it leads out of the crate, or is no path of modules.
fn target(
    modules: &Modules,
    sources: &BTreeMap<String, Source>,
    here: &[String],
    path: &Written,
) -> Option<String> {
    let absolute = absolute(modules, here, path).or_else(|| {
        // `names::parts` after `use crate::format::names`.
        let (first, rest) = path.names.split_first()?;
        let imports = sources[modules.get(here)?].paths.iter();
        let mut known = imports.filter(|import| import.known_as.as_ref() == Some(first));
        let mut whole = known.find_map(|import| absolute(modules, here, import))?;
        whole.extend_from_slice(rest);
        Some(whole)
    })?;
    follow(modules, sources, absolute, 0)
}

/// A path from the crate's root on.
fn absolute(modules: &Modules, here: &[String], path: &Written) -> Option<Vec<String>> {
    let mut base = [here, &path.inside].concat();
    let mut names = &path.names[..];
    match names.first()?.as_str() {
        "crate" => {
            base.clear();
            names = &names[1..];
        }
        "self" => names = &names[1..],
        "super" => {
            while names.first().is_some_and(|name| name == "super") {
                base.pop();
                names = &names[1..];
            }
        }
        child => {
            let child = [here, &[child.to_owned()]].concat();
            modules.get(&child)?;
            base = here.to_vec();
        }
    }
    Some([&base[..], names].concat())
}

/// The file of the longest part of a path that is a module; where that only passes the next name
/// on, the file that it is from.
fn follow(
    modules: &Modules,
    sources: &BTreeMap<String, Source>,
    path: Vec<String>,
    steps: usize,
) -> Option<String> {
    const MOST_STEPS: usize = 8;
    let length = (0..=path.len())
        .rev()
        .find(|length| modules.contains_key(&path[..*length]))?;
    let (module, rest) = path.split_at(length);
    let file = &modules[module];
    if let Some(name) = rest.first()
        && steps < MOST_STEPS
    {
        let passed_on = sources[file]
            .paths
            .iter()
            .filter(|import| import.inside.is_empty() && import.known_as.as_ref() == Some(name))
            .find_map(|import| absolute(modules, module, import));
        if let Some(mut from) = passed_on
            && from != path
        {
            from.extend_from_slice(&rest[1..]);
            return follow(modules, sources, from, steps + 1);
        }
    }
    Some(file.clone())
}
