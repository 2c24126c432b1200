//! A sentence instead of a page that cannot be loaded.

use std::rc::Rc;

use gtk::{
    gio::{IOErrorEnum as Io, ResolverError, TlsError},
    glib,
};
use url::Url;
use webkit2gtk::{NetworkError, PolicyError, WebView, WebViewExt as _};

use super::{policy, window::Window};
use crate::company::failure::Failure;

/// What a filter kept; the bindings have no name for it.
const KEPT_BY_FILTER: PolicyError = PolicyError::__Unknown(104);

/// Has a window say why its page is not there.
pub fn explain(webview: &WebView, window: &Rc<Window>) {
    let window = window.clone();
    webview.connect_load_failed(move |webview, _, uri, error| {
        let Ok(url) = Url::parse(uri) else {
            return false;
        };
        let is_kept = error.matches(KEPT_BY_FILTER)
            || error.matches(PolicyError::FrameLoadInterruptedByPolicyChange);
        if is_kept {
            policy::leave(webview, &window, &url);
        } else if !error.matches(NetworkError::Cancelled) {
            tracing::debug!(%error, "a company's page");
            window.explain(webview, &url, failure(error));
        }
        true
    });
}

fn failure(error: &glib::Error) -> Failure {
    if error.is::<ResolverError>() {
        return Failure::Name;
    }
    if error.is::<TlsError>() {
        return Failure::Tls;
    }
    match error.kind::<Io>() {
        Some(Io::ConnectionRefused) => Failure::Refused,
        Some(Io::HostNotFound) => Failure::Name,
        Some(Io::HostUnreachable | Io::NetworkUnreachable) => Failure::Unreachable,
        Some(Io::TimedOut) => Failure::Timeout,
        Some(Io::ProxyFailed | Io::ProxyAuthFailed | Io::ProxyNeedAuth | Io::ProxyNotAllowed) => {
            Failure::Proxy
        }
        Some(Io::BrokenPipe | Io::PartialInput) => Failure::Broken,
        _ => Failure::Other,
    }
}
