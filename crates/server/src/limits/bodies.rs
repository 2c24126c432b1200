//! A budget of bytes for all request bodies that the server holds at one time.

use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::problem::ApiError;

/// Bytes that are left for request bodies.
#[derive(Clone, Debug)]
pub(crate) struct BodyBudget {
    all: usize,
    left: Arc<Semaphore>,
}

/// What the body of one request has taken of the budget; given back when the request is answered.
#[derive(Debug)]
pub(crate) struct BodyShare {
    budget: BodyBudget,
    taken: Mutex<Option<OwnedSemaphorePermit>>,
}

impl BodyBudget {
    pub(crate) fn new(bytes: usize) -> Self {
        let all = bytes.min(Semaphore::MAX_PERMITS);
        Self {
            all,
            left: Arc::new(Semaphore::new(all)),
        }
    }

    /// Returns the bytes that are held now.
    pub(crate) fn held(&self) -> usize {
        self.all - self.left.available_permits()
    }

    fn share(&self) -> BodyShare {
        BodyShare {
            budget: self.clone(),
            taken: Mutex::default(),
        }
    }
}

impl BodyShare {
    /// Takes `bytes` more of the budget; false if it does not have them.
    pub(crate) fn take(&self, bytes: usize) -> bool {
        let Ok(bytes) = u32::try_from(bytes) else {
            return false;
        };
        let Ok(more) = Arc::clone(&self.budget.left).try_acquire_many_owned(bytes) else {
            return false;
        };
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        match taken.as_mut() {
            Some(taken) => taken.merge(more),
            None => *taken = Some(more),
        }
        true
    }
}

/// Gives a request that may have a body its share of the budget until it is answered.
///
/// It runs on a task of its own, so that what a client has sent before it broke off is still counted
/// for as long as it waits to be written.
pub(crate) async fn hold_share(
    State(budget): State<BodyBudget>,
    mut request: Request,
    next: Next,
) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    let share = Arc::new(budget.share());
    request.extensions_mut().insert(Arc::clone(&share));
    let answering = tokio::spawn(async move {
        let response = next.run(request).await;
        drop(share);
        response
    });
    answering.await.unwrap_or_else(|_| {
        ApiError::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "A fault of the server; its log has more.",
        )
        .into_response()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_given_back_when_it_is_dropped() {
        let budget = BodyBudget::new(10);
        let (first, second) = (budget.share(), budget.share());
        assert!(first.take(4) && first.take(4));
        assert!(!second.take(3));
        drop(first);
        assert!(second.take(10));
    }
}
