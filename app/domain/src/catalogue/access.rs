//! Who came in, who didn't, and what they were refused: the access log.

use super::{
    Field, Row, V0_1_0, always,
    example::{MARA, TOMAS, auth, step, tell, tomas},
    sometimes,
};
use crate::{
    event::{Action, EventBody, Outcome},
    log::LogKind,
};
use serde_json::json;

const CATEGORY: &str = "Authorization";
const IMPERSONATION: &str = "Impersonation";
const REPORTED: &str = "Ticket 4711: the board list is empty";
const ADMIN_CENTER: &str = "Admin Center";

const USER: Field = always("targets", "The user, of kind `user`.");
const FORM: Field = always(
    "login_source",
    "By what they came: `form` (the sign-in page), `google`, `microsoft`, or the name of another provider.",
);
const AT_PROVIDER: Field = sometimes(
    "metadata.provider",
    "Where somebody came from a provider: which (`id`, `name`, `issuer`), whom it means (`subject`), and by what it finds the \
     sign-in in its own log (`sid`, `jti`, `tid`, `oid`, `requests`).",
);
const AUTH_ID: Field = sometimes("auth.id", "The provider's own id of the sign-in.");
const STEPS: Field = always(
    "steps",
    "The sign-in step by step: whom the address belongs to, whether they may sign in, how the password was, and the \
     cookie.",
);

pub(super) static USER_SIGNED_IN: Row = Row {
    log: LogKind::Access,
    category: CATEGORY,
    sections: &[ADMIN_CENTER],
    action: Action::Login,
    meaning: "A user signed in.",
    fields: &[
        USER,
        FORM,
        always(
            "auth.method",
            "`password`, or `oidc` by a provider; with a second factor `…_and_code` or `…_and_recovery_code`; `setup` and \
             `invitation` for those who have just chosen their password.",
        ),
        AUTH_ID,
        AT_PROVIDER,
        STEPS,
    ],
    since: V0_1_0,
    example: |body| {
        tell(body, "Mara Okafor signed in", "user", MARA, "Mara Okafor");
        tried(body);
        body.steps.push(step(481_190, "Password is right"));
        let cookie = step(481_204, "Cookie issued").with_data(json!({"rememberMe": false}));
        body.steps.push(cookie);
    },
};

pub(super) static USER_SIGN_IN_FAILED: Row = Row {
    log: LogKind::Access,
    category: CATEGORY,
    sections: &[ADMIN_CENTER],
    action: Action::Login,
    meaning: "Somebody tried to sign in and wasn't let in. They were told less than stands here.",
    fields: &[
        sometimes(
            "targets",
            "The user, of kind `user`, where the address belongs to one.",
        ),
        always("reason", "Why, as a sentence."),
        always(
            "metadata.reason_code",
            "Why, for programs: `unknown_user`, `wrong_password`, `deactivated`, `invited`, `throttled`, `network`, \
             `changed_meanwhile`, `wrong_code`, `used_code` or `sealed_factor`; of a provider also what is wrong with it or \
             its answer, such as `state_mismatch` or `provider_down`, and `no_email`, `unverified_email`, `other_domain` or \
             `no_role`.",
        ),
        sometimes(
            "metadata.limit",
            "Which limit was reached, where there were too many tries.",
        ),
        FORM,
        always(
            "auth.method",
            "`password`, or `oidc` by a provider; `…_and_code` where that was right and the code wasn't.",
        ),
        AUTH_ID,
        AT_PROVIDER,
        STEPS,
    ],
    since: V0_1_0,
    example: |body| {
        let summary = "Sign-in of Mara Okafor failed: wrong password";
        tell(body, summary, "user", MARA, "Mara Okafor");
        tried(body);
        body.steps.push(step(481_190, "Password is wrong"));
        fail(body, "Wrong password");
        body.metadata
            .insert("reason_code".to_owned(), "wrong_password".into());
    },
};

pub(super) static USER_CODE_ASKED: Row = Row {
    log: LogKind::Access,
    category: CATEGORY,
    sections: &[ADMIN_CENTER],
    // Nobody is in yet.
    action: Action::Other,
    meaning: "Somebody typed a user's password, or came from a provider, and was asked for a code. They aren't in before that \
              is right: where nothing follows, they may not have it.",
    fields: &[USER, FORM, AT_PROVIDER, STEPS],
    since: V0_1_0,
    example: |body| {
        let summary = "Mara Okafor was asked for a code: the password was right";
        tell(body, summary, "user", MARA, "Mara Okafor");
        tried(body);
        body.auth = None;
        body.steps.push(step(481_190, "Password is right"));
        body.steps.push(step(481_204, "A code is asked for"));
    },
};

/// A row of what somebody has done with a second factor.
macro_rules! second_factor {
    ($name:ident, $action:expr, $meaning:literal, $summary:literal $(, $field:expr)*) => {
        pub(super) static $name: Row = Row {
            log: LogKind::Access,
            category: CATEGORY,
            sections: &[ADMIN_CENTER],
            action: $action,
            meaning: $meaning,
            fields: &[USER $(, $field)*],
            since: V0_1_0,
            example: |body| tell(body, $summary, "user", MARA, "Mara Okafor"),
        };
    };
}

second_factor!(
    USER_SECOND_FACTOR_BEGUN,
    Action::Create,
    "A user had a secret made for an app. No code is asked for before they have typed one.",
    "Mara Okafor began to set up a second factor"
);
second_factor!(
    USER_SECOND_FACTOR_ENABLED,
    Action::Enable,
    "From now on a user is asked for a code when they sign in.",
    "Mara Okafor set up a second factor"
);
second_factor!(
    USER_SECOND_FACTOR_DISABLED,
    Action::Disable,
    "A user isn't asked for a code any more: they have switched that off, with a code.",
    "Mara Okafor switched their second factor off"
);
second_factor!(
    USER_SECOND_FACTOR_REMOVED,
    Action::Disable,
    "Whoever manages users took the second factor away from a user who has lost it.",
    "Removed the second factor of user “Mara Okafor”"
);
second_factor!(
    USER_RECOVERY_CODES_RENEWED,
    Action::Update,
    "A user made recovery codes in place of those they had.",
    "Mara Okafor made new recovery codes"
);

pub(super) static USER_SECOND_FACTOR_REFUSED: Row = Row {
    log: LogKind::Access,
    category: CATEGORY,
    sections: &[ADMIN_CENTER],
    action: Action::Update,
    meaning: "Somebody who was signed in wanted to change the second factor and typed a wrong code.",
    fields: &[USER, always("reason", "Why, as a sentence.")],
    since: V0_1_0,
    example: |body| {
        let summary = "A code of Mara Okafor was refused: Wrong code";
        tell(body, summary, "user", MARA, "Mara Okafor");
        fail(body, "Wrong code");
    },
};

pub(super) static USER_SIGNED_OUT: Row = Row {
    log: LogKind::Access,
    category: CATEGORY,
    sections: &[ADMIN_CENTER],
    action: Action::Logout,
    meaning: "A user signed out.",
    fields: &[USER],
    since: V0_1_0,
    example: |body| tell(body, "Mara Okafor signed out", "user", MARA, "Mara Okafor"),
};

pub(super) static USER_PASSWORD_RESET_ASKED: Row = Row {
    log: LogKind::Access,
    category: CATEGORY,
    sections: &[ADMIN_CENTER],
    action: Action::Send,
    meaning: "A user was mailed a link to choose a new password. They asked for it themselves, or whoever manages users has \
              it sent.",
    fields: &[USER],
    since: V0_1_0,
    example: |body| {
        let summary = "Tomás Rey asked for a new password: a link was sent";
        tell(body, summary, "user", TOMAS, "Tomás Rey");
        body.actor = tomas();
    },
};

pub(super) static USER_PASSWORD_RESET_REFUSED: Row = Row {
    log: LogKind::Access,
    category: CATEGORY,
    sections: &[ADMIN_CENTER],
    action: Action::Send,
    meaning: "Somebody asked for a new password and no link was sent. They weren't told so.",
    fields: &[
        sometimes(
            "targets",
            "The user, of kind `user`, where the address belongs to one.",
        ),
        always("reason", "Why, as a sentence."),
    ],
    since: V0_1_0,
    example: |body| {
        let summary = "Tomás Rey asked for a new password: a link was not sent";
        tell(body, summary, "user", TOMAS, "Tomás Rey");
        body.actor = tomas();
        fail(body, "The user is deactivated");
    },
};

pub(super) static USER_PASSWORD_CHANGE_FAILED: Row = Row {
    log: LogKind::Access,
    category: CATEGORY,
    sections: &[ADMIN_CENTER],
    action: Action::Update,
    meaning: "Somebody who was signed in wanted to change the password and didn't know the current one.",
    fields: &[
        USER,
        always("reason", "Why, as a sentence."),
        always("auth.method", "`password`."),
    ],
    since: V0_1_0,
    example: |body| {
        let summary = "Mara Okafor failed to change their password";
        tell(body, summary, "user", MARA, "Mara Okafor");
        body.auth = Some(auth("password"));
        fail(body, "Wrong current password");
    },
};

const WHY: Field = always("metadata.why", "Why, as whoever began it wrote.");

pub(super) static IMPERSONATION_STARTED: Row = Row {
    log: LogKind::Access,
    category: IMPERSONATION,
    sections: &[ADMIN_CENTER],
    action: Action::ImpersonateStart,
    meaning: "A user began to appear as another. What they do from then on is recorded as done by the other, with \
              them as the impersonator.",
    fields: &[
        always("targets", "As whom, of kind `user`."),
        WHY,
        always("metadata.minutes", "For how long at most."),
    ],
    since: V0_1_0,
    example: |body| {
        tell(
            body,
            "Mara Okafor began to appear as Tomás Rey",
            "user",
            TOMAS,
            "Tomás Rey",
        );
        body.metadata.insert("why".to_owned(), REPORTED.into());
        body.metadata.insert("minutes".to_owned(), 30.into());
    },
};

pub(super) static IMPERSONATION_ENDED: Row = Row {
    log: LogKind::Access,
    category: IMPERSONATION,
    sections: &[ADMIN_CENTER],
    action: Action::ImpersonateEnd,
    meaning: "A user stopped appearing as another.",
    fields: &[
        always("targets", "As whom, of kind `user`."),
        WHY,
        always(
            "metadata.ended_by",
            "`themselves`, `time`, `sign_out`, `session` where that ended, or `user` where the other may no longer sign \
             in.",
        ),
        always("metadata.seconds", "How long it lasted."),
    ],
    since: V0_1_0,
    example: |body| {
        tell(
            body,
            "Mara Okafor stopped appearing as Tomás Rey",
            "user",
            TOMAS,
            "Tomás Rey",
        );
        body.metadata.insert("why".to_owned(), REPORTED.into());
        body.metadata.insert("ended_by".to_owned(), "themselves".into());
        body.metadata.insert("seconds".to_owned(), 412.into());
    },
};

pub(super) static ACCESS_DENIED: Row = Row {
    log: LogKind::Access,
    category: CATEGORY,
    sections: &[ADMIN_CENTER, "API"],
    action: Action::Read,
    meaning: "A user or a program asked for something that they may not see or do, and was refused.",
    fields: &[
        always("reason", "Which permission or scope is missing, as a sentence."),
        always("metadata.what", "The page, function or route that was asked for."),
        sometimes("metadata.permission", "The permission that is missing."),
        sometimes("metadata.scope", "The scope that the API key lacks."),
    ],
    since: V0_1_0,
    example: |body| {
        body.summary = Some("Mara Okafor was refused: /admin/roles".to_owned());
        fail(body, "Needs the permission “Manage roles”");
        body.metadata
            .insert("permission".to_owned(), "roles.manage".into());
        body.metadata.insert("what".to_owned(), "/admin/roles".into());
    },
};

/// What a sign-in and a failed one have in common.
fn tried(body: &mut EventBody) {
    let members = json!([{
        "name": "Mara Okafor",
        "entity_id": MARA,
        "email": "mara.okafor@northdesk.example",
    }]);
    body.login_source = Some("form".to_owned());
    body.auth = Some(auth("password"));
    body.steps = vec![
        step(0, "Looked up the email").with_data(json!({"members": members})),
        step(12, "Member is valid"),
    ];
}

fn fail(body: &mut EventBody, reason: &str) {
    body.outcome = Outcome::Failure;
    body.reason = Some(reason.to_owned());
}
