//! What every server goes through.

use std::{thread::sleep, time::Duration};

use belldot_session::wait_until;

use belldot_testkit::third_party::{LIMIT, ServerCase, StreamLifetime, ThirdPartyServer};

use crate::desk::Desk;

/// How long nothing is said. What stands between some applications and the world does something to
/// a stream that is silent for so long.
const QUIET: Duration = Duration::from_secs(40);

pub fn run(desk: &Desk<'_>, mut server: ThirdPartyServer<'_>) {
    let case = server.case;
    let source = case.name;
    let titles = ["Before", "After", "Later than"].map(|when| format!("{when} the restart"));

    desk.wait_for_state(source, is_alive);
    sleep(QUIET);
    says_that_it_is_connected(case, desk);
    server.publish(&titles[0]);
    desk.wait_for_title(source, &titles[0]);
    nothing_failed(case, desk, 0);

    server.stop();
    desk.wait_until_it_says(source, "is away", |said| !said.starts_with("connected"));
    server.start_again();
    server.publish(&titles[1]);
    desk.wait_for_title(source, &titles[1]);
    let again = desk.states(source).len() - 1;

    if let StreamLifetime::End(times) = case.streams {
        let what = format!("{times} streams of {source} have ended");
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
    says_that_it_is_connected(case, desk);
    assert_eq!(desk.titles(source), titles, "{}", desk.account(source));
}

/// For a stream that ends by design, it is also true to say when there will be another one.
fn says_that_it_is_connected(case: &ServerCase, desk: &Desk<'_>) {
    if case.streams == StreamLifetime::Stay {
        desk.wait_until_it_says(case.name, "is connected", |said| {
            said.starts_with("connected")
        });
    }
}

/// Since the state with this number, no attempt has failed, and where streams stay, none has ended.
fn nothing_failed(case: &ServerCase, desk: &Desk<'_>, since: usize) {
    let states = desk.states(case.name);
    let failed = |state: &String| match case.streams {
        StreamLifetime::Stay => is_end(state),
        StreamLifetime::End(_) => is_end(state) && !state.contains("attempt: 0"),
        StreamLifetime::Fail => false,
    };
    assert!(
        !states[since..].iter().any(failed),
        "an attempt failed\n{}",
        desk.account(case.name)
    );
}

/// The server has taken the request.
fn is_alive(state: &str) -> bool {
    state.starts_with("Open") || state.starts_with("Connecting { step: Head }")
}

fn is_end(state: &str) -> bool {
    state.starts_with("Waiting")
}
