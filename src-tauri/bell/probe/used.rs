//! What of the settings is used, in words.

use belldot_core::{settings::Network, words::Words};

/// What of the network settings is used; a proxy is a step of its own.
pub fn network(network: &Network, words: &Words) -> Vec<String> {
    let mut used = Vec::new();
    if !network.extra_ca.is_empty() {
        let files = network.extra_ca.join(", ");
        used.push(words.say("used-extra-ca", &[("files", files.into())]));
    }
    if let Some(file) = &network.client_certificate {
        used.push(words.say("used-client-certificate", &[("file", file.as_str().into())]));
    }
    used
}
