//! Each to-do once, announced once, whatever is sent again and wherever the program is cut off.

use std::collections::BTreeMap;

use belldot_core::{inbox::TodoKey, page::Query};
use proptest::prelude::*;

use crate::room::{Room, arrived, draft};

/// What happens next.
#[derive(Clone, Debug)]
enum Step {
    /// The server sends the next so many events, as one batch.
    Send(usize),
    /// The connection breaks: the server goes on after the client's cursor.
    Reconnect,
    /// The server goes on from an earlier place: it sends again what it sent before.
    SendAgain(usize),
    /// SIGKILL between the commit of a batch and its toasts.
    KillBeforeToasts(usize),
    /// SIGKILL at rest.
    Kill,
    /// The power fails, and the last batch never reached the disk.
    PowerCut(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (1..20usize).prop_map(Step::Send),
        1 => Just(Step::Reconnect),
        2 => (1..30usize).prop_map(Step::SendAgain),
        1 => (1..20usize).prop_map(Step::KillBeforeToasts),
        1 => Just(Step::Kill),
        1 => (1..20usize).prop_map(Step::PowerCut),
    ];
    prop::collection::vec(step, 1..40)
}

/// A server that numbers its to-dos from 1, and a client of it.
struct World {
    room: Room,
    /// The server has sent up to here on the present connection.
    sent: usize,
    total: usize,
    announced: BTreeMap<TodoKey, usize>,
}

impl World {
    fn new(total: usize) -> Self {
        Self {
            room: Room::new(),
            sent: 0,
            total,
            announced: BTreeMap::new(),
        }
    }

    /// A batch arrives and is committed; its toasts are not shown yet.
    fn receive(&mut self, count: usize) -> Vec<TodoKey> {
        let last = (self.sent + count).min(self.total);
        let edits: Vec<_> = (self.sent + 1..=last)
            .map(|id| {
                arrived(
                    vec![draft(&id.to_string(), &format!("To-do {id}"))],
                    &id.to_string(),
                )
            })
            .collect();
        self.sent = last;
        self.room.commit(&edits).news
    }

    fn announce(&mut self, todos: Vec<TodoKey>) {
        for key in todos {
            *self.announced.entry(key).or_default() += 1;
        }
        self.room.commit(&[belldot_core::inbox::Edit::Announced]);
    }

    fn restart(self) -> Self {
        let mut world = Self {
            room: self.room.reopen(),
            ..self
        };
        world.sent = world.cursor();
        let left = world.room.inbox.unannounced().unwrap();
        world.announce(left);
        world
    }

    fn cursor(&self) -> usize {
        let summary = self.room.inbox.summary().unwrap();
        summary.sources[0].cursor.parse().unwrap_or(0)
    }

    fn step(mut self, step: &Step) -> Self {
        match step {
            Step::Send(count) => {
                let news = self.receive(*count);
                self.announce(news);
            }
            Step::Reconnect => self.sent = self.cursor(),
            Step::SendAgain(back) => self.sent = self.sent.saturating_sub(*back),
            Step::KillBeforeToasts(count) => {
                self.receive(*count);
                self = self.restart();
            }
            Step::Kill => self = self.restart(),
            Step::PowerCut(count) => {
                // The journal's end is lost: to-dos and cursor together.
                let before = self.room.copy();
                self.receive(*count);
                self = Self {
                    room: before,
                    ..self
                }
                .restart();
            }
        }
        self
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_todo_is_there_once_and_was_announced_once(steps in steps()) {
        let mut world = World::new(120);
        for step in &steps {
            world = world.step(step);
        }
        while world.cursor() < world.total {
            world.sent = world.cursor();
            let news = world.receive(50);
            world.announce(news);
        }
        let todos = world.room.list(Query::default());
        let mut titles: Vec<String> = todos.iter().map(|todo| todo.title.clone()).collect();
        titles.sort();
        let mut expected: Vec<String> = (1..=120).map(|id| format!("To-do {id}")).collect();
        expected.sort();
        prop_assert_eq!(titles, expected);
        for todo in todos {
            prop_assert_eq!(world.announced.get(&todo.key).copied(), Some(1), "{}", todo.title);
        }
    }
}
