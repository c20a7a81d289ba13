//! Daybook's tables as sea-orm entities, one per file. Plain rows: no rules, no conversions beyond the types.
//!
//! Every key starts with the workspace. Times are microseconds since the epoch, UTC. Words are the wire names of the
//! domain's types.

pub mod api_key;
pub mod email_body;
pub mod email_event;
pub mod email_message;
pub mod email_provider;
pub mod email_suppression;
pub mod email_zone;
pub mod event;
pub mod event_block;
pub mod event_facet;
pub mod event_head;
pub mod event_removed;
pub mod event_segment;
pub mod facet;
pub mod integration_attempt;
pub mod integration_secret;
pub mod integration_state;
pub mod invitation;
pub mod legal_hold;
pub mod list_setting;
pub mod mail_setting;
pub mod object;
pub mod object_alias;
pub mod object_import;
pub mod object_import_content;
pub mod object_import_problem;
pub mod object_reference;
pub mod object_sort_key;
pub mod outbox;
pub mod posting;
pub mod retention_policy;
pub mod retention_run;
pub mod role;
pub mod saved_view;
pub mod session;
pub mod shown_log;
pub mod user;
pub mod webhook_attempt;
pub mod webhook_header;
pub mod webhook_message;
pub mod webhook_secret;
pub mod webhook_state;
pub mod workspace;
