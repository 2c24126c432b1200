//! What of the settings is used, in words.

use belldot_core::{i18n::Localizer, settings::Network};

/// What of the network settings is used; a proxy is a step of its own.
pub fn network(network: &Network, words: &Localizer) -> Vec<String> {
    let mut used = Vec::new();
    if !network.extra_ca.is_empty() {
        let files = network.extra_ca.join(", ");
        used.push(words.text("used-extra-ca", &[("files", files.into())]));
    }
    if let Some(file) = &network.client_certificate {
        used.push(words.text("used-client-certificate", &[("file", file.as_str().into())]));
    }
    used
}
