//! Which sources are ntfy servers, that read no `Last-Event-ID`: where to go on stands in the address.

use belldot_core::{format::Format, source::Source};

/// Whether a source is, or by its address may turn out to be, an ntfy server.
pub fn is_ntfy(source: &Source) -> bool {
    match source.format {
        Format::Ntfy => true,
        Format::Auto => source.url.path().ends_with("/sse"),
        _ => false,
    }
}
