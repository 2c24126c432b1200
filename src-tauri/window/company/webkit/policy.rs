//! The rules of navigation, as WebKit lets them be told: who asked for a navigation is known before
//! it begins, and that it is the page's and not a frame's when the filter has kept it.

use std::{ptr, rc::Rc, time::Instant};

use gtk::glib::{gobject_ffi, prelude::*, translate::IntoGlib as _};
use tauri::Manager as _;
use url::Url;
use webkit2gtk::{
    LoadEvent, NavigationPolicyDecision, NavigationPolicyDecisionExt as _, PolicyDecision,
    PolicyDecisionExt as _, PolicyDecisionType, ResponsePolicyDecision,
    ResponsePolicyDecisionExt as _, URIRequestExt as _, URIResponseExt as _, WebView,
    WebViewExt as _,
};

use super::window::{Content, Window, parsed};
use crate::{
    company::{failure::Failure, navigation::NavigationVerdict},
    state::Windows,
};

/// Gives a window its rules.
pub fn rule(webview: &WebView, window: &Rc<Window>) {
    ignore_wry(webview);
    let ruled = window.clone();
    webview.connect_decide_policy(move |_, decision, kind| {
        let is_allowed = match kind {
            PolicyDecisionType::Response => may_show(&ruled, decision),
            PolicyDecisionType::NewWindowAction => {
                if let Some((url, by_person, _)) = asked(decision) {
                    new_window(&ruled, &url, by_person);
                }
                false
            }
            _ => asked(decision).is_some_and(|(url, by_person, is_redirect)| {
                let mut rules = ruled.navigation.borrow_mut();
                rules.begins(&url, by_person, is_redirect)
            }),
        };
        if !is_allowed {
            decision.ignore();
            return true;
        }
        if kind == PolicyDecisionType::Response {
            // WebKit knows what it can show.
            return false;
        }
        decision.use_();
        true
    });
    let ruled = window.clone();
    webview.connect_create(move |_, action| {
        if let Some(url) = action.request().and_then(|request| parsed(request.uri())) {
            new_window(&ruled, &url, action.is_user_gesture());
        }
        None
    });
    let ruled = window.clone();
    webview.connect_load_changed(move |webview, event| {
        let is_blank = || webview.uri().is_none_or(|uri| uri == "about:blank");
        if event == LoadEvent::Committed && !is_blank() {
            let failure = ruled.next.take();
            ruled
                .content
                .set(failure.map_or(Content::Page, Content::Explanation));
        }
    });
}

/// The page itself was kept from going on from there.
pub(super) fn leave(webview: &WebView, window: &Window, from: &Url) {
    let kept = window.navigation.borrow_mut().kept(from, Instant::now());
    let Some((url, verdict)) = kept else {
        return;
    };
    if verdict == NavigationVerdict::Outside {
        window.app.state::<Windows>().browse(&url);
    }
    // Else people would see nothing, or what is no longer so.
    let elsewhere = Content::Explanation(Failure::Elsewhere);
    if ![Content::Page, elsewhere].contains(&window.content.get()) {
        window.explain(webview, &url, Failure::Elsewhere);
    }
}

fn new_window(window: &Window, url: &Url, by_person: bool) {
    let mut rules = window.navigation.borrow_mut();
    if rules.new_window(url, by_person, Instant::now()) == NavigationVerdict::Outside {
        window.app.state::<Windows>().browse(url);
    }
}

/// Whether an answer may be shown: that of the page itself only from where it may be.
fn may_show(window: &Window, decision: &PolicyDecision) -> bool {
    let Some(decision) = decision.downcast_ref::<ResponsePolicyDecision>() else {
        return false;
    };
    let url = decision
        .response()
        .and_then(|response| parsed(response.uri()));
    !decision.is_main_frame_main_resource()
        || url.is_some_and(|url| window.navigation.borrow().is_inside(&url))
}

/// Where a navigation leads, whether a person asked for it, and whether it is a redirect.
fn asked(decision: &PolicyDecision) -> Option<(Url, bool, bool)> {
    let decision = decision.downcast_ref::<NavigationPolicyDecision>()?;
    let mut action = decision.navigation_action()?;
    let url = action.request().and_then(|request| parsed(request.uri()))?;
    Some((url, action.is_user_gesture(), action.is_redirect()))
}

/// Takes the handler away by which wry answers for every navigation, knowing only where it leads.
fn ignore_wry(webview: &WebView) {
    let webview: *mut gobject_ffi::GObject = webview.as_ptr().cast();
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
        loop {
            let handler = gobject_ffi::g_signal_handler_find(
                webview,
                gobject_ffi::G_SIGNAL_MATCH_ID,
                signal,
                0,
                ptr::null_mut(),
                ptr::null_mut(),
                ptr::null_mut(),
            );
            if handler == 0 {
                break;
            }
            gobject_ffi::g_signal_handler_disconnect(webview, handler);
        }
    }
}
