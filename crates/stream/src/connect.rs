//! One attempt: from the URL, over redirects, to an open stream or the reason why not.

use std::time::Duration;

use futures_util::StreamExt;
use percent_encoding::percent_decode_str;
use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CACHE_CONTROL, COOKIE, HeaderMap, HeaderName,
    HeaderValue, PROXY_AUTHORIZATION, SET_COOKIE,
};
use tokio::time::timeout;
use url::Url;

use crate::cause::{RedirectFault, Unusable};
use crate::config::{Config, CursorPlacement};
use crate::cookies::Cookies;
use crate::disposition::Disposition;
use crate::progress::{Progress, Step};
use crate::redirect::{is_loopback, same_origin, strip_credentials, target};
use crate::response::{Classification, classify};
use crate::transport::{Body, Request, Response, Transport};
use crate::{Cause, Secret};

/// How much of an answer is read, and for how long, to see whether the server is full.
const ANSWER_MOST: usize = 4096;
const ANSWER_TIME: Duration = Duration::from_secs(3);

/// A transport knows better why it could not connect in time: it may say so until then.
const GRACE: Duration = Duration::from_secs(1);

/// The longest ID that is sent: servers and proxies take no header that is much longer.
const ID_MOST: usize = 4 * 1024;

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// What one attempt is made of.
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
    /// How long the server had the request before it sent the head. A proxy that buffers sends
    /// none before the stream's end.
    pub(crate) waited: Duration,
}

impl Attempt<'_> {
    /// Connects.
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
                    // Once left, the origin of the settings is not trusted on the way back either.
                    trusted &= same_origin(&url, &next);
                    url = next;
                }
                Classification::PossiblyFull(end) => {
                    return Err(self.detect_full(end, response.body).await);
                }
                Classification::NoStream(end) => return Err(end),
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
                    // Perhaps there was just nothing to say: nobody needs to hear of it.
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
            headers.extend(in_url(&self.config.url));
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
                // Two that can stand in a header can stand there together.
                cookies = HeaderValue::from_bytes(&both).unwrap_or(cookies);
            }
            headers.insert(COOKIE, cookies);
        }
        if self.config.cursor == CursorPlacement::Header
            && let Some(cursor) = header(self.cursor)
        {
            headers.insert(LAST_EVENT_ID, cursor);
        }
        headers
    }

    /// The URL, with the cursor where it goes into the query, and without what goes into a
    /// header.
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

    /// Looks into the answer whether the server says that it is full.
    async fn detect_full(&self, end: Disposition, mut body: Body) -> Disposition {
        let mut answer = Vec::new();
        let read = async {
            while let Some(Ok(chunk)) = body.next().await {
                let room = ANSWER_MOST.saturating_sub(answer.len());
                answer.extend_from_slice(&chunk[..chunk.len().min(room)]);
                if answer.len() >= ANSWER_MOST {
                    break;
                }
            }
        };
        // Whatever came in time is what there is to look at.
        let _ = timeout(ANSWER_TIME, read).await;
        let text = self.config.policy.full_text.as_bytes();
        let is_full_message =
            !text.is_empty() && answer.windows(text.len()).any(|window| window == text);
        match end {
            Disposition::Failed { retry_after, .. } if is_full_message => {
                Disposition::Full { retry_after }
            }
            end => end,
        }
    }
}

/// An ID as a header, where it is one that a header can carry.
fn header(id: &str) -> Option<HeaderValue> {
    if is_valid_cursor(id) {
        HeaderValue::from_bytes(id.as_bytes()).ok()
    } else {
        None
    }
}

/// Whether a header can carry an ID: HTTP forbids control characters, and 4 KiB are too many.
pub(crate) fn is_valid_cursor(id: &str) -> bool {
    !id.is_empty()
        && id.len() <= ID_MOST
        && id
            .bytes()
            .all(|byte| (byte >= b' ' && byte != 0x7f) || byte == b'\t')
}

/// The name and password that stand in the URL.
fn in_url(url: &Url) -> HeaderMap {
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
