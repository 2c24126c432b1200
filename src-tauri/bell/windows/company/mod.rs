//! A company's page, before it is shown: by which proxy it goes, and what it keeps.

mod proxy;
mod session;

use belldot_core::source::SourceId;
use url::Url;

use super::message::CompanyPage;
use crate::state::AppState;

pub use self::session::{forget_all_but, forget_gone, remove};

/// The page of a source, with the rules by which it is shown.
pub async fn page(
    state: &AppState,
    source: SourceId,
    name: String,
    url: Url,
    origins: Vec<Url>,
) -> CompanyPage {
    CompanyPage {
        folder: session::folder(state.places(), &source, &url),
        proxy: proxy::choose(state, &url, &origins).await,
        authorities: state.settings().network.extra_ca.clone(),
        source,
        name,
        url,
        origins,
    }
}
