//! Certificates that the system does not trust, and one of the further authorities stands for.

use std::{cell::RefCell, collections::HashSet, rc::Rc};

use gtk::{
    gio::{self, TlsCertificate, TlsCertificateFlags, prelude::TlsCertificateExt as _},
    glib::prelude::*,
};
use url::Url;
use webkit2gtk::{WebContextExt as _, WebResourceExt as _, WebView, WebViewExt as _};

use super::window::{Window, parsed};
use crate::company::failure::Failure;

/// What was allowed: hosts, and their certificates as PEM. One that is refused all the same is not
/// tried for ever.
type Allowed = RefCell<HashSet<(String, Option<String>)>>;

/// Has a window trust what Belldot trusts, for the page and all that is on it, and say why it does
/// not trust a page.
pub fn extend(webview: &WebView, window: &Rc<Window>) {
    let allowed: Rc<Allowed> = Rc::default();
    let (known, shared) = (allowed.clone(), window.clone());
    webview.connect_load_failed_with_tls_errors(move |webview, uri, certificate, faults| {
        let Ok(url) = Url::parse(uri) else {
            return false;
        };
        match allow(webview, &shared, &known, &url, certificate) {
            Ok(()) => webview.load_uri(uri),
            Err(found) => shared.explain(webview, &url, failure(found.unwrap_or(faults))),
        }
        true
    });
    let shared = window.clone();
    webview.connect_resource_load_started(move |webview, resource, _| {
        let (page, allowed, shared) = (webview.downgrade(), allowed.clone(), shared.clone());
        resource.connect_failed_with_tls_errors(move |resource, certificate, _| {
            let (Some(page), Some(url)) = (page.upgrade(), parsed(resource.uri())) else {
                return;
            };
            // The page's own certificate is seen to above.
            let is_page = page.main_resource().as_ref() == Some(resource);
            if !is_page && allow(&page, &shared, &allowed, &url, certificate).is_ok() {
                page.reload();
            }
        });
    });
}

/// Allows a certificate for its host, if it was not yet and one of the authorities stands for it.
/// Else answers what they find wrong with it, if it is one of theirs.
fn allow(
    webview: &WebView,
    window: &Window,
    allowed: &Allowed,
    url: &Url,
    certificate: &TlsCertificate,
) -> Result<(), Option<TlsCertificateFlags>> {
    let host = url.host_str().unwrap_or_default();
    let host = host.trim_matches(['[', ']']).to_owned();
    let port = url.port_or_known_default().unwrap_or_default();
    let server = gio::NetworkAddress::new(&host, port);
    let found = verified(certificate, &server, &window.page.authorities);
    let pem = certificate.certificate_pem().map(String::from);
    match (found, webview.context()) {
        (Some(faults), Some(context))
            if faults.is_empty() && allowed.borrow_mut().insert((host.clone(), pem)) =>
        {
            context.allow_tls_certificate_for_host(certificate, &host);
            Ok(())
        }
        _ => Err(found.filter(|found| !found.is_empty())),
    }
}

/// What is wrong with the certificate of a server by the authority that signed it, if it is one of
/// these.
fn verified(
    certificate: &TlsCertificate,
    server: &gio::NetworkAddress,
    authorities: &[String],
) -> Option<TlsCertificateFlags> {
    let mut found = authorities
        .iter()
        .filter_map(|file| TlsCertificate::list_new_from_file(file).ok())
        .flatten()
        .map(|authority| certificate.verify(Some(server), Some(&authority)));
    found.find(|faults| !faults.contains(TlsCertificateFlags::UNKNOWN_CA))
}

fn failure(faults: TlsCertificateFlags) -> Failure {
    let known = [
        (TlsCertificateFlags::REVOKED, Failure::Revoked),
        (TlsCertificateFlags::EXPIRED, Failure::Expired),
        (TlsCertificateFlags::NOT_ACTIVATED, Failure::NotYetValid),
        (TlsCertificateFlags::BAD_IDENTITY, Failure::WrongName),
        (TlsCertificateFlags::UNKNOWN_CA, Failure::UnknownAuthority),
    ];
    let fault = known.into_iter().find(|(flag, _)| faults.contains(*flag));
    fault.map_or(Failure::Tls, |(_, failure)| failure)
}
