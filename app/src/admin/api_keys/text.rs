//! What the API keys page says.

/// The sections its records stand in.
pub const SECTIONS: &[&str] = &["API key"];
pub const TITLE: &str = "API keys";
pub const LEAD: &str = "Keys with which programs send events to Daybook and read them.";
pub const DESCRIBED: &str = "How to use the API";
pub const TABLE: &str = "API keys";
pub const NEW: &str = "New API key";
pub const NEW_LEAD: &str =
    "The key is shown once, right after it is made. Daybook keeps only a fingerprint of it.";
pub const NAME_HINT: &str = "The program or machine that will use it. It becomes the source of its events.";
pub const SCOPES: &str = "What it may do";
pub const ALLOWED: &str = "Allowed to";
pub const CREATE: &str = "Create key";
pub const CREATING: &str = "Creating…";
pub const CANCEL: &str = "Cancel";
pub const NEVER: &str = "Never";
pub const ACTIVE: &str = "Active";
pub const REVOKED: &str = "Revoked";
pub const REVOKE: &str = "Revoke";
pub const REVOKE_BUTTON: &str = "Revoke key";
pub const REVOKING: &str = "Revoking…";
pub const CLOSE: &str = "Close";
pub const NO_KEYS: &str = "No keys yet";
pub const NO_KEYS_LEAD: &str = "A program needs a key to send its events here. Make one for each program, so that each can be revoked on its own.";
pub const FIRST_EVENT: &str = "Send a first event";
pub const FIRST_EVENT_LEAD: &str =
    "Run this where you have curl. The event then stands at the top of the activity log.";

pub fn created(name: &str) -> String {
    format!("The key “{name}” is ready. Copy it now: it is shown only this once.")
}

pub fn revoked(name: &str) -> String {
    format!("The key “{name}” is revoked.")
}

pub fn revoke_question(name: &str) -> String {
    format!(
        "Revoke “{name}”? Programs that use it are refused at once, and it can't be made valid again. Events it sent \
         stay."
    )
}

/// What a scope lets a program do.
pub fn scope(name: &str) -> Option<&'static str> {
    match name {
        "events:write" => Some("Send events to the logs."),
        "events:read" => Some("Read and export all records, as “View audit logs” allows a person."),
        "analytics:read" => Some("Read usage figures of the portals."),
        "directory:write" => Some("Keep companies, contacts and service agents as the helpdesk has them."),
        "email:write" => Some("Report emails that another system has sent, and what becomes of them."),
        _ => None,
    }
}

/// The command that sends one event with `key` to the server at `origin`.
pub fn first_event(origin: &str, key: &str) -> String {
    format!(
        "curl {origin}/api/v2/events \\\n  -H 'Authorization: Bearer {key}' \\\n  -H 'Content-Type: application/json' \
         \\\n  -d '{{\"event_type\": \"hello.sent\", \"actor\": {{\"kind\": \"system\", \"name\": \"curl\"}}, \
         \"summary\": \"Sent a first event\"}}'"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use daybook_domain::account::Scope;

    #[test]
    fn every_scope_is_explained() {
        assert!(Scope::ALL.iter().all(|s| scope(s.name()).is_some()));
    }

    #[test]
    fn the_command_is_whole() {
        let command = first_event("https://log.example.org", "dbk_1");
        let body = command
            .split_once("-d '")
            .and_then(|(_, rest)| rest.strip_suffix('\''));
        let event: serde_json::Value = body
            .and_then(|body| serde_json::from_str(body).ok())
            .unwrap_or_default();
        assert_eq!(event["actor"]["kind"], "system");
        assert!(command.starts_with(
            "curl https://log.example.org/api/v2/events \\\n  -H 'Authorization: Bearer dbk_1' \\\n"
        ));
    }
}
