//! Notifications: what programs ask of the daemon and what it answers, overheard on the bus.

use std::collections::HashMap;
use std::sync::Arc;
use std::thread;

use parking_lot::{Mutex, MutexGuard};
use zbus::blocking::fdo::MonitoringProxy;
use zbus::blocking::{Connection, MessageIterator, connection};
use zbus::message::{Header, Message, Type};
use zbus::zvariant::Value;

use crate::SessionError;

/// A notification that the daemon has taken.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Notification {
    /// The daemon's number for it.
    pub id: u32,
    /// The program's name, as it gives it.
    pub app_name: String,
    /// The first line.
    pub summary: String,
    /// The text below.
    pub body: String,
    /// The actions that it offers: key and label.
    pub actions: Vec<(String, String)>,
    /// How urgent it is.
    pub urgency: NotificationUrgency,
    /// The name of the program's desktop file.
    pub desktop_entry: String,
    /// Its category, for example `im.received`.
    pub category: String,
    /// Whether the program asked for silence.
    pub silent: bool,
    /// The sound that it asked for, by its name; empty where it did not.
    pub sound: String,
    /// How often it was replaced by a newer text.
    pub updates: u32,
    /// Whether it is on the screen, or waits for room there.
    pub open: bool,
}

/// How urgent a notification is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum NotificationUrgency {
    /// It can wait.
    Low,
    /// The usual.
    Normal,
    /// It should not be missed.
    Critical,
}

/// All that was overheard since the session began.
pub(crate) struct NotificationMonitor {
    heard: Arc<Mutex<OverheardNotifications>>,
}

impl NotificationMonitor {
    pub(crate) fn begin(bus_address: &str) -> Result<Self, SessionError> {
        let connection = connection::Builder::address(bus_address)?.build()?;
        let rules: Vec<zbus::MatchRule<'_>> = [
            "type='method_call',interface='org.freedesktop.Notifications',member='Notify'",
            "type='method_return'",
            "type='error'",
            "type='signal',interface='org.freedesktop.Notifications'",
            "type='signal',member='NameOwnerChanged',arg0='org.freedesktop.Notifications'",
        ]
        .into_iter()
        .map(zbus::MatchRule::try_from)
        .collect::<Result<_, _>>()?;
        MonitoringProxy::new(&connection)?.become_monitor(&rules, 0)?;

        let heard = Arc::new(Mutex::new(OverheardNotifications::default()));
        let listener = Arc::clone(&heard);
        thread::Builder::new()
            .name("notifications".to_owned())
            .spawn(move || listen(&connection, &listener))?;
        Ok(Self { heard })
    }

    pub(crate) fn notifications(&self) -> Vec<Notification> {
        lock(&self.heard).taken.clone()
    }

    /// How often this action was chosen.
    pub(crate) fn invoked(&self, id: u32, key: &str) -> usize {
        let heard = lock(&self.heard);
        heard
            .invoked
            .iter()
            .filter(|(known, chosen)| *known == id && chosen == key)
            .count()
    }
}

/// Listens until the bus is gone.
fn listen(connection: &Connection, heard: &Mutex<OverheardNotifications>) {
    for message in MessageIterator::from(connection).flatten() {
        // A message that is not as the specification says is no notification.
        lock(heard).hear(&message).ok();
    }
}

fn lock(heard: &Mutex<OverheardNotifications>) -> MutexGuard<'_, OverheardNotifications> {
    heard.lock()
}

#[derive(Default)]
struct OverheardNotifications {
    /// Asked for and not yet answered, by the asking program and its serial number.
    asked: HashMap<(String, u32), Notification>,
    taken: Vec<Notification>,
    /// The actions that were chosen: the notification's number and the action's key.
    invoked: Vec<(u32, String)>,
}

impl OverheardNotifications {
    fn hear(&mut self, message: &Message) -> zbus::Result<()> {
        let header = message.header();
        match header.message_type() {
            Type::MethodCall => self.hear_asking(message, &header),
            Type::MethodReturn => {
                if let Some(asked) = self.answered(&header) {
                    self.take(Notification {
                        id: message.body().deserialize()?,
                        ..asked
                    });
                }
                Ok(())
            }
            Type::Error => {
                self.answered(&header);
                Ok(())
            }
            Type::Signal => self.hear_signal(message, &header),
        }
    }

    fn hear_asking(&mut self, message: &Message, header: &Header<'_>) -> zbus::Result<()> {
        let body = message.body();
        type Notify<'a> = (
            &'a str,
            u32,
            &'a str,
            &'a str,
            &'a str,
            Vec<&'a str>,
            HashMap<&'a str, Value<'a>>,
            i32,
        );
        let (app_name, _replaces, _icon, summary, body, actions, hints, _expires): Notify<'_> =
            body.deserialize()?;
        let text = |name| match hints.get(name) {
            Some(Value::Str(text)) => text.to_string(),
            _ => String::new(),
        };
        let pair = |pair: &[&str]| match pair {
            [key, label] => Some(((*key).to_owned(), (*label).to_owned())),
            _ => None,
        };
        let notification = Notification {
            id: 0,
            app_name: app_name.to_owned(),
            summary: summary.to_owned(),
            body: body.to_owned(),
            actions: actions.chunks(2).filter_map(pair).collect(),
            urgency: match hints.get("urgency") {
                Some(Value::U8(0)) => NotificationUrgency::Low,
                Some(Value::U8(2)) => NotificationUrgency::Critical,
                _ => NotificationUrgency::Normal,
            },
            desktop_entry: text("desktop-entry"),
            category: text("category"),
            sound: text("sound-name"),
            silent: matches!(hints.get("suppress-sound"), Some(Value::Bool(true))),
            updates: 0,
            open: true,
        };
        if let Some(sender) = header.sender() {
            let serial = message.primary_header().serial_num().get();
            self.asked
                .insert((sender.to_string(), serial), notification);
        }
        Ok(())
    }

    fn hear_signal(&mut self, message: &Message, header: &Header<'_>) -> zbus::Result<()> {
        match header.member().map(|member| member.as_str()) {
            Some("NotificationClosed") => {
                let (id, _reason): (u32, u32) = message.body().deserialize()?;
                self.close(|notification| notification.id == id);
            }
            Some("ActionInvoked") => self.invoked.push(message.body().deserialize()?),
            // A daemon that goes takes its notifications with it.
            Some("NameOwnerChanged") => self.close(|_| true),
            _ => {}
        }
        Ok(())
    }

    fn answered(&mut self, header: &Header<'_>) -> Option<Notification> {
        let asker = header.destination()?.to_string();
        self.asked.remove(&(asker, header.reply_serial()?.get()))
    }

    fn take(&mut self, new: Notification) {
        let open = self
            .taken
            .iter_mut()
            .find(|known| known.open && known.id == new.id);
        match open {
            Some(known) => {
                *known = Notification {
                    updates: known.updates + 1,
                    ..new
                }
            }
            None => self.taken.push(new),
        }
    }

    fn close(&mut self, which: impl Fn(&Notification) -> bool) {
        for notification in self.taken.iter_mut().filter(|known| which(known)) {
            notification.open = false;
        }
    }
}
