//! Keeps the secrets in step with the settings: each source has its own, for its origin, and what
//! nobody owns is forgotten.

use std::{
    collections::HashSet,
    sync::Arc,
    time::{Duration, Instant},
};

use belldot_core::{Command, input::DesktopHint, settings::Settings, source::SourceId};
use tokio::time::timeout;

use crate::{os::keyring::Owner, rooms::Rooms};

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
pub fn spare(rooms: &Rooms, new: &Settings) {
    let new = owners(new);
    let gone = owners(&rooms.settings());
    for owner in gone.iter().filter(|owner| !new.contains(owner)) {
        rooms.keyring().spare(owner, UNDO);
    }
}

/// Keeps them in step for as long as the program runs. Where the settings file could not be read,
/// nobody knows whose secrets they are, and none is forgotten.
pub async fn keep_in_step(rooms: Arc<Rooms>, readable: bool) {
    let forgets = readable && !rooms.policy().hides_sources();
    let mut step = Step::default();
    let mut forget_at = forgets.then(Instant::now);
    loop {
        step.tell_elsewhere(&rooms);
        let mut waits = step.take_over(&rooms).await;
        waits |= take_password(&rooms).await;
        if forget_at.is_some_and(|at| at <= Instant::now()) {
            let owners = owners(&rooms.settings());
            let all = rooms.keyring().forget_others(&owners).await;
            forget_at = (!all).then(|| Instant::now() + FORGET_AGAIN);
        }
        let forget_in = forget_at.map(|at| at.saturating_duration_since(Instant::now()));
        let keeps = rooms.keyring().keep_fleeting().await;
        let look_in = [
            forget_in,
            waits.then_some(AGAIN),
            keeps.then_some(KEEP_AGAIN),
        ];
        let look_in = look_in.into_iter().flatten().min();
        let changed = rooms.settings_changed();
        let changed = match look_in {
            Some(look_in) => timeout(look_in, changed).await.is_ok(),
            None => {
                changed.await;
                true
            }
        };
        if changed && forgets {
            forget_at = Some(Instant::now() + EDIT);
        }
    }
}

/// What was done.
#[derive(Default)]
struct Step {
    /// Sources whose secret is for another origin, and that origin: the user was told.
    told: HashSet<(SourceId, String)>,
    /// Whose secret of an earlier version was not to be had when it was needed.
    late: HashSet<Owner>,
}

impl Step {
    fn tell_elsewhere(&mut self, rooms: &Rooms) {
        for source in rooms.settings().sources {
            let Some(origin) = rooms.keyring().elsewhere(&source) else {
                continue;
            };
            if self.told.insert((source.id.clone(), origin.clone())) {
                let source = source.id;
                let hint = DesktopHint::SecretElsewhere { source, origin };
                rooms.inputs().tell(hint);
            }
        }
    }

    /// Takes over what an earlier version kept; whether the keyring has not said it all yet.
    async fn take_over(&mut self, rooms: &Rooms) -> bool {
        let keyring = rooms.keyring();
        if !keyring.is_unsure() {
            return false;
        }
        let settings = rooms.settings();
        let sources = settings.sources.iter();
        let sources = sources.map(|one| (Owner::source(one), Command::TryAgain(one.id.clone())));
        let proxy = Owner::proxy(&settings).map(|owner| (owner, Command::TakeNetwork));
        let mut waits = false;
        for (owner, again) in sources.chain(proxy) {
            match keyring.take_over(&owner).await {
                None => {
                    waits = true;
                    self.late.insert(owner);
                }
                // It may have gone without.
                Some(true) if self.late.remove(&owner) => rooms.inputs().tell(again),
                Some(_) => (),
            }
        }
        if !waits {
            keyring.note_taken_over();
        }
        waits
    }
}

/// Goes with the proxy's password as soon as the keyring gives it; whether it has not yet.
async fn take_password(rooms: &Rooms) -> bool {
    if !rooms.way().waits_for_password() {
        return false;
    }
    let Some(owner) = Owner::proxy(&rooms.settings()) else {
        return false;
    };
    if rooms.keyring().secret(&owner).await.is_err() {
        return true;
    }
    rooms.inputs().tell(Command::TakeNetwork);
    false
}

fn owners(settings: &Settings) -> Vec<Owner> {
    let sources = settings.sources.iter().map(Owner::source);
    sources.chain(Owner::proxy(settings)).collect()
}
