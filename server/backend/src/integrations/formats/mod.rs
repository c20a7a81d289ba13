//! Records in the words of other systems: what their collectors, indexes and chats take without a rule of their own.
//!
//! Pure: an event and where it comes from go in, bytes or JSON come out. No I/O, no clock, and nothing that knows of a
//! destination, its address or its secrets. What has no place in a format is kept beside it wherever the format allows it
//! (`unmapped`, `daybook`); CEF and the chats can't hold a record and link to it.

mod about;
pub(crate) mod bulk;
pub(crate) mod cef;
pub(crate) mod chat;
pub(crate) mod ecs;
pub(crate) mod hec;
pub(crate) mod json;
pub(crate) mod ocsf;
pub(crate) mod syslog;
#[cfg(test)]
mod tests;
mod text;

use daybook_domain::event::Event;

/// What the product and its vendor are called where a format asks for both.
const PRODUCT: &str = "Daybook";
const VERSION: &str = env!("CARGO_PKG_VERSION");
/// Longer addresses leave no room for the rest of a chat message; a browser wouldn't mind.
const MAX_URL_BYTES: usize = 200;

/// Where the events come from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Origin<'a> {
    /// The workspace's name.
    pub workspace: &'a str,
    /// The host name of the installation.
    pub host: &'a str,
    /// The origin where browsers reach Daybook, such as `https://daybook.example.org`.
    pub url: Option<&'a str>,
}

impl Origin<'_> {
    /// The permanent address of a record, where there is one that can stand in any markup.
    fn link(&self, event: &Event) -> Option<String> {
        let url = self.url?.trim_end_matches('/');
        let web = url.starts_with("https://") || url.starts_with("http://");
        let plain = |byte: u8| byte.is_ascii_graphic() && !b"<>|\"'\\`[](){}".contains(&byte);
        (web && url.len() <= MAX_URL_BYTES && url.bytes().all(plain))
            .then(|| format!("{url}/audit-logs/event/{}", event.id))
    }
}
