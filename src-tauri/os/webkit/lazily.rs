//! WebKit is loaded with the first window, not with the program.
//!
//! A Belldot that waits needs none of it, but the loader would map a hundred libraries, and write
//! addresses into eight megabytes of them. So the functions of WebKit that this program calls are
//! defined here, as a linker's own table of procedures would: each jumps to where its slot says.
//! At first every slot leads to [`find`], which loads the library and puts the right address in.
//! The linker then finds nothing that it would need WebKit for, and leaves it out.
//!
//! A function that is missing here is no mistake, only costs all of that: the linker takes WebKit
//! in again. A test of the whole program sees to it that none is missing. Other processors than
//! x86-64 are linked as usual.

#![allow(unsafe_code, reason = "functions are found by their names")]

use std::{
    arch::global_asm,
    ffi::{CStr, c_char, c_uint, c_void},
    mem, process,
    sync::{
        OnceLock,
        atomic::{AtomicPtr, Ordering},
    },
};

/// Of which all the others are parts.
const LIBRARY: &CStr = c"libwebkit2gtk-4.1.so.0";

/// A voice that WebKit may read pages aloud with, one of its hundred libraries, which has half
/// of all the names that are looked for when they are loaded: its own. Loaded before the others
/// it finds them in itself at once.
const VOICE: &CStr = c"libflite_cmu_time_awb.so.1";

/// A loaded library, never closed.
struct Library(*mut c_void);

// SAFETY: the loader takes a library's handle from any thread.
unsafe impl Send for Library {}
// SAFETY: as above.
unsafe impl Sync for Library {}

pub(super) fn is_loaded() -> bool {
    matches!(LOADED.get(), Some(Ok(_)))
}

static LOADED: OnceLock<Result<Library, String>> = OnceLock::new();

pub(super) fn library() -> Result<*mut c_void, String> {
    let loaded = LOADED.get_or_init(|| {
        // Its fifty thousand names are looked for where most of them are, in itself and in
        // what it needs, before the program; that saves a third of the time.
        let how = libc::RTLD_LAZY | libc::RTLD_DEEPBIND | libc::RTLD_NODELETE;
        // SAFETY: the names are C strings; what the libraries do when they are loaded is as
        // good as if the program were linked with them. A WebKit that does not speak needs no
        // voice.
        let library = unsafe {
            libc::dlopen(VOICE.as_ptr(), how);
            libc::dlopen(LIBRARY.as_ptr(), how)
        };
        if library.is_null() {
            Err(why())
        } else {
            Ok(Library(library))
        }
    });
    loaded
        .as_ref()
        .map(|library| library.0)
        .map_err(Clone::clone)
}

/// Why the loader could not do what was asked last.
fn why() -> String {
    // SAFETY: it answers null or a C string that lives until the next call of this thread.
    let said = unsafe { libc::dlerror() };
    if said.is_null() {
        return LIBRARY.to_string_lossy().into_owned();
    }
    // SAFETY: as above.
    unsafe { CStr::from_ptr(said) }
        .to_string_lossy()
        .into_owned()
}

/// A function by its name, and where it is; as the assembler below lays it out.
#[repr(C)]
struct Function {
    name: *const c_char,
    slot: AtomicPtr<c_void>,
}

/// Finds a function at its first call, and has every further call go there directly.
///
/// # Safety
/// Only the assembler below may call it, with one of its functions.
unsafe extern "C" fn find(function: &Function) -> *mut c_void {
    let found = library().and_then(|library| {
        // SAFETY: the library is never closed, and the name is a C string.
        let found = unsafe { libc::dlsym(library, function.name) };
        if found.is_null() {
            Err(why())
        } else {
            Ok(found)
        }
    });
    match found {
        Ok(found) => {
            function.slot.store(found, Ordering::Release);
            found
        }
        Err(error) => {
            // Nobody can go on from here; who opens a window loads the library before.
            tracing::error!(error, "WebKit is not what Belldot was built for");
            process::abort();
        }
    }
}

// `bind` keeps what a caller passed in registers (System V ABI, 3.2.3), since the function that
// was called is yet to see it.
global_asm!(
    ".text",
    ".type belldot_bind, @function",
    "belldot_bind:",
    "push rbp",
    "mov rbp, rsp",
    "push rdi",
    "push rsi",
    "push rdx",
    "push rcx",
    "push r8",
    "push r9",
    "push rax",
    "sub rsp, 136",
    "movups [rsp], xmm0",
    "movups [rsp + 16], xmm1",
    "movups [rsp + 32], xmm2",
    "movups [rsp + 48], xmm3",
    "movups [rsp + 64], xmm4",
    "movups [rsp + 80], xmm5",
    "movups [rsp + 96], xmm6",
    "movups [rsp + 112], xmm7",
    "mov rdi, r11",
    "call {find}",
    "mov r11, rax",
    "movups xmm0, [rsp]",
    "movups xmm1, [rsp + 16]",
    "movups xmm2, [rsp + 32]",
    "movups xmm3, [rsp + 48]",
    "movups xmm4, [rsp + 64]",
    "movups xmm5, [rsp + 80]",
    "movups xmm6, [rsp + 96]",
    "movups xmm7, [rsp + 112]",
    "add rsp, 136",
    "pop rax",
    "pop r9",
    "pop r8",
    "pop rcx",
    "pop rdx",
    "pop rsi",
    "pop rdi",
    "pop rbp",
    "jmp r11",
    ".size belldot_bind, . - belldot_bind",
    find = sym find,
);

// Before there is any window Tauri asks for the version, only to see that there is one: that
// must not load the library.
global_asm!(
    ".text",
    ".globl webkit_get_major_version, webkit_get_minor_version, webkit_get_micro_version",
    ".hidden webkit_get_major_version, webkit_get_minor_version, webkit_get_micro_version",
    "webkit_get_major_version:",
    "jmp {major}",
    "webkit_get_minor_version:",
    "jmp {minor}",
    "webkit_get_micro_version:",
    "jmp {micro}",
    major = sym major,
    minor = sym minor,
    micro = sym micro,
);

extern "C" fn major() -> c_uint {
    number(c"webkit_get_major_version")
}

extern "C" fn minor() -> c_uint {
    number(c"webkit_get_minor_version")
}

extern "C" fn micro() -> c_uint {
    number(c"webkit_get_micro_version")
}

/// A number that the library knows; 0 while it is not loaded.
fn number(name: &CStr) -> c_uint {
    let Some(Ok(library)) = LOADED.get() else {
        return 0;
    };
    // SAFETY: the library is never closed.
    let found = unsafe { libc::dlsym(library.0, name.as_ptr()) };
    if found.is_null() {
        return 0;
    }
    // SAFETY: the functions of these names take nothing and answer a `guint`.
    unsafe { mem::transmute::<*mut c_void, extern "C" fn() -> c_uint>(found)() }
}

macro_rules! functions {
    ($($name:ident)*) => {$(
        global_asm!(
            ".text",
            concat!(".globl ", stringify!($name)),
            // Libraries must not take them for the real ones.
            concat!(".hidden ", stringify!($name)),
            concat!(".type ", stringify!($name), ", @function"),
            concat!(stringify!($name), ":"),
            "jmp qword ptr [rip + 4f]",
            "2:",
            "lea r11, [rip + 3f]",
            "jmp belldot_bind",
            concat!(".size ", stringify!($name), ", . - ", stringify!($name)),
            ".section .rodata.belldot_names, \"a\", @progbits",
            "5:",
            concat!(".asciz \"", stringify!($name), "\""),
            ".section .data.belldot_functions, \"aw\", @progbits",
            ".balign 8",
            "3:",
            ".quad 5b",
            "4:",
            ".quad 2b",
            ".text",
        );
    )*};
}

functions! {
    jsc_value_get_type
    jsc_value_to_json
    jsc_value_to_string
    soup_cookie_free
    soup_cookie_get_domain
    soup_cookie_get_expires
    soup_cookie_get_http_only
    soup_cookie_get_name
    soup_cookie_get_path
    soup_cookie_get_same_site_policy
    soup_cookie_get_secure
    soup_cookie_get_value
    soup_cookie_new
    soup_cookie_set_expires
    soup_cookie_set_http_only
    soup_cookie_set_same_site_policy
    soup_cookie_set_secure
    soup_message_headers_append
    soup_message_headers_foreach
    soup_message_headers_new
    soup_message_headers_ref
    soup_message_headers_unref
    webkit_application_info_new
    webkit_application_info_set_name
    webkit_application_info_set_version
    webkit_application_info_unref
    webkit_authentication_request_authenticate
    webkit_authentication_request_get_type
    webkit_authentication_request_is_for_proxy
    webkit_authentication_request_is_retry
    webkit_automation_session_get_type
    webkit_automation_session_set_application_info
    webkit_autoplay_policy_get_type
    webkit_cookie_manager_add_cookie
    webkit_cookie_manager_add_cookie_finish
    webkit_cookie_manager_delete_cookie
    webkit_cookie_manager_delete_cookie_finish
    webkit_cookie_manager_get_all_cookies
    webkit_cookie_manager_get_all_cookies_finish
    webkit_cookie_manager_get_cookies
    webkit_cookie_manager_get_cookies_finish
    webkit_cookie_manager_get_type
    webkit_cookie_manager_set_persistent_storage
    webkit_credential_copy
    webkit_credential_free
    webkit_credential_get_type
    webkit_credential_new
    webkit_download_cancel
    webkit_download_get_destination
    webkit_download_get_request
    webkit_download_get_type
    webkit_download_set_destination
    webkit_geolocation_permission_request_get_type
    webkit_input_method_context_get_type
    webkit_input_method_context_set_enable_preedit
    webkit_javascript_result_get_js_value
    webkit_javascript_result_unref
    webkit_navigation_action_copy
    webkit_navigation_action_free
    webkit_navigation_action_get_request
    webkit_navigation_action_get_type
    webkit_navigation_action_is_redirect
    webkit_navigation_action_is_user_gesture
    webkit_navigation_policy_decision_get_navigation_action
    webkit_navigation_policy_decision_get_type
    webkit_network_error_quark
    webkit_network_proxy_settings_copy
    webkit_network_proxy_settings_free
    webkit_network_proxy_settings_get_type
    webkit_network_proxy_settings_new
    webkit_notification_permission_request_get_type
    webkit_permission_request_allow
    webkit_permission_request_deny
    webkit_permission_request_get_type
    webkit_pointer_lock_permission_request_get_type
    webkit_policy_decision_get_type
    webkit_policy_decision_ignore
    webkit_policy_decision_use
    webkit_policy_error_quark
    webkit_print_operation_get_type
    webkit_print_operation_new
    webkit_print_operation_run_dialog
    webkit_response_policy_decision_get_response
    webkit_response_policy_decision_get_type
    webkit_response_policy_decision_is_main_frame_main_resource
    webkit_security_manager_get_type
    webkit_security_manager_register_uri_scheme_as_secure
    webkit_settings_get_type
    webkit_settings_set_enable_back_forward_navigation_gestures
    webkit_settings_set_enable_developer_extras
    webkit_settings_set_enable_javascript
    webkit_settings_set_enable_page_cache
    webkit_settings_set_enable_webaudio
    webkit_settings_set_enable_webgl
    webkit_settings_set_javascript_can_access_clipboard
    webkit_settings_set_user_agent
    webkit_uri_request_get_http_headers
    webkit_uri_request_get_type
    webkit_uri_request_get_uri
    webkit_uri_response_get_type
    webkit_uri_response_get_uri
    webkit_uri_scheme_request_finish_error
    webkit_uri_scheme_request_finish_with_response
    webkit_uri_scheme_request_get_http_body
    webkit_uri_scheme_request_get_http_headers
    webkit_uri_scheme_request_get_http_method
    webkit_uri_scheme_request_get_type
    webkit_uri_scheme_request_get_uri
    webkit_uri_scheme_request_get_web_view
    webkit_uri_scheme_response_get_type
    webkit_uri_scheme_response_new
    webkit_uri_scheme_response_set_content_type
    webkit_uri_scheme_response_set_http_headers
    webkit_uri_scheme_response_set_status
    webkit_user_content_filter_store_new
    webkit_user_content_filter_store_save
    webkit_user_content_filter_store_save_finish
    webkit_user_content_filter_unref
    webkit_user_content_manager_add_filter
    webkit_user_content_manager_add_script
    webkit_user_content_manager_get_type
    webkit_user_content_manager_new
    webkit_user_content_manager_register_script_message_handler
    webkit_user_media_permission_request_get_type
    webkit_user_script_new
    webkit_user_script_unref
    webkit_web_context_allow_tls_certificate_for_host
    webkit_web_context_get_security_manager
    webkit_web_context_get_type
    webkit_web_context_get_website_data_manager
    webkit_web_context_new_ephemeral
    webkit_web_context_register_uri_scheme
    webkit_web_context_set_automation_allowed
    webkit_web_context_set_use_system_appearance_for_scrollbars
    webkit_web_context_set_web_extensions_directory
    webkit_web_inspector_close
    webkit_web_inspector_get_type
    webkit_web_inspector_show
    webkit_web_resource_get_type
    webkit_web_resource_get_uri
    webkit_web_view_get_context
    webkit_web_view_get_input_method_context
    webkit_web_view_get_inspector
    webkit_web_view_get_main_resource
    webkit_web_view_get_settings
    webkit_web_view_get_title
    webkit_web_view_get_type
    webkit_web_view_get_uri
    webkit_web_view_get_user_content_manager
    webkit_web_view_get_website_data_manager
    webkit_web_view_go_back
    webkit_web_view_go_forward
    webkit_web_view_load_alternate_html
    webkit_web_view_load_html
    webkit_web_view_load_request
    webkit_web_view_load_uri
    webkit_web_view_reload
    webkit_web_view_run_javascript
    webkit_web_view_run_javascript_finish
    webkit_web_view_set_background_color
    webkit_web_view_set_zoom_level
    webkit_website_data_manager_clear
    webkit_website_data_manager_clear_finish
    webkit_website_data_manager_get_cookie_manager
    webkit_website_data_manager_get_type
    webkit_website_data_manager_set_network_proxy_settings
    webkit_website_policies_get_type
}
