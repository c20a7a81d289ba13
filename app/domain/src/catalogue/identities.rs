//! Signing in by a provider: which there are, and whom they mean.

use super::{
    Field, Row, V0_1_0, always,
    example::{THING, TOMAS, tell},
    people::{NONE, PEOPLE, USER, USER_FIELDS},
    sometimes,
};
use crate::{
    event::{Action, Change, EventBody},
    log::LogKind,
};
use serde_json::{Value, json};

const SECTION: &[&str] = &["Identity provider"];
const PROVIDER: Field = always("targets", "The provider, of kind `identity_provider`.");
const SECRET: Field = sometimes(
    "changes.client_secret",
    "That another client secret is kept; never which.",
)
.secret();
const SCOPES: Field = sometimes("changes.scopes", "What it is asked for beyond `openid`.");
const TRUSTS: Field = sometimes(
    "changes.trusts_email",
    "Whether an address counts that the provider doesn't say to have verified.",
);
const DOMAINS: Field = sometimes(
    "changes.email_domains",
    "The domains of those who may come; none for all.",
);
const CLAIM: Field = sometimes("changes.role_claim", "The claim by whose values roles are given.");
const RULES: Field = sometimes("changes.role_rules", "Which value gives which role, in order.");
const DEFAULT: Field = sometimes("changes.default_role", "The role of those whom no rule fits.");
const VOUCHES: Field = sometimes(
    "changes.vouches_for_second_factor",
    "Whether no code is asked for when somebody comes from there.",
);
const IDENTITIES: &str = "The identities by which they come in: provider and subject.";

const fn of_provider(path: &'static str, description: &'static str, is_always: bool) -> Field {
    if is_always {
        always(path, description)
    } else {
        sometimes(path, description)
    }
}

const fn fields(is_always: bool) -> [Field; 15] {
    [
        PROVIDER,
        of_provider("changes.name", "What stands on the button.", is_always),
        of_provider("changes.issuer", "The provider, as it calls itself.", is_always),
        of_provider("changes.client_id", "What it calls this Daybook.", is_always),
        of_provider("changes.enabled", "Whether users can sign in by it.", is_always),
        sometimes(
            "changes.for_contacts",
            "Whether contacts can sign in by it, to the customer portal.",
        ),
        of_provider(
            "changes.newcomers",
            "What becomes of those who aren't users, or contacts: `refused` or `made`.",
            is_always,
        ),
        SECRET,
        SCOPES,
        TRUSTS,
        DOMAINS,
        CLAIM,
        RULES,
        DEFAULT,
        VOUCHES,
    ]
}

static CREATED_FIELDS: [Field; 15] = fields(true);
static UPDATED_FIELDS: [Field; 15] = fields(false);

fn named(body: &mut EventBody, summary: &str) {
    tell(body, summary, "identity_provider", THING, "Microsoft");
}

pub(super) static PROVIDER_CREATED: Row = Row {
    log: LogKind::Activity,
    category: PEOPLE,
    sections: SECTION,
    action: Action::Create,
    meaning: "A provider was set up by which people can sign in.",
    fields: &CREATED_FIELDS,
    since: V0_1_0,
    example: |body| {
        named(body, "Created identity provider “Microsoft”");
        body.changes = vec![
            Change::new("client_id", NONE, "0b7c1f0e-5c1d-4d0e-9a55-2f1f8f6f7f10"),
            Change::secret("client_secret"),
            Change::new("enabled", NONE, true),
            Change::new(
                "issuer",
                NONE,
                "https://login.microsoftonline.com/3f1e0b52-6a53-4b16-9d5f-6a0d6fd3c1aa/v2.0",
            ),
            Change::new("name", NONE, "Microsoft"),
            Change::new("newcomers", NONE, "refused"),
        ];
    },
};

pub(super) static PROVIDER_UPDATED: Row = Row {
    log: LogKind::Activity,
    category: PEOPLE,
    sections: SECTION,
    action: Action::Update,
    meaning: "It was changed how people sign in by a provider.",
    fields: &UPDATED_FIELDS,
    since: V0_1_0,
    example: |body| {
        named(body, "Changed newcomers of identity provider “Microsoft”");
        body.changes = vec![Change::new("newcomers", "refused", "made")];
    },
};

pub(super) static PROVIDER_DELETED: Row = Row {
    log: LogKind::Activity,
    category: PEOPLE,
    sections: SECTION,
    action: Action::Delete,
    meaning: "A provider was deleted: nobody can sign in by it any more.",
    fields: &UPDATED_FIELDS,
    since: V0_1_0,
    example: |body| {
        named(body, "Deleted identity provider “Microsoft”");
        body.changes = vec![Change::new("name", "Microsoft", NONE)];
    },
};

fn tomas(body: &mut EventBody, summary: &str) {
    tell(body, summary, "user", TOMAS, "Tomás Rey");
}

fn identity() -> Value {
    json!([{"id": format!("{THING}/AAAAB3Nza"), "name": "Microsoft: tomas.rey@northdesk.example"}])
}

static PROVISIONED_FIELDS: [Field; 8] = {
    let [target, name, email, role, status, zone, format] = USER_FIELDS;
    let linked = always("changes.identities", IDENTITIES);
    [target, name, email, role, status, zone, format, linked]
};

pub(super) static USER_PROVISIONED: Row = Row {
    log: LogKind::Activity,
    category: PEOPLE,
    sections: &["User"],
    action: Action::Create,
    meaning: "Somebody came from a provider for the first time and was made a user by that.",
    fields: &PROVISIONED_FIELDS,
    since: V0_1_0,
    example: |body| {
        tomas(body, "Made user “Tomás Rey” as they came from Microsoft");
        body.changes = vec![
            Change::new("email", NONE, "tomas.rey@northdesk.example"),
            Change::new("identities", NONE, identity()),
            Change::new("name", NONE, "Tomás Rey"),
            Change::new("regional_format", NONE, "en-GB"),
            Change::new("role", NONE, "Agent"),
            Change::new("status", NONE, "active"),
            Change::new("time_zone", NONE, "UTC"),
        ];
    },
};

pub(super) static USER_IDENTITY_LINKED: Row = Row {
    log: LogKind::Activity,
    category: PEOPLE,
    sections: &["User"],
    action: Action::Update,
    meaning: "A user came from a provider for the first time: from now on it is they whom it means, whatever address it gives.",
    fields: &[
        USER,
        always("changes.identities", IDENTITIES),
        sometimes("changes.status", "From `invited` to `active`."),
        sometimes(
            "changes.invitation",
            "That the link of their invitation is used up; never the link.",
        )
        .secret(),
    ],
    since: V0_1_0,
    example: |body| {
        tomas(body, "Linked user “Tomás Rey” with Microsoft");
        body.changes = vec![Change::new("identities", NONE, identity())];
    },
};

pub(super) static USER_IDENTITY_UNLINKED: Row = Row {
    log: LogKind::Activity,
    category: PEOPLE,
    sections: &["User"],
    action: Action::Update,
    meaning: "Whoever manages users parted a user from an identity: whoever it means comes in as them no more.",
    fields: &[USER, always("changes.identities", IDENTITIES)],
    since: V0_1_0,
    example: |body| {
        tomas(body, "Parted user “Tomás Rey” from an identity");
        body.changes = vec![Change::new("identities", identity(), NONE)];
    },
};
