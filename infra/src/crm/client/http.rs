//! One request and its answer. Both are bounded in time and size. There are no redirects and no proxies, and errors quote no body.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use domain::fault::{CrmCode, Outcome};
use jiff::Timestamp;
use reqwest::{
    RequestBuilder, StatusCode,
    header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER},
    redirect::Policy,
};

use super::{
    gate::addresses::{Refused, Resolver},
    meter::{Meter, http_date},
    refusal::{Action, Body, Cause, Refusal},
    settings::{ClientSettings, Told},
    vendor::Vendor,
};

/// A body with more bytes is a page of records. Pages have similar lengths.
const PAGE: usize = 64 << 10;
/// The bytes reserved for each record of the first page. Reserved room that is not used takes no memory.
const RECORD: usize = 2 << 10;

/// The HTTP client with its bounds.
pub(in crate::crm) struct Http {
    pub(super) client: reqwest::Client,
    pub(super) vendor: &'static Vendor,
    body_cap: usize,
    /// The room for a page, by the size of the last one, since gzip does not tell the length in advance.
    page_room: AtomicUsize,
    meter: Arc<Meter>,
    told: fn(Told),
}

/// An answer whose body was read to its end.
pub(in crate::crm) struct Reply {
    pub(in crate::crm) status: StatusCode,
    pub(in crate::crm) headers: HeaderMap,
    pub(in crate::crm) body: Bytes,
}

impl Http {
    /// Makes a client for one vendor. `page` is a hint: the number of records per page.
    pub(in crate::crm) fn new(
        vendor: &'static Vendor,
        settings: &ClientSettings,
        page: u32,
        meter: Arc<Meter>,
    ) -> Outcome<Self> {
        let client = reqwest::Client::builder()
            .user_agent(&settings.user_agent)
            .https_only(!settings.allow_loopback)
            .redirect(Policy::none())
            .no_proxy()
            .dns_resolver(Arc::new(Resolver {
                allow_loopback: settings.allow_loopback,
            }))
            .connect_timeout(settings.connect_timeout)
            .read_timeout(settings.read_timeout)
            .timeout(settings.request_timeout)
            .build()
            .map_err(|_| vendor.fault(CrmCode::ClientUnbuildable))?;
        Ok(Self {
            client,
            vendor,
            body_cap: settings.body_cap,
            page_room: AtomicUsize::new(page as usize * RECORD),
            meter,
            told: settings.told,
        })
    }

    /// Sends a request once. An error status is an answer, too. Only a missing answer is a failure.
    pub(super) async fn once(&self, request: RequestBuilder) -> Result<Reply, Refusal> {
        let trouble = |error| trouble(self.vendor, error);
        self.meter.request();
        (self.told)(Told::Request);
        let mut response = request.send().await.map_err(trouble)?;
        self.meter.answer(self.vendor, response.headers());
        let mut body = BytesMut::new();
        while let Some(chunk) = response.chunk().await.map_err(trouble)? {
            if body.len() + chunk.len() > self.body_cap {
                return Err(Refusal::new(
                    Action::Shrink,
                    self.vendor.fault(CrmCode::PageTooLarge),
                ));
            }
            self.make_room(&mut body, chunk.len());
            body.extend_from_slice(&chunk);
        }
        if body.len() > PAGE {
            let room = body.len() + body.len() / 16;
            self.page_room.store(room, Ordering::Relaxed);
        }
        Ok(Reply {
            status: response.status(),
            headers: response.headers().clone(),
            body: body.freeze(),
        })
    }

    /// Reserves room for `more` bytes, or for a whole page if the body seems to be one. A page that grows by doubling
    /// is copied six times and leaves holes of one, two and four megabytes in the heap.
    fn make_room(&self, body: &mut BytesMut, more: usize) {
        let needed = body.len() + more;
        if needed > PAGE && needed > body.capacity() {
            let page = self.page_room.load(Ordering::Relaxed);
            body.reserve(page.max(needed) - body.len());
        }
    }
}

impl Reply {
    /// Returns the reply if it is a success, and otherwise the refusal that it means.
    pub(super) fn success(self, vendor: &Vendor) -> Result<Self, Refusal> {
        if self.is_web_page() {
            return Err(vendor.refusal(CrmCode::NotAnApi).by_no_api());
        }
        if self.status.is_success() {
            return Ok(self);
        }
        let status = self.status.as_u16();
        let refusal = (vendor.judge)(status, &self.body, self.retry_after());
        Err(Refusal {
            body: Body::of(self.body),
            ..refusal
        })
    }

    /// Returns whether a success is a web page for people. No API sends one, and neither JSON nor CSV begins like one.
    fn is_web_page(&self) -> bool {
        let kind = self.header(CONTENT_TYPE.as_str());
        let is_html = kind.is_some_and(|kind| kind.starts_with("text/html"));
        self.status.is_success() && (is_html || self.body.trim_ascii_start().starts_with(b"<"))
    }

    pub(super) fn retry_after(&self) -> Option<Duration> {
        let text = self.header(RETRY_AFTER.as_str())?;
        if let Ok(seconds) = text.parse() {
            return Some(Duration::from_secs(seconds));
        }
        let wait = http_date(text)?.duration_since(self.date()?);
        Some(Duration::try_from(wait).unwrap_or_default())
    }

    pub(in crate::crm) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .map(str::trim)
    }

    /// Returns the server's clock in whole seconds, never ahead of it.
    pub(in crate::crm) fn date(&self) -> Option<Timestamp> {
        http_date(self.header("date")?)
    }
}

/// Returns the refusal for a missing answer. It drops the library's own text, which may have the URL and thereby the query.
fn trouble(vendor: &Vendor, error: reqwest::Error) -> Refusal {
    let error = error.without_url();
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
    while let Some(at) = cause {
        if at.is::<Refused>() {
            let refusal = vendor.refusal(CrmCode::HostRefused).by_no_api();
            return refusal.because(Cause::NeverSent);
        }
        cause = at.source();
    }
    // A connection that takes too long matches both conditions. Nothing was sent over it.
    if error.is_connect() {
        let refusal = vendor.refusal(CrmCode::Unreachable).by_no_api();
        refusal.because(Cause::Unreachable)
    } else if error.is_timeout() {
        vendor.refusal(CrmCode::Timeout)
    } else if error.is_builder() {
        vendor
            .refusal(CrmCode::RequestMalformed)
            .because(Cause::NeverSent)
    } else {
        vendor.refusal(CrmCode::AnswerCutOff)
    }
}
