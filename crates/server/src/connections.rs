//! Counts open streams and enforces their limits.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::config::ServerLimits;

/// Counts the open streams.
#[derive(Clone, Debug)]
pub(crate) struct Connections(Arc<ConnectionLimits>);

#[derive(Debug)]
struct ConnectionLimits {
    max: Option<usize>,
    max_per_user: Option<usize>,
    count: Mutex<StreamCounts>,
}

#[derive(Debug, Default)]
struct StreamCounts {
    all: usize,
    by_user: HashMap<String, usize>,
}

/// An open stream, counted until this is dropped.
#[derive(Debug)]
pub(crate) struct Connection {
    user: String,
    counted_by: Connections,
}

impl Connections {
    pub(crate) fn new(limits: &ServerLimits) -> Self {
        Self(Arc::new(ConnectionLimits {
            max: limits.max_connections,
            max_per_user: limits.max_connections_per_user,
            count: Mutex::default(),
        }))
    }

    /// Counts one more stream of `user`, or returns `None` if that would exceed a limit.
    pub(crate) fn admit(&self, user: &str) -> Option<Connection> {
        let room = |count: usize, max: Option<usize>| max.is_none_or(|max| count < max);
        let mut count = self.count();
        let of_user = count.by_user.get(user).copied().unwrap_or_default();
        if !room(count.all, self.0.max) || !room(of_user, self.0.max_per_user) {
            return None;
        }
        count.all += 1;
        count.by_user.insert(user.to_owned(), of_user + 1);
        Some(Connection {
            user: user.to_owned(),
            counted_by: self.clone(),
        })
    }

    /// Returns the number of open streams.
    pub(crate) fn all(&self) -> usize {
        self.count().all
    }

    /// Returns the number of open streams of each user who has any.
    pub(crate) fn by_user(&self) -> BTreeMap<String, usize> {
        self.count().by_user.clone().into_iter().collect()
    }

    fn count(&self) -> MutexGuard<'_, StreamCounts> {
        self.0.count.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let mut count = self.counted_by.count();
        count.all -= 1;
        if let Some(of_user) = count.by_user.get_mut(&self.user) {
            *of_user -= 1;
            if *of_user == 0 {
                count.by_user.remove(&self.user);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_counts_until_it_is_dropped() {
        let connections = Connections::new(&ServerLimits::default());
        let (first, second) = (connections.admit("ann"), connections.admit("ann"));
        assert_eq!((connections.all(), connections.by_user()["ann"]), (2, 2));
        drop((first, second));
        assert_eq!((connections.all(), connections.by_user().len()), (0, 0));
    }

    #[test]
    fn over_a_limit_nobody_is_admitted_until_one_leaves() {
        let limits = ServerLimits {
            max_connections: Some(2),
            max_connections_per_user: Some(1),
            ..ServerLimits::default()
        };
        let connections = Connections::new(&limits);
        let ann = connections.admit("ann");
        assert!(ann.is_some());
        assert!(connections.admit("ann").is_none(), "over the user's limit");
        let _bob = connections.admit("bob");
        assert!(connections.admit("cid").is_none(), "over the limit in all");
        drop(ann);
        assert!(connections.admit("cid").is_some());
    }
}
