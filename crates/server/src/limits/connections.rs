//! Counts open streams and enforces their limits.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Counts the open streams.
#[derive(Clone, Debug)]
pub(crate) struct Connections(Arc<LimitedStreams>);

/// The most streams that may be open; `None` is no limit.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ConnectionLimits {
    pub(crate) all: Option<usize>,
    pub(crate) per_user: Option<usize>,
    pub(crate) per_address: Option<usize>,
}

#[derive(Debug)]
struct LimitedStreams {
    limits: ConnectionLimits,
    count: Mutex<StreamCounts>,
}

#[derive(Debug, Default)]
struct StreamCounts {
    all: usize,
    by_user: HashMap<String, usize>,
    by_address: HashMap<IpAddr, usize>,
}

/// An open stream, counted until this is dropped.
#[derive(Debug)]
pub(crate) struct Connection {
    user: String,
    address: Option<IpAddr>,
    counted_by: Connections,
}

impl Connections {
    pub(crate) fn new(limits: ConnectionLimits) -> Self {
        Self(Arc::new(LimitedStreams {
            limits,
            count: Mutex::default(),
        }))
    }

    /// Counts one more stream of `user`, or returns `None` if that would exceed a limit.
    pub(crate) fn admit(&self, user: &str, address: Option<IpAddr>) -> Option<Connection> {
        let room = |count: usize, max: Option<usize>| max.is_none_or(|max| count < max);
        let limits = &self.0.limits;
        let mut count = self.count();
        let of_user = count.by_user.get(user).copied().unwrap_or_default();
        let of_address = address.and_then(|address| count.by_address.get(&address).copied());
        if !room(count.all, limits.all)
            || !room(of_user, limits.per_user)
            || !room(of_address.unwrap_or_default(), limits.per_address)
        {
            return None;
        }
        // Not kept where nothing is limited by it.
        let address = address.filter(|_| limits.per_address.is_some());
        count.all += 1;
        count.by_user.insert(user.to_owned(), of_user + 1);
        if let Some(address) = address {
            *count.by_address.entry(address).or_default() += 1;
        }
        Some(Connection {
            user: user.to_owned(),
            address,
            counted_by: self.clone(),
        })
    }

    /// Returns the number of open streams.
    pub(crate) fn all(&self) -> usize {
        self.count().all
    }

    /// Returns the number of users who have an open stream.
    pub(crate) fn users(&self) -> usize {
        self.count().by_user.len()
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
        leave(&mut count.by_user, &self.user);
        if let Some(address) = &self.address {
            leave(&mut count.by_address, address);
        }
    }
}

/// Counts one less, and forgets who has none.
fn leave<K, Q>(counts: &mut HashMap<K, usize>, key: &Q)
where
    K: Hash + Eq + std::borrow::Borrow<Q>,
    Q: Hash + Eq + ?Sized,
{
    if let Some(count) = counts.get_mut(key) {
        *count -= 1;
        if *count == 0 {
            counts.remove(key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_counts_until_it_is_dropped() {
        let connections = Connections::new(ConnectionLimits::default());
        let (first, second) = (
            connections.admit("ann", None),
            connections.admit("ann", None),
        );
        assert_eq!((connections.all(), connections.by_user()["ann"]), (2, 2));
        drop((first, second));
        assert_eq!((connections.all(), connections.by_user().len()), (0, 0));
    }

    #[test]
    fn over_a_limit_nobody_is_admitted_until_one_leaves() {
        let limits = ConnectionLimits {
            all: Some(2),
            per_user: Some(1),
            ..ConnectionLimits::default()
        };
        let connections = Connections::new(limits);
        let ann = connections.admit("ann", None);
        assert!(ann.is_some());
        assert!(
            connections.admit("ann", None).is_none(),
            "over the user's limit"
        );
        let _bob = connections.admit("bob", None);
        assert!(
            connections.admit("cid", None).is_none(),
            "over the limit in all"
        );
        drop(ann);
        assert!(connections.admit("cid", None).is_some());
    }

    #[test]
    fn an_address_has_a_limit_of_its_own() {
        let limits = ConnectionLimits {
            per_address: Some(1),
            ..ConnectionLimits::default()
        };
        let connections = Connections::new(limits);
        let (here, there) = ("192.0.2.1".parse().ok(), "192.0.2.2".parse().ok());
        let ann = connections.admit("ann", here);
        assert!(connections.admit("bob", here).is_none());
        assert!(connections.admit("bob", there).is_some());
        drop(ann);
        assert!(connections.admit("bob", here).is_some());
        assert!(connections.count().by_address.is_empty());
    }
}
