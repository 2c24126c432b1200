//! A company's page in WebKitGTK.

use std::{
    cell::RefCell,
    collections::{HashMap, HashSet},
    path::PathBuf,
    rc::Rc,
    sync::Arc,
    time::Instant,
};

use gtk::{
    gdk,
    gio::{self, TlsCertificate, TlsCertificateFlags, prelude::TlsCertificateExt as _},
    glib::{self, Propagation, gobject_ffi, prelude::*, translate::IntoGlib as _},
    prelude::WidgetExt as _,
};
use tauri::{AppHandle, Manager as _};
use url::Url;
use webkit2gtk::{
    LoadEvent, NavigationPolicyDecision, NavigationPolicyDecisionExt as _, NetworkError,
    NetworkProxyMode, NetworkProxySettings, PolicyDecisionExt as _, PolicyDecisionType,
    PolicyError, ResponsePolicyDecision, ResponsePolicyDecisionExt as _, URIRequestExt as _,
    URIResponseExt as _, WebContextExt as _, WebView, WebViewExt as _, WebsiteDataManager,
    WebsiteDataManagerExt as _, WebsiteDataManagerExtManual as _, WebsiteDataTypes,
};

use super::{
    Page,
    failure::{self, Failure},
    navigation::{Navigation, Verdict},
    proxy::Proxy,
    session,
};
use crate::{
    rooms::Rooms,
    windows::{REMOTE, browse},
};

thread_local! {
    /// What is kept of pages that were open in this run, by folder: the network process has it in
    /// memory.
    static SESSIONS: RefCell<HashMap<PathBuf, WebsiteDataManager>> = RefCell::default();
    /// The folder of the page that was opened last.
    static LATEST: RefCell<Option<PathBuf>> = RefCell::default();
}

/// Gives a window its rules, its proxy and its authorities, and loads the page.
pub(super) fn set_up(webview: &WebView, rooms: &Arc<Rooms>, page: Page, proxy: Proxy) {
    remember(
        webview,
        session::folder(rooms.places(), &page.source, &page.url),
    );
    go_by(webview, proxy);
    rule(
        webview,
        rooms.app(),
        Navigation::new(&page.url, &page.origins),
    );
    explain_failures(webview, rooms.clone(), page.name);
    obey_keys(webview);
    webview.load_uri(page.url.as_str());
}

/// Has the session of a folder forget everything, and closes its window.
pub(super) fn forget(app: &AppHandle, folder: PathBuf, then: impl FnOnce() + Send + 'static) {
    let is_open = LATEST.with_borrow(|latest| latest.as_ref() == Some(&folder));
    if is_open && let Some(window) = app.get_webview_window(REMOTE) {
        let _ = window.destroy();
    }
    let session = SESSIONS.with_borrow(|sessions| sessions.get(&folder).cloned());
    let Some(session) = session else {
        then();
        return;
    };
    let cleared = move |result: Result<(), glib::Error>| {
        if let Err(error) = result {
            tracing::warn!(%error, "a page's session is not cleared");
        }
        then();
    };
    let all = WebsiteDataTypes::all();
    session.clear(all, glib::TimeSpan(0), gio::Cancellable::NONE, cleared);
}

fn remember(webview: &WebView, folder: PathBuf) {
    if let Some(session) = webview.website_data_manager() {
        SESSIONS.with_borrow_mut(|sessions| sessions.insert(folder.clone(), session));
    }
    LATEST.set(Some(folder));
}

fn go_by(webview: &WebView, proxy: Proxy) {
    let Some(session) = webview.website_data_manager() else {
        return;
    };
    let Proxy::Through { url, except } = proxy else {
        session.set_network_proxy_settings(NetworkProxyMode::NoProxy, None);
        return;
    };
    let except: Vec<&str> = except.iter().map(String::as_str).collect();
    let mut settings = NetworkProxySettings::new(Some(&url), &except);
    session.set_network_proxy_settings(NetworkProxyMode::Custom, Some(&mut settings));
}

/// WebKitGTK tells who asked for a navigation before it begins, and only when it has begun whether
/// it is the page's or a frame's: the rules know both.
fn rule(webview: &WebView, app: &AppHandle, navigation: Navigation) {
    let navigation = Rc::new(RefCell::new(navigation));
    ignore_wry(webview);
    let (rules, popping) = (navigation.clone(), app.clone());
    webview.connect_decide_policy(move |_, decision, kind| {
        let allowed = match kind {
            PolicyDecisionType::Response => {
                let Some(response) = decision.downcast_ref::<ResponsePolicyDecision>() else {
                    return false;
                };
                let url = response
                    .response()
                    .and_then(|response| parsed(response.uri()));
                let is_inside = url.is_some_and(|url| rules.borrow().is_inside(&url));
                if !response.is_main_frame_main_resource() || is_inside {
                    return false;
                }
                false
            }
            kind => {
                let Some((url, by_person, is_redirect)) = asked(decision) else {
                    decision.ignore();
                    return true;
                };
                if kind == PolicyDecisionType::NewWindowAction {
                    let mut rules = rules.borrow_mut();
                    if rules.new_window(&url, by_person, Instant::now()) == Verdict::Outside {
                        browse(&popping, &url);
                    }
                    false
                } else {
                    rules.borrow_mut().begins(&url, by_person, is_redirect)
                }
            }
        };
        if allowed {
            decision.use_();
        } else {
            decision.ignore();
        }
        true
    });
    let (rules, popping) = (navigation.clone(), app.clone());
    webview.connect_create(move |_, action| {
        let url = action.request().and_then(|request| parsed(request.uri()));
        let by_person = action.is_user_gesture();
        if let Some(url) = url
            && rules
                .borrow_mut()
                .new_window(&url, by_person, Instant::now())
                == Verdict::Outside
        {
            browse(&popping, &url);
        }
        None
    });
    let leaving = app.clone();
    webview.connect_load_changed(move |webview, event| {
        if !matches!(event, LoadEvent::Started | LoadEvent::Redirected) {
            return;
        }
        let Some(url) = parsed(webview.uri()) else {
            return;
        };
        let verdict = navigation.borrow_mut().page_goes(&url, Instant::now());
        if verdict == Verdict::Inside {
            return;
        }
        webview.stop_loading();
        if verdict == Verdict::Outside {
            browse(&leaving, &url);
        }
    });
}

/// Where a navigation leads, whether a person asked for it, and whether it is a redirect.
fn asked(decision: &webkit2gtk::PolicyDecision) -> Option<(Url, bool, bool)> {
    let decision = decision.downcast_ref::<NavigationPolicyDecision>()?;
    let mut action = decision.navigation_action()?;
    let url = action.request().and_then(|request| parsed(request.uri()))?;
    Some((url, action.is_user_gesture(), action.is_redirect()))
}

fn parsed(uri: Option<glib::GString>) -> Option<Url> {
    Url::parse(&uri?).ok()
}

/// Takes the handler away by which wry answers for every navigation, knowing only where it leads.
fn ignore_wry(webview: &WebView) {
    // SAFETY: the object lives, the name is a C string, and only handlers of this signal of this
    // object are disconnected; each is freed by its own destructor.
    #[allow(
        unsafe_code,
        reason = "the bindings disconnect only what they connected"
    )]
    unsafe {
        let signal = gobject_ffi::g_signal_lookup(
            c"decide-policy".as_ptr(),
            WebView::static_type().into_glib(),
        );
        gobject_ffi::g_signal_handlers_disconnect_matched(
            webview.as_ptr().cast(),
            gobject_ffi::G_SIGNAL_MATCH_ID,
            signal,
            0,
            std::ptr::null_mut(),
            std::ptr::null_mut(),
            std::ptr::null_mut(),
        );
    }
}

fn explain_failures(webview: &WebView, rooms: Arc<Rooms>, name: String) {
    let show = Rc::new(
        move |webview: &WebView, url: &Url, failure: Failure, rooms: &Rooms| {
            tracing::warn!(?failure, "a company's page is not loaded");
            let page = failure::page(failure, &name, url, &rooms.words());
            webview.load_alternate_html(&page, url.as_str(), Some("about:blank"));
        },
    );
    let (shared, explain) = (rooms.clone(), show.clone());
    webview.connect_load_failed(move |webview, _, uri, error| {
        let ours = error.matches(NetworkError::Cancelled)
            || error.matches(PolicyError::FrameLoadInterruptedByPolicyChange);
        if ours {
            return true;
        }
        tracing::debug!(%error, "a company's page");
        let Ok(url) = Url::parse(uri) else {
            return false;
        };
        explain(webview, &url, failure_of(error), &shared);
        true
    });
    let tried: RefCell<HashSet<(String, Option<String>)>> = RefCell::default();
    webview.connect_load_failed_with_tls_errors(move |webview, uri, certificate, flags| {
        let Ok(url) = Url::parse(uri) else {
            return false;
        };
        let host = url
            .host_str()
            .unwrap_or_default()
            .trim_matches(['[', ']'])
            .to_owned();
        let this = (
            host.clone(),
            certificate.certificate_pem().map(String::from),
        );
        // Once allowed and refused all the same: that would go on for ever.
        if !tried.borrow().contains(&this)
            && is_trusted(certificate, &host, &url, &rooms.settings().network.extra_ca)
            && let Some(context) = webview.context()
        {
            tried.borrow_mut().insert(this);
            context.allow_tls_certificate_for_host(certificate, &host);
            webview.load_uri(uri);
            return true;
        }
        show(webview, &url, failure_of_tls(flags), &rooms);
        true
    });
}

/// Whether one of the further authorities stands for this certificate: for this host, now, with
/// nothing else wrong.
fn is_trusted(certificate: &TlsCertificate, host: &str, url: &Url, files: &[String]) -> bool {
    let port = url.port_or_known_default().unwrap_or_default();
    let host = gio::NetworkAddress::new(host, port);
    let mut authorities = files
        .iter()
        .filter_map(|file| TlsCertificate::list_new_from_file(file).ok())
        .flatten();
    authorities.any(|authority| certificate.verify(Some(&host), Some(&authority)).is_empty())
}

fn failure_of(error: &glib::Error) -> Failure {
    use gio::{IOErrorEnum as Io, ResolverError, TlsError};

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

fn failure_of_tls(flags: TlsCertificateFlags) -> Failure {
    let faults = [
        (TlsCertificateFlags::REVOKED, Failure::Revoked),
        (TlsCertificateFlags::EXPIRED, Failure::Expired),
        (TlsCertificateFlags::NOT_ACTIVATED, Failure::NotYetValid),
        (TlsCertificateFlags::BAD_IDENTITY, Failure::WrongName),
        (TlsCertificateFlags::UNKNOWN_CA, Failure::UnknownAuthority),
    ];
    let fault = faults.into_iter().find(|(flag, _)| flags.contains(*flag));
    fault.map_or(Failure::Tls, |(_, failure)| failure)
}

/// The keys that every browser has: F5 and Ctrl+R load again, Alt with an arrow goes back and
/// forth.
fn obey_keys(webview: &WebView) {
    use gdk::{ModifierType, keys::constants as keys};

    webview.connect_key_press_event(|webview, key| {
        let held = key.state() & (ModifierType::CONTROL_MASK | ModifierType::MOD1_MASK);
        let key = key.keyval();
        if key == keys::F5 || held == ModifierType::CONTROL_MASK && key == keys::r {
            webview.reload();
        } else if held == ModifierType::MOD1_MASK && key == keys::Left {
            webview.go_back();
        } else if held == ModifierType::MOD1_MASK && key == keys::Right {
            webview.go_forward();
        } else {
            return Propagation::Proceed;
        }
        Propagation::Stop
    });
}
