//! `webhooks.toml` in the data folder.

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;

use serde::Deserialize;
use url::Url;

use super::signature::SigningKey;
use crate::error::ServerError;
use crate::fields::name_fault;
use crate::toml_file;

/// One webhook.
#[derive(Debug)]
pub(crate) struct Webhook {
    /// The user whose sent to-dos it is about.
    pub(super) sender: String,
    pub(super) url: Url,
    pub(super) key: SigningKey,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WebhooksFile {
    #[serde(default)]
    webhooks: Vec<WebhookEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WebhookEntry {
    sender: String,
    url: Url,
    secret: String,
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// Reads the file; without it there are no webhooks.
pub(crate) fn load(data: &Path) -> Result<Vec<Webhook>, ServerError> {
    let file = data.join("webhooks.toml");
    let wrong = |detail| ServerError::Webhooks {
        file: file.clone(),
        detail,
    };
    match toml_file::read(&file).map_err(wrong)? {
        Some(text) => parse(&text).map_err(wrong),
        None => Ok(Vec::new()),
    }
}

fn parse(text: &str) -> Result<Vec<Webhook>, String> {
    let parsed: WebhooksFile = toml_file::parse(text)?;
    let mut senders = BTreeSet::new();
    let webhook = |(number, entry): (usize, WebhookEntry)| {
        let wrong = |detail: &str| Err(format!("[[webhooks]] number {number}: {detail}"));
        if let Some(fault) = name_fault(&entry.sender) {
            return wrong(&format!("the sender {fault}"));
        }
        if !matches!(entry.url.scheme(), "http" | "https") {
            return wrong("a url starts with http:// or https://");
        }
        if !senders.insert(entry.sender.clone()) {
            return wrong("its sender was given before");
        }
        match SigningKey::parse(&entry.secret) {
            Some(key) => Ok(Webhook {
                sender: entry.sender,
                url: entry.url,
                key,
            }),
            None => wrong("a secret is whsec_ and 24 to 64 bytes in base64"),
        }
    };
    (1..).zip(parsed.webhooks).map(webhook).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    fn entry(sender: &str, url: &str, secret: &str) -> String {
        format!("[[webhooks]]\nsender = \"{sender}\"\nurl = \"{url}\"\nsecret = \"{secret}\"\n")
    }

    #[test]
    fn a_fault_is_named_without_the_secret() {
        let good = entry("hr", "https://hr.example/belldot", SECRET);
        assert_eq!(parse(&good).unwrap().len(), 1);
        for (text, says) in [
            (entry("", "https://hr.example/", SECRET), "sender"),
            (entry("hr", "ftp://hr.example/", SECRET), "url"),
            (entry("hr", "hr.example", SECRET), "line 3"),
            (
                entry("hr", "https://hr.example/", "whsec_c2hvcnQ="),
                "secret",
            ),
            (good.clone() + &good, "number 2"),
        ] {
            let fault = parse(&text).unwrap_err();
            assert!(fault.contains(says) && !fault.contains("MfKQ"), "{fault}");
        }
    }
}
