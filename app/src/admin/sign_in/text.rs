//! What the page of the sign-in policy says.

use std::net::IpAddr;

/// The sections its records stand in.
pub const SECTIONS: &[&str] = &["Sign-in policy"];
pub const TITLE: &str = "Sign-in policy";
pub const LEAD: &str = "It holds for everybody, also for sessions that are open. Every change is recorded.";
pub const SESSIONS: &str = "Sessions";
pub const IDLE: &str = "Minutes without a request until a session is over";
pub const IDLE_HINT: &str = "From 5 minutes to 10,080 (a week).";
pub const LONGEST: &str = "Hours until it is over in any case";
pub const LONGEST_HINT: &str = "From 1 hour to 2,160 (90 days).";
pub const PASSWORDS: &str = "Passwords";
pub const LENGTH: &str = "Characters of a new password";
pub const LENGTH_HINT: &str =
    "From 12 to 128. Easy ones are refused whatever their length. Passwords there are stay as they are.";
pub const PLACES: &str = "Places";
pub const NETWORKS: &str = "Networks from which people come in";
pub const NETWORKS_HINT: &str = "One a line, such as 203.0.113.0/24; without one, any. API keys aren't held to it. \
                                 Should everybody be locked out: daybook user any-network.";
pub const SAVE: &str = "Save policy";
pub const SAVING: &str = "Saving…";
pub const SAVED: &str = "The sign-in policy is saved.";
pub const NO_NUMBER: &str = "This is not a whole number.";

pub fn your_address(ip: IpAddr) -> String {
    format!("You come from {}.", ip.to_canonical())
}
