//! The toasts that the daemon shows, by our id and by its number, and what a click on one does.

use std::collections::{HashMap, VecDeque};

use belldot_core::{
    Command,
    toast::{Toast, ToastId},
};

use super::daemon::Closed;

/// So many toasts that went by themselves are remembered: a daemon that keeps a list of them sends
/// clicks in it with the same number.
const EXPIRED_MOST: usize = 200;

/// So many clicks are remembered that came before the number that they are for.
const EARLY_MOST: usize = 8;

/// The toasts that the daemon shows.
#[derive(Debug, Default)]
pub struct Shown {
    numbers: HashMap<ToastId, u32>,
    toasts: HashMap<u32, Toast>,
    /// Those that are no longer shown and may still be clicked, the oldest first.
    expired: VecDeque<u32>,
    /// Clicks on numbers that are not known yet.
    early: VecDeque<(u32, String)>,
}

impl Shown {
    /// The number of a toast that is shown; 0 where it is not.
    pub fn number(&self, id: &ToastId) -> u32 {
        self.numbers.get(id).copied().unwrap_or(0)
    }

    /// A toast is shown under this number. What a click wanted that came before.
    pub fn insert(&mut self, number: u32, toast: Toast) -> Option<Command> {
        if let Some(old) = self.numbers.insert(toast.id.clone(), number) {
            self.toasts.remove(&old);
        }
        self.expired.retain(|expired| *expired != number);
        self.toasts.insert(number, toast);
        let at = self.early.iter().position(|(early, _)| *early == number)?;
        let (_, key) = self.early.remove(at)?;
        self.chosen(number, &key)
    }

    /// Forgets a toast that is to be withdrawn; its number, if it is shown.
    pub fn remove(&mut self, id: &ToastId) -> Option<u32> {
        let number = self.numbers.remove(id)?;
        self.toasts.remove(&number);
        Some(number)
    }

    /// What choosing this button, or the toast itself, is to do.
    pub fn chosen(&self, number: u32, key: &str) -> Option<Command> {
        let toast = self.toasts.get(&number)?;
        if key == "default" {
            return Some(toast.click.clone());
        }
        let at: usize = key.parse().ok()?;
        toast.actions.get(at).map(|action| action.command.clone())
    }

    /// Keeps a click on a number that a daemon may still have to tell.
    pub fn keep_early(&mut self, number: u32, key: String) {
        if !self.toasts.contains_key(&number) {
            self.early.push_back((number, key));
            while self.early.len() > EARLY_MOST {
                self.early.pop_front();
            }
        }
    }

    /// No number is waited for: what was clicked is another program's.
    pub fn forget_early(&mut self) {
        self.early.clear();
    }

    /// A toast is no longer shown; its id where the user dismissed it.
    pub fn closed(&mut self, number: u32, why: Closed) -> Option<ToastId> {
        let toast = self.toasts.remove(&number)?;
        if self.numbers.get(&toast.id) == Some(&number) {
            self.numbers.remove(&toast.id);
        }
        match why {
            Closed::Expired => {
                self.keep_expired(number, toast);
                None
            }
            Closed::ByUser => Some(toast.id),
            Closed::Otherwise => None,
        }
    }

    fn keep_expired(&mut self, number: u32, toast: Toast) {
        if !self.expired.contains(&number) {
            self.expired.push_back(number);
        }
        self.toasts.insert(number, toast);
        while self.expired.len() > EXPIRED_MOST {
            if let Some(oldest) = self.expired.pop_front() {
                self.toasts.remove(&oldest);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use belldot_core::{settings::Sound, toast::Urgency};

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

    #[test]
    fn one_that_expired_into_the_daemons_list_keeps_its_click_and_one_that_was_dismissed_does_not()
    {
        for (reason, stays) in [(1, true), (2, false), (3, false)] {
            let mut shown = Shown::default();
            shown.insert(7, toast(1));
            shown.closed(7, Closed::of(reason));
            assert_eq!(shown.chosen(7, "default").is_some(), stays, "{reason}");
            assert_eq!(shown.number(&toast(1).id), 0, "it is not updated in place");
        }
    }

    #[test]
    fn of_those_that_expired_the_latest_are_remembered() {
        let mut shown = Shown::default();
        for id in 0..1_000 {
            shown.insert(id, toast(id as usize));
            shown.closed(id, Closed::Expired);
        }
        assert_eq!(shown.toasts.len(), EXPIRED_MOST);
        assert!(shown.chosen(999, "default").is_some());
    }

    #[test]
    fn a_number_that_is_given_again_is_no_longer_an_expired_one() {
        let mut shown = Shown::default();
        shown.insert(1, toast(1));
        shown.closed(1, Closed::Expired);
        shown.insert(1, toast(2));
        for id in 2..=EXPIRED_MOST as u32 + 2 {
            shown.insert(id, toast(id as usize + 10));
            shown.closed(id, Closed::Expired);
        }
        assert!(shown.chosen(1, "default").is_some());
    }

    #[test]
    fn a_click_that_comes_before_the_number_counts_when_the_number_is_told() {
        let mut shown = Shown::default();
        shown.keep_early(3, "default".to_owned());
        assert!(shown.insert(2, toast(1)).is_none());
        assert!(shown.insert(3, toast(2)).is_some());
        shown.keep_early(4, "default".to_owned());
        shown.forget_early();
        assert!(shown.insert(4, toast(3)).is_none());
    }
}
