//! The answers of the function console, with the headers that protect a page.

use std::borrow::Cow;

use aws_lambda_events::{
    apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse},
    encodings::Body,
    http::{
        HeaderMap, HeaderName, HeaderValue, Method,
        header::{
            ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY,
            CONTENT_TYPE, ETAG, IF_NONE_MATCH, LOCATION, REFERRER_POLICY,
            STRICT_TRANSPORT_SECURITY, VARY, X_CONTENT_TYPE_OPTIONS,
        },
    },
};

use super::File;
use crate::settings;

/// A response in the form that API Gateway takes.
pub type Response = ApiGatewayV2httpResponse;

const OPENER: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const RESOURCE: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");

/// How long a browser may keep an answer.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kept {
    /// Its name tells its version apart.
    Forever,
    /// As long as the server says that it is the same.
    WhileSame,
    /// Not at all.
    Never,
}

impl Kept {
    fn header(self) -> &'static str {
        match self {
            Self::Forever => "public, max-age=31536000, immutable",
            Self::WhileSame => "no-cache",
            Self::Never => "no-store",
        }
    }
}

/// An answer before it is known what the browser takes.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    status: u16,
    kept: Kept,
    kind: &'static str,
    tag: Option<String>,
    plain: Cow<'static, [u8]>,
    compressed: [(&'static str, Option<&'static [u8]>); 2],
    encoding: Option<&'static str>,
    location: Option<&'static str>,
}

impl Answer {
    /// Answers with a file.
    pub(super) fn file(file: &File, kept: Kept) -> Self {
        Self {
            tag: Some(file.tag.to_owned()),
            // The first one that the browser takes is sent.
            compressed: [("br", file.brotli), ("gzip", file.gzip)],
            ..Self::of(200, kept, file.kind, Cow::Borrowed(file.plain))
        }
    }

    /// Answers with a JSON text.
    pub(super) fn json(text: String) -> Self {
        Self::of(
            200,
            Kept::Never,
            "application/json",
            text.into_bytes().into(),
        )
    }

    /// Answers with a status and a text for people.
    pub(super) fn text(status: u16, text: &'static str) -> Self {
        Self::of(
            status,
            Kept::Never,
            "text/plain; charset=utf-8",
            text.as_bytes().into(),
        )
    }

    /// Answers that the page is elsewhere.
    pub(super) fn moved(location: &'static str) -> Self {
        Self {
            location: Some(location),
            ..Self::text(308, "")
        }
    }

    fn of(status: u16, kept: Kept, kind: &'static str, plain: Cow<'static, [u8]>) -> Self {
        Self {
            status,
            kept,
            kind,
            tag: None,
            plain,
            compressed: [("br", None), ("gzip", None)],
            encoding: None,
            location: None,
        }
    }

    /// Fits the answer to a request: the form that it takes, no content if it has the same already or asks for the head alone.
    pub(super) fn to(mut self, request: &ApiGatewayV2httpRequest) -> Self {
        let form = self.compressed.into_iter().find_map(|(name, content)| {
            Some((name, content?)).filter(|_| takes(&request.headers, name))
        });
        if let Some((name, content)) = form {
            self.plain = Cow::Borrowed(content);
            self.encoding = Some(name);
            // Each form is a representation of its own.
            self.tag = self.tag.map(|tag| format!("{tag}-{name}"));
        }
        self.tag = self.tag.map(|tag| format!("\"{tag}\""));
        if self
            .tag
            .as_deref()
            .is_some_and(|tag| has(&request.headers, tag))
        {
            self.status = 304;
        }
        if self.status == 304 || request.request_context.http.method == Method::HEAD {
            self.plain = Cow::Borrowed(&[]);
        }
        self
    }

    /// Converts it to API Gateway's form, with the headers that every answer has.
    pub(super) fn response(self, settings: &settings::Console) -> Response {
        let mut response = Response::default();
        response.status_code = self.status.into();
        let headers = &mut response.headers;
        for (name, value) in [
            (CACHE_CONTROL, self.kept.header()),
            (CONTENT_TYPE, self.kind),
            (X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (REFERRER_POLICY, "no-referrer"),
            (STRICT_TRANSPORT_SECURITY, "max-age=31536000"),
            (OPENER, "same-origin"),
            (RESOURCE, "same-origin"),
            (
                PERMISSIONS,
                "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
            ),
            (VARY, "accept-encoding"),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
        let optional = [
            (CONTENT_SECURITY_POLICY, Some(policy(&settings.connects))),
            (CONTENT_ENCODING, self.encoding.map(str::to_owned)),
            (ETAG, self.tag),
            (LOCATION, self.location.map(str::to_owned)),
        ];
        for (name, value) in optional {
            if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
                headers.insert(name, value);
            }
        }
        response.is_base64_encoded = self.encoding.is_some() || !is_text(self.kind);
        response.body = Some(if response.is_base64_encoded {
            Body::Binary(self.plain.into_owned())
        } else {
            Body::Text(String::from_utf8_lossy(&self.plain).into_owned())
        });
        response
    }
}

/// What a page may load and ask: files of its own origin, the API there, and the issuer.
fn policy(connects: &[String]) -> String {
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self' {}; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        connects.join(" ")
    )
}

fn is_text(kind: &str) -> bool {
    kind.starts_with("text/") || kind.ends_with("json") || kind.ends_with("+xml")
}

/// Whether the browser takes a form. `q=0` refuses it.
fn takes(headers: &HeaderMap, form: &str) -> bool {
    values(headers, &ACCEPT_ENCODING).any(|value| {
        let (name, rest) = value.split_once(';').unwrap_or((value, ""));
        let weight = rest.trim().strip_prefix("q=").map(str::parse::<f32>);
        name.trim().eq_ignore_ascii_case(form) && !matches!(weight, Some(Ok(0.0) | Err(_)))
    })
}

/// Whether the browser has the version of this tag already.
fn has(headers: &HeaderMap, tag: &str) -> bool {
    values(headers, &IF_NONE_MATCH)
        .any(|value| value == "*" || value.strip_prefix("W/").unwrap_or(value) == tag)
}

fn values<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    headers
        .get_all(name)
        .into_iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(',').map(str::trim))
}
