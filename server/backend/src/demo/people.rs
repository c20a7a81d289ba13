//! The people of the demo workspace who can sign in to the portal. The store creates them; the events name them by
//! the same ids.

use super::{
    calendar::OFFICES,
    data::staff::{ACCOUNTS, OTHERS, STAFF},
    dice::{Dice, Purpose},
};
use daybook_domain::{account::UserStatus, id::UserId, permission::BuiltInRole};

/// The name of the demo's helpdesk.
pub const WORKSPACE_NAME: &str = "Northdesk";

/// Everybody who has, or had, an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoPeople {
    /// The administrator, the auditor and the agent to sign in as come first, in this order; then the staff.
    pub users: Vec<DemoUser>,
}

/// One account to create.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoUser {
    pub id: UserId,
    pub name: String,
    pub email: String,
    pub role: BuiltInRole,
    pub status: UserStatus,
    /// IANA name of the zone in which they read times.
    pub zone: &'static str,
    /// Where they work, a position in `OFFICES`.
    pub(super) office: usize,
}

/// How many of the staff, from the first, are administrators.
const ADMINISTRATORS: usize = 4;
/// How many of the staff, from the last, have left. The last of them is the one whose leaving is told in full.
const LEFT: usize = 4;

/// The people of the workspace that this seed makes: three accounts to sign in with and 25 others.
pub fn people(seed: u64) -> DemoPeople {
    let mut dice = Dice::new(seed, Purpose::People);
    let mut chosen: Vec<_> = OTHERS.iter().collect();
    dice.shuffle(&mut chosen);
    chosen.truncate(STAFF);
    let mut users = Vec::with_capacity(ACCOUNTS.len() + STAFF);
    for (position, row) in ACCOUNTS.iter().chain(chosen).enumerate() {
        let of_staff = position.checked_sub(ACCOUNTS.len());
        let role = match (position, of_staff) {
            (0, _) => BuiltInRole::Administrator,
            (1, _) => BuiltInRole::Auditor,
            (_, Some(number)) if number < ADMINISTRATORS => BuiltInRole::Administrator,
            _ => BuiltInRole::Agent,
        };
        let status = match of_staff {
            Some(number) if number >= STAFF - LEFT => UserStatus::Deactivated,
            Some(number) if number == STAFF - LEFT - 1 => UserStatus::Invited,
            _ => UserStatus::Active,
        };
        users.push(DemoUser {
            id: UserId(dice.id()),
            name: row.0.to_owned(),
            email: format!("{}@northdesk.example", row.1),
            role,
            status,
            zone: OFFICES[row.2].zone.name(),
            office: row.2,
        });
    }
    DemoPeople { users }
}
