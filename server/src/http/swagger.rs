//! `/swagger`: the API's description, to read and to try out with a key.
//!
//! Open to everybody as the description is: neither holds data, and what is tried out needs a key. The page is shown by Swagger
//! UI, of which the binary carries the script and the style sheet; a key that is typed into it stays in the page and is
//! forgotten with it.

use super::{assets::accepts, pages::problem};
use axum::{
    extract::Path,
    http::{
        HeaderMap, StatusCode,
        header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, VARY},
    },
    response::{IntoResponse, Response},
};
use flate2::read::GzDecoder;
use std::{io::Read, sync::Arc};
use utoipa_swagger_ui::{Config, serve};

/// What the page loads of Swagger UI, which brings more.
const FILES: [&str; 2] = ["swagger-ui-bundle.js", "swagger-ui.css"];
/// What begins it. A script in the page itself would need another policy.
const START: (&str, &str) = (
    "start.js",
    "SwaggerUIBundle({\n  url: '/api/v2/openapi.json',\n  dom_id: '#swagger-ui',\n  deepLinking: true,\n  \
     tryItOutEnabled: true,\n  persistAuthorization: false,\n  validatorUrl: null,\n});\n",
);
const FOR_AN_HOUR: &str = "public, max-age=3600";
/// Its style sheet holds its icons as `data:`.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
                      form-action 'none'; base-uri 'none'; frame-ancestors 'none'";
const PAGE: &str = "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><meta name=\"viewport\" \
                    content=\"width=device-width, initial-scale=1\">\
                    <link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\">\
                    <link rel=\"stylesheet\" href=\"/swagger/swagger-ui.css\">\
                    <title>API · Daybook</title></head>\n<body><main id=\"swagger-ui\"></main>\
                    <noscript><p>This page needs JavaScript. What it shows is in \
                    <a href=\"/api/v2/openapi.json\">openapi.json</a>.</p></noscript>\
                    <script src=\"/swagger/swagger-ui-bundle.js\"></script>\
                    <script src=\"/swagger/start.js\"></script></body>\n</html>\n";

pub async fn page() -> Response {
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CONTENT_SECURITY_POLICY, POLICY),
    ];
    (headers, PAGE).into_response()
}

pub async fn file(Path(name): Path<String>, headers: HeaderMap) -> Response {
    if name == START.0 {
        let headers = [
            (CONTENT_TYPE, "text/javascript; charset=utf-8"),
            (CACHE_CONTROL, FOR_AN_HOUR),
        ];
        return (headers, START.1).into_response();
    }
    let known = FILES.contains(&name.as_str());
    let found = known.then(|| carried(&name, accepts(&headers, "gzip"))).flatten();
    found.unwrap_or_else(|| {
        let text = "The page of the API loads no such file.";
        problem(StatusCode::NOT_FOUND, "There is nothing here", text)
    })
}

/// A file of Swagger UI as an answer. It is carried compressed.
fn carried(name: &str, compressed: bool) -> Option<Response> {
    let file = serve(name, Arc::new(Config::default())).ok()??;
    let headers = [
        (CONTENT_TYPE, file.content_type.as_str()),
        (CACHE_CONTROL, FOR_AN_HOUR),
        (VARY, "accept-encoding"),
    ];
    if compressed {
        let content = file.bytes.into_owned();
        return Some((headers, [(CONTENT_ENCODING, "gzip")], content).into_response());
    }
    let mut plain = Vec::new();
    GzDecoder::new(&*file.bytes).read_to_end(&mut plain).ok()?;
    Some((headers, plain).into_response())
}
