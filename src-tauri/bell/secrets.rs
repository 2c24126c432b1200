//! Keeps the secrets in step with the settings: each source has its own, for its origin, and what
//! nobody owns is forgotten.

use std::{
    collections::HashSet,
    future::pending,
    sync::Arc,
    time::{Duration, Instant},
};

use belldot_core::{Command, input::DesktopEvent, settings::Settings, source::SourceId};
use tokio::time::sleep;

use crate::{os::keyring::SecretOwner, state::AppState};

/// How long a removal in the window can be undone.
const UNDO: Duration = Duration::from_secs(30);

/// How long an edit of the file may be half done.
const EDIT: Duration = Duration::from_secs(5);

/// How soon the keyring is asked again for what it did not say or do.
const AGAIN: Duration = Duration::from_secs(2);
const KEEP_AGAIN: Duration = Duration::from_secs(10);
const FORGET_AGAIN: Duration = Duration::from_secs(30);

/// The window is about to take these settings, and may undo that: what belongs to the ones before
/// stays for a while.
pub fn spare(state: &AppState, new: &Settings) {
    let new = owners(new);
    let gone = owners(&state.settings());
    for owner in gone.iter().filter(|owner| !new.contains(owner)) {
        state.keyring().spare(owner, UNDO);
    }
}

/// Keeps them in step for as long as the program runs. Where the settings file could not be read,
/// nobody knows whose secrets they are, and none is forgotten.
pub async fn keep_in_step(state: Arc<AppState>, readable: bool) {
    let forgets = readable && !state.policy().hides_sources();
    let mut step = SecretSync::default();
    let mut forget_at = forgets.then(Instant::now);
    let mut password_waits = state.http().waits_for_password();
    loop {
        step.tell_elsewhere(&state);
        let mut waits = step.take_over(&state).await;
        waits |= *password_waits.borrow_and_update() && !take_password(&state).await;
        if forget_at.is_some_and(|at| at <= Instant::now()) {
            let owners = owners(&state.settings());
            let all = state.keyring().forget_others(&owners).await;
            forget_at = (!all).then(|| Instant::now() + FORGET_AGAIN);
        }
        let forget_in = forget_at.map(|at| at.saturating_duration_since(Instant::now()));
        let keeps = state.keyring().keep_fleeting().await;
        let look_in = [
            forget_in,
            waits.then_some(AGAIN),
            keeps.then_some(KEEP_AGAIN),
        ];
        let look_in = look_in.into_iter().flatten().min();
        let look = async {
            match look_in {
                Some(look_in) => sleep(look_in).await,
                None => pending().await,
            }
        };
        let changed = tokio::select! {
            () = state.settings_changed() => true,
            _ = password_waits.changed() => false,
            () = look => false,
        };
        if changed && forgets {
            forget_at = Some(Instant::now() + EDIT);
        }
    }
}

/// What was done.
#[derive(Default)]
struct SecretSync {
    /// Sources whose secret is for another origin, and that origin: the user was told.
    told: HashSet<(SourceId, String)>,
    /// Whose secret of an earlier version was not to be had when it was needed.
    late: HashSet<SecretOwner>,
}

impl SecretSync {
    fn tell_elsewhere(&mut self, state: &AppState) {
        for source in state.settings().sources {
            let Some(origin) = state.keyring().elsewhere(&source) else {
                continue;
            };
            if self.told.insert((source.id.clone(), origin.clone())) {
                let source = source.id;
                let hint = DesktopEvent::SecretElsewhere { source, origin };
                state.inputs().tell(hint);
            }
        }
    }

    /// Takes over what an earlier version kept; whether the keyring has not said it all yet.
    async fn take_over(&mut self, state: &AppState) -> bool {
        let keyring = state.keyring();
        if !keyring.is_unsure() {
            return false;
        }
        let settings = state.settings();
        let sources = settings.sources.iter();
        let sources =
            sources.map(|one| (SecretOwner::source(one), Command::TryAgain(one.id.clone())));
        let proxy = SecretOwner::proxy(&settings).map(|owner| (owner, Command::TakeNetwork));
        let mut waits = false;
        for (owner, again) in sources.chain(proxy) {
            match keyring.take_over(&owner).await {
                None => {
                    waits = true;
                    self.late.insert(owner);
                }
                // It may have gone without.
                Some(true) if self.late.remove(&owner) => state.inputs().tell(again),
                Some(_) => (),
            }
        }
        if !waits {
            keyring.note_taken_over();
        }
        waits
    }
}

/// Goes with the proxy's password if the keyring gives it by now; whether it does.
async fn take_password(state: &AppState) -> bool {
    let owner = SecretOwner::proxy(&state.settings());
    let Some(owner) = owner else {
        return true;
    };
    let given = state.keyring().secret(&owner).await.is_ok();
    if given {
        state.inputs().tell(Command::TakeNetwork);
    }
    given
}

fn owners(settings: &Settings) -> Vec<SecretOwner> {
    let sources = settings.sources.iter().map(SecretOwner::source);
    sources.chain(SecretOwner::proxy(settings)).collect()
}
