//! A desktop to try things in: starts a session, prints how to reach it, and keeps it until its
//! standard input ends.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "an example may panic and print"
)]

#[cfg(target_os = "linux")]
fn main() {
    use std::io;

    use belldot_session::{Session, SessionOptions};

    let session = Session::start(SessionOptions::default().with_keyring()).expect("a desktop");
    let environment = session.command("true");
    for (name, value) in environment.get_envs() {
        let value = value.unwrap_or_default().to_string_lossy();
        println!("export {}='{value}'", name.to_string_lossy());
    }
    println!("# Ready: the desktop is there until this program's input ends.");
    io::copy(&mut io::stdin(), &mut io::sink()).expect("the end of the input");
}

#[cfg(not(target_os = "linux"))]
fn main() {
    panic!("the desktop without a screen is one of X11 and D-Bus");
}
