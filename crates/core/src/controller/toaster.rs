//! Decides which toasts are shown: one for a to-do, one digest for many.

use std::collections::{HashSet, VecDeque};

use jiff::{SignedDuration, Timestamp};

use crate::{
    inbox::Committed,
    model::{ToastId, TodoKey},
};

/// More to-dos than this within [`BURST`] become a digest.
const MANY: usize = 3;
/// The longest gap between to-dos that belong together; also the shortest time between two updates
/// of a digest.
const BURST: SignedDuration = SignedDuration::from_secs(2);
/// The most to-dos of a digest that are remembered one by one.
const KNOWN: usize = 1_000;

/// The toasts that are shown, and the digest that is being collected.
#[derive(Debug, Default)]
pub(super) struct Toaster {
    /// To-dos with a toast of their own that may still be there.
    shown: HashSet<TodoKey>,
    /// To-dos shown one by one within the last [`BURST`].
    recent: VecDeque<(Timestamp, TodoKey)>,
    digest: Option<Digest>,
}

/// One toast for many to-dos.
#[derive(Debug)]
struct Digest {
    count: u64,
    /// Those that are still unread; not all of them where there are more than [`KNOWN`].
    todos: HashSet<TodoKey>,
    /// The count that the toast shows.
    said: u64,
    /// Not shown anew before then.
    next: Timestamp,
    /// To-dos that arrive before then are added to it.
    open_until: Timestamp,
}

/// A toast to show or to withdraw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ToastStep {
    Todo(TodoKey),
    Due(TodoKey),
    /// So many to-dos are due.
    ManyDue(u64),
    /// So many to-dos are new.
    Digest(u64),
    Close(ToastId),
}

impl Toaster {
    /// Returns what a transaction asks for. `unread` is what the bell shows after it.
    pub fn plan(&mut self, committed: &Committed, unread: u64, now: Timestamp) -> Vec<ToastStep> {
        let mut steps = Vec::new();
        self.withdraw(committed, unread, &mut steps);
        if committed.due.len() > MANY {
            steps.push(ToastStep::ManyDue(committed.due.len() as u64));
        } else {
            steps.extend(committed.due.iter().map(|key| ToastStep::Due(*key)));
            self.shown.extend(&committed.due);
        }
        self.announce(&committed.news, now, &mut steps);
        steps
    }

    /// Returns what the clock asks for: a digest that has grown meanwhile.
    pub fn tick(&mut self, now: Timestamp) -> Option<ToastStep> {
        let digest = self.digest.as_mut()?;
        if digest.count == digest.said || now < digest.next {
            return None;
        }
        digest.said = digest.count;
        digest.next = now + BURST;
        Some(ToastStep::Digest(digest.count))
    }

    /// Returns whether every to-do that waited for its toast has it.
    pub fn is_done(&self) -> bool {
        self.digest
            .as_ref()
            .is_none_or(|digest| digest.count == digest.said)
    }

    pub fn deadline(&self) -> Option<Timestamp> {
        self.digest
            .as_ref()
            .filter(|digest| digest.count != digest.said)
            .map(|digest| digest.next)
    }

    /// Begins a digest with what was not shown in the last run.
    pub fn remember(&mut self, todos: Vec<TodoKey>, now: Timestamp) {
        if !todos.is_empty() {
            self.digest = Some(Digest::new(todos, now));
        }
    }

    /// Drops what was not shown yet: the quiet hours began, and the inbox still has it as not
    /// announced.
    pub fn drop_pending(&mut self) {
        self.digest = self.digest.take().filter(|d| d.count == d.said);
    }

    /// Handles a toast that the user dismissed, or that the desktop dropped.
    pub fn closed(&mut self, id: &ToastId) {
        match id {
            ToastId::Todo(key) => {
                self.shown.remove(key);
            }
            ToastId::Digest => self.digest = self.digest.take().filter(|d| d.count != d.said),
            ToastId::Notice(_) => (),
        }
    }

    /// Ends the digest, since the user looks at the list; returns whether there was one.
    pub fn dismiss_digest(&mut self) -> bool {
        self.digest
            .take_if(|digest| digest.count == digest.said)
            .is_some()
    }

    pub fn shift(&mut self, back: SignedDuration) {
        for (time, _) in &mut self.recent {
            *time -= back;
        }
        if let Some(digest) = &mut self.digest {
            digest.next -= back;
            digest.open_until -= back;
        }
    }

    fn withdraw(&mut self, committed: &Committed, unread: u64, steps: &mut Vec<ToastStep>) {
        if committed.all_quiet {
            steps.extend(
                self.shown
                    .drain()
                    .map(|key| ToastStep::Close(ToastId::Todo(key))),
            );
        }
        for key in &committed.quiet {
            if self.shown.remove(key) {
                steps.push(ToastStep::Close(ToastId::Todo(*key)));
            }
            if let Some(digest) = &mut self.digest {
                digest.todos.remove(key);
            }
        }
        let done = |digest: &mut Digest| {
            let all_known = digest.count <= KNOWN as u64;
            committed.all_quiet || unread == 0 || (all_known && digest.todos.is_empty())
        };
        if self.digest.take_if(done).is_some() {
            steps.push(ToastStep::Close(ToastId::Digest));
        }
    }

    fn announce(&mut self, news: &[TodoKey], now: Timestamp, steps: &mut Vec<ToastStep>) {
        if news.is_empty() {
            return;
        }
        while self
            .recent
            .front()
            .is_some_and(|(time, _)| *time + BURST < now)
        {
            self.recent.pop_front();
        }
        if let Some(digest) = self
            .digest
            .as_mut()
            .filter(|digest| now <= digest.open_until)
        {
            digest.add(news, now);
        } else if self.recent.len() + news.len() > MANY {
            self.gather(news, now, steps);
        } else {
            for key in news {
                self.shown.insert(*key);
                self.recent.push_back((now, *key));
                steps.push(ToastStep::Todo(*key));
            }
        }
        steps.extend(self.tick(now));
    }

    /// Makes a digest of the new to-dos and of those shown one by one just before, or adds them to
    /// the digest that is shown.
    fn gather(&mut self, news: &[TodoKey], now: Timestamp, steps: &mut Vec<ToastStep>) {
        let mut todos = Vec::new();
        for (_, key) in self.recent.drain(..) {
            if self.shown.remove(&key) {
                steps.push(ToastStep::Close(ToastId::Todo(key)));
                todos.push(key);
            }
        }
        todos.extend(news);
        match &mut self.digest {
            Some(digest) => {
                digest.add(&todos, now);
                digest.next = now;
            }
            None => self.digest = Some(Digest::new(todos, now)),
        }
    }
}

impl Digest {
    fn new(todos: Vec<TodoKey>, now: Timestamp) -> Self {
        let mut digest = Self {
            count: 0,
            todos: HashSet::new(),
            said: 0,
            next: now,
            open_until: now,
        };
        digest.add(&todos, now);
        digest
    }

    fn add(&mut self, todos: &[TodoKey], now: Timestamp) {
        self.open_until = now + BURST;
        for key in todos {
            let known = self.count <= KNOWN as u64 && self.todos.contains(key);
            if !known {
                self.count += 1;
                if self.todos.len() < KNOWN {
                    self.todos.insert(*key);
                }
            }
        }
    }
}
