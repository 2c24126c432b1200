//! Two devices of one user and a server between them: whatever is delayed, lost, sent again or cut
//! off, in the end all say the same.

use std::collections::{BTreeMap, VecDeque};

use belldot_core::{Command, Input, input::Outcome, page::Query, streams::Delivery};
use belldot_wire::Status;
use proptest::prelude::*;

use crate::world::{World, todo_with};

/// What happens next.
#[derive(Clone, Debug)]
enum Step {
    /// Somebody publishes a to-do.
    Publish,
    /// Another device marks a to-do as done or open.
    Elsewhere {
        todo: usize,
        done: bool,
    },
    /// Another device marks a to-do as read or unread.
    ElsewhereRead {
        todo: usize,
        read: bool,
    },
    /// The user of this device does.
    Here {
        todo: usize,
        done: bool,
    },
    HereRead {
        todo: usize,
        read: bool,
    },
    /// So many events arrive.
    Arrive(usize),
    /// The change on its way reaches the server.
    Process,
    /// The answer reaches this device.
    Answer,
    /// The change, or its answer, is lost on the way.
    Lose,
    /// The stream breaks and goes on after the cursor.
    Reconnect,
    /// This device is killed and started again.
    Kill,
    /// Seconds pass.
    Pass(u8),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let which = 0..6usize;
    let step = prop_oneof![
        3 => Just(Step::Publish),
        2 => (which.clone(), any::<bool>()).prop_map(|(todo, done)| Step::Elsewhere { todo, done }),
        1 => (which.clone(), any::<bool>()).prop_map(|(todo, read)| Step::ElsewhereRead { todo, read }),
        3 => (which.clone(), any::<bool>()).prop_map(|(todo, done)| Step::Here { todo, done }),
        1 => (which, any::<bool>()).prop_map(|(todo, read)| Step::HereRead { todo, read }),
        4 => (1..5usize).prop_map(Step::Arrive),
        4 => Just(Step::Process),
        4 => Just(Step::Answer),
        1 => Just(Step::Lose),
        1 => Just(Step::Reconnect),
        1 => Just(Step::Kill),
        1 => (1..60u8).prop_map(Step::Pass),
    ];
    prop::collection::vec(step, 1..60)
}

/// A to-do as the server has it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Kept {
    sequence: u64,
    done: bool,
    read: bool,
}

/// The server, and everything between it and this device.
struct Office {
    world: World,
    todos: BTreeMap<String, Kept>,
    sequence: u64,
    /// Events on their way to this device.
    wire: VecDeque<Input>,
    /// The change that the server took, and the answer that is on its way.
    answer: Option<Delivery>,
}

impl Office {
    fn new() -> Self {
        Self {
            world: World::open(),
            todos: BTreeMap::new(),
            sequence: 0,
            wire: VecDeque::new(),
            answer: None,
        }
    }

    fn step(mut self, step: &Step) -> Self {
        match *step {
            Step::Publish => {
                if self.todos.len() < 6 {
                    let id = format!("t{}", self.todos.len());
                    self.todos.insert(
                        id.clone(),
                        Kept {
                            sequence: 0,
                            done: false,
                            read: false,
                        },
                    );
                    self.changed(&id);
                }
            }
            Step::Elsewhere { todo, done } => self.change(&format!("t{todo}"), Some(done), None),
            Step::ElsewhereRead { todo, read } => {
                self.change(&format!("t{todo}"), None, Some(read))
            }
            Step::Here { todo, done } => self.here(todo, |key| Command::MarkDone {
                todos: vec![key],
                done,
            }),
            Step::HereRead { todo, read } => self.here(todo, |key| Command::MarkRead {
                todos: vec![key],
                read,
            }),
            Step::Arrive(count) => {
                let count = count.min(self.wire.len());
                let events: Vec<_> = self.wire.drain(..count).collect();
                self.world.say(events);
            }
            Step::Process => self.process(),
            Step::Answer => {
                if let Some(delivery) = self.answer.take() {
                    let outcome = Outcome::Taken;
                    self.world.say([Input::Delivered {
                        entry: delivery.entry,
                        outcome,
                    }]);
                }
            }
            Step::Lose => {
                let lost = self.answer.take();
                let lost = lost.or_else(|| self.world.controller.streams().deliveries.pop_front());
                if let Some(delivery) = lost {
                    let outcome = Outcome::TryLater { not_before: None };
                    self.world.say([Input::Delivered {
                        entry: delivery.entry,
                        outcome,
                    }]);
                }
            }
            Step::Reconnect => self.reconnect(),
            Step::Kill => {
                self.world = self.world.killed_and_restarted();
                self.answer = None;
                self.world.opens("work");
                self.reconnect();
            }
            Step::Pass(seconds) => self.world.pass(f64::from(seconds)),
        }
        self
    }

    fn here(&mut self, todo: usize, command: impl Fn(belldot_core::inbox::TodoKey) -> Command) {
        let title = format!("t{todo}");
        let queries = [
            Query::default(),
            Query {
                done: true,
                ..Query::default()
            },
        ];
        let mut known = queries.into_iter().flat_map(|query| self.world.list(query));
        if let Some(found) = known.find(|known| known.title == title) {
            self.world.command(command(found.key));
        }
    }

    /// The server takes the change that this device has sent.
    fn process(&mut self) {
        if self.answer.is_some() {
            return;
        }
        if let Some(delivery) = self.world.controller.streams().deliveries.pop_front() {
            let done = delivery.patch.status.map(|status| status == Status::Done);
            self.change(&delivery.todo, done, delivery.patch.read);
            self.answer = Some(delivery);
        }
    }

    /// A change at the server; one that changes nothing is not told to anybody.
    fn change(&mut self, id: &str, done: Option<bool>, read: Option<bool>) {
        let Some(kept) = self.todos.get_mut(id) else {
            return;
        };
        let before = kept.clone();
        kept.done = done.unwrap_or(kept.done);
        kept.read = read.unwrap_or(kept.read);
        if *kept != before {
            self.changed(id);
        }
    }

    fn changed(&mut self, id: &str) {
        self.sequence += 1;
        if let Some(kept) = self.todos.get_mut(id) {
            kept.sequence = self.sequence;
            self.wire.push_back(event(id, kept));
        }
    }

    /// The server sends the present state of what changed after the cursor.
    fn reconnect(&mut self) {
        let summary = self.world.controller.inbox().summary().unwrap();
        let cursor: u64 = summary.sources[0].cursor.parse().unwrap_or(0);
        let mut later: Vec<_> = self
            .todos
            .iter()
            .filter(|(_, kept)| kept.sequence > cursor)
            .collect();
        later.sort_by_key(|(_, kept)| kept.sequence);
        self.wire = later
            .into_iter()
            .map(|(id, kept)| event(id, kept))
            .collect();
    }

    /// Everything on its way arrives.
    fn calm_down(mut self) -> Self {
        for _ in 0..200 {
            let quiet = self.wire.is_empty()
                && self.answer.is_none()
                && self.world.controller.streams().deliveries.is_empty();
            self = self
                .step(&Step::Arrive(100))
                .step(&Step::Process)
                .step(&Step::Answer);
            if quiet {
                self.world.pass(31.0);
            }
            if quiet && self.world.controller.streams().deliveries.is_empty() {
                break;
            }
        }
        self
    }
}

fn event(id: &str, kept: &Kept) -> Input {
    let status = if kept.done { "done" } else { "open" };
    let more = format!(r#","status":"{status}","read":{}"#, kept.read);
    let Input::Stream {
        source,
        update: belldot_core::input::StreamUpdate::Event(event),
    } = todo_with(id, id, &more)
    else {
        unreachable!()
    };
    let event = belldot_core::input::Event {
        id: kept.sequence.to_string(),
        ..event
    };
    Input::Stream {
        source,
        update: belldot_core::input::StreamUpdate::Event(event),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn in_the_end_this_device_says_what_the_server_says(steps in steps()) {
        let mut office = Office::new();
        for step in &steps {
            office = office.step(step);
        }
        let office = office.calm_down();
        let queries = [Query::default(), Query { done: true, ..Query::default() }];
        let here: BTreeMap<String, (bool, bool)> = queries
            .into_iter()
            .flat_map(|query| office.world.list(query))
            .map(|todo| (todo.title, (todo.status == Status::Done, todo.read)))
            .collect();
        let there: BTreeMap<String, (bool, bool)> =
            office.todos.into_iter().map(|(id, kept)| (id, (kept.done, kept.read))).collect();
        prop_assert_eq!(here, there);
    }
}
