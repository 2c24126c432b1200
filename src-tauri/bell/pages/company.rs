//! A company's page, before it is shown: by which proxy it goes, and what it keeps.

use belldot_core::source::SourceId;
use url::Url;

use super::company_proxy;
use crate::{
    state::AppState,
    windows::{self, CompanyPage},
};

/// The page of a source, with the rules by which it is shown.
pub async fn page(
    state: &AppState,
    source: SourceId,
    name: String,
    url: Url,
    origins: Vec<Url>,
) -> CompanyPage {
    CompanyPage {
        folder: windows::folder(state.paths(), &source, &url),
        proxy: company_proxy::choose(state, &url, &origins).await,
        authorities: state.settings().network.extra_ca.clone(),
        source,
        name,
        url,
        origins,
    }
}
