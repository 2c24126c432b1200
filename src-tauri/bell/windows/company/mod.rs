//! A company's page, before it is shown: by which proxy it goes, and what it keeps.

mod proxy;
mod session;

use belldot_core::source::SourceId;
use url::Url;

use super::message::CompanyPage;
use crate::state::AppState;

pub use self::session::{forget_all_but, forget_gone, remove};

/// A page to show.
#[derive(Clone, Debug)]
pub struct Page {
    /// Whose it is.
    pub source: SourceId,
    /// The source's name.
    pub name: String,
    /// Where it is.
    pub url: Url,
    /// Further origins that it may go to.
    pub origins: Vec<Url>,
}

/// The page with the rules by which it is shown.
pub async fn with_rules(state: &AppState, page: Page) -> CompanyPage {
    CompanyPage {
        folder: session::folder(state.places(), &page.source, &page.url),
        proxy: proxy::choose(state, &page).await,
        authorities: state.settings().network.extra_ca.clone(),
        source: page.source,
        name: page.name,
        url: page.url,
        origins: page.origins,
    }
}
