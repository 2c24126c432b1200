//! Publishes events to subscriptions without ever waiting for a slow one.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc;

use super::event::LogEvent;

/// Capacity of one subscription's queue, in events.
const QUEUE: usize = 64;

/// The subscriptions of all users.
#[derive(Clone, Default)]
pub(crate) struct Fanout(Arc<Mutex<Subscribers>>);

#[derive(Default)]
struct Subscribers {
    by_user: HashMap<Arc<str>, Vec<Subscriber>>,
    next: u64,
}

struct Subscriber {
    number: u64,
    queue: mpsc::Sender<LogEvent>,
}

/// The events of one user, starting with the subscription.
///
/// It ends once an event is published while its queue is full; that event and later ones can be
/// read from the log.
pub struct LogSubscription {
    user: Arc<str>,
    number: u64,
    queue: mpsc::Receiver<LogEvent>,
    fanout: Fanout,
}

impl Fanout {
    pub(crate) fn subscribe(&self, user: &str) -> LogSubscription {
        let (sender, queue) = mpsc::channel(QUEUE);
        let mut subscribers = self.lock();
        let number = subscribers.next;
        subscribers.next += 1;
        let user = match subscribers.by_user.get_key_value(user) {
            Some((user, _)) => Arc::clone(user),
            None => user.into(),
        };
        let subscriber = Subscriber {
            number,
            queue: sender,
        };
        subscribers
            .by_user
            .entry(Arc::clone(&user))
            .or_default()
            .push(subscriber);
        drop(subscribers);
        LogSubscription {
            user,
            number,
            queue,
            fanout: self.clone(),
        }
    }

    /// Sends `event` to all subscriptions of `user` and ends those whose queue is full.
    pub(crate) fn publish(&self, user: &str, event: &LogEvent) {
        let mut subscribers = self.lock();
        if let Some(of_user) = subscribers.by_user.get_mut(user) {
            of_user.retain(|subscriber| subscriber.queue.try_send(event.clone()).is_ok());
        }
    }

    fn lock(&self) -> MutexGuard<'_, Subscribers> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl LogSubscription {
    /// Returns the next event, or `None` once an event was lost because the queue was full.
    ///
    /// Cancel-safe: if the future is dropped, no event is lost.
    pub async fn next(&mut self) -> Option<LogEvent> {
        self.queue.recv().await
    }
}

impl Drop for LogSubscription {
    fn drop(&mut self) {
        let mut subscribers = self.fanout.lock();
        if let Some(of_user) = subscribers.by_user.get_mut(&self.user) {
            of_user.retain(|subscriber| subscriber.number != self.number);
            if of_user.is_empty() {
                subscribers.by_user.remove(&self.user);
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
            fanout.publish("ann", &LogEvent::todo(seq, "{}"));
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
            fanout.publish("ann", &LogEvent::todo(seq, "{}"));
            assert_eq!(quick.next().await.map(|event| event.seq), Some(seq));
        }
    }

    #[tokio::test]
    async fn an_event_reaches_its_user_only() {
        let fanout = Fanout::default();
        let mut ann = fanout.subscribe("ann");
        fanout.publish("bob", &LogEvent::todo(1, "{}"));
        fanout.publish("ann", &LogEvent::todo(2, "{}"));
        assert_eq!(ann.next().await.map(|event| event.seq), Some(2));
    }

    #[test]
    fn who_left_leaves_nothing_behind() {
        let fanout = Fanout::default();
        drop(fanout.subscribe("ann"));
        assert!(fanout.lock().by_user.is_empty());
    }
}
