//! Conversations, in the words of chat platforms (R6): opened, sorted by rules, assigned by the queue router, worked
//! on, closed, rated.

use super::desk;
use crate::demo::{
    calendar::{MINUTE, SECOND},
    data::conversations::{CHANNELS, NOTES, PRIORITIES, SUBJECTS, TAGS},
    directory::brand,
    draft::Draft,
    life::{Next, Scene, Stage},
    network::Origin,
    world::{automation, queue_router, workflow},
};
use daybook_domain::{
    event::{Action, Actor, Automation, Change, NamedRef, Portal, Target},
    log::LogKind,
};
use serde_json::{Value, json};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Opened,
    Sorted,
    Assigned,
    Joined,
    Working,
    Closed,
    Rated,
}

#[derive(Debug)]
pub struct Conversation {
    part: Part,
    number: u64,
    named: NamedRef,
    contact: usize,
    agent: usize,
    channel: &'static str,
    priority: &'static str,
    tags: Vec<&'static str>,
    /// Turns of work still to come.
    turns: u64,
    link: String,
}

impl Conversation {
    pub fn open(stage: &mut Stage) -> Self {
        let number = stage.world.next_conversation();
        let subject = stage.dice.pick(&SUBJECTS);
        Self {
            part: Part::Opened,
            number,
            named: NamedRef::new(number.to_string(), format!("#{number} {subject}")),
            contact: stage.dice.index(stage.world.directory.contacts.len()),
            agent: 0,
            channel: stage.dice.pick(&CHANNELS),
            priority: "Normal",
            tags: Vec::new(),
            turns: stage.dice.below(6),
            link: stage.dice.token(),
        }
    }

    fn draft(&self, stage: &Stage, event_type: &str, actor: Actor, action: Action) -> Draft {
        let contact = &stage.world.directory.contacts[self.contact];
        let company = &stage.world.directory.companies[contact.company];
        let target = Target {
            kind: "conversation".to_owned(),
            id: self.named.id.clone(),
            name: self.named.name.clone(),
        };
        Draft::new(stage.now, LogKind::Conversation, event_type, actor)
            .action(action)
            .area("Conversations", "Conversation")
            .on(target)
            .conversation(self.named.clone())
            .contact(contact.named())
            .company(company.named())
            .brand(brand(company.brand))
            .linked(&self.link)
    }

    fn by_agent(&self, stage: &mut Stage, event_type: &str, action: Action) -> (Draft, String) {
        let origin = stage.world.origin(self.agent, Portal::Agent, &mut stage.dice);
        let who = &stage.world.agents[self.agent];
        let name = who.user.name.clone();
        (
            self.draft(stage, event_type, who.actor(), action).from(origin),
            name,
        )
    }

    /// How long until the next turn: chats are quick, mails take their time.
    fn pause(&self, stage: &mut Stage) -> i64 {
        match self.channel {
            "email" | "portal" => stage.dice.around(26) * MINUTE,
            "phone" => stage.dice.around(4) * MINUTE,
            _ => stage.dice.around(150) * SECOND,
        }
    }

    fn after(&mut self, part: Part, micros: i64) -> Next {
        self.part = part;
        let more = match part {
            Part::Opened | Part::Sorted => 4 + self.turns,
            Part::Assigned => 3 + self.turns,
            Part::Joined => 2 + self.turns,
            Part::Working => 1 + self.turns,
            Part::Closed | Part::Rated => 1,
        };
        Next::After { micros, more }
    }

    fn opened(&mut self, stage: &mut Stage) {
        let contact = &stage.world.directory.contacts[self.contact];
        let who = contact.label();
        let says = format!("{who} opened #{} by {}", self.number, self.channel);
        let origin = match self.channel {
            "chat" | "portal" => Origin::of(contact.ip, contact.browser, Portal::Customer),
            _ => Origin::NOWHERE,
        };
        let draft = self
            .draft(stage, "chat-opened", contact.actor(), Action::Open)
            .says(says)
            .from(origin)
            .with("channel", self.channel)
            .change(Change::new("Status", Value::Null, "Open"));
        stage.emit(draft);
    }

    fn sorted(&mut self, stage: &mut Stage) {
        if stage.dice.percent(50) {
            let before = self.priority;
            self.priority = if stage.dice.percent(60) { "High" } else { "Urgent" };
            let rule = automation(Automation::BusinessRule, Some("business-rule-1"), "VIP first");
            let says = format!(
                "Business rule “VIP first” raised #{} to {}",
                self.number, self.priority
            );
            let draft = self
                .draft(stage, "chat-priority-changed", rule, Action::Update)
                .says(says)
                .change(Change::new("Priority", before, self.priority));
            stage.emit(draft);
        } else {
            let workflow = workflow(stage.dice.index(3));
            self.tag(stage, workflow, Origin::NOWHERE);
        }
    }

    fn tag(&mut self, stage: &mut Stage, actor: Actor, origin: Origin) {
        let before: Value = self.tags.clone().into();
        let tag = stage.dice.pick(&TAGS);
        let had = self.tags.contains(&tag);
        if had {
            self.tags.retain(|other| *other != tag);
        } else {
            self.tags.push(tag);
        }
        let (event_type, verb) = if had {
            ("chat-tag-removed", "removed")
        } else {
            ("chat-tag-added", "added")
        };
        let preposition = if had { "from" } else { "to" };
        let says = format!(
            "{} {verb} the tag “{tag}” {preposition} #{}",
            actor.label(),
            self.number
        );
        let draft = self
            .draft(stage, event_type, actor, Action::Update)
            .says(says)
            .from(origin)
            .change(Change::new("Tags", before, self.tags.clone()));
        stage.emit(draft);
    }

    fn assigned(&mut self, stage: &mut Stage) {
        let before = match self.part {
            Part::Opened | Part::Sorted | Part::Assigned => Value::Null,
            _ => stage.world.agents[self.agent].user.name.as_str().into(),
        };
        self.agent = desk::choose(stage, self.contact, None);
        let (load, capacity) = desk::load(stage, self.agent);
        let who = &stage.world.agents[self.agent];
        let over = if load + 1 > capacity {
            format!(", over capacity ({} of {capacity})", load + 1)
        } else {
            String::new()
        };
        let draft = self
            .draft(stage, "chat-assigned-to-user", queue_router(), Action::Assign)
            .says(format!("Assigned #{} to {}{over}", self.number, who.user.name))
            .on(who.target())
            .change(Change::new("Assigned to", before, who.user.name.as_str()))
            .with("waiting_seconds", stage.dice.range(2, 240));
        stage.emit(draft);
        desk::take(stage, self.agent, &self.named, &self.link);
    }

    fn transferred(&mut self, stage: &mut Stage) {
        let before = self.agent;
        let (draft, name) = self.by_agent(stage, "chat-transferred", Action::Assign);
        let after = desk::choose(stage, self.contact + 1, Some(before));
        if after == before {
            return self.noted(stage);
        }
        let who = &stage.world.agents[after];
        let draft = draft
            .says(format!(
                "{name} handed #{} over to {}",
                self.number, who.user.name
            ))
            .on(who.target())
            .change(Change::new("Assigned to", name, who.user.name.as_str()));
        stage.emit(draft);
        desk::release(stage, before, &self.named, &self.link);
        desk::take(stage, after, &self.named, &self.link);
        self.agent = after;
    }

    fn noted(&mut self, stage: &mut Stage) {
        let (draft, name) = self.by_agent(stage, "chat-note-added", Action::Create);
        let note = stage.dice.pick(&NOTES);
        let says = format!("{name} added an internal note to #{}", self.number);
        stage.emit(
            draft
                .says(says)
                .change(Change::new("Internal note", Value::Null, note)),
        );
    }

    fn turn(&mut self, stage: &mut Stage) {
        match stage.dice.below(100) {
            0..24 => self.noted(stage),
            24..42 => {
                let origin = stage.world.origin(self.agent, Portal::Agent, &mut stage.dice);
                let actor = stage.world.agents[self.agent].actor();
                self.tag(stage, actor, origin);
            }
            42..54 => {
                let before = self.priority;
                let others = PRIORITIES.iter().filter(|other| **other != before);
                let others: Vec<_> = others.copied().collect();
                self.priority = stage.dice.pick(&others);
                let (draft, name) = self.by_agent(stage, "chat-priority-changed", Action::Update);
                let says = format!(
                    "{name} changed the priority of #{} to {}",
                    self.number, self.priority
                );
                stage.emit(
                    draft
                        .says(says)
                        .change(Change::new("Priority", before, self.priority)),
                );
            }
            54..66 => self.transferred(stage),
            66..78 => {
                let (draft, name) = self.by_agent(stage, "user-joined-to-chat", Action::Join);
                stage.emit(draft.says(format!("{name} looked at #{} again", self.number)));
            }
            78..88 => {
                let (draft, name) = self.by_agent(stage, "chat-snoozed", Action::Update);
                let hours = stage.dice.range(1, 48);
                let says = format!("{name} put #{} aside for {hours} h", self.number);
                stage.emit(
                    draft
                        .says(says)
                        .change(Change::new("Status", "Open", "Snoozed"))
                        .with("hours", hours),
                );
            }
            _ => {
                let contact = &stage.world.directory.contacts[self.contact];
                let origin = Origin::of(contact.ip, contact.browser, Portal::Customer);
                let says = format!("{} attached a file to #{}", contact.label(), self.number);
                let draft = self
                    .draft(stage, "chat-attachment-added", contact.actor(), Action::Create)
                    .says(says)
                    .from(origin)
                    .with(
                        "attachment",
                        json!({ "name": "screenshot.png", "bytes": self.number * 7 % 900_000 + 20_000 }),
                    );
                stage.emit(draft);
            }
        }
    }

    fn closed(&mut self, stage: &mut Stage) {
        let status = Change::new("Status", "Open", "Closed");
        if stage.dice.percent(18) {
            let draft = self
                .draft(stage, "chat-closed", workflow(2), Action::Close)
                .says(format!("Closed #{} because nobody answered", self.number))
                .because("No answer to the last question")
                .change(status);
            stage.emit(draft);
        } else {
            let (draft, name) = self.by_agent(stage, "chat-closed", Action::Close);
            stage.emit(
                draft
                    .says(format!("{name} closed #{}", self.number))
                    .change(status),
            );
        }
        desk::release(stage, self.agent, &self.named, &self.link);
    }

    fn rated(&mut self, stage: &mut Stage) {
        let contact = &stage.world.directory.contacts[self.contact];
        let stars = 5 - stage.dice.below(5).min(stage.dice.below(5));
        let says = format!("{} rated #{} with {stars} of 5", contact.label(), self.number);
        let draft = self
            .draft(stage, "chat-rated", contact.actor(), Action::Create)
            .says(says)
            .from(Origin::of(contact.ip, contact.browser, Portal::Customer))
            .with("stars", stars);
        stage.emit(draft);
    }
}

impl Scene for Conversation {
    fn play(&mut self, stage: &mut Stage) -> Next {
        let held = matches!(self.part, Part::Joined | Part::Working | Part::Closed);
        if held && !stage.world.agents[self.agent].is_employed(stage.now) {
            // Whoever held it has left: it is somebody else's now.
            self.assigned(stage);
            stage.tick();
        }
        match self.part {
            Part::Opened => {
                self.opened(stage);
                let sorted = stage.dice.percent(35);
                let wait = stage.dice.range(2, 30) * SECOND;
                self.after(if sorted { Part::Sorted } else { Part::Assigned }, wait)
            }
            Part::Sorted => {
                self.sorted(stage);
                let wait = stage.dice.range(1, 20) * SECOND;
                self.after(Part::Assigned, wait)
            }
            Part::Assigned => {
                self.assigned(stage);
                let wait = self.pause(stage) / 3 + SECOND;
                self.after(Part::Joined, wait)
            }
            Part::Joined => {
                let (draft, name) = self.by_agent(stage, "user-joined-to-chat", Action::Join);
                stage.emit(draft.says(format!("{name} joined #{}", self.number)));
                let wait = self.pause(stage);
                self.after(
                    if self.turns > 0 {
                        Part::Working
                    } else {
                        Part::Closed
                    },
                    wait,
                )
            }
            Part::Working => {
                self.turns -= 1;
                self.turn(stage);
                let wait = self.pause(stage);
                self.after(
                    if self.turns > 0 {
                        Part::Working
                    } else {
                        Part::Closed
                    },
                    wait,
                )
            }
            Part::Closed => {
                self.closed(stage);
                if stage.dice.percent(30) {
                    let wait = stage.dice.around(40) * MINUTE;
                    return self.after(Part::Rated, wait);
                }
                Next::End
            }
            Part::Rated => {
                self.rated(stage);
                Next::End
            }
        }
    }
}
