//! Publishes events to subscriptions without ever waiting for a slow one.

use std::collections::{HashMap, VecDeque};
use std::future::poll_fn;
use std::mem::size_of;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;

use futures_util::task::AtomicWaker;

use super::entry::{Audience, TodoEntry};
use super::event::LogEvent;

/// The most that one subscription's queue holds, in bytes. A single event may be longer.
const QUEUE_BYTES: usize = 1024 * 1024;

/// A queue that became empty keeps room for this many events.
const QUEUE_KEPT: usize = 8;

/// The subscriptions of all audiences.
#[derive(Clone, Default)]
pub(crate) struct Fanout(Arc<Mutex<Subscribers>>);

#[derive(Default)]
struct Subscribers {
    by_audience: HashMap<Arc<Audience>, Vec<Arc<EventQueue>>>,
}

/// The events of one audience, starting with the subscription.
///
/// It ends once an event is published that its queue has no room for; that event and later ones can
/// be read from the log.
pub struct LogSubscription {
    audience: Arc<Audience>,
    queue: Arc<EventQueue>,
    fanout: Fanout,
}

/// What one subscription has not taken yet. Costs nothing on the heap while it is empty.
#[derive(Default)]
struct EventQueue {
    waiting: Mutex<WaitingEvents>,
    reader: AtomicWaker,
}

#[derive(Default)]
struct WaitingEvents {
    events: VecDeque<LogEvent>,
    bytes: usize,
    ended: bool,
}

impl Fanout {
    pub(crate) fn subscribe(&self, audience: &Audience) -> LogSubscription {
        let queue = Arc::<EventQueue>::default();
        let mut subscribers = self.lock();
        let audience = match subscribers.by_audience.get_key_value(audience) {
            Some((audience, _)) => Arc::clone(audience),
            None => Arc::new(audience.clone()),
        };
        subscribers
            .by_audience
            .entry(Arc::clone(&audience))
            .or_default()
            .push(Arc::clone(&queue));
        drop(subscribers);
        LogSubscription {
            audience,
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

    /// Sends `event` to all subscriptions of `audience` and ends those whose queue has no room.
    pub(crate) fn publish(&self, audience: &Audience, event: &LogEvent) {
        let mut subscribers = self.lock();
        if let Some(of_audience) = subscribers.by_audience.get_mut(audience) {
            of_audience.retain(|queue| queue.push(event));
        }
    }

    fn lock(&self) -> MutexGuard<'_, Subscribers> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl EventQueue {
    /// Appends the event, or ends the queue and returns false.
    fn push(&self, event: &LogEvent) -> bool {
        let mut waiting = self.lock();
        let bytes = waiting.bytes + cost(event);
        if waiting.events.is_empty() || bytes <= QUEUE_BYTES {
            waiting.events.push_back(event.clone());
            waiting.bytes = bytes;
        } else {
            waiting.ended = true;
        }
        let ended = waiting.ended;
        drop(waiting);
        self.reader.wake();
        !ended
    }

    /// Takes the next event; `None` is the end.
    fn pop(&self) -> Poll<Option<LogEvent>> {
        let mut waiting = self.lock();
        match waiting.events.pop_front() {
            Some(event) => {
                waiting.bytes -= cost(&event);
                if waiting.events.is_empty() {
                    waiting.events.shrink_to(QUEUE_KEPT);
                }
                Poll::Ready(Some(event))
            }
            None if waiting.ended => Poll::Ready(None),
            None => Poll::Pending,
        }
    }

    fn lock(&self) -> MutexGuard<'_, WaitingEvents> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn cost(event: &LogEvent) -> usize {
    event.bytes.len() + size_of::<LogEvent>()
}

impl LogSubscription {
    /// Returns the next event, or `None` once an event was lost because the queue was full.
    ///
    /// Cancel-safe: if the future is dropped, no event is lost.
    pub async fn next(&mut self) -> Option<LogEvent> {
        poll_fn(|context| {
            // Registered first, so that no event comes unnoticed in between.
            self.queue.reader.register(context.waker());
            self.queue.pop()
        })
        .await
    }
}

impl Drop for LogSubscription {
    fn drop(&mut self) {
        let mut subscribers = self.fanout.lock();
        if let Some(of_audience) = subscribers.by_audience.get_mut(&self.audience) {
            of_audience.retain(|queue| !Arc::ptr_eq(queue, &self.queue));
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

    fn events(json: &str) -> impl Iterator<Item = LogEvent> {
        (1..).map(move |seq| LogEvent::todo(seq, json))
    }

    #[tokio::test]
    async fn a_full_queue_ends_the_subscription_after_what_it_holds() {
        let fanout = Fanout::default();
        let mut slow = fanout.subscribe(&ann());
        for event in events(&"x".repeat(10_000)).take(1_000) {
            fanout.publish(&ann(), &event);
        }
        let mut held = 0;
        while let Some(event) = slow.next().await {
            held += 1;
            assert_eq!(event.seq, held);
        }
        assert!((100..105).contains(&held), "{held} events of 10,000 bytes");
    }

    #[tokio::test]
    async fn a_queue_is_bounded_in_bytes_whatever_the_size_of_events() {
        for json in ["{}".to_owned(), "x".repeat(1000), "x".repeat(1 << 20)] {
            let fanout = Fanout::default();
            let mut slow = fanout.subscribe(&ann());
            for event in events(&json).take(50_000) {
                fanout.publish(&ann(), &event);
            }
            let mut bytes = 0;
            while let Some(event) = slow.next().await {
                bytes += event.bytes.len();
            }
            assert!(
                bytes < QUEUE_BYTES + 100,
                "{bytes} in events of {}",
                json.len()
            );
        }
    }

    #[tokio::test]
    async fn an_event_longer_than_the_queue_is_taken_by_an_empty_one() {
        let fanout = Fanout::default();
        let mut slow = fanout.subscribe(&ann());
        fanout.publish(&ann(), &LogEvent::todo(1, &"x".repeat(2 * QUEUE_BYTES)));
        assert_eq!(slow.next().await.map(|event| event.seq), Some(1));
    }

    #[tokio::test]
    async fn a_full_queue_hinders_no_other_subscription() {
        let fanout = Fanout::default();
        let _slow = fanout.subscribe(&ann());
        let mut quick = fanout.subscribe(&ann());
        for event in events(&"x".repeat(10_000)).take(300) {
            fanout.publish(&ann(), &event);
            assert_eq!(quick.next().await.map(|taken| taken.seq), Some(event.seq));
        }
    }

    #[tokio::test]
    async fn who_waits_is_woken() {
        let fanout = Fanout::default();
        let mut waiting = fanout.subscribe(&ann());
        let taken = tokio::spawn(async move { waiting.next().await });
        tokio::task::yield_now().await;
        fanout.publish(&ann(), &LogEvent::todo(1, "{}"));
        assert_eq!(taken.await.unwrap().map(|event| event.seq), Some(1));
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
