//! What may import what.
//!
//! Files that import each other cannot be understood, tested or moved one at a time. So no file of
//! the workspace may reach itself by way of its imports, and no module of `belldot-core` and
//! `belldot-bell` may import one that stands above it in [`CORE`] and [`BELL`]. The sources are read as text: it takes no build, and
//! `use`, `pub use`, nested braces, paths in the code and `mod name;` all count. An import of a name
//! that a module only passes on (`pub use`) counts as one of the file that defines it. Tests inside
//! of the sources may import what they like.

#![allow(
    clippy::unwrap_used,
    reason = "a test may end where it finds no sources"
)]

mod cycles;
mod graph;
mod source;

use std::path::{Path, PathBuf};

use cycles::cycles;
use graph::{Graph, Import};

/// The modules of `belldot-core`, from the lowest to the highest. Modules in one row do not import
/// each other.
const CORE: &[&[&str]] = &[
    &["invisible", "regular_file", "private", "model"],
    &["address", "format"],
    &["source"],
    &["secret", "settings"],
    &["policy", "inbox"],
    &["page"],
    &["input"],
    &["i18n"],
    &["bell", "toast"],
    &["streams", "desktop"],
    &["controller"],
    &["lib"],
];

/// Those of `belldot-bell`.
const BELL: &[&[&str]] = &[
    &["bounded", "charset", "cli", "ntfy", "page_faults"],
    &["os"],
    &["http", "sign_in", "stream_history", "windows"],
    &["demo", "notify", "outbox_sender", "probe", "tray"],
    &["state", "streams", "terminal"],
    &["diagnostics", "doctor", "instance", "secrets", "watch"],
    &["pages"],
    &["desktop"],
    &["app"],
    &["lib"],
];

/// The crates whose modules have layers.
const LAYERED: [(&str, &[&[&str]]); 2] = [("crates/core/src", CORE), ("src-tauri/bell", BELL)];

/// The sources of every crate, from the workspace's folder.
const CRATES: [&str; 9] = [
    "crates/core/src",
    "crates/server/src",
    "crates/session/src",
    "crates/stream/src",
    "crates/testkit/src",
    "crates/wire/src",
    "src-tauri/bell",
    "src-tauri/window",
    "xtask/src",
];

#[test]
fn no_file_imports_itself_by_way_of_others() {
    let found = CRATES
        .map(read)
        .into_iter()
        .flat_map(|graph| cycles(&graph));
    let report: String = found.map(|cycle| format!("\n{cycle}")).collect();
    assert!(
        report.is_empty(),
        "these files import each other: move what they share into a file below both\n{report}"
    );
}

#[test]
fn no_module_imports_one_above_it() {
    for (folder, layers) in LAYERED {
        let wrong = against_the_layers(&read(folder), folder, layers);
        assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    }
}

#[test]
fn every_module_has_a_layer() {
    for (folder, layers) in LAYERED {
        let graph = read(folder);
        let modules: Vec<&str> = graph.files().map(|file| module(folder, file)).collect();
        for module in &modules {
            assert!(
                layer(layers, module).is_some(),
                "`{module}` of {folder} is in no layer"
            );
        }
        for name in layers.concat() {
            assert!(modules.contains(&name), "{folder} has no module `{name}`");
        }
    }
}

fn read(folder: &str) -> Graph {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    collect(&root, &PathBuf::from(folder), &mut files);
    assert!(!files.is_empty(), "no sources in {folder}");
    Graph::of(folder, files)
}

/// Every Rust file in a folder, by its path from the workspace's folder, with its text.
fn collect(root: &Path, folder: &Path, files: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(root.join(folder)).unwrap() {
        let path = folder.join(entry.unwrap().file_name());
        if root.join(&path).is_dir() {
            collect(root, &path, files);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = std::fs::read_to_string(root.join(&path)).unwrap();
            let name = path.to_str().unwrap().replace('\\', "/");
            files.push((name, text));
        }
    }
}

/// The imports that do not lead from a layer to one below it.
fn against_the_layers(graph: &Graph, folder: &str, layers: &[&[&str]]) -> Vec<String> {
    let mut wrong = Vec::new();
    for import in graph.imports() {
        let (from, to) = (module(folder, &import.from), module(folder, &import.to));
        if from != to && layer(layers, from) <= layer(layers, to) {
            wrong.push(format!(
                "{import}, but `{from}` stands below `{to}`, or beside it"
            ));
        }
    }
    wrong
}

/// The top module of a crate that a file belongs to.
fn module<'a>(folder: &str, file: &'a str) -> &'a str {
    let inside = file.strip_prefix(folder).unwrap().trim_start_matches('/');
    let first = inside.split('/').next().unwrap();
    first.strip_suffix(".rs").unwrap_or(first)
}

/// The row that a module stands in.
fn layer(layers: &[&[&str]], module: &str) -> Option<usize> {
    layers.iter().position(|row| row.contains(&module))
}

/// A graph of made-up files in the folder `src`.
fn made_of(files: &[(&str, &str)]) -> Graph {
    let files = files
        .iter()
        .map(|(name, text)| (format!("src/{name}"), (*text).to_owned()));
    Graph::of("src", files.collect())
}

#[test]
fn an_import_of_an_upper_module_or_of_one_beside_is_named_with_its_line() {
    let graph = made_of(&[
        ("lib.rs", "mod low;\nmod beside;\nmod high;"),
        ("low/mod.rs", "mod part;"),
        ("low/part.rs", "\nuse crate::{beside::B, high::H};"),
        ("beside.rs", ""),
        ("high.rs", "use crate::low;"),
    ]);
    let layers: [&[&str]; 3] = [&["low", "beside"], &["high"], &["lib"]];
    let wrong = against_the_layers(&graph, "src", &layers);
    assert_eq!(wrong.len(), 2, "{wrong:?}");
    assert!(wrong[0].starts_with("src/low/part.rs:2 imports src/beside.rs"));
    assert!(wrong[1].starts_with("src/low/part.rs:2 imports src/high.rs"));
}

#[test]
fn two_files_that_import_each_other_are_a_cycle_with_the_line_of_each_import() {
    let graph = made_of(&[
        ("lib.rs", "mod a;\nmod b;\n"),
        ("a.rs", "//! A.\n\nuse crate::b::B;\n"),
        ("b.rs", "pub struct B;\nfn f() {\n    crate::a::g();\n}\n"),
    ]);
    let found = cycles(&graph);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].files, ["src/a.rs", "src/b.rs"]);
    let said = found[0].to_string();
    assert!(said.contains("src/a.rs:3 imports src/b.rs"), "{said}");
    assert!(said.contains("src/b.rs:3 imports src/a.rs"), "{said}");
}

#[test]
fn a_longer_cycle_is_found_whole_and_what_hangs_on_it_is_left_out() {
    let graph = made_of(&[
        ("lib.rs", "mod a; mod b; mod c; mod d;"),
        ("a.rs", "use crate::{b::B, d::D};"),
        ("b.rs", "use crate::c;"),
        ("c.rs", "use super::a::A as Other;"),
        ("d.rs", ""),
    ]);
    let found = cycles(&graph);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].files, ["src/a.rs", "src/b.rs", "src/c.rs"]);
}

#[test]
fn files_in_layers_are_no_cycle() {
    let graph = made_of(&[
        ("lib.rs", "pub mod a;\npub mod b;\npub use b::B;\n"),
        ("a.rs", "pub struct A;"),
        ("b/mod.rs", "mod inner;\npub use inner::B;\n"),
        ("b/inner.rs", "use crate::a::A;\npub struct B(A);"),
    ]);
    assert!(cycles(&graph).is_empty());
}

#[test]
fn a_child_that_needs_what_its_parent_defines_is_a_cycle_with_it() {
    for import in [
        "use super::Shared;",
        "use crate::a::Shared;",
        "use super::*;",
    ] {
        let graph = made_of(&[
            ("lib.rs", "mod a;"),
            ("a/mod.rs", "mod child;\npub struct Shared;\n"),
            ("a/child.rs", import),
        ]);
        let found = cycles(&graph);
        assert_eq!(found.len(), 1, "{import}");
        assert_eq!(found[0].files, ["src/a/child.rs", "src/a/mod.rs"]);
    }
}

#[test]
fn a_name_that_a_module_passes_on_is_imported_from_where_it_is_defined() {
    let graph = made_of(&[
        ("lib.rs", "mod a;"),
        (
            "a/mod.rs",
            "mod one;\nmod two;\npub use one::{First, Second as Other};\n",
        ),
        ("a/one.rs", "pub struct First;\npub struct Second;"),
        ("a/two.rs", "use super::Other;\nuse crate::a::First;"),
    ]);
    assert!(cycles(&graph).is_empty());
    let of_two: Vec<&Import> = graph
        .imports()
        .filter(|import| import.from == "src/a/two.rs")
        .collect();
    assert!(of_two.iter().all(|import| import.to == "src/a/one.rs"));
    assert_eq!(of_two.len(), 1, "{of_two:?}");
}

#[test]
fn a_path_that_begins_with_an_imported_module_is_followed() {
    let graph = made_of(&[
        ("lib.rs", "mod a; mod b;"),
        ("a/mod.rs", "mod inner;"),
        ("a/inner.rs", "use crate::b;"),
        (
            "b.rs",
            "use crate::a as other;\nfn f() { other::inner::g() }",
        ),
    ]);
    let found = cycles(&graph);
    assert_eq!(found.len(), 1);
    assert!(found[0].files.contains(&"src/a/inner.rs".to_owned()));
    let said = found[0].to_string();
    assert!(said.contains("src/b.rs:2 imports src/a/inner.rs"), "{said}");
}

#[test]
fn what_is_not_code_and_what_is_a_test_imports_nothing() {
    let graph = made_of(&[
        ("lib.rs", "mod a;\nmod b;\n#[cfg(test)]\nmod tests;\n"),
        ("a.rs", "use crate::b::B;\n"),
        (
            "b.rs",
            r##"
// use crate::a;
/* use crate::a; /* crate::a */ crate::a::f() */
/// See [`crate::a`].
const TEXT: &str = "use crate::a;";
const RAW: &str = r#"crate::a::"f"()"#;
fn quote<'a>(c: &'a char) -> bool { *c == '"' || *c == '\'' }
pub(in crate::a) struct B;
#[cfg(test)]
#[allow(unused)]
mod tests {
    use crate::a::*;
    fn f() { if true { crate::a::g() } }
}
#[cfg(test)]
use crate::a::OnlyInTests;
"##,
        ),
        ("tests.rs", "use super::*;\nuse crate::a::A;\n"),
    ]);
    assert!(cycles(&graph).is_empty(), "{}", cycles(&graph)[0]);
}

#[test]
fn a_child_named_without_its_parent_and_a_path_from_an_inner_module_are_followed() {
    let graph = made_of(&[
        ("lib.rs", "mod a;\nmod b;"),
        ("a.rs", "mod child;\nfn f() { child::g() }"),
        (
            "a/child.rs",
            "mod inner {\n    fn g() { super::super::super::b::h() }\n}",
        ),
        ("b.rs", "use crate::a::child::g;"),
    ]);
    let found = cycles(&graph);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].files, ["src/a/child.rs", "src/b.rs"]);
}
