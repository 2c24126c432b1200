//! The system's limit of open files: each connection is one.

/// Raises the limit of open files as far as this user may, and returns it; `None` is no limit, or
/// none that is known.
#[cfg(unix)]
pub(super) fn raise_limit() -> Option<u64> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: maximum,
        maximum,
    };
    match setrlimit(Resource::Nofile, raised) {
        Ok(()) => maximum,
        Err(error) => {
            tracing::warn!("cannot raise the limit of open files from {current:?}: {error}");
            current
        }
    }
}

/// There is no such limit here.
#[cfg(not(unix))]
pub(super) fn raise_limit() -> Option<u64> {
    None
}

/// How many streams there may be with so many open files, so that some are left for the database and
/// for all other requests.
pub(super) fn streams(files: u64) -> usize {
    const RESERVE: u64 = 128;
    let reserve = RESERVE.min(files / 2);
    usize::try_from(files - reserve).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::streams;

    #[test]
    fn files_are_left_for_the_api() {
        assert_eq!(streams(20_000), 19_872);
        assert_eq!(streams(128), 64);
        assert_eq!(streams(0), 0);
    }
}
