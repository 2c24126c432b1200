//! Nobody is spared: the program and its server are killed again and again at random moments.
#![allow(clippy::print_stdout, reason = "it reports its figures")]

use std::{
    env,
    thread::sleep,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use belldot_session::{Session, SessionOptions, wait_until};
use belldot_testkit::{Belldot, BelldotServer, Home, LIMIT, SessionExt as _};
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use serde_json::json;

use crate::sender::Sender;

const TODOS: usize = 20_000;
const LIVES: usize = 100;
/// In every so manieth life the server dies too.
const SERVER_DIES: usize = 5;

#[test]
fn of_twenty_thousand_todos_none_is_lost_or_twice_or_untold_over_a_hundred_kills() {
    let mut chance = chance();
    let mut server = BelldotServer::start(&["--retry", "1"]);
    let session = Session::start(SessionOptions::default()).unwrap();
    let home = Home::with_source(&session, &server.events());
    let inbox = home.inbox();
    let sender = Sender::start(
        &server,
        TODOS,
        |number| json!({ "id": format!("n-{number}"), "title": title(number) }),
    );
    let mut told = Told::default();
    let (mut server_deaths, mut left_untold) = (0, 0);

    for life in 0..LIVES {
        let before = inbox.count();
        sender.release(TODOS / LIVES);
        let mut belldot = Belldot::start(&session, &home, &["--hidden"]);
        // Every other life ends in the middle of the work, the others wherever they are.
        let in_the_middle = life % 2 == 0;
        if in_the_middle {
            wait_until("to-dos arrive", LIMIT, || inbox.count() > before).unwrap();
        }
        if life % SERVER_DIES == SERVER_DIES - 1 {
            sleep(up_to(&mut chance, 300));
            server.kill();
            server.restart();
            server_deaths += 1;
        }
        sleep(if in_the_middle {
            up_to(&mut chance, 200)
        } else {
            Duration::from_millis(50) + up_to(&mut chance, 850)
        });
        belldot.kill();
        told.check(&session, inbox.announced());
        left_untold += usize::from(inbox.unannounced() > 0);
    }
    println!("{LIVES} kills, {left_untold} of them left something untold behind");
    assert!(server_deaths >= 20);

    sender.finish();
    let mut belldot = Belldot::start(&session, &home, &["--hidden"]);
    wait_until("everything is there and told", LIMIT, || {
        inbox.count() >= TODOS && inbox.unannounced() == 0
    })
    .unwrap();
    session.wait_for_title(&format!("{TODOS} unread to-dos"));
    belldot.kill();
    told.check(&session, inbox.announced());
    let mut wanted: Vec<_> = (0..TODOS).map(title).collect();
    wanted.sort();
    assert!(inbox.titles() == wanted, "exactly these, and each once");
}

fn title(number: usize) -> String {
    format!("Number {number}")
}

/// Randomness that can be repeated: the seed is printed.
fn chance() -> StdRng {
    let seed = match env::var("BELLDOT_TEST_SEED") {
        Ok(seed) => seed.parse().unwrap(),
        Err(_) => SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap()
            .subsec_nanos()
            .into(),
    };
    println!("BELLDOT_TEST_SEED={seed}");
    StdRng::seed_from_u64(seed)
}

fn up_to(chance: &mut StdRng, millis: u64) -> Duration {
    Duration::from_millis(chance.random_range(0..millis))
}

/// Compares what the inbox notes as announced with what was seen on the bus, life by life.
#[derive(Default)]
struct Told {
    announced: usize,
    toasts: usize,
}

impl Told {
    /// After a life's end. What was shown and not noted is told again, never the reverse.
    fn check(&mut self, session: &Session, announced: usize) {
        let noted = announced - self.announced;
        wait_until("all was shown that is noted as announced", LIMIT, || {
            self.shown(session) >= noted
        })
        .unwrap_or_else(|error| {
            let shown = self.shown(session);
            panic!("{error}: in this life {noted} were noted as announced, {shown} were shown")
        });
        self.announced = announced;
        self.toasts = session.notifications().len();
    }

    /// How many to-dos this life's toasts were about.
    fn shown(&self, session: &Session) -> usize {
        let toasts = session.notifications().split_off(self.toasts);
        let digest = toasts.iter().filter_map(|toast| {
            let (count, _) = toast.summary.split_once(" new to-do")?;
            count.parse::<usize>().ok()
        });
        let alone = toasts
            .iter()
            .filter(|toast| toast.summary.starts_with("Number "));
        digest.max().unwrap_or(0) + alone.count()
    }
}
