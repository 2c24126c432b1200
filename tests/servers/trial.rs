//! What every server goes through.

use std::{thread::sleep, time::Duration};

use belldot_session::wait_until;

use crate::{
    LIMIT,
    cases::{Case, Streams},
    desk::Desk,
    server::Server,
};

/// How long nothing is said. What stands between some applications and the world does something to
/// a stream that is silent for so long.
const QUIET: Duration = Duration::from_secs(40);

pub fn run(desk: &Desk<'_>, mut server: Server<'_>) {
    let case = server.case;
    let source = case.name;
    let titles = ["Before", "After", "Later than"].map(|when| format!("{when} the restart"));

    desk.wait_until_it_says(source, "is connected", is_connected);
    sleep(QUIET);
    if case.streams == Streams::Stay {
        let said = desk.says(source);
        assert!(is_connected(&said), "{said}\n{}", desk.account(source));
    }
    server.publish(&titles[0]);
    desk.wait_for_title(source, &titles[0]);
    nothing_failed(case, desk, 0);

    server.stop();
    desk.wait_until_it_says(source, "is away", |said| !is_connected(said));
    server.start_again();
    let restarted = desk.states(source).len();
    server.publish(&titles[1]);
    desk.wait_for_title(source, &titles[1]);
    let again = desk.states(source);
    let again = restarted
        + again[restarted..]
            .iter()
            .position(|state| is_open(state))
            .unwrap_or(0);

    if let Streams::End(times) = case.streams {
        let what = format!("streams of {source} have ended {times} times");
        let ends = || {
            desk.states(source)
                .iter()
                .filter(|state| is_end(state))
                .count()
        };
        wait_until(&what, LIMIT, || ends() >= times)
            .unwrap_or_else(|error| panic!("{error}\n{}", desk.account(source)));
    }
    server.publish(&titles[2]);
    desk.wait_for_title(source, &titles[2]);
    nothing_failed(case, desk, again);
    desk.wait_until_it_says(source, "is connected", is_connected);
    assert_eq!(desk.titles(source), titles, "{}", desk.account(source));
}

/// Since the state with this number, no attempt has failed, and where streams stay, none has ended.
fn nothing_failed(case: &Case, desk: &Desk<'_>, since: usize) {
    let states = desk.states(case.name);
    let failed = |state: &String| match case.streams {
        Streams::Stay => is_end(state),
        Streams::End(_) => is_end(state) && !state.contains("attempt: 0"),
    };
    assert!(
        !states[since..].iter().any(failed),
        "an attempt failed\n{}",
        desk.account(case.name)
    );
}

fn is_connected(said: &str) -> bool {
    said.starts_with("connected")
}

fn is_open(state: &str) -> bool {
    state.starts_with("Open")
}

fn is_end(state: &str) -> bool {
    state.starts_with("Waiting")
}
