//! What is done to the workspace, its users and roles: each with before and after.

use super::{
    Field, Row, V0_1_0, always,
    example::{MARA, THING, TOMAS, tell, tomas},
    sometimes,
};
use crate::{
    event::{Action, Change},
    log::LogKind,
};
use serde_json::{Value, json};

pub(super) const PEOPLE: &str = "Users & permissions";
pub(super) const NONE: Value = Value::Null;

pub(super) const USER: Field = always("targets", "The user, of kind `user`.");
const ROLE: Field = always("targets", "The role, of kind `role`.");
const PASSWORD: Field = always(
    "changes.password",
    "That the password changed; neither the old nor the new one.",
)
.secret();
const LINK: Field = sometimes(
    "changes.invitation",
    "That the invitation link was withdrawn or used up; never the link.",
)
.secret();
const DELIVERY: Field = sometimes(
    "metadata.delivery",
    "How the link gets to them: `email`, or `shown` to who asked for it.",
);
pub(super) const USER_FIELDS: [Field; 7] = [
    USER,
    always("changes.name", "The user's name."),
    always("changes.email", "The address they sign in with."),
    always("changes.role", "The name of their role."),
    always("changes.status", "`active` or `invited`."),
    always(
        "changes.time_zone",
        "The zone they read times in, by its IANA name.",
    ),
    always("changes.regional_format", FORMAT),
];

const FORMAT: &str = "How dates and numbers are written for them, by the tag of a language and region.";
/// Of the workspace.
pub(super) const FORMAT_OF_NEW: &str =
    "How dates and numbers are written for new users, by the tag of a language and region.";

pub(super) static WORKSPACE_CREATED: Row = Row {
    log: LogKind::Activity,
    category: "Settings",
    sections: &["Workspace"],
    action: Action::Create,
    meaning: "The workspace was set up.",
    fields: &[
        always("targets", "The workspace, of kind `workspace`."),
        always("changes.name", "The workspace's name."),
        always(
            "changes.time_zone",
            "The zone in which new users read times, by its IANA name.",
        ),
        always("changes.regional_format", FORMAT_OF_NEW),
        always(
            "changes.helpdesk_integration",
            "The helpdesk product: `none`, `connectwise` or `autotask`.",
        ),
        sometimes(
            "changes.courses_module",
            "Whether the helpdesk has the courses module.",
        ),
    ],
    since: V0_1_0,
    example: |body| {
        tell(
            body,
            "Created workspace “Northdesk”",
            "workspace",
            THING,
            "Northdesk",
        );
        body.changes = vec![
            Change::new("courses_module", NONE, false),
            Change::new("helpdesk_integration", NONE, "none"),
            Change::new("name", NONE, "Northdesk"),
            Change::new("regional_format", NONE, "en-GB"),
            Change::new("time_zone", NONE, "UTC"),
        ];
    },
};

pub(super) static USER_CREATED: Row = Row {
    log: LogKind::Activity,
    category: PEOPLE,
    sections: &["User"],
    action: Action::Create,
    meaning: "A user was made with a password, at set-up or from the command line, and can sign in at once.",
    fields: &{
        let [target, name, email, role, status, zone, format] = USER_FIELDS;
        [target, name, email, role, status, zone, format, PASSWORD]
    },
    since: V0_1_0,
    example: |body| {
        tell(body, "Created user “Tomás Rey”", "user", TOMAS, "Tomás Rey");
        body.changes = new_user("active", "password");
    },
};

pub(super) static USER_INVITED: Row = Row {
    log: LogKind::Activity,
    category: PEOPLE,
    sections: &["User"],
    action: Action::Invite,
    meaning: "Somebody was invited: a user was made, with a link to choose a password.",
    fields: &{
        let [target, name, email, role, status, zone, format] = USER_FIELDS;
        let link = always(
            "changes.invitation",
            "That there is an invitation link; never the link.",
        )
        .secret();
        [target, name, email, role, status, zone, format, link, DELIVERY]
    },
    since: V0_1_0,
    example: |body| {
        tell(body, "Invited user “Tomás Rey”", "user", TOMAS, "Tomás Rey");
        body.changes = new_user("invited", "invitation");
    },
};

pub(super) static USER_REINVITED: Row = Row {
    log: LogKind::Activity,
    category: PEOPLE,
    sections: &["User"],
    action: Action::Invite,
    meaning: "An invited user got a new link; the old one stopped working.",
    fields: &[
        USER,
        always(
            "changes.invitation",
            "That there is another link; never the link.",
        )
        .secret(),
        DELIVERY,
    ],
    since: V0_1_0,
    example: |body| {
        let summary = "Made a new invitation link for user “Tomás Rey”";
        tell(body, summary, "user", TOMAS, "Tomás Rey");
        body.changes = vec![Change::secret("invitation")];
    },
};

pub(super) static USER_INVITATION_ACCEPTED: Row = Row {
    log: LogKind::Activity,
    category: PEOPLE,
    sections: &["User"],
    action: Action::Join,
    meaning: "An invited user followed the link and chose a password.",
    fields: &[
        USER,
        always("changes.status", "From `invited` to `active`."),
        PASSWORD,
        always("changes.invitation", "That the link was used up; never the link.").secret(),
    ],
    since: V0_1_0,
    example: |body| {
        let summary = "User “Tomás Rey” accepted the invitation and chose a password";
        tell(body, summary, "user", TOMAS, "Tomás Rey");
        body.actor = tomas();
        body.changes = vec![
            Change::secret("invitation"),
            Change::secret("password"),
            Change::new("status", "invited", "active"),
        ];
    },
};

pub(super) static USER_UPDATED: Row = Row {
    log: LogKind::Activity,
    category: PEOPLE,
    sections: &["User"],
    action: Action::Update,
    meaning: "A user was given another role, or it was changed what they are called, how they are reached, or how they \
              read times and numbers.",
    fields: &[
        USER,
        sometimes("changes.role", "The name of their role."),
        sometimes("changes.name", "The user's name."),
        sometimes("changes.email", "The address they sign in with."),
        sometimes("changes.phone", "Their phone number."),
        sometimes(
            "changes.time_zone",
            "The zone they read times in, by its IANA name.",
        ),
        sometimes("changes.regional_format", FORMAT),
        sometimes(
            "changes.invitation",
            "That the invitation to an address that is not theirs any more leads nowhere.",
        )
        .secret(),
    ],
    since: V0_1_0,
    example: |body| {
        let summary = "Changed role of user “Tomás Rey” from “Agent” to “Auditor”";
        tell(body, summary, "user", TOMAS, "Tomás Rey");
        body.changes = vec![Change::new("role", "Agent", "Auditor")];
    },
};

pub(super) static USER_DEACTIVATED: Row = Row {
    log: LogKind::Activity,
    category: PEOPLE,
    sections: &["User"],
    action: Action::Disable,
    meaning: "A user was deactivated and can't sign in any more; each session that ended with it has a record of its \
              own.",
    fields: &[
        USER,
        always("changes.status", "From `active` or `invited` to `deactivated`."),
        LINK,
    ],
    since: V0_1_0,
    example: |body| {
        tell(body, "Deactivated user “Tomás Rey”", "user", TOMAS, "Tomás Rey");
        body.changes = vec![Change::new("status", "active", "deactivated")];
    },
};

pub(super) static USER_REACTIVATED: Row = Row {
    log: LogKind::Activity,
    category: PEOPLE,
    sections: &["User"],
    action: Action::Enable,
    meaning: "A deactivated user may sign in again, or be invited again where they never chose a password.",
    fields: &[
        USER,
        always("changes.status", "From `deactivated` to `active` or `invited`."),
    ],
    since: V0_1_0,
    example: |body| {
        tell(body, "Reactivated user “Tomás Rey”", "user", TOMAS, "Tomás Rey");
        body.changes = vec![Change::new("status", "deactivated", "active")];
    },
};

pub(super) static USER_DELETED: Row = Row {
    log: LogKind::Activity,
    category: PEOPLE,
    sections: &["User"],
    action: Action::Delete,
    meaning: "A user was taken away for good. The record holds all that was known of them at the end; each session and \
              saved view that went with them has a record of its own.",
    fields: &[
        USER,
        always("changes.name", "The user's name."),
        always("changes.email", "The address they signed in with."),
        always("changes.role", "The name of their role."),
        always("changes.status", "`active`, `invited` or `deactivated`."),
        always(
            "changes.time_zone",
            "The zone they read times in, by its IANA name.",
        ),
        always("changes.regional_format", FORMAT),
        sometimes("changes.phone", "Their phone number."),
        sometimes(
            "changes.password",
            "That there was a password; never the password.",
        )
        .secret(),
        LINK,
    ],
    since: V0_1_0,
    example: |body| {
        tell(body, "Deleted user “Tomás Rey”", "user", TOMAS, "Tomás Rey");
        body.changes = vec![
            Change::new("email", "tomas.rey@northdesk.example", NONE),
            Change::new("name", "Tomás Rey", NONE),
            Change::secret("password"),
            Change::new("regional_format", "en-GB", NONE),
            Change::new("role", "Agent", NONE),
            Change::new("status", "deactivated", NONE),
            Change::new("time_zone", "Europe/Lisbon", NONE),
        ];
    },
};

pub(super) static USER_PASSWORD_CHANGED: Row = Row {
    log: LogKind::Activity,
    category: PEOPLE,
    sections: &["User"],
    action: Action::Update,
    meaning: "A user changed their own password; their other sessions ended.",
    fields: &[USER, PASSWORD],
    since: V0_1_0,
    example: |body| {
        let summary = "User “Mara Okafor” changed their password";
        tell(body, summary, "user", MARA, "Mara Okafor");
        body.changes = vec![Change::secret("password")];
    },
};

pub(super) static USER_PASSWORD_RESET: Row = Row {
    log: LogKind::Activity,
    category: PEOPLE,
    sections: &["User"],
    action: Action::Update,
    meaning: "A user was given another password from the command line, or chose one by a link they were mailed; their \
              sessions ended.",
    fields: &[
        USER,
        PASSWORD,
        sometimes(
            "changes.status",
            "From `invited` to `active`: the password let them in.",
        ),
        LINK,
    ],
    since: V0_1_0,
    example: |body| {
        let summary = "Reset the password of user “Tomás Rey”";
        tell(body, summary, "user", TOMAS, "Tomás Rey");
        body.changes = vec![Change::secret("password")];
    },
};

pub(super) static ROLE_CREATED: Row = Row {
    log: LogKind::Activity,
    category: PEOPLE,
    sections: &["Role"],
    action: Action::Create,
    meaning: "A role was made; nobody has it yet.",
    fields: &[
        ROLE,
        always("changes.name", "The role's name."),
        sometimes("changes.description", "What the role is for."),
        always("changes.permissions", "The names of its permissions."),
    ],
    since: V0_1_0,
    example: |body| {
        tell(body, "Created role “Night shift”", "role", THING, "Night shift");
        body.changes = vec![
            Change::new("description", NONE, "Answers while the others sleep."),
            Change::new("name", NONE, "Night shift"),
            Change::new("permissions", NONE, json!(["audit_logs.view", "directory.view"])),
        ];
    },
};

pub(super) static ROLE_UPDATED: Row = Row {
    log: LogKind::Activity,
    category: PEOPLE,
    sections: &["Role"],
    action: Action::Update,
    meaning: "A role got another name, description or set of permissions; it holds at once for everybody who has it.",
    fields: &[
        ROLE,
        sometimes("changes.name", "The role's name."),
        sometimes("changes.description", "What the role is for."),
        sometimes("changes.permissions", "The names of its permissions."),
        sometimes(
            "changes.second_factor",
            "Whether those who have it need more than a password to sign in.",
        ),
    ],
    since: V0_1_0,
    example: |body| {
        let summary = "Changed permissions of role “Night shift”";
        tell(body, summary, "role", THING, "Night shift");
        let after = json!(["audit_logs.export", "audit_logs.view", "directory.view"]);
        let before = json!(["audit_logs.view", "directory.view"]);
        body.changes = vec![Change::new("permissions", before, after)];
    },
};

pub(super) static ROLE_DELETED: Row = Row {
    log: LogKind::Activity,
    category: PEOPLE,
    sections: &["Role"],
    action: Action::Delete,
    meaning: "A role that nobody had was deleted.",
    fields: &[
        ROLE,
        always("changes.name", "The role's name."),
        sometimes("changes.description", "What the role was for."),
        always("changes.permissions", "The names of its permissions."),
    ],
    since: V0_1_0,
    example: |body| {
        tell(body, "Deleted role “Night shift”", "role", THING, "Night shift");
        body.changes = vec![
            Change::new("name", "Night shift", NONE),
            Change::new("permissions", json!(["audit_logs.view", "directory.view"]), NONE),
        ];
    },
};

/// The properties of a user who wasn't there before, by name.
fn new_user(status: &str, secret: &str) -> Vec<Change> {
    let mut changes = vec![
        Change::new("email", NONE, "tomas.rey@northdesk.example"),
        Change::new("name", NONE, "Tomás Rey"),
        Change::new("regional_format", NONE, "en-GB"),
        Change::new("role", NONE, "Agent"),
        Change::new("status", NONE, status),
        Change::new("time_zone", NONE, "Europe/Lisbon"),
        Change::secret(secret),
    ];
    changes.sort_by(|one, other| one.property.cmp(&other.property));
    changes
}
