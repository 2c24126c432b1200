//! The daemon's interface, and what it tells.

use std::collections::HashMap;

use belldot_core::{
    settings::Sound,
    toast::{Toast, Urgency},
};
use futures_util::{Stream, StreamExt as _, stream};
use zbus::{Connection, proxy, zvariant::Value};

/// The daemon that is there, whichever that is.
#[derive(Clone, Debug)]
pub struct DaemonProxy(NotificationDaemonProxy<'static>);

/// What a daemon can do (Desktop Notifications, `GetCapabilities`).
#[derive(Clone, Debug)]
pub struct Capabilities {
    buttons: bool,
    markup: bool,
}

/// What the daemon tells.
#[derive(Debug)]
pub enum DaemonSignal {
    /// A button, or the toast itself, was chosen.
    Action { id: u32, key: String },
    /// By this a window may come to the front.
    Token(String),
    /// A toast is no longer shown.
    Closed { id: u32, why: Closed },
    /// The daemon went, or was replaced by the one that is there now.
    Replaced { is_there: bool },
}

/// Why a toast is no longer shown (Desktop Notifications, `NotificationClosed`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    /// Its time was over. It may stand in the daemon's list of missed ones, with its buttons.
    Expired,
    /// The user dismissed it.
    ByUser,
    /// We withdrew it, or the daemon does not say.
    Otherwise,
}

impl Closed {
    /// From the number of the specification.
    pub fn of(reason: u32) -> Self {
        match reason {
            1 => Self::Expired,
            2 => Self::ByUser,
            _ => Self::Otherwise,
        }
    }
}

impl DaemonProxy {
    /// Subscribes to everything that it may tell.
    ///
    /// # Errors
    /// When the bus does not take the subscriptions.
    pub async fn listen(
        bus: &Connection,
    ) -> zbus::Result<(Self, impl Stream<Item = DaemonSignal> + Unpin + use<>)> {
        let proxy = NotificationDaemonProxy::new(bus).await?;
        let actions = proxy
            .receive_action_invoked()
            .await?
            .filter_map(async |signal| {
                let args = signal.args().ok()?;
                Some(DaemonSignal::Action {
                    id: args.id,
                    key: args.action_key.clone(),
                })
            });
        let tokens = proxy
            .receive_activation_token()
            .await?
            .filter_map(async |signal| {
                Some(DaemonSignal::Token(
                    signal.args().ok()?.activation_token.clone(),
                ))
            });
        let closed = proxy
            .receive_notification_closed()
            .await?
            .filter_map(async |signal| {
                let args = signal.args().ok()?;
                Some(DaemonSignal::Closed {
                    id: args.id,
                    why: Closed::of(args.reason),
                })
            });
        let replaced =
            proxy
                .inner()
                .receive_owner_changed()
                .await?
                .map(|owner| DaemonSignal::Replaced {
                    is_there: owner.is_some(),
                });
        let told = stream::select(
            stream::select(actions.boxed(), tokens.boxed()),
            stream::select(closed.boxed(), replaced.boxed()),
        );
        Ok((Self(proxy), told))
    }

    /// What it can do.
    ///
    /// # Errors
    /// When there is none, or it does not say.
    pub async fn capabilities(self) -> zbus::Result<Capabilities> {
        let known = self.0.get_capabilities().await?;
        let can = |what: &str| known.iter().any(|capability| capability == what);
        Ok(Capabilities {
            buttons: can("actions"),
            markup: can("body-markup"),
        })
    }

    /// Shows a toast in place of the one with this number, 0 for none. Answers its number.
    ///
    /// # Errors
    /// When there is no daemon, or it refuses.
    pub async fn notify(self, toast: Toast, replaces: u32, can: Capabilities) -> zbus::Result<u32> {
        let body = if can.markup {
            escape_markup(&toast.body)
        } else {
            toast.body.clone()
        };
        let keys: Vec<String> = (0..toast.actions.len()).map(|at| at.to_string()).collect();
        let mut actions = Vec::new();
        if can.buttons {
            // The label of the default action is not shown, but some daemons list it in a menu.
            actions.extend(["default", toast.title.as_str()]);
            for (key, action) in keys.iter().zip(&toast.actions) {
                actions.extend([key.as_str(), action.label.as_str()]);
            }
        }
        let urgency = Value::U8(match toast.urgency {
            Urgency::Low => 0,
            Urgency::Normal => 1,
            Urgency::Critical => 2,
        });
        let (entry, category) = (Value::from("Belldot"), Value::from("im.received"));
        let mut hints = HashMap::from([
            ("urgency", &urgency),
            ("desktop-entry", &entry),
            ("category", &category),
        ]);
        let sound = sound_hint(toast.sound);
        hints.extend(sound.iter().map(|(name, value)| (*name, value)));
        self.0
            .notify(
                "Belldot",
                replaces,
                "belldot",
                &toast.title,
                &body,
                &actions,
                hints,
                -1,
            )
            .await
    }

    /// Withdraws a toast. No answer is waited for: where it is gone already, that is as good.
    pub async fn close(self, number: u32) {
        let _ = self.0.close_notification(number).await;
    }
}

/// What is heard, as the daemon wants to be told; nothing where it decides itself.
fn sound_hint(sound: Sound) -> Option<(&'static str, Value<'static>)> {
    let named = |name: &'static str| Some(("sound-name", Value::from(name)));
    match sound {
        Sound::Desktop => None,
        Sound::Silent => Some(("suppress-sound", Value::Bool(true))),
        Sound::Message => named("message-new-instant"),
        Sound::Bell => named("bell"),
        Sound::Alarm => named("alarm-clock-elapsed"),
    }
}

/// Bodies are markup where the daemon says so; ours are plain text.
fn escape_markup(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[proxy(
    interface = "org.freedesktop.Notifications",
    default_service = "org.freedesktop.Notifications",
    default_path = "/org/freedesktop/Notifications"
)]
trait NotificationDaemon {
    #[allow(clippy::too_many_arguments)]
    fn notify(
        &self,
        app_name: &str,
        replaces_id: u32,
        app_icon: &str,
        summary: &str,
        body: &str,
        actions: &[&str],
        hints: HashMap<&str, &Value<'_>>,
        expire_timeout: i32,
    ) -> zbus::Result<u32>;

    #[zbus(no_reply)]
    fn close_notification(&self, id: u32) -> zbus::Result<()>;

    fn get_capabilities(&self) -> zbus::Result<Vec<String>>;

    #[zbus(signal)]
    fn action_invoked(&self, id: u32, action_key: String) -> zbus::Result<()>;

    #[zbus(signal)]
    fn activation_token(&self, id: u32, activation_token: String) -> zbus::Result<()>;

    #[zbus(signal)]
    fn notification_closed(&self, id: u32, reason: u32) -> zbus::Result<()>;
}
