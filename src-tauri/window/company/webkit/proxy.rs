//! The proxy by which a window goes, and the sign-in there.

use belldot_bell::windows::PageProxy;
use gtk::glib::translate::{ToGlibPtr as _, ToGlibPtrMut as _};
use webkit2gtk::{
    AuthenticationRequest, AuthenticationRequestExt as _, Credential, CredentialPersistence,
    NetworkProxyMode, NetworkProxySettings, WebView, WebViewExt as _, WebsiteDataManagerExt as _,
    ffi,
};

/// Has a window go by a proxy.
pub fn go_by(webview: &WebView, proxy: PageProxy) {
    let Some(session) = webview.website_data_manager() else {
        return;
    };
    let PageProxy::Through {
        url,
        sign_in,
        except,
    } = proxy
    else {
        session.set_network_proxy_settings(NetworkProxyMode::NoProxy, None);
        return;
    };
    let except: Vec<&str> = except.iter().map(String::as_str).collect();
    let mut settings = NetworkProxySettings::new(Some(&url), &except);
    session.set_network_proxy_settings(NetworkProxyMode::Custom, Some(&mut settings));
    // An empty one is one that the keyring does not give now: people are asked.
    let Some((name, password)) = sign_in.filter(|(_, password)| !password.is_empty()) else {
        return;
    };
    webview.connect_authenticate(move |_, asked| {
        // Where it was wrong, people are asked.
        let is_answered = asked.is_for_proxy() && !asked.is_retry();
        if is_answered {
            authenticate(asked, &name, &password);
        }
        is_answered
    });
}

fn authenticate(asked: &AuthenticationRequest, name: &str, password: &str) {
    let mut credential = Credential::new(name, password, CredentialPersistence::ForSession);
    // SAFETY: both live, and WebKit copies what it keeps of the credential.
    #[allow(unsafe_code, reason = "the bindings leave this function out")]
    unsafe {
        ffi::webkit_authentication_request_authenticate(
            asked.to_glib_none().0,
            credential.to_glib_none_mut().0,
        );
    }
}
