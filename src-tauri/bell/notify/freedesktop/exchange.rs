//! Orders, calls and signals, as they come. No call is waited for: one that the daemon does not
//! answer in time is given up, with words, while its answer is still listened for. So a toast is
//! not shown twice, and a daemon that hangs holds up no click and no other toast.

use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

use async_io::Timer;
use belldot_core::{
    controller::Inputs,
    input::DesktopEvent,
    toast::{NotTaken, ToastId},
};
use belldot_wire::clean_line;
use futures_util::{
    FutureExt as _, Stream, StreamExt as _,
    future::{self, BoxFuture, Either},
    select,
    stream::FuturesUnordered,
};
use zbus::Connection;

use super::{
    daemon::{Capabilities, DaemonProxy, DaemonSignal},
    order::{Job, NotifierCommand, Untold},
    refused::Refused,
    shown::Shown,
};
use crate::{notify::LatestOutcome, windows::Activation};

/// How long the daemon may take to answer.
const ANSWER_LIMIT: Duration = Duration::from_secs(5);

/// So many toasts may be with a daemon that does not answer; it may show them all at once when it
/// wakes up.
const SILENT_MOST: usize = 12;

/// Whom to tell what becomes of toasts.
pub struct ToastFeedback {
    pub inputs: Inputs,
    pub untold: Untold,
    pub latest: LatestOutcome,
    pub activation: Activation,
}

/// Follows orders and hears the daemon, as long as there are a bus and somebody to give orders.
pub async fn run<C>(connect: C, orders: flume::Receiver<NotifierCommand>, telling: ToastFeedback)
where
    C: AsyncFnOnce() -> zbus::Result<Connection>,
{
    let connected = async {
        let bus = connect().await?;
        DaemonProxy::listen(&bus).await
    };
    let connected = future::select(Box::pin(connected), Timer::after(ANSWER_LIMIT)).await;
    match connected {
        Either::Left((Ok((daemon, told)), _)) => {
            Exchange::new(daemon, telling).serve(&orders, told).await;
        }
        Either::Left((Err(error), _)) => telling.report(Err(refusal(&error))),
        Either::Right(_) => telling.report(Err(NotTaken::Silent)),
    }
}

impl ToastFeedback {
    fn report(&self, result: Result<(), NotTaken>) {
        if let Err(why) = &result {
            tracing::warn!(
                cause = why.code(),
                detail = why.detail(),
                "a toast was not taken"
            );
        }
        self.latest.note(result.clone());
        self.inputs.tell(DesktopEvent::Notifier(result));
    }
}

/// A daemon's words are not ours: cleaned, and short.
fn refusal(error: &zbus::Error) -> NotTaken {
    NotTaken::Refused(clean_line(&error.to_string()))
}

/// A call that was made, and what came of it.
enum CallOutcome {
    Capabilities(zbus::Result<Capabilities>),
    Notified(ToastId, zbus::Result<u32>),
    /// Nothing in time; the call goes on. The toast, unless it was about capabilities.
    Overdue(Option<ToastId>, Call),
    Nothing,
}

type Call = BoxFuture<'static, CallOutcome>;

/// A toast that the daemon was asked to show.
struct UnderWay {
    job: Job,
    /// It was given up.
    overdue: bool,
    then: Option<AfterAnswer>,
}

/// What to do with a toast once the daemon has answered.
enum AfterAnswer {
    Show(Job),
    Close,
}

/// What is known of the daemon's capabilities.
enum KnownCapabilities {
    /// Nothing yet.
    No,
    Waiting,
    Overdue,
    Answered(Capabilities),
}

struct Exchange {
    daemon: DaemonProxy,
    telling: ToastFeedback,
    capabilities: KnownCapabilities,
    calls: FuturesUnordered<Call>,
    under_way: HashMap<ToastId, UnderWay>,
    /// For the capabilities.
    waiting: VecDeque<Job>,
    shown: Shown,
    refused: Refused,
}

impl Exchange {
    fn new(daemon: DaemonProxy, telling: ToastFeedback) -> Self {
        Self {
            daemon,
            telling,
            capabilities: KnownCapabilities::No,
            calls: FuturesUnordered::new(),
            under_way: HashMap::new(),
            waiting: VecDeque::new(),
            shown: Shown::default(),
            refused: Refused::default(),
        }
    }

    async fn serve(
        &mut self,
        orders: &flume::Receiver<NotifierCommand>,
        mut told: impl Stream<Item = DaemonSignal> + Unpin,
    ) {
        loop {
            let heard = async {
                match self.calls.next().await {
                    Some(heard) => heard,
                    None => future::pending().await,
                }
            };
            select! {
                order = orders.recv_async().fuse() => match order {
                    Ok(NotifierCommand::Show(job)) => self.show(job),
                    Ok(NotifierCommand::Close(id)) => self.close(&id),
                    Err(_) => return,
                },
                heard = heard.fuse() => self.hear(heard),
                told = told.next().fuse() => match told {
                    Some(told) => self.told(told),
                    None => return,
                },
            }
        }
    }

    fn show(&mut self, job: Job) {
        let id = &job.toast.id;
        if self.refused.forget(id) {
            // It was out of date.
            self.telling.untold.one_less();
        }
        if let Some(under_way) = self.under_way.get_mut(id) {
            if under_way.overdue && job.reply.is_some() {
                self.give_up(job, NotTaken::Silent);
            } else if let Some(AfterAnswer::Show(old)) =
                under_way.then.replace(AfterAnswer::Show(job))
            {
                self.drop_job(old);
            }
            return;
        }
        match &self.capabilities {
            KnownCapabilities::Answered(known) => {
                let silent = self.under_way.values().filter(|call| call.overdue).count();
                if silent >= SILENT_MOST && job.reply.is_none() {
                    self.give_up(job, NotTaken::Silent);
                } else {
                    let known = known.clone();
                    self.notify(job, known);
                }
            }
            KnownCapabilities::Overdue => self.give_up(job, NotTaken::Silent),
            KnownCapabilities::Waiting => self.waiting.push_back(job),
            KnownCapabilities::No => {
                self.waiting.push_back(job);
                self.capabilities = KnownCapabilities::Waiting;
                let call = self
                    .daemon
                    .clone()
                    .capabilities()
                    .map(CallOutcome::Capabilities);
                self.call(None, call.boxed());
            }
        }
    }

    fn notify(&mut self, job: Job, can: Capabilities) {
        let id = job.toast.id.clone();
        let replaces = self.shown.number(&id);
        let call = self
            .daemon
            .clone()
            .notify((*job.toast).clone(), replaces, can);
        let named = id.clone();
        let call = call
            .map(|answer| CallOutcome::Notified(named, answer))
            .boxed();
        self.call(Some(id.clone()), call);
        let under_way = UnderWay {
            job,
            overdue: false,
            then: None,
        };
        self.under_way.insert(id, under_way);
    }

    fn call(&self, about: Option<ToastId>, call: Call) {
        let limited = future::select(call, Timer::after(ANSWER_LIMIT)).map(|first| match first {
            Either::Left((heard, _)) => heard,
            Either::Right((_, call)) => CallOutcome::Overdue(about, call),
        });
        self.calls.push(limited.boxed());
    }

    fn hear(&mut self, heard: CallOutcome) {
        match heard {
            CallOutcome::Capabilities(Ok(known)) => {
                self.capabilities = KnownCapabilities::Answered(known);
                for job in std::mem::take(&mut self.waiting) {
                    self.show(job);
                }
                self.show_refused();
            }
            CallOutcome::Capabilities(Err(error)) => {
                self.capabilities = KnownCapabilities::No;
                self.give_up_waiting(&refusal(&error));
            }
            CallOutcome::Notified(id, answer) => self.notified(&id, answer),
            CallOutcome::Overdue(about, call) => {
                self.calls.push(call);
                self.overdue(about);
            }
            CallOutcome::Nothing => {}
        }
        if self.under_way.is_empty() {
            self.shown.forget_early();
        }
    }

    fn notified(&mut self, id: &ToastId, answer: zbus::Result<u32>) {
        let Some(UnderWay { job, then, .. }) = self.under_way.remove(id) else {
            return;
        };
        match answer {
            Ok(number) => {
                let toast = (*job.toast).clone();
                if let Some(command) = self.shown.insert(number, toast) {
                    self.telling.inputs.tell(command);
                }
                self.telling.untold.one_less();
                if let Some(reply) = job.reply {
                    let _ = reply.try_send(Ok(()));
                }
                self.telling.report(Ok(()));
                match then {
                    Some(AfterAnswer::Close) => self.close(id),
                    Some(AfterAnswer::Show(next)) => self.show(next),
                    None => {}
                }
                // It may take now what it did not before.
                self.show_refused();
            }
            Err(error) => match then {
                None => self.give_up(job, refusal(&error)),
                Some(AfterAnswer::Close) => self.drop_job(job),
                Some(AfterAnswer::Show(next)) => {
                    self.drop_job(job);
                    self.show(next);
                }
            },
        }
    }

    /// The daemon has not answered in time: whoever waits hears that.
    fn overdue(&mut self, about: Option<ToastId>) {
        let Some(id) = about else {
            if matches!(self.capabilities, KnownCapabilities::Waiting) {
                self.capabilities = KnownCapabilities::Overdue;
                self.give_up_waiting(&NotTaken::Silent);
            }
            return;
        };
        let Some(under_way) = self.under_way.get_mut(&id) else {
            return;
        };
        under_way.overdue = true;
        if let Some(reply) = under_way.job.reply.take() {
            let _ = reply.try_send(Err(NotTaken::Silent));
        }
        self.telling.report(Err(NotTaken::Silent));
    }

    fn give_up_waiting(&mut self, why: &NotTaken) {
        for job in std::mem::take(&mut self.waiting) {
            self.give_up(job, why.clone());
        }
    }

    /// A toast is not taken now: it is kept for later, unless somebody hears of it at once.
    fn give_up(&mut self, job: Job, why: NotTaken) {
        if let Some(reply) = job.reply {
            self.telling.untold.one_less();
            let _ = reply.try_send(Err(why.clone()));
        } else {
            self.refused.keep(*job.toast);
        }
        self.telling.report(Err(why));
    }

    /// Nobody need see a toast any longer.
    fn drop_job(&self, job: Job) {
        drop(job);
        self.telling.untold.one_less();
    }

    fn show_refused(&mut self) {
        for toast in self.refused.take() {
            self.show(Job {
                toast: Box::new(toast),
                reply: None,
            });
        }
    }

    fn close(&mut self, id: &ToastId) {
        // Of what is withdrawn before anybody has seen it, nobody need be told.
        if self.refused.forget(id) {
            self.telling.untold.one_less();
        }
        let before = self.waiting.len();
        self.waiting.retain(|job| job.toast.id != *id);
        for _ in self.waiting.len()..before {
            self.telling.untold.one_less();
        }
        if let Some(under_way) = self.under_way.get_mut(id)
            && let Some(AfterAnswer::Show(old)) = under_way.then.replace(AfterAnswer::Close)
        {
            self.drop_job(old);
        }
        if let Some(number) = self.shown.remove(id) {
            let call = self.daemon.clone().close(number);
            self.calls.push(call.map(|()| CallOutcome::Nothing).boxed());
        }
    }

    fn told(&mut self, told: DaemonSignal) {
        match told {
            DaemonSignal::Action { id, key } => match self.shown.chosen(id, &key) {
                Some(command) => self.telling.inputs.tell(command),
                None if !self.under_way.is_empty() => self.shown.keep_early(id, key),
                None => {}
            },
            DaemonSignal::Token(token) => self.telling.activation.keep(token),
            DaemonSignal::Closed { id, why } => {
                if let Some(toast) = self.shown.closed(id, why) {
                    self.telling.inputs.tell(DesktopEvent::ToastClosed(toast));
                }
            }
            DaemonSignal::Replaced { is_there } => self.replaced(is_there),
        }
    }

    /// A new daemon knows nothing of the old one's toasts; and it may take what that one did not.
    fn replaced(&mut self, is_there: bool) {
        self.shown = Shown::default();
        self.capabilities = KnownCapabilities::No;
        self.calls.clear();
        for (_, UnderWay { job, then, .. }) in std::mem::take(&mut self.under_way) {
            match then {
                None => self.waiting.push_back(job),
                Some(AfterAnswer::Close) => self.drop_job(job),
                Some(AfterAnswer::Show(next)) => {
                    self.drop_job(job);
                    self.waiting.push_back(next);
                }
            }
        }
        if is_there {
            let waiting = std::mem::take(&mut self.waiting);
            self.show_refused();
            for job in waiting {
                self.show(job);
            }
        } else {
            let gone = NotTaken::Refused("no notification daemon".to_owned());
            self.give_up_waiting(&gone);
        }
    }
}
