//! The two lanes into the controller.
//!
//! What a person, the desktop or the system says is always read first, whatever the streams send
//! and whatever the disk takes. That lane never makes its sender wait: people are slow. What the
//! streams say waits in a bounded one, so that a slow disk slows the sockets.

use std::{
    fmt,
    sync::Arc,
    time::{Duration, Instant},
};

use flume::{Receiver, RecvTimeoutError, Selector, Sender, TryRecvError};

use crate::input::{Command, Input, StreamUpdate};

/// About how many bytes of events become one transaction.
const MOST_BYTES: usize = 4 << 20;

/// With this many inputs at once there is a backlog: a batch then waits this long for more of them,
/// since one transaction for many costs little more than one for a few.
pub(super) const BACKLOG: usize = 32;
const GATHER: Duration = Duration::from_millis(20);

/// The sending side of both lanes; cheap to clone.
#[derive(Clone)]
pub struct Inputs {
    urgent: Sender<Input>,
    streams: Sender<Input>,
    on_quit: Option<Callback>,
    open_page: Option<Callback>,
}

type Callback = Arc<dyn Fn() + Send + Sync>;

/// The receiving side of both lanes, for the controller.
#[derive(Debug)]
pub struct Lanes {
    urgent: Receiver<Input>,
    streams: Receiver<Input>,
}

/// Creates two lanes: one for people and the system, unbounded, and one for streams with this
/// capacity.
pub fn lanes(waiting: usize) -> (Inputs, Lanes) {
    let (tell, urgent) = flume::unbounded();
    let (send, streams) = flume::bounded(waiting);
    let inputs = Inputs {
        urgent: tell,
        streams: send,
        on_quit: None,
        open_page: None,
    };
    (inputs, Lanes { urgent, streams })
}

impl Inputs {
    /// Calls this, too, whenever somebody asks to quit: the controller may be waiting for a disk
    /// that never answers.
    pub fn on_quit(self, call: impl Fn() + Send + Sync + 'static) -> Self {
        Self {
            on_quit: Some(Arc::new(call)),
            ..self
        }
    }

    /// Has this open the page of a click on the bell, at once: the controller may be in the middle
    /// of a backlog, and a click waits for nothing. The controller hears that it was opened.
    pub fn open_page_by(self, call: impl Fn() + Send + Sync + 'static) -> Self {
        Self {
            open_page: Some(Arc::new(call)),
            ..self
        }
    }

    /// Sends what a person, the desktop or the system says. Never blocks, and may be called from
    /// any thread; does nothing once the controller has ended.
    pub fn tell(&self, input: impl Into<Input>) {
        let mut input = input.into();
        if let (Some(call), true) = (&self.on_quit, input.is_quit()) {
            call();
        }
        if let (Some(open), Some(command)) = (&self.open_page, input.command_mut())
            && matches!(command, Command::OpenPage)
        {
            open();
            *command = Command::PageOpened;
        }
        if self.urgent.send(input).is_err() {
            tracing::debug!("said after the end");
        }
    }

    /// Returns the sender for streams: bounded, so that sending may have to wait.
    pub fn streams(&self) -> &Sender<Input> {
        &self.streams
    }

    /// Returns whether the controller has ended.
    pub fn is_over(&self) -> bool {
        self.urgent.is_disconnected()
    }
}

impl fmt::Debug for Inputs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inputs").finish_non_exhaustive()
    }
}

/// What the controller does next.
#[derive(Debug)]
pub(super) enum Next {
    Take(Batch),
    /// Nothing came in time.
    Nothing,
    /// Every sender was dropped.
    Over,
}

/// Inputs to be handled: the urgent ones first, each part as one transaction.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub urgent: Vec<Input>,
    pub streams: Vec<Input>,
}

/// One input, and by which lane.
enum Received {
    Urgent(Input),
    Stream(Input),
    Nothing,
    Over,
}

impl Lanes {
    /// Returns what the streams sent, for tests that stand in for the controller.
    pub fn streams(&self) -> &Receiver<Input> {
        &self.streams
    }

    /// Returns what is always read first, for the same tests.
    pub fn urgent(&self) -> &Receiver<Input> {
        &self.urgent
    }

    /// Waits for inputs until the time-out; takes at most `of_streams` inputs of streams, none
    /// where it is 0.
    pub(super) fn next(&self, of_streams: usize, wait: Duration) -> Next {
        match self.receive(of_streams > 0, Instant::now() + wait) {
            Received::Urgent(first) => Next::Take(Batch {
                urgent: std::iter::once(first).chain(self.urgent.drain()).collect(),
                streams: Vec::new(),
            }),
            Received::Stream(first) => Next::Take(self.gather(first, of_streams)),
            Received::Nothing => Next::Nothing,
            Received::Over => Next::Over,
        }
    }

    /// Returns whether nothing waits on either.
    pub(super) fn are_empty(&self) -> bool {
        self.urgent.is_empty() && self.streams.is_empty()
    }

    /// Takes every input of streams that waits at this moment.
    pub(super) fn rest(&self) -> Vec<Input> {
        self.streams.drain().collect()
    }

    fn receive(&self, with_streams: bool, deadline: Instant) -> Received {
        match self.urgent.try_recv() {
            Ok(input) => return Received::Urgent(input),
            Err(TryRecvError::Disconnected) => return Received::Over,
            Err(TryRecvError::Empty) => (),
        }
        if !with_streams {
            return match self.urgent.recv_deadline(deadline) {
                Ok(input) => Received::Urgent(input),
                Err(RecvTimeoutError::Timeout) => Received::Nothing,
                Err(RecvTimeoutError::Disconnected) => Received::Over,
            };
        }
        Selector::new()
            .recv(&self.urgent, |input| {
                input.map_or(Received::Over, Received::Urgent)
            })
            // Both channels have the same senders.
            .recv(&self.streams, |input| {
                input.map_or(Received::Over, Received::Stream)
            })
            .wait_deadline(deadline)
            .unwrap_or(Received::Nothing)
    }

    /// Collects this input of a stream and those that wait behind it, up to a maximum; in a backlog
    /// also those that come right after them. An urgent input ends it.
    fn gather(&self, first: Input, most: usize) -> Batch {
        let mut bytes = weight(&first);
        let mut batch = Batch {
            urgent: Vec::new(),
            streams: vec![first],
        };
        let end = Instant::now() + GATHER;
        while batch.streams.len() < most && bytes < MOST_BYTES && self.urgent.is_empty() {
            let next = match self.streams.try_recv() {
                Ok(input) => input,
                Err(_) if batch.streams.len() < BACKLOG => break,
                Err(_) => match self.receive(true, end) {
                    Received::Stream(input) => input,
                    Received::Urgent(input) => {
                        batch.urgent.push(input);
                        break;
                    }
                    Received::Nothing | Received::Over => break,
                },
            };
            bytes += weight(&next);
            batch.streams.push(next);
        }
        batch.urgent.extend(self.urgent.drain());
        batch
    }
}

fn weight(input: &Input) -> usize {
    match input {
        Input::Stream {
            update: StreamUpdate::Event(event),
            ..
        } => event.data.len(),
        _ => 0,
    }
}

impl Input {
    /// Returns whether this input ends the program.
    pub(super) fn is_quit(&self) -> bool {
        matches!(
            self,
            Self::Command(Command::Quit)
                | Self::Asked {
                    command: Command::Quit,
                    ..
                }
        )
    }

    /// Returns what a person asks for, if one does.
    fn command_mut(&mut self) -> Option<&mut Command> {
        match self {
            Self::Command(command) | Self::Asked { command, .. } => Some(command),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;
    use crate::{
        input::DesktopEvent,
        source::{SourceId, StreamState},
    };

    const SOON: Duration = Duration::from_secs(30);

    fn said_by_a_stream() -> Input {
        Input::Stream {
            source: SourceId("work".to_owned()),
            update: StreamUpdate::State(StreamState::Paused),
        }
    }

    fn taken(next: Next) -> (usize, usize) {
        match next {
            Next::Take(batch) => (batch.urgent.len(), batch.streams.len()),
            Next::Nothing | Next::Over => (0, 0),
        }
    }

    #[test]
    fn what_a_person_says_is_read_before_what_streams_sent_earlier() {
        let (inputs, lanes) = lanes(100);
        for _ in 0..100 {
            inputs.streams().send(said_by_a_stream()).unwrap();
        }
        inputs.tell(Command::OpenPage);
        inputs.tell(DesktopEvent::TrayHost(true));
        assert_eq!(taken(lanes.next(1_000, SOON)), (2, 0));
        assert_eq!(taken(lanes.next(1_000, SOON)), (0, 100));
    }

    #[test]
    fn a_click_on_the_bell_opens_its_page_before_the_controller_hears_of_it() {
        let (inputs, lanes) = lanes(1);
        let opened = Arc::new(AtomicU32::new(0));
        let counts = opened.clone();
        let inputs = inputs.open_page_by(move || {
            counts.fetch_add(1, Ordering::Relaxed);
        });
        inputs.tell(Command::OpenPage);
        inputs.tell(Command::OpenSettings);
        let (done, _told) = flume::bounded(1);
        inputs.tell(Input::Asked {
            command: Command::OpenPage,
            done,
        });
        assert_eq!(opened.load(Ordering::Relaxed), 2);
        let heard: Vec<Input> = lanes.urgent.drain().collect();
        assert!(matches!(
            heard.as_slice(),
            [
                Input::Command(Command::PageOpened),
                Input::Command(Command::OpenSettings),
                Input::Asked {
                    command: Command::PageOpened,
                    ..
                },
            ]
        ));
    }

    #[test]
    fn telling_never_waits_however_full_the_lane_of_the_streams_is() {
        let (inputs, lanes) = lanes(1);
        inputs.streams().send(said_by_a_stream()).unwrap();
        for _ in 0..10_000 {
            inputs.tell(Command::OpenPage);
        }
        assert_eq!(taken(lanes.next(1_000, SOON)), (10_000, 0));
    }

    #[test]
    fn while_streams_are_not_wanted_people_are_heard() {
        let (inputs, lanes) = lanes(1);
        inputs.streams().send(said_by_a_stream()).unwrap();
        assert!(matches!(lanes.next(0, Duration::ZERO), Next::Nothing));
        inputs.tell(Command::Quit);
        assert_eq!(taken(lanes.next(0, SOON)), (1, 0));
        assert_eq!(taken(lanes.next(1_000, SOON)), (0, 1));
    }

    #[test]
    fn a_person_ends_the_gathering_of_a_backlog() {
        let (inputs, lanes) = lanes(1_000);
        for _ in 0..BACKLOG {
            inputs.streams().send(said_by_a_stream()).unwrap();
        }
        let first = lanes.streams.recv().unwrap();
        inputs.tell(Command::OpenPage);
        let batch = lanes.gather(first, 1_000);
        assert_eq!((batch.urgent.len(), batch.streams.len()), (1, 1));
    }

    #[test]
    fn it_is_over_when_nobody_can_say_anything_any_longer() {
        let (inputs, lanes) = lanes(1);
        drop(inputs);
        assert!(matches!(lanes.next(1_000, SOON), Next::Over));
        assert!(matches!(lanes.next(0, SOON), Next::Over));
    }

    #[test]
    fn whoever_sees_to_the_end_hears_of_it_at_once() {
        let (asked, heard) = flume::unbounded();
        let (inputs, _lanes) = lanes(1);
        let inputs = inputs.on_quit(move || asked.send(()).unwrap());
        inputs.tell(Command::OpenPage);
        assert!(heard.is_empty());
        inputs.tell(Command::Quit);
        let (done, _) = flume::bounded(1);
        inputs.tell(Input::Asked {
            command: Command::Quit,
            done,
        });
        assert_eq!(heard.len(), 2);
    }
}
