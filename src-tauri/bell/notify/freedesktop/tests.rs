//! Against a real bus, and a daemon that is told how to behave.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command as Program, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use async_io::{Timer, block_on};
use belldot_core::{
    Command, Input,
    controller::{Lanes, lanes},
    input::DesktopEvent,
    settings::Sound,
    toast::Urgency,
};
use parking_lot::Mutex;
use zbus::{Connection, connection::Builder, interface, object_server::SignalEmitter};

use super::*;

const PATH: &str = "/org/freedesktop/Notifications";

/// Generous: what is waited for comes as soon as it comes.
const LONG: Duration = Duration::from_secs(60);

/// A session bus of its own.
struct Bus {
    daemon: Child,
    address: String,
}

impl Bus {
    fn start() -> Self {
        let mut daemon = Program::new("dbus-daemon")
            .args(["--session", "--nofork", "--print-address=1"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut address = String::new();
        let mut lines = BufReader::new(daemon.stdout.take().unwrap());
        lines.read_line(&mut address).unwrap();
        let address = address.trim().to_owned();
        Self { daemon, address }
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Manner {
    Answers,
    Never,
    Late,
}

/// What a daemon was asked to show, in the order of the calls.
#[derive(Clone)]
struct Notifications {
    manner: Arc<Mutex<Manner>>,
    titles: Arc<Mutex<Vec<String>>>,
}

#[interface(name = "org.freedesktop.Notifications")]
impl Notifications {
    fn get_capabilities(&self) -> Vec<String> {
        vec!["actions".to_owned()]
    }

    #[allow(clippy::too_many_arguments)]
    async fn notify(
        &self,
        _app_name: &str,
        replaces: u32,
        _icon: &str,
        summary: &str,
        _body: &str,
        _actions: Vec<String>,
        _hints: std::collections::HashMap<String, zbus::zvariant::OwnedValue>,
        _expires: i32,
    ) -> u32 {
        let number = {
            let mut titles = self.titles.lock();
            titles.push(summary.to_owned());
            titles.len() as u32
        };
        let manner = *self.manner.lock();
        match manner {
            Manner::Answers => {}
            Manner::Never => std::future::pending().await,
            Manner::Late => {
                Timer::after(Duration::from_secs(7)).await;
            }
        }
        if replaces == 0 { number } else { replaces }
    }

    fn close_notification(&self, _id: u32) {}
}

/// A bus, a daemon on it, and a notifier that talks to it.
struct Trial {
    notifier: FreedesktopNotifier,
    lanes: Lanes,
    service: Notifications,
    connection: Connection,
    _bus: Bus,
}

impl Trial {
    fn start() -> Self {
        let bus = Bus::start();
        let service = Notifications {
            manner: Arc::new(Mutex::new(Manner::Answers)),
            titles: Arc::default(),
        };
        let builder = Builder::address(bus.address.as_str()).unwrap();
        let builder = builder.serve_at(PATH, service.clone()).unwrap();
        let builder = builder.name("org.freedesktop.Notifications").unwrap();
        let connection = block_on(builder.build()).unwrap();
        let (inputs, lanes) = lanes(16);
        let address = bus.address.clone();
        let connect = async move || Builder::address(address.as_str())?.build().await;
        Self {
            notifier: FreedesktopNotifier::start_with(connect, inputs, Activation::default()),
            lanes,
            service,
            connection,
            _bus: bus,
        }
    }

    fn is(&self, manner: Manner) {
        *self.service.manner.lock() = manner;
    }

    /// A person clicks on the toast with this number.
    fn click(&self, number: u32) {
        block_on(async {
            let signal = SignalEmitter::new(&self.connection, PATH).unwrap();
            signal
                .emit(
                    "org.freedesktop.Notifications",
                    "ActionInvoked",
                    &(number, "default"),
                )
                .await
                .unwrap();
        });
    }

    /// The next input for which this holds.
    fn hears(&self, what: &str, is: impl Fn(&Input) -> bool) {
        let end = Instant::now() + LONG;
        while Instant::now() < end {
            let heard = self.lanes.urgent().recv_timeout(Duration::from_millis(100));
            if heard.is_ok_and(|input| is(&input)) {
                return;
            }
        }
        panic!("never heard: {what}");
    }

    fn shows(&self, title: &str) {
        let end = Instant::now() + LONG;
        while Instant::now() < end {
            if self
                .service
                .titles
                .lock()
                .iter()
                .any(|shown| shown == title)
            {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("never shown: {title}");
    }

    fn tells_everything(&self) {
        let end = Instant::now() + LONG;
        while !self.notifier.has_told() {
            assert!(Instant::now() < end, "something is never told");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

fn toast(title: &str) -> Toast {
    Toast {
        id: ToastId::Notice(title.to_owned()),
        title: title.to_owned(),
        body: String::new(),
        urgency: Urgency::Normal,
        sound: Sound::Desktop,
        click: Command::OpenPage,
        actions: Vec::new(),
    }
}

fn is_click(input: &Input) -> bool {
    matches!(input, Input::Command(Command::OpenPage))
}

fn is_silence(input: &Input) -> bool {
    matches!(
        input,
        Input::Desktop(DesktopEvent::Notifier(Err(NotTaken::Silent)))
    )
}

fn try_show(notifier: &FreedesktopNotifier) -> Result<(), NotTaken> {
    let (reply, shown) = flume::bounded(1);
    notifier.try_show(&toast("test"), reply);
    shown.recv().unwrap()
}

#[test]
fn while_a_call_hangs_clicks_are_heard_and_the_next_toasts_are_handed_over() {
    let trial = Trial::start();
    trial.notifier.show(&toast("first"));
    trial.tells_everything();
    trial.is(Manner::Never);
    trial.notifier.show(&toast("second"));
    trial.shows("second");
    trial.notifier.show(&toast("third"));
    trial.shows("third");
    trial.click(1);
    trial.hears("a click on the first", |input| {
        assert!(!is_silence(input), "it came behind the daemon's silence");
        is_click(input)
    });
}

#[test]
fn a_call_that_is_not_answered_is_given_up_with_its_own_cause_and_nothing_is_shown_twice() {
    let trial = Trial::start();
    trial.is(Manner::Never);
    let begin = Instant::now();
    let tried = try_show(&trial.notifier);
    assert_eq!(tried, Err(NotTaken::Silent));
    assert!(begin.elapsed() >= Duration::from_secs(5));
    trial.hears("the silence", is_silence);
    assert_eq!(trial.notifier.latest(), Some(Err(NotTaken::Silent)));
    // Who tries again while it still hangs need not wait.
    let again = try_show(&trial.notifier);
    assert_eq!(again, Err(NotTaken::Silent));
    assert_eq!(trial.service.titles.lock().len(), 1);
}

#[test]
fn an_answer_that_comes_late_counts_and_the_toast_is_shown_once_and_can_be_clicked() {
    let trial = Trial::start();
    trial.is(Manner::Late);
    trial.notifier.show(&toast("late"));
    trial.hears("the silence", is_silence);
    assert!(!trial.notifier.has_told());
    // It is on the screen already, though its number is still to come.
    trial.click(1);
    trial.tells_everything();
    trial.hears("the click", is_click);
    assert_eq!(*trial.service.titles.lock(), ["late"]);
    assert_eq!(trial.notifier.latest(), Some(Ok(())));
}
