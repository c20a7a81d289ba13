//! Keys for programs: which there are, making one, taking one back.

mod api;
mod create;
mod first_event;
mod page;
mod row;
pub mod text;

pub use page::ApiKeysPage;

use crate::routes;
use daybook_domain::id::ApiKeyId;

/// The page with the form for a new key open.
const CREATE_PATH: &str = "/admin/api-keys?new";
/// What the message of a new key carries if the key may send events.
const SENDS: &str = "sends";

/// The page with the question about one key open.
fn revoke_path(id: ApiKeyId) -> String {
    format!("{}?revoke={id}", routes::API_KEYS)
}

/// The same, and that key in view. Not for a refusal: what it says stands at the top.
fn revoke_link(id: ApiKeyId) -> String {
    format!("{}#key-{id}", revoke_path(id))
}
