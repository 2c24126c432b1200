//! The notification daemon on Linux (Desktop Notifications 1.3), over D-Bus.
//!
//! One thread for the app's life. Signals are subscribed to before the first `Notify`, and a daemon
//! that restarts forgets its ids, and so do we. What nobody takes waits for the next daemon.

use std::{
    collections::{HashMap, VecDeque},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use belldot_core::{
    controller::Inputs,
    input::DesktopHint,
    settings::Sound,
    toast::{Toast, ToastId, Urgency},
};
use futures_util::{FutureExt as _, StreamExt as _, select, stream};
use zbus::{proxy, zvariant::Value};

use super::refused::Refused;
use crate::{os::bus, windows::Activation};

/// Hands toasts to the daemon; cheap to call, never waits.
pub struct Notifier {
    orders: flume::Sender<Order>,
    untold: Untold,
}

/// So many toasts that went by themselves are remembered: a daemon that keeps a list of them sends
/// clicks in it with the same number.
const EXPIRED_MOST: usize = 200;

/// How many toasts the daemon was asked to show and has not taken.
type Untold = Arc<AtomicUsize>;

enum Order {
    Show(Box<Toast>, Option<flume::Sender<Result<(), String>>>),
    Close(ToastId),
}

impl Notifier {
    /// Starts the thread that talks to the daemon. Whether the daemon takes toasts is told as
    /// [`DesktopHint::Notifier`], clicks and buttons as commands.
    pub fn start(_app: &tauri::AppHandle, inputs: Inputs, activation: Activation) -> Self {
        let (orders, waiting) = flume::unbounded();
        let untold = Untold::default();
        let shown = Shown::new(inputs, untold.clone());
        let thread = std::thread::Builder::new().name("notifier".to_owned());
        let spawned = thread.spawn(move || {
            async_io::block_on(serve(waiting, shown, activation));
        });
        if let Err(error) = spawned {
            tracing::error!(%error, "no thread for notifications");
        }
        Self { orders, untold }
    }

    /// Shows a toast or updates the one with the same id.
    pub fn show(&self, toast: &Toast) {
        self.untold.fetch_add(1, Ordering::AcqRel);
        let _ = self.orders.send(Order::Show(Box::new(toast.clone()), None));
    }

    /// Whether the daemon has taken every toast. One that it refused stays untold until it is
    /// shown after all.
    pub fn has_told(&self) -> bool {
        self.untold.load(Ordering::Acquire) == 0
    }

    /// Shows a toast and tells whether the daemon took it, else why not.
    pub async fn try_show(&self, toast: &Toast) -> Result<(), String> {
        let (reply, answer) = flume::bounded(1);
        let _ = self
            .orders
            .send(Order::Show(Box::new(toast.clone()), Some(reply)));
        answer
            .recv_async()
            .await
            .unwrap_or_else(|_| Err("no session bus".to_owned()))
    }

    /// Withdraws a toast.
    pub fn close(&self, id: &ToastId) {
        let _ = self.orders.send(Order::Close(id.clone()));
    }
}

#[proxy(
    interface = "org.freedesktop.Notifications",
    default_service = "org.freedesktop.Notifications",
    default_path = "/org/freedesktop/Notifications"
)]
trait Notifications {
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

    fn close_notification(&self, id: u32) -> zbus::Result<()>;

    fn get_capabilities(&self) -> zbus::Result<Vec<String>>;

    #[zbus(signal)]
    fn action_invoked(&self, id: u32, action_key: String) -> zbus::Result<()>;

    #[zbus(signal)]
    fn activation_token(&self, id: u32, activation_token: String) -> zbus::Result<()>;

    #[zbus(signal)]
    fn notification_closed(&self, id: u32, reason: u32) -> zbus::Result<()>;
}

/// What the daemon tells, in one stream.
enum Told {
    Action {
        id: u32,
        key: String,
    },
    Token(String),
    Closed {
        id: u32,
        why: Closed,
    },
    /// The daemon went, or was replaced by the one that is there now.
    Replaced {
        is_there: bool,
    },
}

/// Why a toast is no longer shown (Desktop Notifications, `NotificationClosed`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Closed {
    /// Its time was over. It may stand in the daemon's list of missed ones, with its buttons.
    Expired,
    /// The user dismissed it.
    ByUser,
    /// We withdrew it, or the daemon does not say.
    Otherwise,
}

impl Closed {
    fn of(reason: u32) -> Self {
        match reason {
            1 => Self::Expired,
            2 => Self::ByUser,
            _ => Self::Otherwise,
        }
    }
}

async fn serve(orders: flume::Receiver<Order>, mut shown: Shown, activation: Activation) {
    let (proxy, mut told) = match connect().await {
        Ok(connected) => connected,
        Err(error) => {
            shown.report(Err(error.to_string()));
            return;
        }
    };
    loop {
        select! {
            order = orders.recv_async().fuse() => match order {
                Ok(Order::Show(toast, None)) => shown.show(&proxy, *toast).await,
                Ok(Order::Show(toast, Some(reply))) => {
                    let result = shown.hand_over(&proxy, &toast).await;
                    drop(reply.send(result.clone()));
                    shown.report(result);
                }
                Ok(Order::Close(id)) => shown.close(&proxy, &id).await,
                Err(_) => return,
            },
            told = told.next().fuse() => match told {
                Some(Told::Action { id, key }) => shown.act(id, &key),
                Some(Told::Token(token)) => activation.keep(token),
                Some(Told::Closed { id, why }) => shown.closed(id, why),
                Some(Told::Replaced { is_there }) => {
                    shown.forget();
                    if is_there {
                        shown.show_refused(&proxy).await;
                    }
                }
                None => return,
            },
        }
    }
}

/// Subscribes to everything the daemon may tell before the first toast is sent.
async fn connect() -> zbus::Result<(
    NotificationsProxy<'static>,
    impl futures_util::Stream<Item = Told> + Unpin,
)> {
    let proxy = NotificationsProxy::new(&bus::session().await?).await?;
    let actions = proxy
        .receive_action_invoked()
        .await?
        .filter_map(async |signal| {
            let args = signal.args().ok()?;
            Some(Told::Action {
                id: args.id,
                key: args.action_key.clone(),
            })
        });
    let tokens = proxy
        .receive_activation_token()
        .await?
        .filter_map(async |signal| Some(Told::Token(signal.args().ok()?.activation_token.clone())));
    let closed = proxy
        .receive_notification_closed()
        .await?
        .filter_map(async |signal| {
            let args = signal.args().ok()?;
            Some(Told::Closed {
                id: args.id,
                why: Closed::of(args.reason),
            })
        });
    let replaced = proxy
        .inner()
        .receive_owner_changed()
        .await?
        .map(|owner| Told::Replaced {
            is_there: owner.is_some(),
        });
    let told = stream::select(
        stream::select(actions.boxed(), tokens.boxed()),
        stream::select(closed.boxed(), replaced.boxed()),
    );
    Ok((proxy, told))
}

/// The toasts that the daemon shows, by our id and by its own, and those that wait for one.
struct Shown {
    inputs: Inputs,
    untold: Untold,
    ids: HashMap<ToastId, u32>,
    toasts: HashMap<u32, Toast>,
    /// Those that are no longer shown and may still be clicked, the oldest first.
    expired: VecDeque<u32>,
    refused: Refused,
    /// Asked for once a daemon.
    capabilities: Option<Vec<String>>,
}

impl Shown {
    fn new(inputs: Inputs, untold: Untold) -> Self {
        Self {
            inputs,
            untold,
            ids: HashMap::new(),
            toasts: HashMap::new(),
            expired: VecDeque::new(),
            refused: Refused::default(),
            capabilities: None,
        }
    }

    /// Shows a toast, and with it what was refused before; or keeps it for later.
    async fn show(&mut self, proxy: &NotificationsProxy<'_>, toast: Toast) {
        let result = self.hand_over(proxy, &toast).await;
        let out_of_date = self.refused.forget(&toast.id);
        self.told(out_of_date);
        match &result {
            Ok(()) => self.told(true),
            Err(_) => self.refused.keep(toast),
        }
        let there = result.is_ok();
        self.report(result);
        if there {
            self.show_refused(proxy).await;
        }
    }

    /// A daemon is there: it may take what the last one did not.
    async fn show_refused(&mut self, proxy: &NotificationsProxy<'_>) {
        while let Some(toast) = self.refused.next() {
            let result = self.hand_over(proxy, &toast).await;
            let taken = result.is_ok();
            self.told(taken);
            if !taken {
                self.refused.put_back(toast);
            }
            self.report(result);
            if !taken {
                return;
            }
        }
    }

    async fn hand_over(
        &mut self,
        proxy: &NotificationsProxy<'_>,
        toast: &Toast,
    ) -> Result<(), String> {
        let shown = self.notify(proxy, toast).await;
        let id = shown.map_err(|error| error.to_string())?;
        if let Some(old) = self.ids.insert(toast.id.clone(), id) {
            self.toasts.remove(&old);
        }
        self.toasts.insert(id, toast.clone());
        Ok(())
    }

    /// One toast less of which the person does not know, if `so`.
    fn told(&self, so: bool) {
        self.untold.fetch_sub(usize::from(so), Ordering::AcqRel);
    }

    async fn notify(&mut self, proxy: &NotificationsProxy<'_>, toast: &Toast) -> zbus::Result<u32> {
        if self.capabilities.is_none() {
            self.capabilities = Some(proxy.get_capabilities().await?);
        }
        let can = |what: &str| {
            self.capabilities
                .iter()
                .flatten()
                .any(|capability| capability == what)
        };
        let body = if can("body-markup") {
            escape_markup(&toast.body)
        } else {
            toast.body.clone()
        };
        let keys: Vec<String> = (0..toast.actions.len()).map(|at| at.to_string()).collect();
        let mut actions = Vec::new();
        if can("actions") {
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
        let replaces = self.ids.get(&toast.id).copied().unwrap_or(0);
        proxy
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

    async fn close(&mut self, proxy: &NotificationsProxy<'_>, toast: &ToastId) {
        // Of what is withdrawn before anybody has seen it, nobody need be told.
        let waited = self.refused.forget(toast);
        self.told(waited);
        if let Some(id) = self.ids.remove(toast) {
            self.toasts.remove(&id);
            // It fails when the toast is gone already, which is as good.
            let _ = proxy.close_notification(id).await;
        }
    }

    fn act(&mut self, id: u32, key: &str) {
        let Some(toast) = self.toasts.get(&id) else {
            return;
        };
        let command = match key {
            "default" => Some(&toast.click),
            key => key
                .parse()
                .ok()
                .and_then(|at: usize| toast.actions.get(at))
                .map(|action| &action.command),
        };
        if let Some(command) = command {
            self.inputs.tell(command.clone());
        }
    }

    fn closed(&mut self, id: u32, why: Closed) {
        let Some(toast) = self.toasts.remove(&id) else {
            return;
        };
        if self.ids.get(&toast.id) == Some(&id) {
            self.ids.remove(&toast.id);
        }
        match why {
            Closed::Expired => self.keep_expired(id, toast),
            Closed::ByUser => self.inputs.tell(DesktopHint::ToastClosed(toast.id)),
            Closed::Otherwise => {}
        }
    }

    fn keep_expired(&mut self, id: u32, toast: Toast) {
        if !self.expired.contains(&id) {
            self.expired.push_back(id);
        }
        self.toasts.insert(id, toast);
        while self.expired.len() > EXPIRED_MOST {
            if let Some(oldest) = self.expired.pop_front() {
                self.toasts.remove(&oldest);
            }
        }
    }

    /// A new daemon knows nothing of the old one's toasts.
    fn forget(&mut self) {
        self.ids.clear();
        self.toasts.clear();
        self.expired.clear();
        self.capabilities = None;
    }

    fn report(&self, result: Result<(), String>) {
        self.inputs.tell(DesktopHint::Notifier(result));
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

#[cfg(test)]
mod tests {
    use belldot_core::{Command, controller::lanes};

    use super::*;

    fn toast(id: usize) -> Toast {
        Toast {
            id: ToastId::Notice(id.to_string()),
            title: "Sign the lease".to_owned(),
            body: String::new(),
            urgency: Urgency::Normal,
            sound: Sound::Desktop,
            click: Command::OpenPage,
            actions: Vec::new(),
        }
    }

    fn shown(id: u32, toast: Toast) -> Shown {
        let mut shown = Shown::new(lanes(1).0, Untold::default());
        shown.ids.insert(toast.id.clone(), id);
        shown.toasts.insert(id, toast);
        shown
    }

    #[test]
    fn one_that_expired_into_the_daemons_list_keeps_its_click_and_one_that_was_dismissed_does_not()
    {
        for (reason, stays) in [(1, true), (2, false), (3, false)] {
            let mut shown = shown(7, toast(1));
            shown.closed(7, Closed::of(reason));
            assert_eq!(shown.toasts.contains_key(&7), stays, "{reason}");
            assert!(shown.ids.is_empty(), "it is not updated in place");
        }
    }

    #[test]
    fn of_those_that_expired_the_latest_are_remembered() {
        let mut shown = shown(0, toast(0));
        for id in 0..1_000 {
            shown.toasts.insert(id, toast(id as usize));
            shown.closed(id, Closed::Expired);
        }
        assert_eq!(shown.toasts.len(), EXPIRED_MOST);
        assert!(shown.toasts.contains_key(&999));
    }
}
