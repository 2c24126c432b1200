//! One attempt to open the stream: from the URL, over redirects, to an open stream or a
//! [`Disposition`].

use std::time::Duration;

use belldot_wire::{Cause, RedirectFault, Step, Unusable};
use futures_util::StreamExt;
use percent_encoding::percent_decode_str;
use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CACHE_CONTROL, COOKIE, HeaderMap, HeaderName,
    HeaderValue, PROXY_AUTHORIZATION, SET_COOKIE,
};
use tokio::time::timeout;
use url::Url;

use crate::Secret;
use crate::config::{Config, CursorPlacement};
use crate::cookies::Cookies;
use crate::disposition::Disposition;
use crate::progress::Progress;
use crate::redirect::{is_loopback, same_origin, strip_credentials, target};
use crate::response::{Classification, classify};
use crate::transport::{Body, Request, Response, Transport};

/// How much of a response is read, and for how long, to see whether the server is full.
const FULL_BODY_MOST: usize = 4096;
const FULL_BODY_TIME: Duration = Duration::from_secs(3);

/// How much longer than the time limit for connecting a transport is waited for, since it can
/// name the cause of a time-out.
const GRACE: Duration = Duration::from_secs(1);

/// The longest ID that is sent, in bytes: servers and proxies reject headers that are much longer.
const CURSOR_MOST: usize = 4 * 1024;

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// One attempt and what it needs.
pub(crate) struct Attempt<'a> {
    pub(crate) config: &'a Config,
    pub(crate) transport: &'a dyn Transport,
    pub(crate) secret: Option<&'a Secret>,
    pub(crate) cookies: &'a mut Cookies,
    /// Empty for none.
    pub(crate) cursor: &'a str,
    pub(crate) progress: &'a Progress,
}

/// An open stream.
pub(crate) struct Opened {
    pub(crate) headers: HeaderMap,
    pub(crate) body: Body,
    /// How long the server had the request before it sent the response head. A proxy that buffers
    /// sends it only at the end of the stream.
    pub(crate) waited: Duration,
}

impl Attempt<'_> {
    /// Opens the stream.
    ///
    /// # Errors
    /// How the attempt ended, where it opened none.
    pub(crate) async fn open(mut self) -> Result<Opened, Disposition> {
        self.refuse_plain_credentials()?;
        let mut url = self.first_url();
        let mut trusted = true;
        for _hop in 0..=self.config.policy.redirects {
            let response = self.get(&url, trusted).await?;
            match classify(response.status, &response.headers, self.config.clock.now()) {
                Classification::EventStream => {
                    let Response {
                        mut headers, body, ..
                    } = response;
                    headers.remove(SET_COOKIE);
                    let waited = self.progress.unanswered();
                    return Ok(Opened {
                        headers,
                        body,
                        waited,
                    });
                }
                Classification::Redirect => {
                    let next = target(&url, &response.headers).map_err(Disposition::failed)?;
                    // Not trusted again where a redirect leads back to the origin of the settings.
                    trusted &= same_origin(&url, &next);
                    url = next;
                }
                Classification::PossiblyFull(otherwise) => {
                    return Err(self.detect_full(otherwise, response.body).await);
                }
                Classification::NoStream(disposition) => return Err(disposition),
            }
        }
        Err(Disposition::failed(Cause::Redirect(RedirectFault::TooMany)))
    }

    async fn get(&mut self, url: &Url, trusted: bool) -> Result<Response, Disposition> {
        self.progress.begin();
        let sent = self.transport.get(Request {
            url: url.clone(),
            headers: self.headers(url, trusted),
            trusted,
            progress: self.progress.clone(),
        });
        let policy = &self.config.policy;
        let connecting = policy.connect_timeout + GRACE;
        let response = tokio::select! {
            biased;
            response = sent => {
                self.progress.ended();
                response.map_err(disposition_of)?
            }
            step = self.progress.overdue(connecting, policy.silence.without_heartbeat) => {
                return Err(match step {
                    // The server may just have had no event: not reported as a failure.
                    Step::Head => Disposition::Renew(Cause::Silent),
                    Step::Name | Step::Connection | Step::Proxy => Disposition::failed(Cause::Timeout),
                });
            }
        };
        if response.headers.contains_key(SET_COOKIE) {
            let now = self.config.clock.now();
            self.cookies.keep(url, &response.headers, now);
        }
        Ok(response)
    }

    fn headers(&self, url: &Url, trusted: bool) -> HeaderMap {
        let mut headers = HeaderMap::new();
        if trusted {
            headers.extend(url_credentials(&self.config.url));
            headers.extend(self.config.headers.clone());
            headers.extend(
                self.secret
                    .map(|secret| secret.headers.clone())
                    .unwrap_or_default(),
            );
        }
        headers.insert(ACCEPT, HeaderValue::from_static("text/event-stream"));
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(mut cookies) = self.cookies.header(url, self.config.clock.now()) {
            if let Some(own) = headers.get(COOKIE) {
                let both = [own.as_bytes(), b"; ", cookies.as_bytes()].concat();
                // Two valid header values are valid when joined.
                cookies = HeaderValue::from_bytes(&both).unwrap_or(cookies);
            }
            headers.insert(COOKIE, cookies);
        }
        if self.config.cursor == CursorPlacement::Header
            && let Some(cursor) = cursor_header(self.cursor)
        {
            headers.insert(LAST_EVENT_ID, cursor);
        }
        headers
    }

    /// The URL of the first request: with the cursor where its placement is the query, and without
    /// credentials, which become headers.
    fn first_url(&self) -> Url {
        let mut url = self.config.url.clone();
        strip_credentials(&mut url);
        url.set_fragment(None);
        let CursorPlacement::Query(name) = &self.config.cursor else {
            return url;
        };
        if self.cursor.is_empty() {
            return url;
        }
        let is_cursor =
            |pair: &str| url::form_urlencoded::parse(pair.as_bytes()).any(|(key, _)| key == *name);
        let others: Vec<&str> = url
            .query()
            .unwrap_or_default()
            .split('&')
            .filter(|pair| !is_cursor(pair))
            .collect();
        let others = others.join("&");
        url.set_query((!others.is_empty()).then_some(others.as_str()));
        url.query_pairs_mut().append_pair(name, self.cursor);
        url
    }

    fn refuse_plain_credentials(&self) -> Result<(), Disposition> {
        let Config { url, headers, .. } = self.config;
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
            return Err(Disposition::Stopped(Cause::Unusable(Unusable::Scheme)));
        }
        let bears = |(name, value): (&HeaderName, &HeaderValue)| {
            value.is_sensitive() || [AUTHORIZATION, PROXY_AUTHORIZATION, COOKIE].contains(name)
        };
        let credentials = self.secret.is_some_and(|secret| !secret.headers.is_empty())
            || headers.iter().any(bears)
            || !url.username().is_empty()
            || url.password().is_some();
        let plain = url.scheme() == "http" && !is_loopback(url);
        if credentials && plain && !self.config.allow_plain_credentials {
            return Err(Disposition::Stopped(Cause::Unusable(
                Unusable::PlainCredentials,
            )));
        }
        Ok(())
    }

    /// Returns [`Disposition::Full`] where the body says that the server is full, else `otherwise`.
    async fn detect_full(&self, otherwise: Disposition, mut body: Body) -> Disposition {
        let mut read_so_far = Vec::new();
        let reading = async {
            while let Some(Ok(chunk)) = body.next().await {
                let room = FULL_BODY_MOST.saturating_sub(read_so_far.len());
                read_so_far.extend_from_slice(&chunk[..chunk.len().min(room)]);
                if read_so_far.len() >= FULL_BODY_MOST {
                    break;
                }
            }
        };
        // A body that did not end in time is searched as far as it came.
        let _ = timeout(FULL_BODY_TIME, reading).await;
        let full_text = self.config.policy.full_text.as_bytes();
        let is_full = !full_text.is_empty()
            && read_so_far
                .windows(full_text.len())
                .any(|window| window == full_text);
        match otherwise {
            Disposition::Failed { retry_after, .. } if is_full => Disposition::Full { retry_after },
            otherwise => otherwise,
        }
    }
}

/// An ID as a header value, where a header can carry it.
fn cursor_header(id: &str) -> Option<HeaderValue> {
    if is_valid_cursor(id) {
        HeaderValue::from_bytes(id.as_bytes()).ok()
    } else {
        None
    }
}

/// Whether a header can carry an ID: without control characters, and not longer than 4 KiB.
pub(crate) fn is_valid_cursor(id: &str) -> bool {
    !id.is_empty()
        && id.len() <= CURSOR_MOST
        && id
            .bytes()
            .all(|byte| (byte >= b' ' && byte != 0x7f) || byte == b'\t')
}

/// The name and password in the URL, as headers.
fn url_credentials(url: &Url) -> HeaderMap {
    let plain = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    match (url.username(), url.password()) {
        ("", None) => HeaderMap::new(),
        (name, password) => Secret::basic(&plain(name), &plain(password.unwrap_or_default()))
            .map(|secret| secret.headers)
            .unwrap_or_default(),
    }
}

fn disposition_of(cause: Cause) -> Disposition {
    match cause {
        Cause::Unusable(_) => Disposition::Stopped(cause),
        Cause::ProxySignIn(schemes) => Disposition::ProxySignIn(schemes),
        _ => Disposition::failed(cause),
    }
}
