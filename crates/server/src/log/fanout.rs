//! From the one who puts to all who listen, without ever waiting for one of them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc;

use super::Event;

/// How many events may wait for one subscription.
const QUEUE: usize = 64;

/// Who listens for whom.
#[derive(Clone, Default)]
pub(crate) struct Fanout(Arc<Mutex<Listeners>>);

#[derive(Default)]
struct Listeners {
    by_user: HashMap<Arc<str>, Vec<Listener>>,
    next: u64,
}

struct Listener {
    number: u64,
    queue: mpsc::Sender<Event>,
}

/// The events of one user from the moment of subscribing.
///
/// It ends when its bounded queue was full as an event came: what follows is in the log.
pub struct Subscription {
    user: Arc<str>,
    number: u64,
    queue: mpsc::Receiver<Event>,
    fanout: Fanout,
}

impl Fanout {
    pub(crate) fn subscribe(&self, user: &str) -> Subscription {
        let (sender, queue) = mpsc::channel(QUEUE);
        let mut listeners = self.lock();
        let number = listeners.next;
        listeners.next += 1;
        let user = match listeners.by_user.get_key_value(user) {
            Some((user, _)) => Arc::clone(user),
            None => user.into(),
        };
        let listener = Listener {
            number,
            queue: sender,
        };
        listeners
            .by_user
            .entry(Arc::clone(&user))
            .or_default()
            .push(listener);
        drop(listeners);
        Subscription {
            user,
            number,
            queue,
            fanout: self.clone(),
        }
    }

    /// Gives `event` to all who listen for `user`; ends the subscriptions that cannot take it.
    pub(crate) fn publish(&self, user: &str, event: &Event) {
        let mut listeners = self.lock();
        if let Some(of_user) = listeners.by_user.get_mut(user) {
            of_user.retain(|listener| listener.queue.try_send(event.clone()).is_ok());
        }
    }

    fn lock(&self) -> MutexGuard<'_, Listeners> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Subscription {
    /// The next event, or `None` once events went by that this subscription had no room for.
    /// May be dropped and called again without loss.
    pub async fn next(&mut self) -> Option<Event> {
        self.queue.recv().await
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let mut listeners = self.fanout.lock();
        if let Some(of_user) = listeners.by_user.get_mut(&self.user) {
            of_user.retain(|listener| listener.number != self.number);
            if of_user.is_empty() {
                listeners.by_user.remove(&self.user);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_full_queue_ends_the_subscription_after_what_it_holds() {
        let fanout = Fanout::default();
        let mut slow = fanout.subscribe("ann");
        for seq in 1..=QUEUE as u64 + 5 {
            fanout.publish("ann", &Event::todo(seq, "{}"));
        }
        for seq in 1..=QUEUE as u64 {
            assert_eq!(slow.next().await.map(|event| event.seq), Some(seq));
        }
        assert_eq!(slow.next().await, None);
    }

    #[tokio::test]
    async fn a_full_queue_hinders_no_other_subscription() {
        let fanout = Fanout::default();
        let _slow = fanout.subscribe("ann");
        let mut quick = fanout.subscribe("ann");
        for seq in 1..=2 * QUEUE as u64 {
            fanout.publish("ann", &Event::todo(seq, "{}"));
            assert_eq!(quick.next().await.map(|event| event.seq), Some(seq));
        }
    }

    #[tokio::test]
    async fn an_event_reaches_its_user_only() {
        let fanout = Fanout::default();
        let mut ann = fanout.subscribe("ann");
        fanout.publish("bob", &Event::todo(1, "{}"));
        fanout.publish("ann", &Event::todo(2, "{}"));
        assert_eq!(ann.next().await.map(|event| event.seq), Some(2));
    }

    #[test]
    fn who_left_leaves_nothing_behind() {
        let fanout = Fanout::default();
        drop(fanout.subscribe("ann"));
        assert!(fanout.lock().by_user.is_empty());
    }
}
