//! An attack at night: passwords from elsewhere are tried on many accounts from a few addresses, one fits, the intruder
//! appears as a colleague, exports contacts and makes a key. In the morning it is noticed and answered.

use super::{Chapter, days_before_end};
use crate::demo::{
    calendar::{DAY, HOUR, MINUTE, SECOND},
    draft::Draft,
    life::{Next, Scene, Stage},
    network::{BROWSERS, Origin, SCRIPT, attacker},
    scenes::{
        activity::{Author, about, updated},
        sign_in::{Refused, sign_in, stranger},
    },
    things::KindName,
};
use daybook_domain::{
    event::{Action, Change, Portal, Target},
    log::LogKind,
    permission::BuiltInRole,
};
use serde_json::json;

pub fn plan(stage: &mut Stage, events: u64, chapters: &mut Vec<Chapter>) {
    let day = days_before_end(stage, 5);
    let midnight = day.plus_micros(-day.micros().rem_euclid(DAY));
    // Ten minutes past two in the morning, Hamburg's winter time.
    let night = midnight.plus_micros(HOUR + 10 * MINUTE);
    let night = night.max(stage.world.calendar.start());
    let tries = (events / 300).clamp(24, 160);
    let employed = |role| {
        let agents = &stage.world.agents;
        let fits = move |agent: &usize| {
            agents[*agent].user.role == role
                && *agent > 2
                && agents[*agent].is_employed(night)
                && agents[*agent].leaves.is_none()
        };
        (0..agents.len()).filter(fits).collect::<Vec<_>>()
    };
    let admins = employed(BuiltInRole::Administrator);
    let agents = employed(BuiltInRole::Agent);
    let (Some(victim), Some(shown)) = (admins.first().copied(), agents.first().copied()) else {
        return;
    };
    let targets = admins.iter().chain(&agents).copied().take(14).collect();
    let scene = Attack {
        tries,
        made: 0,
        targets,
        victim,
        shown,
        key: None,
        link: stage.dice.token(),
        part: Part::Tries,
    };
    chapters.push(Chapter {
        at: night,
        more: tries + 15,
        scene: Box::new(scene),
    });
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Tries,
    Enters,
    Appears,
    Exports,
    MakesKey,
    Leaves,
    Noticed,
    Closed,
}

#[derive(Debug)]
struct Attack {
    tries: u64,
    made: u64,
    targets: Vec<usize>,
    /// Whose password fits.
    victim: usize,
    /// As whom the intruder appears.
    shown: usize,
    /// The key the intruder made.
    key: Option<usize>,
    link: String,
    part: Part,
}

impl Attack {
    fn next(&mut self, part: Part, micros: i64) -> Next {
        self.part = part;
        let more = match part {
            Part::Tries => self.tries - self.made + 15,
            Part::Enters => 15,
            Part::Appears => 14,
            Part::Exports => 12,
            Part::MakesKey => 11,
            Part::Leaves => 10,
            Part::Noticed => 9,
            Part::Closed => 2,
        };
        Next::After { micros, more }
    }

    /// The intruder's own browser, once inside.
    fn intruder() -> Origin {
        Origin::of(attacker(3), BROWSERS[6], Portal::Agent)
    }

    fn tries(&mut self, stage: &mut Stage) -> Next {
        const MAILBOXES: [&str; 5] = ["ceo", "it", "m.okafor", "support2", "backup"];
        let machine = usize::try_from(self.made).unwrap_or(0);
        let origin = Origin::of(attacker(machine), SCRIPT, Portal::Agent);
        let throttled = self.made * 3 > self.tries * 2;
        let refused = if throttled {
            Refused::Throttled
        } else {
            Refused::WrongPassword
        };
        if stage.dice.percent(20) {
            let email = format!("{}@northdesk.example", stage.dice.pick(&MAILBOXES));
            stranger(
                stage,
                &email,
                origin,
                if throttled { refused } else { Refused::UnknownUser },
            );
        } else {
            let target = self.targets[machine % self.targets.len()];
            let link = stage.dice.token();
            sign_in(stage, target, origin, &link, Some(refused));
        }
        self.made += 1;
        let part = if self.made == self.tries {
            Part::Enters
        } else {
            Part::Tries
        };
        let wait = stage.dice.range(SECOND / 2, 9 * SECOND);
        self.next(part, wait)
    }

    /// What the intruder does, as somebody else or as the victim.
    fn inside(&self, stage: &Stage, log: LogKind, event_type: &str, as_other: bool) -> Draft {
        let victim = stage.world.agents[self.victim].actor();
        let draft = if as_other {
            Draft::new(stage.now, log, event_type, stage.world.agents[self.shown].actor()).by(victim)
        } else {
            Draft::new(stage.now, log, event_type, victim)
        };
        draft.from(Self::intruder().at(Portal::Admin)).linked(&self.link)
    }

    fn appears(&self, stage: &mut Stage) {
        let victim = stage.world.agents[self.victim].user.name.clone();
        let denied = self
            .inside(stage, LogKind::Access, "access.denied", false)
            .action(Action::Read)
            .area("Authorization", "Admin Center")
            .says(format!("{victim} was refused /admin/billing/cards"))
            .failed("Needs a fresh two-step code")
            .on(Target::new(
                "page",
                "/admin/billing/cards",
                "/admin/billing/cards",
            ));
        stage.emit(denied);
        stage.tick();
        let shown = &stage.world.agents[self.shown];
        let draft = self
            .inside(stage, LogKind::Access, "impersonation.started", false)
            .action(Action::ImpersonateStart)
            .area("Impersonation", "Agent portal")
            .says(format!("{victim} began to appear as {}", shown.user.name))
            .because("test")
            .on(shown.user_target());
        stage.emit(draft);
    }

    fn exports(&self, stage: &mut Stage) {
        let rows = stage.world.directory.contacts.len();
        let draft = self
            .inside(stage, LogKind::Activity, "contacts.exported", true)
            .action(Action::Export)
            .area("Customers", "Contact")
            .says(format!("Exported all {rows} contacts"))
            .on(Target::new("contact_list", "all", "All contacts"))
            .with("format", "csv")
            .with("rows", rows);
        stage.emit(draft);
    }

    fn makes_key(&mut self, stage: &mut Stage) {
        let kind = KindName::ApiKey as usize;
        let id = format!("api-key-{}", stage.dice.token());
        let key = stage
            .world
            .things
            .add(kind, id, "backup2".to_owned(), &mut stage.dice);
        let changes = stage.world.things.birth(key);
        let of = &stage.world.things.kinds[kind];
        let draft = self
            .inside(stage, LogKind::Activity, "api_key.created", true)
            .action(Action::Create)
            .area(of.category, of.section)
            .says("Created API key “backup2”")
            .on(stage.world.things.get(key).target(of))
            .changes(changes);
        stage.emit(draft);
        self.key = Some(key);
    }

    fn leaves(&self, stage: &mut Stage) {
        let victim = &stage.world.agents[self.victim].user.name;
        let shown = &stage.world.agents[self.shown];
        let draft = self
            .inside(stage, LogKind::Access, "impersonation.ended", false)
            .action(Action::ImpersonateEnd)
            .area("Impersonation", "Agent portal")
            .says(format!("{victim} stopped appearing as {}", shown.user.name))
            .on(shown.user_target());
        stage.emit(draft);
    }

    /// The morning after: sessions ended, password replaced, the key revoked, the doors made stronger.
    fn noticed(&self, stage: &mut Stage) {
        let author = Author::agent(stage, 0);
        let link = stage.dice.token();
        let victim = stage.world.agents[self.victim].user_target();
        let name = victim.label().to_owned();
        let user = |stage: &Stage, log, event_type, action, says: String| {
            Draft::new(stage.now, log, event_type, author.actor.clone())
                .action(action)
                .area("Users & permissions", "User")
                .says(says)
                .on(victim.clone())
                .from(author.origin)
                .because("Unknown addresses tried many accounts last night, one sign-in worked")
                .linked(&link)
        };
        let ended = user(
            stage,
            LogKind::Access,
            "session.revoked",
            Action::Revoke,
            format!("Ended all sessions of {name}"),
        );
        stage.emit(ended);
        stage.tick();
        let reset = user(
            stage,
            LogKind::Activity,
            "user.password_reset",
            Action::Update,
            format!("Had {name} choose a new password"),
        )
        .change(Change::secret("Password"));
        stage.emit(reset);
        stage.tick();
        if let Some(key) = self.key {
            let changes = stage.world.things.end(key);
            let draft = about(stage, &author, key, "revoked", Action::Revoke)
                .says("Revoked API key “backup2”")
                .changes(changes)
                .linked(&link);
            stage.emit(draft);
            stage.world.things.remove(key);
            stage.tick();
        }
        let general = stage
            .world
            .things
            .living(KindName::General as usize)
            .first()
            .copied();
        if let Some(general) = general {
            let addresses: Vec<String> = (0..4).map(|machine| attacker(machine).to_string()).collect();
            let mut changes = vec![Change::new("Blocked addresses", json!([]), addresses)];
            changes.extend(
                stage
                    .world
                    .things
                    .set(general, "Mandatory two-step sign-in", true.into()),
            );
            updated(stage, &author, general, changes, &link);
        }
    }

    fn closed(&self, stage: &mut Stage) {
        let auditor = stage.world.auditor();
        let author = Author::agent(stage, auditor);
        let draft = Draft::new(stage.now, LogKind::Activity, "audit_log.exported", author.actor)
            .action(Action::Export)
            .area("Audit logs", "Audit log")
            .says(format!(
                "Exported {} records of the access log as evidence",
                self.tries + 3
            ))
            .on(Target::new("audit_log", "access", "Access"))
            .from(author.origin)
            .with("format", "jsonl")
            .with("query", "login=form&outcome=failure");
        stage.emit(draft);
    }
}

impl Scene for Attack {
    fn play(&mut self, stage: &mut Stage) -> Next {
        match self.part {
            Part::Tries => self.tries(stage),
            Part::Enters => {
                let link = self.link.clone();
                sign_in(stage, self.victim, Self::intruder(), &link, None);
                self.next(Part::Appears, 70 * SECOND)
            }
            Part::Appears => {
                self.appears(stage);
                self.next(Part::Exports, 48 * SECOND)
            }
            Part::Exports => {
                self.exports(stage);
                self.next(Part::MakesKey, 95 * SECOND)
            }
            Part::MakesKey => {
                self.makes_key(stage);
                self.next(Part::Leaves, 4 * MINUTE)
            }
            Part::Leaves => {
                self.leaves(stage);
                self.next(Part::Noticed, 5 * HOUR + 12 * MINUTE)
            }
            Part::Noticed => {
                self.noticed(stage);
                self.next(Part::Closed, 3 * HOUR)
            }
            Part::Closed => {
                self.closed(stage);
                Next::End
            }
        }
    }
}
