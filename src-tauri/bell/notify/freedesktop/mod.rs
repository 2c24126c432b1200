//! The notification daemon on Linux (Desktop Notifications 1.3), over D-Bus.
//!
//! One thread for the app's life. Signals are subscribed to before the first `Notify`, and heard
//! whatever else goes on: no call is waited for. A daemon that restarts forgets its ids, and so do
//! we. What nobody takes waits for the next daemon.
//!
//! - `daemon`: its interface, and what it tells.
//! - `exchange`: orders, calls and signals, as they come.
//! - `shown`: which toasts it shows, and what a click on one does.
//! - `refused`: toasts that wait for a daemon.

mod daemon;
mod exchange;
mod refused;
mod shown;
#[cfg(test)]
mod tests;

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use belldot_core::{
    controller::Inputs,
    toast::{NotTaken, Toast, ToastId},
};

use super::{Latest, Notifier};
use crate::{os::bus, windows::Activation};

/// Hands toasts to the daemon; cheap to call, never waits.
pub struct Daemon {
    orders: flume::Sender<Order>,
    untold: Untold,
    latest: Latest,
}

/// How many toasts the daemon was asked to show and has not taken.
#[derive(Clone, Debug, Default)]
struct Untold(Arc<AtomicUsize>);

impl Untold {
    fn one_more(&self) {
        self.0.fetch_add(1, Ordering::AcqRel);
    }

    fn one_less(&self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }

    fn is_none(&self) -> bool {
        self.0.load(Ordering::Acquire) == 0
    }
}

#[derive(Debug)]
enum Order {
    Show(Job),
    Close(ToastId),
}

/// A toast to show.
#[derive(Debug)]
struct Job {
    toast: Box<Toast>,
    /// Somebody waits to hear whether the daemon takes it, and wants it now or not at all.
    reply: Option<flume::Sender<Result<(), NotTaken>>>,
}

impl Daemon {
    /// Starts the thread that talks to the daemon. Whether the daemon takes toasts is told as
    /// [`DesktopHint::Notifier`](belldot_core::input::DesktopHint::Notifier), clicks and buttons as
    /// commands.
    pub fn start(inputs: Inputs, activation: Activation) -> Self {
        Self::start_with(bus::patient, inputs, activation)
    }

    fn start_with<C>(connect: C, inputs: Inputs, activation: Activation) -> Self
    where
        C: AsyncFnOnce() -> zbus::Result<zbus::Connection> + Send + 'static,
    {
        let (orders, waiting) = flume::unbounded();
        let (untold, latest) = (Untold::default(), Latest::default());
        let telling = exchange::Telling {
            inputs,
            untold: untold.clone(),
            latest: latest.clone(),
            activation,
        };
        let thread = std::thread::Builder::new().name("notifier".to_owned());
        let spawned = thread.spawn(move || {
            async_io::block_on(exchange::run(connect, waiting, telling));
        });
        if let Err(error) = spawned {
            tracing::error!(%error, "no thread for notifications");
        }
        Self {
            orders,
            untold,
            latest,
        }
    }

    fn order(&self, toast: &Toast, reply: Option<flume::Sender<Result<(), NotTaken>>>) {
        self.untold.one_more();
        let toast = Box::new(toast.clone());
        let _ = self.orders.send(Order::Show(Job { toast, reply }));
    }
}

impl Notifier for Daemon {
    fn show(&self, toast: &Toast) {
        self.order(toast, None);
    }

    fn try_show(&self, toast: &Toast, reply: flume::Sender<Result<(), NotTaken>>) {
        self.order(toast, Some(reply));
    }

    fn close(&self, id: &ToastId) {
        let _ = self.orders.send(Order::Close(id.clone()));
    }

    fn has_told(&self) -> bool {
        self.untold.is_none()
    }

    fn latest(&self) -> Option<Result<(), NotTaken>> {
        self.latest.get()
    }
}
