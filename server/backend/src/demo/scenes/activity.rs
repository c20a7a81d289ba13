//! Changes in the admin settings: somebody sits down and edits a few things, programs edit on their own, a change
//! goes to many things at once (R49), settings are imported, logs are exported (R55).

use super::staff;
use crate::demo::{
    calendar::SECOND,
    draft::Draft,
    life::{Next, Scene, Stage},
    network::{Origin, SYNC_BOT},
    things::{KindName, Things, describe, lower},
    world::{automation, nameless_key, sync_bot, workflow},
};
use daybook_domain::{
    event::{Action, Actor, Automation, Change, Portal, Target},
    log::LogKind,
};
use std::net::{IpAddr, Ipv4Addr};

pub fn open(stage: &mut Stage) -> Box<dyn Scene> {
    let author = Author::any(stage);
    match stage.dice.below(1000) {
        0..760 => Box::new(Sitting {
            edits: 1 + stage.dice.below(4),
            author,
            deleted: None,
        }),
        760..880 => staff::open(stage),
        880..910 => Box::new(Sweep::start(stage)),
        910..925 => Box::new(Preset),
        _ => Box::new(Reading),
    }
}

/// Who edits, and from where.
#[derive(Debug, Clone)]
pub struct Author {
    pub actor: Actor,
    pub origin: Origin,
    /// Which member of staff it is, where it is one.
    agent: Option<usize>,
}

impl Author {
    /// An administrator at work.
    pub fn admin(stage: &mut Stage) -> Self {
        let admin = stage.world.admin(stage.now, &mut stage.dice);
        Self::agent(stage, admin)
    }

    pub fn agent(stage: &mut Stage, agent: usize) -> Self {
        let origin = stage.world.origin(agent, Portal::Admin, &mut stage.dice);
        Self {
            actor: stage.world.agents[agent].actor(),
            origin,
            agent: Some(agent),
        }
    }

    pub fn bot() -> Self {
        let ip = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 200));
        Self {
            actor: sync_bot(),
            origin: Origin::of(ip, SYNC_BOT, Portal::Api),
            agent: None,
        }
    }

    /// A part of the product: no address, no browser.
    pub fn system(actor: Actor) -> Self {
        Self {
            actor,
            origin: Origin::NOWHERE,
            agent: None,
        }
    }

    pub fn at(self, portal: Portal) -> Self {
        Self {
            origin: self.origin.at(portal),
            ..self
        }
    }

    /// Left since they began.
    pub fn is_gone(&self, stage: &Stage) -> bool {
        self.agent
            .is_some_and(|agent| !stage.world.agents[agent].is_employed(stage.now))
    }

    fn any(stage: &mut Stage) -> Self {
        match stage.dice.below(100) {
            0..78 => Self::admin(stage),
            78..89 => Self::bot(),
            89..95 => Self::system(workflow(stage.dice.index(7))),
            95..98 => Self::system(automation(
                Automation::BusinessRule,
                Some("business-rule-2"),
                "Escalate after 4 hours",
            )),
            _ => Self {
                origin: Origin {
                    portal: Some(Portal::Api),
                    ..Origin::NOWHERE
                },
                ..Self::system(nameless_key())
            },
        }
    }

    pub fn is_person(&self) -> bool {
        self.actor.automation.is_none() && self.actor.name.is_some()
    }
}

/// The start of every record about a thing.
pub fn about(stage: &Stage, author: &Author, thing: usize, past: &str, action: Action) -> Draft {
    let things = &stage.world.things;
    let kind = things.kind_of(thing);
    Draft::new(
        stage.now,
        LogKind::Activity,
        format!("{}.{past}", kind.word),
        author.actor.clone(),
    )
    .action(action)
    .area(kind.category, kind.section)
    .on(things.get(thing).target(kind))
    .from(author.origin)
}

/// Records changes of a thing.
pub fn updated(stage: &mut Stage, author: &Author, thing: usize, changes: Vec<Change>, link: &str) {
    let things = &stage.world.things;
    let says = describe(things.kind_of(thing), &things.get(thing).name, &changes);
    let draft = about(stage, author, thing, "updated", Action::Update)
        .says(says)
        .changes(changes)
        .linked(link);
    stage.emit(draft);
}

fn called(things: &Things, thing: usize) -> String {
    things.kind_of(thing).called(&things.get(thing).name)
}

/// Somebody edits a few things one after the other.
#[derive(Debug)]
struct Sitting {
    edits: u64,
    author: Author,
    deleted: Option<usize>,
}

impl Sitting {
    fn kind(&self, stage: &mut Stage) -> usize {
        const BY_PROGRAMS: [KindName; 3] = [KindName::Agent, KindName::ServiceType, KindName::UserGroup];
        if self.author.is_person() {
            let weights = stage.world.things.kinds.iter().map(|kind| kind.churn);
            stage.dice.weighted(weights)
        } else {
            stage.dice.pick(&BY_PROGRAMS) as usize
        }
    }

    fn edit(&mut self, stage: &mut Stage) {
        let link = stage.dice.token();
        if let Some(thing) = self.deleted.take()
            && stage.dice.percent(60)
        {
            stage.world.things.revive(thing);
            let says = format!("Restored {}", called(&stage.world.things, thing));
            let changes = stage.world.things.birth(thing);
            let draft = about(stage, &self.author, thing, "restored", Action::Restore)
                .says(says)
                .changes(changes);
            return stage.emit(draft.linked(&link));
        }
        let kind = self.kind(stage);
        let comes_and_goes = stage.world.things.kinds[kind].comes_and_goes;
        let at_first = stage.world.things.kinds[kind].at_first;
        let living = stage.world.things.living(kind);
        let few = living.len() <= at_first.min(4);
        let many = living.len() > at_first + 10;
        let roll = stage.dice.below(100);
        if comes_and_goes && self.author.is_person() && roll < 22 {
            if few || (roll < 11 && !many) {
                return self.create(stage, kind, &link);
            }
            // The first ones are in use everywhere and stay.
            let thing = stage
                .dice
                .pick(&stage.world.things.living(kind)[at_first.min(4) / 2..]);
            return self.delete(stage, thing, &link);
        }
        let thing = stage.dice.pick(stage.world.things.living(kind));
        if (22..25).contains(&roll) {
            return self.fail(stage, thing, &link);
        }
        let count = match stage.dice.below(10) {
            0..6 => 1,
            6..9 => 2,
            _ => 3,
        };
        let mut changes = stage.world.things.update(thing, count, &mut stage.dice);
        if comes_and_goes && stage.dice.percent(4) {
            changes.insert(0, stage.world.things.rename(thing, &mut stage.dice));
        }
        updated(stage, &self.author, thing, changes, &link);
    }

    fn create(&self, stage: &mut Stage, kind: usize, link: &str) {
        let thing = stage.world.things.create(kind, &mut stage.dice);
        let says = format!("Created {}", called(&stage.world.things, thing));
        let changes = stage.world.things.birth(thing);
        let draft = about(stage, &self.author, thing, "created", Action::Create)
            .says(says)
            .changes(changes);
        stage.emit(draft.linked(link));
    }

    fn delete(&mut self, stage: &mut Stage, thing: usize, link: &str) {
        let says = format!("Deleted {}", called(&stage.world.things, thing));
        let changes = stage.world.things.end(thing);
        let draft = about(stage, &self.author, thing, "deleted", Action::Delete)
            .says(says)
            .changes(changes);
        stage.emit(draft.linked(link));
        stage.world.things.remove(thing);
        self.deleted = stage.dice.percent(12).then_some(thing);
    }

    fn fail(&self, stage: &mut Stage, thing: usize, link: &str) {
        const REASONS: [&str; 5] = [
            "The name is already taken",
            "Somebody else saved a newer version 12 seconds earlier",
            "Needs the permission “Manage settings”",
            "A condition refers to a tag that no longer exists",
            "The value is longer than 1,000 characters",
        ];
        let reason = stage.dice.pick(&REASONS);
        let says = format!("Could not change {}", called(&stage.world.things, thing));
        let draft = about(stage, &self.author, thing, "updated", Action::Update)
            .says(says)
            .failed(reason);
        stage.emit(draft.linked(link));
    }
}

impl Scene for Sitting {
    fn play(&mut self, stage: &mut Stage) -> Next {
        self.edit(stage);
        self.edits -= 1;
        match self.edits {
            0 => Next::End,
            more => Next::After {
                micros: stage.dice.range(9, 400) * SECOND,
                more,
            },
        }
    }
}

/// One action changes the same property of many agents: many records, one correlation id.
#[derive(Debug)]
struct Sweep {
    author: Author,
    property: &'static str,
    agents: Vec<usize>,
}

impl Sweep {
    fn start(stage: &mut Stage) -> Self {
        let now = stage.now;
        let employed = (0..stage.world.agents.len()).filter(|agent| {
            stage.world.agents[*agent].is_employed(now) && stage.world.agents[*agent].works_with_customers()
        });
        let employed: Vec<usize> = employed.collect();
        let count = 5 + stage.dice.index(12);
        let chosen = stage.dice.some(count, employed.len());
        Self {
            author: Author::admin(stage),
            property: stage
                .dice
                .pick(&["Boards", "User groups", "Permissions", "Service groups"]),
            agents: chosen.into_iter().map(|position| employed[position]).collect(),
        }
    }
}

impl Scene for Sweep {
    fn play(&mut self, stage: &mut Stage) -> Next {
        let link = stage.dice.token();
        let count = self.agents.len();
        for agent in std::mem::take(&mut self.agents) {
            let thing = stage.world.agents[agent].thing;
            let Some(change) = stage
                .world
                .things
                .change_named(thing, self.property, &mut stage.dice)
            else {
                continue;
            };
            let things = &stage.world.things;
            let says = describe(
                things.kind_of(thing),
                &things.get(thing).name,
                std::slice::from_ref(&change),
            );
            let draft = about(stage, &self.author, thing, "updated", Action::Update)
                .says(says)
                .change(change)
                .with("bulk", count)
                .linked(&link);
            stage.emit(draft);
            stage.tick();
        }
        Next::End
    }
}

/// A file of settings is imported: forty boxes at once.
#[derive(Debug)]
struct Preset;

impl Scene for Preset {
    fn play(&mut self, stage: &mut Stage) -> Next {
        let author = Author::admin(stage);
        let kind = KindName::Notifications as usize;
        let Some(thing) = stage.world.things.living(kind).first().copied() else {
            return Next::End;
        };
        let count = stage.world.things.kinds[kind].properties.len();
        let changes = stage.world.things.update(thing, count, &mut stage.dice);
        let says = format!(
            "Imported {} of the notification settings from a file",
            changes.len()
        );
        let link = stage.dice.token();
        let draft = about(stage, &author, thing, "imported", Action::Import)
            .says(says)
            .changes(changes)
            .with("file", "notifications-2026.json")
            .linked(&link);
        stage.emit(draft);
        Next::End
    }
}

/// Somebody reads or exports records: that too is recorded.
#[derive(Debug)]
struct Reading;

impl Scene for Reading {
    fn play(&mut self, stage: &mut Stage) -> Next {
        let auditor = stage.world.auditor();
        let who = if stage.dice.percent(70) {
            auditor
        } else {
            stage.world.admin(stage.now, &mut stage.dice)
        };
        let author = Author::agent(stage, who);
        let log = stage.dice.pick(LogKind::ALL);
        let export = stage.dice.percent(30);
        let title = lower(log.title());
        let draft = Draft::new(
            stage.now,
            LogKind::Activity,
            if export {
                "audit_log.exported"
            } else {
                "audit_log.searched"
            },
            author.actor.clone(),
        )
        .action(if export { Action::Export } else { Action::Read })
        .area("Audit logs", "Audit log")
        .on(Target::new("audit_log", log.name(), log.title()))
        .from(author.origin)
        .with(
            "query",
            stage.dice.pick(&[
                "outcome=failure&from=-7d",
                "actor=sync-bot",
                "category=Webhooks&from=-30d",
                "from=-1d",
            ]),
        );
        let draft = if export {
            let rows = stage.dice.range(12, 90_000);
            draft
                .says(format!("Exported {rows} records of the {title} log"))
                .with("format", "csv")
                .with("rows", rows)
        } else {
            draft.says(format!("Searched the {title} log"))
        };
        stage.emit(draft);
        Next::End
    }
}
