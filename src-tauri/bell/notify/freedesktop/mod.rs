//! The notification daemon on Linux (Desktop Notifications 1.3), over D-Bus.
//!
//! One thread for the app's life. Signals are subscribed to before the first `Notify`, and heard
//! whatever else goes on: no call is waited for. A daemon that restarts forgets its ids, and so do
//! we. What nobody takes waits for the next daemon.
//!
//! - `daemon`: its interface, and what it tells.
//! - `exchange`: orders, calls and signals, as they come.
//! - `order`: what it is told to do.
//! - `shown`: which toasts it shows, and what a click on one does.
//! - `refused`: toasts that wait for a daemon.

mod daemon;
mod exchange;
mod order;
mod refused;
mod shown;
#[cfg(test)]
mod tests;

use belldot_core::{
    controller::Inputs,
    toast::{NotTaken, Toast, ToastId},
};

use self::order::{Job, NotifierCommand, Untold};
use super::{LatestOutcome, Notifier};
use crate::{os::bus, windows::Activation};

/// Hands toasts to the daemon; cheap to call, never waits.
pub struct FreedesktopNotifier {
    orders: flume::Sender<NotifierCommand>,
    untold: Untold,
    latest: LatestOutcome,
}

impl FreedesktopNotifier {
    /// Starts the thread that talks to the daemon. Whether the daemon takes toasts is told as
    /// [`DesktopEvent::Notifier`](belldot_core::input::DesktopEvent::Notifier), clicks and buttons as
    /// commands.
    pub fn start(inputs: Inputs, activation: Activation) -> Self {
        Self::start_with(bus::patient, inputs, activation)
    }

    fn start_with<C>(connect: C, inputs: Inputs, activation: Activation) -> Self
    where
        C: AsyncFnOnce() -> zbus::Result<zbus::Connection> + Send + 'static,
    {
        let (orders, waiting) = flume::unbounded();
        let (untold, latest) = (Untold::default(), LatestOutcome::default());
        let telling = exchange::ToastFeedback {
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
        let _ = self
            .orders
            .send(NotifierCommand::Show(Job { toast, reply }));
    }
}

impl Notifier for FreedesktopNotifier {
    fn show(&self, toast: &Toast) {
        self.order(toast, None);
    }

    fn try_show(&self, toast: &Toast, reply: flume::Sender<Result<(), NotTaken>>) {
        self.order(toast, Some(reply));
    }

    fn close(&self, id: &ToastId) {
        let _ = self.orders.send(NotifierCommand::Close(id.clone()));
    }

    fn has_told(&self) -> bool {
        self.untold.is_none()
    }

    fn latest(&self) -> Option<Result<(), NotTaken>> {
        self.latest.get()
    }
}
