//! What the roles pages say.

pub const TITLE: &str = "Roles & permissions";
pub const LEAD: &str = "What each role may see and do. A user has one role.";
pub const TABLE: &str = "Roles";
pub const NEW: &str = "New role";
pub const NEW_LEAD: &str = "Give it a name people recognise, and no more permissions than the work needs.";
pub const EDIT_LEAD: &str = "A change holds at once for everybody who has this role.";
pub const BUILT_IN: &str = "built in";
pub const NAME_HINT: &str = "Shown beside the people who have it.";
pub const NAME_FIXED: &str = "Built-in roles keep their name.";
pub const DESCRIPTION_HINT: &str = "One sentence on who should have it.";
pub const ADMINISTRATOR_FIXED: &str = "An Administrator may do everything, always: so that nobody can lock the last one out. To allow less, give people \
     another role.";
pub const FACTOR: &str = "Second factor";
pub const FACTOR_ON: &str = "Whoever has this role types a code beside the password when they sign in. Who hasn't set that up may do nothing else \
     until they have.";
pub const FACTOR_OFF: &str = "Whoever has this role signs in with the password alone, unless they have set up a second factor for themselves.";
pub const NEED_FACTOR: &str = "Require a second factor";
pub const NEED_NO_FACTOR: &str = "Don't require it";
pub const FACTOR_NEEDED: &str = "The role needs a second factor now.";
pub const FACTOR_NOT_NEEDED: &str = "The role needs no second factor any more.";
pub const PERMISSIONS: &str = "Permissions";
pub const MATRIX: &str = "What each role may do";
pub const PERMISSION: &str = "Permission";
pub const MAY: &str = "Yes";
pub const MAY_NOT: &str = "No";
pub const CREATE: &str = "Create role";
pub const CREATING: &str = "Creating…";
pub const SAVE: &str = "Save changes";
pub const SAVING: &str = "Saving…";
pub const CANCEL: &str = "Cancel";
pub const BACK: &str = "All roles";
pub const AUDIT_LOG: &str = "Audit log";
pub const DELETED: &str = "Deleted";
pub const DELETE: &str = "Delete role…";
pub const DELETING: &str = "Deleting…";
pub const ALL_PERMISSIONS: &str = "Everything";
pub const NO_PERMISSION: &str = "Nothing";

pub fn permissions(count: usize, of: usize) -> String {
    match count {
        0 => NO_PERMISSION.to_owned(),
        all if all == of => ALL_PERMISSIONS.to_owned(),
        some => format!("{some} of {of}"),
    }
}

pub fn pages_of(name: &str) -> String {
    format!("Pages of the role {name}")
}

pub fn created(name: &str) -> String {
    format!("The role “{name}” is there. Give it to people on the Users page.")
}

pub fn saved(name: &str) -> String {
    format!("The role “{name}” is saved. It holds from the next click of everybody who has it.")
}

pub fn deleted() -> String {
    "The role is deleted.".to_owned()
}

pub fn delete_question(name: &str) -> String {
    format!("Delete the role “{name}”? It can't be brought back. Nobody has it, so nobody loses access.")
}

pub fn delete(name: &str) -> String {
    format!("Delete “{name}”")
}

pub fn in_use(users: u64) -> String {
    if users == 1 {
        "One user has this role. Give them another one, then it can be deleted.".to_owned()
    } else {
        format!("{users} users have this role. Give them another one, then it can be deleted.")
    }
}
