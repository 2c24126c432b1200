//! Publishes events to subscriptions without ever waiting for a slow one.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc;

use super::entry::{Audience, TodoEntry};
use super::event::LogEvent;

/// Capacity of one subscription's queue, in events.
const QUEUE: usize = 64;

/// The subscriptions of all audiences.
#[derive(Clone, Default)]
pub(crate) struct Fanout(Arc<Mutex<Subscribers>>);

#[derive(Default)]
struct Subscribers {
    by_audience: HashMap<Arc<Audience>, Vec<Subscriber>>,
    next: u64,
}

struct Subscriber {
    number: u64,
    queue: mpsc::Sender<LogEvent>,
}

/// The events of one audience, starting with the subscription.
///
/// It ends once an event is published while its queue is full; that event and later ones can be
/// read from the log.
pub struct LogSubscription {
    audience: Arc<Audience>,
    number: u64,
    queue: mpsc::Receiver<LogEvent>,
    fanout: Fanout,
}

impl Fanout {
    pub(crate) fn subscribe(&self, audience: &Audience) -> LogSubscription {
        let (sender, queue) = mpsc::channel(QUEUE);
        let mut subscribers = self.lock();
        let number = subscribers.next;
        subscribers.next += 1;
        let audience = match subscribers.by_audience.get_key_value(audience) {
            Some((audience, _)) => Arc::clone(audience),
            None => Arc::new(audience.clone()),
        };
        let subscriber = Subscriber {
            number,
            queue: sender,
        };
        subscribers
            .by_audience
            .entry(Arc::clone(&audience))
            .or_default()
            .push(subscriber);
        drop(subscribers);
        LogSubscription {
            audience,
            number,
            queue,
            fanout: self.clone(),
        }
    }

    /// Publishes a changed entry: `event` to its user, and the owner's view of it to its owner.
    pub(crate) fn publish_entry(&self, entry: &TodoEntry, event: &LogEvent) {
        self.publish(&Audience::User(entry.user.clone()), event);
        let Some(owner) = entry.owner.clone().map(Audience::Owner) else {
            return;
        };
        if !self.lock().by_audience.contains_key(&owner) {
            return;
        }
        match LogEvent::for_owner(entry.clone()) {
            Ok(event) => self.publish(&owner, &event),
            Err(error) => tracing::error!("a to-do cannot be told to its owner: {error}"),
        }
    }

    /// Sends `event` to all subscriptions of `audience` and ends those whose queue is full.
    pub(crate) fn publish(&self, audience: &Audience, event: &LogEvent) {
        let mut subscribers = self.lock();
        if let Some(of_audience) = subscribers.by_audience.get_mut(audience) {
            of_audience.retain(|subscriber| subscriber.queue.try_send(event.clone()).is_ok());
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
        if let Some(of_audience) = subscribers.by_audience.get_mut(&self.audience) {
            of_audience.retain(|subscriber| subscriber.number != self.number);
            if of_audience.is_empty() {
                subscribers.by_audience.remove(&self.audience);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(name: &str) -> Audience {
        Audience::User(name.to_owned())
    }

    fn ann() -> Audience {
        user("ann")
    }

    #[tokio::test]
    async fn a_full_queue_ends_the_subscription_after_what_it_holds() {
        let fanout = Fanout::default();
        let mut slow = fanout.subscribe(&ann());
        for seq in 1..=QUEUE as u64 + 5 {
            fanout.publish(&ann(), &LogEvent::todo(seq, "{}"));
        }
        for seq in 1..=QUEUE as u64 {
            assert_eq!(slow.next().await.map(|event| event.seq), Some(seq));
        }
        assert_eq!(slow.next().await, None);
    }

    #[tokio::test]
    async fn a_full_queue_hinders_no_other_subscription() {
        let fanout = Fanout::default();
        let _slow = fanout.subscribe(&ann());
        let mut quick = fanout.subscribe(&ann());
        for seq in 1..=2 * QUEUE as u64 {
            fanout.publish(&ann(), &LogEvent::todo(seq, "{}"));
            assert_eq!(quick.next().await.map(|event| event.seq), Some(seq));
        }
    }

    #[tokio::test]
    async fn an_event_reaches_its_user_only() {
        let fanout = Fanout::default();
        let mut ann = fanout.subscribe(&ann());
        fanout.publish(&user("bob"), &LogEvent::todo(1, "{}"));
        fanout.publish(&user("ann"), &LogEvent::todo(2, "{}"));
        assert_eq!(ann.next().await.map(|event| event.seq), Some(2));
    }

    #[test]
    fn who_left_leaves_nothing_behind() {
        let fanout = Fanout::default();
        drop(fanout.subscribe(&ann()));
        assert!(fanout.lock().by_audience.is_empty());
    }
}
