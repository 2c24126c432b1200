//! A model of the world's servers: they send, repeat, number anew, replay and are cut off, while
//! Belldot is killed at any point. The inbox must have exactly what the server said: nothing
//! dropped, nothing twice. What no client can decide is kept out, and named where it is.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use belldot_core::input::{Event, Input, StreamUpdate};
use proptest::prelude::*;

use crate::world::{Asked, World, input, plain};

/// How a server tells of its messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Numbers them, and sends at a connection what came after the client's cursor.
    Replays,
    /// Numbers them, and sends all of them at each connection.
    SendsAll,
    /// The same as `Replays`, until it is started anew and numbers from 1.
    ReplaysAndRestarts,
    /// Greets with an id; its messages have none, and are sent once.
    Greets,
    /// Messages have no ids; those that still hold are sent at each connection.
    Snapshots,
    /// The same, with numbers by the place in the snapshot.
    SnapshotsNumbered,
    /// Numbers from 1 with each connection; messages are sent once.
    NumbersAnew,
}

#[derive(Clone, Debug)]
enum Step {
    /// Something happens at the server, in one of a few wordings.
    Say(u8),
    /// A message no longer holds.
    Withdraw(prop::sample::Index),
    /// So much of what is on its way arrives.
    Arrive(usize),
    /// The opening burst is over, once all of it arrived.
    Settle,
    /// The connection breaks after so much more arrived; the rest is lost.
    Break(usize),
    /// Another connection.
    Connect,
    /// SIGKILL, and another start.
    Kill,
    /// The server is started anew and has forgotten everything.
    Restart,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => (0..3u8).prop_map(Step::Say),
        1 => any::<prop::sample::Index>().prop_map(Step::Withdraw),
        5 => (1..8usize).prop_map(Step::Arrive),
        3 => Just(Step::Settle),
        2 => (0..4usize).prop_map(Step::Break),
        4 => Just(Step::Connect),
        1 => Just(Step::Kill),
        1 => Just(Step::Restart),
    ];
    prop::collection::vec(step, 1..60)
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Message {
    /// Which one of all.
    nth: usize,
    /// Its event's id, where it keeps one.
    number: usize,
    words: String,
}

/// What is on its way to Belldot.
#[derive(Clone, Debug)]
enum OnItsWay {
    /// An event, and the message that it tells of.
    Event(Event, Option<Message>),
    Settled,
}

struct Model {
    kind: Kind,
    world: World,
    /// All that was ever said; what is lost for good by a restart of the server is taken out.
    said: BTreeSet<Message>,
    /// What the server still has, in order.
    holds: Vec<Message>,
    /// What reached Belldot.
    arrived: BTreeSet<Message>,
    /// Words that were withdrawn since the present connection began.
    withdrawn: BTreeSet<String>,
    /// Words that were withdrawn since a connection that settled began: no client can tell a
    /// message in these words from the one before.
    withdrawn_before: BTreeSet<String>,
    on_its_way: VecDeque<OnItsWay>,
    connected: bool,
    /// The opening burst has been sent to its end, and its end has arrived.
    settled: bool,
    /// What the stream would send as its cursor.
    cursor: String,
    /// The highest number that arrived since the server was started.
    acknowledged: usize,
    /// The number that the next event of this connection or server has.
    next: usize,
    count: usize,
}

impl Model {
    fn new(kind: Kind) -> Self {
        let mut world = World::of(vec![plain()]);
        world.asked();
        Self {
            kind,
            world,
            said: BTreeSet::new(),
            holds: Vec::new(),
            arrived: BTreeSet::new(),
            withdrawn: BTreeSet::new(),
            withdrawn_before: BTreeSet::new(),
            on_its_way: VecDeque::new(),
            connected: false,
            settled: false,
            cursor: String::new(),
            acknowledged: 0,
            next: 1,
            count: 0,
        }
    }

    fn step(mut self, step: &Step) -> Self {
        match step {
            Step::Say(words) => self.say(*words),
            Step::Withdraw(at) => self.withdraw(at),
            Step::Arrive(count) => self.arrive(*count),
            Step::Settle => self.settle(),
            Step::Break(count) => self.breaks(*count),
            Step::Connect => self.connect(),
            Step::Kill => return self.kill(),
            Step::Restart if self.kind == Kind::ReplaysAndRestarts => self.restart_server(),
            Step::Restart => {}
        }
        self
    }

    fn say(&mut self, words: u8) {
        let sent_once = matches!(self.kind, Kind::Greets | Kind::NumbersAnew);
        // In the opening burst no client can tell it from a repetition.
        if sent_once && !self.settled {
            return;
        }
        self.count += 1;
        let unique = match self.kind {
            Kind::ReplaysAndRestarts | Kind::SnapshotsNumbered => true,
            Kind::Snapshots => {
                let words = wording(words);
                self.withdrawn.contains(&words) || self.withdrawn_before.contains(&words)
            }
            _ => false,
        };
        let message = Message {
            nth: self.count,
            number: self.next,
            words: match unique {
                true => format!("Number {}", self.count),
                false => wording(words),
            },
        };
        self.said.insert(message.clone());
        self.next += 1;
        if !sent_once {
            self.holds.push(message.clone());
        }
        if self.connected {
            let id = match self.kind {
                Kind::Greets | Kind::Snapshots => None,
                Kind::SnapshotsNumbered => Some(self.holds.len()),
                _ => Some(message.number),
            };
            self.send(id, message);
        }
    }

    fn withdraw(&mut self, at: &prop::sample::Index) {
        let snapshots = matches!(self.kind, Kind::Snapshots | Kind::SnapshotsNumbered);
        if !snapshots || self.holds.is_empty() {
            return;
        }
        let at = at.index(self.holds.len());
        let words = self.holds[at].words.clone();
        // Another one in the same words that nobody has heard yet would take its place.
        let unheard = |message: &Message| message.words == words && !self.arrived.contains(message);
        if !self.holds.iter().any(unheard) {
            self.holds.remove(at);
            self.withdrawn.insert(words);
        }
    }

    fn connect(&mut self) {
        if self.connected {
            return;
        }
        if let Some(cursor) = self.told() {
            self.cursor = cursor;
        }
        self.connected = true;
        self.settled = false;
        self.withdrawn_before.append(&mut self.withdrawn);
        self.world.opens("plain");
        let mut after: usize = self.cursor.parse().unwrap_or(0);
        if after > self.acknowledged {
            // It never gave that one; it did before it was started anew.
            after = 0;
        }
        for (place, message) in self.holds.clone().into_iter().enumerate() {
            match self.kind {
                Kind::Replays | Kind::ReplaysAndRestarts if message.number <= after => {}
                Kind::Snapshots => self.send(None, message),
                Kind::SnapshotsNumbered => self.send(Some(place + 1), message),
                _ => self.send(Some(message.number), message),
            }
        }
        if matches!(self.kind, Kind::Greets | Kind::NumbersAnew) {
            self.next = 2;
            let greeting = event(Some(1), "Welcome");
            self.on_its_way.push_back(OnItsWay::Event(greeting, None));
        }
    }

    fn send(&mut self, id: Option<usize>, message: Message) {
        let event = event(id, &message.words);
        self.on_its_way
            .push_back(OnItsWay::Event(event, Some(message)));
    }

    fn arrive(&mut self, count: usize) {
        let mut inputs: Vec<Input> = Vec::new();
        for _ in 0..count {
            match self.on_its_way.pop_front() {
                None => break,
                Some(OnItsWay::Settled) => {
                    self.settled = true;
                    self.withdrawn_before.clear();
                    inputs.push(input("plain", StreamUpdate::Settled));
                }
                Some(OnItsWay::Event(event, message)) => {
                    if let Some(message) = message {
                        self.acknowledged = self.acknowledged.max(message.number);
                        self.arrived.insert(message);
                    }
                    self.cursor = event.id.clone();
                    inputs.push(input("plain", StreamUpdate::Event(event)));
                }
            }
        }
        self.world.say(inputs);
    }

    fn settle(&mut self) {
        let is_on_its_way = self
            .on_its_way
            .iter()
            .any(|one| matches!(one, OnItsWay::Settled));
        if self.connected && !self.settled && !is_on_its_way {
            self.on_its_way.push_back(OnItsWay::Settled);
            self.arrive(usize::MAX);
        }
    }

    fn breaks(&mut self, arrives: usize) {
        if self.connected {
            self.arrive(arrives);
            self.on_its_way.clear();
            self.connected = false;
            self.settled = false;
            self.world.breaks("plain", "broken");
        }
    }

    fn kill(mut self) -> Self {
        self.on_its_way.clear();
        self.connected = false;
        self.settled = false;
        self.world = self.world.killed_and_restarted();
        self
    }

    fn restart_server(&mut self) {
        self.breaks(0);
        self.said.retain(|message| self.arrived.contains(message));
        self.holds.clear();
        self.acknowledged = 0;
        self.next = 1;
    }

    /// What the controller told the stream since the last connection.
    fn told(&mut self) -> Option<String> {
        let asked = self.world.asked();
        asked.into_iter().rev().find_map(|asked| match asked {
            Asked::Start(_, cursor) | Asked::GoOnAfter(_, cursor) => Some(cursor),
            _ => None,
        })
    }

    /// How often each wording must be there.
    fn expected(&self) -> BTreeMap<String, usize> {
        let mut expected = BTreeMap::new();
        let messages = match self.kind {
            Kind::Replays | Kind::SendsAll | Kind::ReplaysAndRestarts => &self.said,
            // What was said while nobody listened, or withdrawn before anybody heard, is nobody's.
            _ => &self.arrived,
        };
        for message in messages {
            *expected.entry(message.words.clone()).or_default() += 1;
        }
        expected
    }

    fn there(&self) -> BTreeMap<String, usize> {
        let mut there = BTreeMap::new();
        for title in self.world.titles() {
            *there.entry(title).or_default() += 1;
        }
        // The greeting is a text like any other: it is there once, or nobody heard it.
        assert!(there.remove("Welcome").unwrap_or(0) <= 1, "one greeting");
        there
    }
}

fn wording(words: u8) -> String {
    format!("Words {words}")
}

/// An event; without an id of its own it inherits that of the greeting.
fn event(id: Option<usize>, words: &str) -> Event {
    Event {
        kind: "message".to_owned(),
        data: words.to_owned(),
        own_id: id.is_some(),
        id: id.unwrap_or(1).to_string(),
    }
}

fn run(kind: Kind, steps: &[Step]) {
    let mut model = Model::new(kind);
    for step in steps {
        model = model.step(step);
    }
    // In the end everything that the server still has to say is heard, and said once more.
    for _ in 0..2 {
        model.connect();
        model.settle();
        model.arrive(usize::MAX);
        model.breaks(0);
    }
    assert_eq!(model.there(), model.expected());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn of_a_server_that_replays_after_the_cursor_everything_is_there_once(steps in steps()) {
        run(Kind::Replays, &steps);
    }

    #[test]
    fn of_a_server_that_sends_all_again_everything_is_there_once(steps in steps()) {
        run(Kind::SendsAll, &steps);
    }

    #[test]
    fn of_a_server_that_is_started_anew_everything_is_there_once(steps in steps()) {
        run(Kind::ReplaysAndRestarts, &steps);
    }

    #[test]
    fn of_a_server_that_greets_with_an_id_everything_is_there_once(steps in steps()) {
        run(Kind::Greets, &steps);
    }

    #[test]
    fn of_a_server_that_sends_snapshots_without_ids_everything_is_there_once(steps in steps()) {
        run(Kind::Snapshots, &steps);
    }

    #[test]
    fn of_a_server_that_numbers_its_snapshots_everything_is_there_once(steps in steps()) {
        run(Kind::SnapshotsNumbered, &steps);
    }

    #[test]
    fn of_a_server_that_numbers_anew_with_each_connection_everything_is_there_once(steps in steps()) {
        run(Kind::NumbersAnew, &steps);
    }
}
