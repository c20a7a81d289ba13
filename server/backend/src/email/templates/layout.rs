//! The HTML of a mail, made from its text: paragraphs, lines, and the link. Styles stand in the elements, because many
//! clients know no others, and nothing is loaded.

use super::Parts;

const HEAD: &str = "<!DOCTYPE html>\n<html>\n<head><meta charset=\"utf-8\"><meta name=\"viewport\" \
                    content=\"width=device-width, initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\">\
                    </head>\n<body style=\"margin:0;padding:24px\">\n<div style=\"max-width:560px;margin:0 auto;\
                    font:16px/1.5 -apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif\">\n";
const FOOT: &str = "</div>\n</body>\n</html>\n";

/// A text with its HTML. `link` is what becomes one; what else looks like an address stays text, whoever wrote it.
pub(super) fn parts(text: String, link: &str) -> Parts {
    let html = html(&text, link);
    Parts {
        text,
        html: Some(html),
    }
}

fn html(text: &str, link: &str) -> String {
    let is_address = link.starts_with("https://") || link.starts_with("http://");
    let link = Some(escaped(link)).filter(|_| is_address);
    let mut html = HEAD.to_owned();
    for paragraph in text
        .split("\n\n")
        .filter(|paragraph| !paragraph.trim().is_empty())
    {
        let lines: Vec<_> = paragraph.trim_matches('\n').lines().map(escaped).collect();
        let mut inner = lines.join("<br>\n");
        if let Some(link) = &link {
            inner = inner.replace(link.as_str(), &format!("<a href=\"{link}\">{link}</a>"));
        }
        html.push_str("<p style=\"margin:0 0 16px\">");
        html.push_str(&inner);
        html.push_str("</p>\n");
    }
    html.push_str(FOOT);
    html
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}
