//! Conditions while they are edited: the same tree, of signals. Unlike the tree it may lack something.

use daybook_domain::object::conditions::{
    Comparison, Condition, ConditionField, Conditions, FIELDS, Group, Join, Test, Unreadable,
};
use leptos::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};

static NEXT: AtomicUsize = AtomicUsize::new(0);

fn next() -> usize {
    NEXT.fetch_add(1, Ordering::Relaxed)
}

// The signals live as long as what holds them: a draft is begun by one click and taken away by another, and belongs to
// neither's owner.

#[derive(Debug, Clone)]
pub(super) struct GroupDraft {
    pub id: usize,
    pub join: ArcRwSignal<Join>,
    pub of: ArcRwSignal<Vec<Draft>>,
}

#[derive(Debug, Clone)]
pub(super) struct TestDraft {
    pub id: usize,
    pub field: ArcRwSignal<&'static ConditionField>,
    pub is: ArcRwSignal<Comparison>,
    pub value: ArcRwSignal<String>,
    /// Made by a click: the cursor goes there.
    pub is_new: bool,
}

#[derive(Debug, Clone)]
pub(super) enum Draft {
    Group(GroupDraft),
    Test(TestDraft),
}

impl Draft {
    pub fn id(&self) -> usize {
        match self {
            Self::Group(group) => group.id,
            Self::Test(test) => test.id,
        }
    }
}

impl TestDraft {
    /// One that asks for the field most rules ask for.
    pub fn new() -> Self {
        let field = &FIELDS[0];
        Self {
            is_new: true,
            ..Self::of(&Test {
                field,
                is: field.comparisons()[0],
                value: String::new(),
            })
        }
    }

    fn of(test: &Test) -> Self {
        Self {
            id: next(),
            field: ArcRwSignal::new(test.field),
            is: ArcRwSignal::new(test.is),
            value: ArcRwSignal::new(test.value.clone()),
            is_new: false,
        }
    }

    /// Another field: what it can't be compared by or with is put right.
    pub fn choose(&self, name: &str) {
        let Some(field) = ConditionField::of(name) else {
            return;
        };
        let had_words = self.field.with_untracked(|field| field.words().is_some());
        if !field.comparisons().contains(&self.is.get_untracked()) {
            self.is.set(field.comparisons()[0]);
        }
        match field.words() {
            Some(words) => self.value.set(words[0].0.to_owned()),
            None if had_words => self.value.set(String::new()),
            None => {}
        }
        self.field.set(field);
    }

    fn test(&self) -> Test {
        let is = self.is.get();
        Test {
            field: self.field.get(),
            is,
            value: self.value.get(),
        }
    }
}

impl GroupDraft {
    /// The draft of an outline; of an empty one something to begin with.
    pub fn read(outline: &str) -> Result<Self, Unreadable> {
        if outline.trim().is_empty() {
            return Ok(Self {
                of: ArcRwSignal::new(vec![Draft::Test(TestDraft {
                    is_new: false,
                    ..TestDraft::new()
                })]),
                ..Self::new()
            });
        }
        let conditions: Conditions = outline.parse()?;
        Ok(Self::of(&conditions.0))
    }

    /// One with a condition to be filled in.
    pub fn new() -> Self {
        Self {
            id: next(),
            join: ArcRwSignal::new(Join::All),
            of: ArcRwSignal::new(vec![Draft::Test(TestDraft::new())]),
        }
    }

    fn of(group: &Group) -> Self {
        let of = group.of.iter().map(|condition| match condition {
            Condition::Group(group) => Draft::Group(Self::of(group)),
            Condition::Test(test) => Draft::Test(TestDraft::of(test)),
        });
        Self {
            id: next(),
            join: ArcRwSignal::new(group.join),
            of: ArcRwSignal::new(of.collect()),
        }
    }

    /// Its outline, which can't be read where something is lacking.
    pub fn outline(&self) -> String {
        Conditions(self.group()).to_string()
    }

    fn group(&self) -> Group {
        let of = self.of.get();
        let of = of.iter().map(|draft| match draft {
            Draft::Group(group) => Condition::Group(group.group()),
            Draft::Test(test) => Condition::Test(test.test()),
        });
        Group {
            join: self.join.get(),
            of: of.collect(),
        }
    }

    /// In which line of the outline a part of it stands, from 1.
    pub fn line_of(&self, id: usize) -> Option<usize> {
        let mut line = 0;
        self.find(id, &mut line).then_some(line)
    }

    fn find(&self, id: usize, line: &mut usize) -> bool {
        *line += 1;
        self.id == id
            || self.of.get().iter().any(|draft| match draft {
                Draft::Group(group) => group.find(id, line),
                Draft::Test(test) => {
                    *line += 1;
                    test.id == id
                }
            })
    }
}
