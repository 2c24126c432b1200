//! All cases at once, and what became of each.

use std::{env, panic::catch_unwind, process::ExitCode, thread, time::Instant};

use belldot_testkit::third_party::{CASES, ServerCase, ThirdPartyServer, free_ports};

use crate::{
    desk::{self, Desk},
    trial,
};

/// Runs those whose name holds one of the words of the command line, or all of them.
pub fn run() -> ExitCode {
    let wanted: Vec<_> = env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with('-'))
        .collect();
    let is_wanted = |case: &&ServerCase| {
        wanted.is_empty() || wanted.iter().any(|part| case.name.contains(part.as_str()))
    };
    let chosen: Vec<_> = CASES.iter().filter(is_wanted).collect();
    println!("\nrunning {} tests", chosen.len());
    let begun = Instant::now();
    let passed = if chosen.is_empty() {
        0
    } else {
        passed(&chosen)
    };
    let failed = chosen.len() - passed;
    println!(
        "\ntest result: {}. {passed} passed; {failed} failed; 0 ignored; 0 measured; {} filtered \
         out; finished in {:.2}s\n",
        if failed == 0 { "ok" } else { "FAILED" },
        CASES.len() - chosen.len(),
        begun.elapsed().as_secs_f64(),
    );
    if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Runs all of them at once, and answers how many passed.
fn passed(chosen: &[&'static ServerCase]) -> usize {
    let session = desk::session();
    let mut servers: Vec<_> = chosen
        .iter()
        .zip(free_ports(chosen.len()))
        .map(|(case, ports)| ThirdPartyServer::start(&session, case, ports))
        .collect();
    servers
        .iter_mut()
        .for_each(ThirdPartyServer::wait_until_it_listens);
    let desk = Desk::start(&session, &servers);
    let passed = |server: ThirdPartyServer| {
        let name = server.case.name;
        let passed = catch_unwind(std::panic::AssertUnwindSafe(|| trial::run(&desk, server)));
        let word = if passed.is_ok() { "ok" } else { "FAILED" };
        println!("test {name} ... {word}");
        passed.is_ok()
    };
    thread::scope(|scope| {
        let running: Vec<_> = servers
            .into_iter()
            .map(|server| {
                // Its name stands in what a failed assertion prints.
                let thread = thread::Builder::new().name(server.case.name.to_owned());
                thread.spawn_scoped(scope, || passed(server)).unwrap()
            })
            .collect();
        running
            .into_iter()
            .filter_map(|thread| thread.join().ok())
            .filter(|passed| *passed)
            .count()
    })
}
