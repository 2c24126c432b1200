//! Builds what Tauri needs to know at compile time.
#![allow(clippy::print_stderr, reason = "a build script has no other voice")]

use std::{path::Path, process::exit};

fn main() {
    println!("cargo:rerun-if-changed=tauri.conf.json");
    println!("cargo:rerun-if-changed=src-tauri/capabilities");
    println!("cargo:rerun-if-changed=ui/dist");
    if !Path::new("ui/dist/index.html").exists() {
        eprintln!(
            "The page is not built yet: run `cargo xtask demo` or `cargo xtask test`, which build \
             it, or `npm ci && npm run build` in ui/."
        );
        exit(1);
    }
    let attributes =
        tauri_build::Attributes::new().capabilities_path_pattern("src-tauri/capabilities/*.json");
    if let Err(error) = tauri_build::try_build(attributes) {
        eprintln!("tauri-build: {error:#}");
        exit(1);
    }
}
