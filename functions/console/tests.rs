use aws_lambda_events::encodings::Body;
use serde_json::json;

use super::*;
use crate::settings::Console;

const FILES: &[File] = &[
    File {
        path: "assets/index-1f.js",
        kind: "text/javascript; charset=utf-8",
        tag: "aa",
        plain: b"plain",
        gzip: Some(b"gzip"),
        brotli: Some(b"brotli"),
    },
    File {
        path: "index.html",
        kind: "text/html; charset=utf-8",
        tag: "bb",
        plain: b"<!doctype html>",
        gzip: None,
        brotli: None,
    },
];

fn settings(client: &str) -> Console {
    Console::read(&|name| {
        let value = match name {
            "TOKEN_ISSUER" => "https://issuer.example.com/pool",
            "CONSOLE_TOKEN_ORIGIN" => "https://login.example.com/ignored",
            "CONSOLE_CLIENT_ID" => client,
            _ => "x",
        };
        Some(value.to_owned())
    })
    .unwrap()
}

async fn ask(files: &'static [File], method: &str, path: &str, headers: Value) -> Response {
    let event = json!({
        "version": "2.0", "routeKey": "GET /console/{proxy+}", "rawPath": path, "rawQueryString": "", "headers": headers,
        "isBase64Encoded": false,
        "requestContext": {"stage": "$default", "http": {"method": method, "path": path}},
    });
    handle(files, &settings("page"), event).await.unwrap()
}

async fn get(path: &str, headers: Value) -> Response {
    ask(FILES, "GET", path, headers).await
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response
        .headers
        .get(name)
        .map_or("", |value| value.to_str().unwrap())
}

fn body(response: &Response) -> &[u8] {
    match response.body.as_ref().unwrap() {
        Body::Text(text) => text.as_bytes(),
        Body::Binary(bytes) => bytes,
        _ => &[],
    }
}

#[tokio::test]
async fn a_page_and_the_address_of_any_page_are_answered_with_the_index_which_is_asked_for_again() {
    for path in [
        "/console/",
        "/console/connections",
        "/mapped/console/people",
    ] {
        let response = get(path, json!({})).await;
        assert_eq!(
            (response.status_code, body(&response)),
            (200, &b"<!doctype html>"[..]),
            "{path}"
        );
        assert_eq!(header(&response, "cache-control"), "no-cache");
    }
    let response = get("/console", json!({})).await;
    assert_eq!(
        (response.status_code, header(&response, "location")),
        (308, "console/connections")
    );
}

#[tokio::test]
async fn a_file_that_does_not_exist_is_not_the_index() {
    let paths = [
        "/console/assets/index-2f.js",
        "/console/favicon.ico",
        "/console/a/b",
        "/consoles",
        "/console/../index",
        "/console/assets/",
    ];
    for path in paths {
        let response = get(path, json!({})).await;
        assert_eq!(response.status_code, 404, "{path}");
        assert_eq!(header(&response, "cache-control"), "no-store");
    }
}

#[tokio::test]
async fn a_file_with_a_hash_in_its_name_is_kept_for_good_in_the_form_that_the_browser_takes() {
    let forms = [
        (json!({}), "", &b"plain"[..], "\"aa\""),
        (
            json!({"accept-encoding": "gzip, deflate, br, zstd"}),
            "br",
            b"brotli",
            "\"aa-br\"",
        ),
        (
            json!({"accept-encoding": "GZIP;q=0.5, br;q=0"}),
            "gzip",
            b"gzip",
            "\"aa-gzip\"",
        ),
        (
            json!({"accept-encoding": "brotli, x-gzip"}),
            "",
            b"plain",
            "\"aa\"",
        ),
    ];
    for (headers, encoding, content, tag) in forms {
        let response = get("/console/assets/index-1f.js", headers).await;
        assert_eq!(
            (header(&response, "content-encoding"), body(&response)),
            (encoding, content)
        );
        assert_eq!(header(&response, "etag"), tag);
        assert_eq!(
            header(&response, "cache-control"),
            "public, max-age=31536000, immutable"
        );
        assert_eq!(header(&response, "vary"), "accept-encoding");
        assert_eq!(response.is_base64_encoded, !encoding.is_empty());
    }
}

#[tokio::test]
async fn what_the_browser_has_already_is_not_sent_again_nor_is_a_body_to_a_request_for_the_head() {
    for (tag, status) in [
        ("\"bb\"", 304),
        ("W/\"bb\"", 304),
        ("\"cc\", \"bb\"", 304),
        ("\"bb-br\"", 200),
    ] {
        let response = get("/console/", json!({"if-none-match": tag})).await;
        assert_eq!(
            (response.status_code, header(&response, "etag")),
            (status, "\"bb\""),
            "{tag}"
        );
        assert_eq!(body(&response).is_empty(), status == 304);
    }
    let response = ask(FILES, "HEAD", "/console/", json!({})).await;
    assert_eq!((response.status_code, body(&response)), (200, &b""[..]));
    assert_eq!(
        header(&response, "content-type"),
        "text/html; charset=utf-8"
    );
}

#[tokio::test]
async fn every_answer_has_the_headers_that_protect_a_page() {
    for path in [
        "/console",
        "/console/",
        "/console/config.json",
        "/console/assets/index-1f.js",
        "/console/none.js",
    ] {
        let response = get(path, json!({})).await;
        let policy = header(&response, "content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"),
            "{path}"
        );
        assert!(
            policy.contains(
                "connect-src 'self' https://issuer.example.com https://login.example.com;"
            )
        );
        assert!(policy.ends_with("frame-ancestors 'none'") && !policy.contains("unsafe"));
        assert_eq!(header(&response, "x-content-type-options"), "nosniff");
        assert_eq!(header(&response, "referrer-policy"), "no-referrer");
        assert_eq!(
            header(&response, "cross-origin-opener-policy"),
            "same-origin"
        );
        assert_eq!(
            header(&response, "strict-transport-security"),
            "max-age=31536000"
        );
    }
}

#[tokio::test]
async fn pages_are_told_where_to_log_in_and_whether_they_can() {
    let response = get("/console/config.json", json!({})).await;
    assert_eq!(header(&response, "cache-control"), "no-store");
    let told: Value = serde_json::from_slice(body(&response)).unwrap();
    assert_eq!(
        told,
        json!({"issuer": "https://issuer.example.com/pool", "clientId": "page", "scopes": "x", "audience": "x"})
    );
    let told: Value = serde_json::from_str(&settings("none").for_pages()).unwrap();
    assert_eq!(told["clientId"], Value::Null);
}

#[tokio::test]
async fn a_program_without_pages_says_how_they_get_into_it() {
    for path in ["/console/", "/console/assets/index-1f.js"] {
        let response = ask(&[], "GET", path, json!({})).await;
        assert_eq!(
            (response.status_code, body(&response)),
            (503, NOT_BUILT.as_bytes())
        );
    }
}

#[tokio::test]
async fn what_is_no_request_is_answered_all_the_same() {
    let response = handle(FILES, &settings("page"), json!([])).await.unwrap();
    assert_eq!(response.status_code, 500);
}

#[test]
fn an_issuer_that_is_no_url_ends_the_start() {
    for issuer in [
        "issuer.example.com",
        "data:text/plain,x",
        "ftp://issuer.example.com",
    ] {
        let fault = Console::read(&|_| Some(issuer.to_owned())).unwrap_err();
        assert_eq!(fault.field(), Some("TOKEN_ISSUER"), "{issuer}");
    }
}
