//! Contacts sign in to the customer portal (R26). Each method leaves the ids that its provider's own log knows, so
//! that the two can be compared.

use super::portal_use;
use crate::demo::{
    calendar::{MINUTE, SECOND},
    dice::Dice,
    directory::{Company, Contact, Method, brand},
    draft::Draft,
    life::{Next, Scene, Stage},
    network::Origin,
};
use daybook_domain::{
    event::{Action, Portal, Step},
    log::LogKind,
};
use serde_json::{Map, Value, json};

#[derive(Debug)]
pub struct Visit {
    contact: usize,
    method: Method,
    mistakes: u64,
    inside: bool,
    link: String,
}

impl Visit {
    pub fn any(stage: &mut Stage) -> Self {
        let directory = &stage.world.directory;
        let contact = stage.dice.index(directory.contacts.len());
        let usual = directory.companies[directory.contacts[contact].company].method;
        // Some companies let their people choose.
        let method = if stage.dice.percent(8) {
            Method::MagicLink
        } else {
            usual
        };
        let mistakes = if stage.dice.percent(13) {
            1 + stage.dice.below(2)
        } else {
            0
        };
        Self {
            contact,
            method,
            mistakes,
            inside: false,
            link: stage.dice.token(),
        }
    }

    fn draft(&self, stage: &Stage, log: LogKind, event_type: &str) -> Draft {
        let contact = &stage.world.directory.contacts[self.contact];
        let company = &stage.world.directory.companies[contact.company];
        Draft::new(stage.now, log, event_type, contact.actor())
            .on(contact.target())
            .contact(contact.named())
            .company(company.named())
            .brand(brand(company.brand))
            .from(Origin::of(contact.ip, contact.browser, Portal::Customer))
            .linked(&self.link)
    }

    fn attempt(&self, stage: &mut Stage, failure: Option<&Failure>) {
        let directory = &stage.world.directory;
        let contact = &directory.contacts[self.contact];
        let company = &directory.companies[contact.company];
        let Proof { id, metadata } = proof(self.method, contact, company, failure, &mut stage.dice);
        let name = contact.label().to_owned();
        let event_type = if failure.is_none() {
            "contact.signed_in"
        } else {
            "contact.sign_in_failed"
        };
        let mut draft = self
            .draft(stage, LogKind::ContactAuthentication, event_type)
            .action(Action::Login)
            .area("Authorization", "Customer portal")
            .signed_in_with(self.method.name())
            .auth(self.method.name(), id);
        for (key, value) in metadata {
            draft = draft.with(&key, value);
        }
        let with = self.method.title();
        let draft = match failure {
            None => draft.says(format!("{name} signed in to the customer portal with {with}")),
            Some(failure) => draft
                .says(format!(
                    "{name} could not sign in to the customer portal with {with}"
                ))
                .failed(failure.reason),
        };
        stage.emit(draft);
    }

    fn enters(&self, stage: &mut Stage) {
        stage.tick();
        let name = stage.world.directory.contacts[self.contact].label();
        let steps = vec![
            Step::new(stage.now, "Contact found for the login")
                .with_data(json!({ "entityId": stage.world.directory.contacts[self.contact].id })),
            Step::new(stage.now.plus_micros(3_000), "Cookie issued")
                .with_data(json!({ "rememberMe": false })),
        ];
        let draft = self
            .draft(stage, LogKind::Access, "contact.signed_in")
            .action(Action::Login)
            .area("Authorization", "Customer portal")
            .says(format!("{name} signed in to the customer portal"))
            .signed_in_with(self.method.name())
            .steps(steps);
        stage.emit(draft);
    }

    /// Some do what they came for.
    fn uses(&self, stage: &mut Stage) {
        let name = stage.world.directory.contacts[self.contact].label().to_owned();
        for _ in 0..stage.dice.below(3) {
            // That is their doing, and nothing they signed in with.
            portal_use::act(stage, &name, |stage, event_type| {
                let contact = &stage.world.directory.contacts[self.contact];
                let company = &stage.world.directory.companies[contact.company];
                Draft::new(stage.now, LogKind::Activity, event_type, contact.actor())
                    .contact(contact.named())
                    .company(company.named())
                    .brand(brand(company.brand))
                    .from(Origin::of(contact.ip, contact.browser, Portal::Customer))
                    .linked(&self.link)
            });
            stage.tick();
        }
    }

    fn leaves(&self, stage: &mut Stage) {
        let name = stage.world.directory.contacts[self.contact].label();
        let draft = self
            .draft(stage, LogKind::Access, "contact.signed_out")
            .action(Action::Logout)
            .area("Authorization", "Customer portal")
            .says(format!("{name} signed out of the customer portal"));
        stage.emit(draft);
    }
}

impl Scene for Visit {
    fn play(&mut self, stage: &mut Stage) -> Next {
        if self.inside {
            self.uses(stage);
            self.leaves(stage);
            return Next::End;
        }
        if self.mistakes > 0 {
            self.mistakes -= 1;
            let failure = stage.dice.pick(failures(self.method));
            self.attempt(stage, Some(&failure));
            if stage.dice.percent(25) {
                return Next::End;
            }
            return Next::After {
                micros: stage.dice.range(8, 90) * SECOND,
                more: self.mistakes + 1,
            };
        }
        self.attempt(stage, None);
        if stage.dice.percent(45) {
            self.enters(stage);
        }
        if stage.dice.percent(35) {
            self.inside = true;
            return Next::After {
                micros: stage.dice.around(12) * MINUTE,
                more: 1,
            };
        }
        Next::End
    }
}

/// Why a provider said no: its own code, and in words.
#[derive(Debug, Clone, Copy)]
struct Failure {
    code: i64,
    reason: &'static str,
}

fn failures(method: Method) -> &'static [Failure] {
    match method {
        Method::Microsoft => &[
            Failure {
                code: 50126,
                reason: "Wrong user name or password (AADSTS50126)",
            },
            Failure {
                code: 53003,
                reason: "Blocked by a Conditional Access policy (AADSTS53003)",
            },
            Failure {
                code: 50076,
                reason: "Multi-factor authentication was not completed (AADSTS50076)",
            },
            Failure {
                code: 50057,
                reason: "The account is disabled in the directory (AADSTS50057)",
            },
        ],
        Method::Google => &[
            Failure {
                code: 403,
                reason: "The sign-in was cancelled (access_denied)",
            },
            Failure {
                code: 400,
                reason: "The account belongs to another organisation",
            },
        ],
        Method::Password => &[
            Failure {
                code: 401,
                reason: "Wrong password",
            },
            Failure {
                code: 429,
                reason: "Too many tries, wait a minute",
            },
            Failure {
                code: 410,
                reason: "The password has expired",
            },
        ],
        Method::MagicLink => &[
            Failure {
                code: 410,
                reason: "The link has expired",
            },
            Failure {
                code: 409,
                reason: "The link was already used",
            },
        ],
        Method::Saml => &[
            Failure {
                code: 1,
                reason: "The signature of the assertion is not valid",
            },
            Failure {
                code: 2,
                reason: "The assertion is older than five minutes: check the clock of the provider",
            },
        ],
        Method::Oidc => &[Failure {
            code: 400,
            reason: "The provider answered invalid_grant",
        }],
    }
}

/// What the provider says about a sign-in.
struct Proof {
    id: String,
    metadata: Map<String, Value>,
}

fn proof(
    method: Method,
    contact: &Contact,
    company: &Company,
    failure: Option<&Failure>,
    dice: &mut Dice,
) -> Proof {
    let id = dice.foreign_id().to_string();
    let code = failure.map_or(0, |failure| failure.code);
    let metadata = match method {
        Method::Microsoft => json!({
            "provider": "Microsoft Entra ID",
            "correlation_id": dice.foreign_id().to_string(),
            "request_id": id,
            "tenant_id": company.tenant,
            "object_id": contact.object,
            "error_code": code,
            "conditional_access": if code == 53003 { "failure" } else { "success" },
            "client_app": "Browser",
        }),
        Method::Google => {
            json!({ "provider": "Google", "subject": &contact.object[..18], "hosted_domain": company.domain, "status": code })
        }
        Method::Password => {
            json!({ "failed_tries_before": dice.below(3), "password_age_days": dice.below(400) })
        }
        Method::MagicLink => {
            json!({ "link_id": &id[..13], "sent_to": contact.email, "seconds_since_sent": dice.range(9, 900) })
        }
        Method::Saml => json!({
            "issuer": format!("https://idp.{}/saml", company.domain),
            "name_id": contact.email,
            "response_id": format!("_{}", dice.token()),
            "session_index": dice.token(),
        }),
        Method::Oidc => json!({
            "issuer": format!("https://login.{}", company.domain),
            "subject": contact.object,
            "session_id": dice.token(),
            "amr": ["pwd", "otp"],
        }),
    };
    let Value::Object(metadata) = metadata else {
        return Proof {
            id,
            metadata: Map::new(),
        };
    };
    Proof { id, metadata }
}
