//! Everyday stories, one file a theme. A scene is a small state machine that plays beat by beat; what it says about
//! the world is true when it says it.

pub mod access;
pub mod activity;
mod automations;
pub mod billing;
mod contact_sign_in;
mod conversation;
mod customer;
mod desk;
mod email;
pub mod integrations;
mod portal_use;
pub mod routing;
pub mod sign_in;
mod staff;
pub mod webhooks;
mod work_session;

use super::life::{Scene, Stage};
use daybook_domain::log::LogKind;

/// A new scene whose first beat is about this log.
pub fn open(log: LogKind, stage: &mut Stage) -> Box<dyn Scene> {
    match log {
        LogKind::Activity => activity::open(stage),
        LogKind::Access => access::open(stage),
        LogKind::WebhookFailure => Box::new(webhooks::Failing::any(stage)),
        LogKind::IntegrationFailure => Box::new(integrations::Failing::any(stage)),
        LogKind::EmailFailure => Box::new(email::Undelivered),
        LogKind::WorkflowFailure => Box::new(automations::Stopped::any(stage)),
        LogKind::ContactAuthentication => Box::new(contact_sign_in::Visit::any(stage)),
        LogKind::Billing => Box::new(billing::Order),
        LogKind::WorkSession => work_session::open(stage),
        LogKind::Conversation => Box::new(conversation::Conversation::open(stage)),
        LogKind::Customer => customer::open(stage),
    }
}
