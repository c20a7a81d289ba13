//! Companies and contacts change (R23, R25): by hand, by the sync bot, by workflows, by the contact; duplicates are
//! merged, leavers deleted with all that was known of them.

use super::activity::Author;
use crate::demo::{
    calendar::SECOND,
    directory::{Contact, brand},
    draft::Draft,
    life::{Next, Scene, Stage},
    things::{KindName, describe},
    world::workflow,
};
use daybook_domain::{
    event::{Action, Change, NamedRef, Portal, Target},
    log::LogKind,
};

pub fn open(stage: &mut Stage) -> Box<dyn Scene> {
    match stage.dice.below(100) {
        0..60 => Box::new(Edit {
            left: 1 + stage.dice.below(3),
            author: author(stage),
        }),
        60..78 => Box::new(Sync {
            left: 3 + stage.dice.below(9),
            link: stage.dice.token(),
        }),
        _ => Box::new(Duplicate),
    }
}

fn author(stage: &mut Stage) -> Author {
    if stage.dice.percent(12) {
        return Author::system(workflow(stage.dice.index(7)));
    }
    let agent = stage.world.agent(stage.now, &mut stage.dice);
    Author::agent(stage, agent).at(Portal::Agent)
}

/// A company or a contact, chosen by chance, and what an event says about where it belongs.
struct Customer {
    kind: KindName,
    thing: usize,
    company: NamedRef,
    contact: Option<NamedRef>,
    brand: usize,
}

fn customer(stage: &mut Stage) -> Customer {
    let directory = &stage.world.directory;
    let contact = stage
        .dice
        .percent(62)
        .then(|| stage.dice.index(directory.contacts.len()));
    let company = match contact {
        Some(contact) => directory.contacts[contact].company,
        None => stage.dice.index(directory.companies.len()),
    };
    let company = &directory.companies[company];
    let contact = contact.map(|contact| &directory.contacts[contact]);
    let (kind, id, name) = match contact {
        Some(contact) => (KindName::Contact, &contact.id, contact.label()),
        None => (KindName::Company, &company.id, company.name.as_str()),
    };
    Customer {
        kind,
        thing: stage.world.things.customer(kind, id, name, &mut stage.dice),
        company: company.named(),
        contact: contact.map(Contact::named),
        brand: company.brand,
    }
}

fn draft(stage: &Stage, author: &Author, of: &Customer, past: &str, action: Action) -> Draft {
    let kind = stage.world.things.kind_of(of.thing);
    let draft = Draft::new(
        stage.now,
        LogKind::Customer,
        format!("{}.{past}", kind.word),
        author.actor.clone(),
    )
    .action(action)
    .area("Customers", kind.section)
    .on(stage.world.things.get(of.thing).target(kind))
    .company(of.company.clone())
    .brand(brand(of.brand))
    .from(author.origin);
    match &of.contact {
        Some(contact) => draft.contact(contact.clone()),
        None => draft,
    }
}

/// A few properties of a few customers.
#[derive(Debug)]
struct Edit {
    left: u64,
    author: Author,
}

impl Scene for Edit {
    fn play(&mut self, stage: &mut Stage) -> Next {
        if self.author.is_gone(stage) {
            return Next::End;
        }
        let of = customer(stage);
        let count = 1 + stage.dice.index(3);
        let changes = stage.world.things.update(of.thing, count, &mut stage.dice);
        let thing = stage.world.things.get(of.thing);
        let says = describe(stage.world.things.kind_of(of.thing), &thing.name, &changes);
        let draft = draft(stage, &self.author, &of, "updated", Action::Update)
            .says(says)
            .changes(changes);
        stage.emit(draft);
        self.left -= 1;
        match self.left {
            0 => Next::End,
            more => Next::After {
                micros: stage.dice.range(20, 600) * SECOND,
                more,
            },
        }
    }
}

/// The sync bot brings customers in step with accounting: many at once, one run.
#[derive(Debug)]
struct Sync {
    left: u64,
    link: String,
}

impl Scene for Sync {
    fn play(&mut self, stage: &mut Stage) -> Next {
        let author = Author::bot();
        for _ in 0..self.left {
            let of = customer(stage);
            let property = if of.kind == KindName::Company {
                "Plan"
            } else {
                "Phone"
            };
            let Some(change) = stage
                .world
                .things
                .change_named(of.thing, property, &mut stage.dice)
            else {
                continue;
            };
            let name = stage.world.things.get(of.thing).name.clone();
            let draft = draft(stage, &author, &of, "updated", Action::Update)
                .says(format!(
                    "Brought the {} of {name} in step with accounting",
                    property.to_lowercase()
                ))
                .change(change)
                .with("run", self.left)
                .linked(&self.link);
            stage.emit(draft);
            stage.tick();
        }
        Next::End
    }
}

/// A contact who exists twice: merged into the first; or one made by mistake and deleted again.
#[derive(Debug)]
struct Duplicate;

impl Scene for Duplicate {
    fn play(&mut self, stage: &mut Stage) -> Next {
        let author = author(stage);
        let mut of = customer(stage);
        let kept = stage
            .world
            .things
            .get(of.thing)
            .target(stage.world.things.kind_of(of.thing));
        let name = kept.label().to_owned();
        let id = stage.dice.id().to_string();
        let link = stage.dice.token();
        // The second one, as it was made by an import at some time.
        let double = stage
            .world
            .things
            .add(of.kind as usize, id.clone(), name.clone(), &mut stage.dice);
        let last_state = stage.world.things.end(double);
        stage.world.things.forget(double);
        let word = stage.world.things.kinds[of.kind as usize].word;
        let gone = Target::new(word, id, &name);
        let draft = if stage.dice.percent(55) {
            draft(stage, &author, &of, "merged", Action::Merge)
                .says(format!("Merged a second {word} “{name}” into the first"))
                .on(gone)
        } else {
            of.contact = of.contact.map(|_| NamedRef {
                id: gone.id.clone(),
                name: gone.name.clone(),
            });
            let kind = stage.world.things.kind_of(of.thing);
            let deleted = Draft::new(
                stage.now,
                LogKind::Customer,
                format!("{word}.deleted"),
                author.actor.clone(),
            )
            .action(Action::Delete)
            .area("Customers", kind.section)
            .says(format!("Deleted {word} “{name}”, made twice by an import"))
            .on(gone)
            .company(of.company.clone())
            .brand(brand(of.brand))
            .from(author.origin);
            match of.contact {
                Some(contact) => deleted.contact(contact),
                None => deleted,
            }
        };
        stage.emit(
            draft
                .changes(last_state)
                .change(Change::secret("Portal password"))
                .linked(&link),
        );
        Next::End
    }
}
