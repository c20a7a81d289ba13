//! Contacts in the customer portal: how they come in, and what they have of their own there.

use super::{
    Field, Row, V0_1_0, always,
    example::{auth, step},
    sometimes,
};
use crate::{
    event::{Action, Actor, ActorKind, Auth, EventBody, NamedRef, Outcome, Target},
    log::LogKind,
};
use serde_json::json;

const CATEGORY: &str = "Authorization";
const PORTAL: &str = "Customer portal";
const ANN: &str = "01890a5d-ac96-774b-bcce-b302099a8057";
const HARBOR: &str = "01890a5d-ac96-774b-bcce-b302099a8058";

const CONTACT: Field = sometimes(
    "contact",
    "The contact, where the address is one's who may come in.",
);
const COMPANY: Field = sometimes("company", "The company they belong to.");
const BRAND: Field = sometimes("brand", "The brand under which that is served.");
const TARGET: Field = sometimes("targets", "The contact, of kind `contact`.");
const SOURCE: Field = always(
    "login_source",
    "By what they came: `magic_link`, `form` (a password), `google`, `microsoft`, or the name of another provider.",
);
const METHOD: Field = always("auth.method", "`magic_link`, `password` or `oidc`.");
const AUTH_ID: Field = sometimes(
    "auth.id",
    "The id of the link they came by, or the provider's own id of the sign-in.",
);
const AT_PROVIDER: Field = sometimes(
    "metadata.provider",
    "Where somebody came from a provider: which, whom it means, and by what it finds the sign-in in its own log.",
);
const STEPS: Field = always(
    "steps",
    "The sign-in step by step: which contacts the address belongs to, which of them may come in, how they proved who they \
     are, which was chosen, and the cookie.",
);

const fn row(
    action: Action,
    meaning: &'static str,
    fields: &'static [Field],
    example: fn(&mut EventBody),
) -> Row {
    Row {
        log: LogKind::ContactAuthentication,
        category: CATEGORY,
        sections: &[PORTAL],
        action,
        meaning,
        fields,
        since: V0_1_0,
        example,
    }
}

pub(super) static SIGNED_IN: Row = row(
    Action::Login,
    "A contact signed in to the customer portal.",
    &[
        TARGET,
        CONTACT,
        COMPANY,
        BRAND,
        SOURCE,
        METHOD,
        AUTH_ID,
        AT_PROVIDER,
        STEPS,
    ],
    |body| {
        told(body, "Ann Reyes signed in to the customer portal");
        came(body);
        let cookie = step(481_204, "Cookie issued").with_data(json!({"rememberMe": false}));
        body.steps.push(cookie);
    },
);

pub(super) static SIGN_IN_FAILED: Row = row(
    Action::Login,
    "Somebody tried to come into the customer portal and wasn't let in. They were told less than stands here.",
    &[
        TARGET,
        CONTACT,
        COMPANY,
        BRAND,
        always("reason", "Why, as a sentence."),
        always(
            "metadata.reason_code",
            "Why, for programs: `unknown_contact`, `portal_off`, `deactivated`, `wrong_password`, `throttled`, `unknown_link`, \
             `expired_link`, `used_link`, `other_browser`, `unverified_email`, `other_domain`, `several_contacts` or `changed_meanwhile`; of a provider also what is wrong with it or \
             its answer.",
        ),
        SOURCE,
        METHOD,
        AUTH_ID,
        AT_PROVIDER,
        STEPS,
    ],
    |body| {
        told(
            body,
            "Sign-in of Ann Reyes to the customer portal failed: the link was used before",
        );
        came(body);
        body.outcome = Outcome::Failure;
        body.reason = Some("The link was used before".to_owned());
        body.metadata.insert("reason_code".to_owned(), "used_link".into());
    },
);

pub(super) static SIGNED_OUT: Row = row(
    Action::Logout,
    "A contact signed out of the customer portal.",
    &[TARGET, CONTACT, COMPANY, BRAND],
    |body| told(body, "Ann Reyes signed out of the customer portal"),
);

pub(super) static LINK_SENT: Row = row(
    Action::Send,
    "Somebody asked for a link that signs them in, and it was mailed. It works once, in the browser that asked.",
    &[
        TARGET,
        CONTACT,
        COMPANY,
        BRAND,
        always(
            "metadata.link",
            "The id of the link: a sign-in by it has it as `auth.id`.",
        ),
        STEPS,
    ],
    |body| {
        told(body, "Ann Reyes asked for a sign-in link: it was sent");
        body.metadata.insert("link".to_owned(), ANN.into());
        body.steps.push(step(481_001, "Looked up the address"));
    },
);

pub(super) static LINK_REFUSED: Row = row(
    Action::Send,
    "Somebody asked for a link that signs them in, and none was mailed. They were told the same as if it had been.",
    &[
        TARGET,
        CONTACT,
        COMPANY,
        BRAND,
        always("reason", "Why, as a sentence."),
        STEPS,
    ],
    |body| {
        told(body, "Ann Reyes asked for a sign-in link: it was not sent");
        body.outcome = Outcome::Failure;
        body.reason = Some("The portal is off for the company".to_owned());
        body.steps.push(step(481_001, "Looked up the address"));
    },
);

pub(super) static SESSION_REVOKED: Row = row(
    Action::Revoke,
    "A session of a contact was ended from another one of theirs.",
    &[
        TARGET,
        CONTACT,
        COMPANY,
        BRAND,
        always("metadata.session", "The id of the session."),
        sometimes("metadata.from", "The address it was begun from."),
    ],
    |body| {
        told(body, "Ann Reyes ended a session of theirs from 203.0.113.9");
        body.metadata.insert("session".to_owned(), ANN.into());
        body.metadata.insert("from".to_owned(), "203.0.113.9".into());
    },
);

pub(super) static PASSWORD_SET: Row = Row {
    // A change of the contact stands in the log of those.
    log: LogKind::Customer,
    ..row(
        Action::Update,
        "A contact set a password of their own. All their other sessions end.",
        &[
            TARGET,
            CONTACT,
            COMPANY,
            BRAND,
            always("changes.password", "The password.").secret(),
        ],
        |body| {
            told(body, "Ann Reyes set a password for the customer portal");
            body.changes.push(crate::event::Change::secret("password"));
        },
    )
};

pub(super) static RECORDS_EXPORTED: Row = row(
    Action::Export,
    "A contact took records or email of their company out as a file; it is recorded before the first of them leaves.",
    &[
        TARGET,
        CONTACT,
        COMPANY,
        BRAND,
        always("metadata.list", "Which list: `activity`, `sign-ins` or `emails`."),
    ],
    |body| {
        told(body, "Ann Reyes took their activity out as a file");
        body.metadata.insert("list".to_owned(), "activity".into());
    },
);

fn told(body: &mut EventBody, summary: &str) {
    body.summary = Some(summary.to_owned());
    body.actor = Actor {
        id: Some(ANN.to_owned()),
        ..Actor::named(ActorKind::Contact, "Ann Reyes").with_email("ann.reyes@harbor.example")
    };
    body.targets = vec![Target::new("contact", ANN, "Ann Reyes")];
    body.contact = Some(NamedRef::new(ANN, "Ann Reyes"));
    body.company = Some(NamedRef::new(HARBOR, "Harbor Freight Lines"));
}

fn came(body: &mut EventBody) {
    body.login_source = Some("magic_link".to_owned());
    body.auth = Some(Auth {
        id: Some(ANN.to_owned()),
        ..auth("magic_link")
    });
    body.steps.push(step(481_001, "Looked up the address"));
}
