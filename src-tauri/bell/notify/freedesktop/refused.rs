//! Toasts that no daemon has taken yet.

use std::collections::VecDeque;

use belldot_core::toast::{Toast, ToastId};

/// So many wait at most: a daemon that comes late shall not cover the screen. Which are more stay
/// untold, and the next start announces them together.
const MOST: usize = 12;

/// Toasts that wait for a daemon, each in its newest state, in the order of their showing.
#[derive(Debug, Default)]
pub struct Refused {
    toasts: VecDeque<Toast>,
}

impl Refused {
    /// Keeps a toast. Where too many wait, the oldest is let go.
    pub fn keep(&mut self, toast: Toast) {
        self.toasts.push_back(toast);
        if self.toasts.len() > MOST {
            self.toasts.pop_front();
        }
    }

    /// Lets a toast go that is out of date or withdrawn; whether it was there.
    pub fn forget(&mut self, id: &ToastId) -> bool {
        let before = self.toasts.len();
        self.toasts.retain(|toast| toast.id != *id);
        self.toasts.len() < before
    }

    /// All of them, the one to show first in front.
    pub fn take(&mut self) -> VecDeque<Toast> {
        std::mem::take(&mut self.toasts)
    }
}

#[cfg(test)]
mod tests {
    use belldot_core::{Command, settings::Sound, toast::Urgency};

    use super::*;

    fn toast(id: &str, title: &str) -> Toast {
        Toast {
            id: ToastId::Notice(id.to_owned()),
            title: title.to_owned(),
            body: String::new(),
            urgency: Urgency::Normal,
            sound: Sound::Desktop,
            click: Command::OpenPage,
            actions: Vec::new(),
        }
    }

    fn titles(mut refused: Refused) -> Vec<String> {
        let toasts = refused.take();
        toasts.into_iter().map(|toast| toast.title).collect()
    }

    #[test]
    fn they_come_back_in_their_order() {
        let mut refused = Refused::default();
        refused.keep(toast("a", "first"));
        refused.keep(toast("b", "second"));
        for again in refused.take() {
            refused.keep(again);
        }
        assert_eq!(titles(refused), ["first", "second"]);
    }

    #[test]
    fn what_is_forgotten_does_not_come_back() {
        let mut refused = Refused::default();
        refused.keep(toast("a", "first"));
        refused.keep(toast("b", "second"));
        assert!(refused.forget(&ToastId::Notice("a".to_owned())));
        assert!(!refused.forget(&ToastId::Notice("a".to_owned())));
        assert_eq!(titles(refused), ["second"]);
    }

    #[test]
    fn of_too_many_the_newest_stay() {
        let mut refused = Refused::default();
        for number in 0..=MOST {
            refused.keep(toast(&number.to_string(), &number.to_string()));
        }
        let kept = titles(refused);
        assert_eq!(kept.len(), MOST);
        assert_eq!(kept[0], "1");
    }
}
