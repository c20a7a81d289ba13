//! Plan and seats (R17): before, after, by whom.

use super::activity::Author;
use crate::demo::{
    draft::Draft,
    life::{Next, Scene, Stage},
};
use daybook_domain::{
    event::{Action, Change, Target},
    log::LogKind,
};

#[derive(Debug)]
pub struct Order;

/// The plans, from the smallest.
const PLANS: [&str; 4] = ["Team", "Growth", "Business", "Enterprise"];

/// What is paid for at the moment.
#[derive(Debug)]
pub struct Subscription {
    plan: usize,
    /// Full-time, seasonal, collaborator.
    seats: [i64; 3],
    invoices_to: &'static str,
}

impl Subscription {
    pub const AT_FIRST: Self = Self {
        plan: 1,
        seats: [22, 4, 10],
        invoices_to: "admin@northdesk.example",
    };
}

impl Scene for Order {
    fn play(&mut self, stage: &mut Stage) -> Next {
        const MAILBOXES: [&str; 3] = [
            "billing@northdesk.example",
            "invoices@northdesk.example",
            "cfo@northdesk.example",
        ];
        const SEATS: [(&str, &str); 3] = [
            ("Full-time seats", "full-time"),
            ("Seasonal seats", "seasonal"),
            ("Collaborator seats", "collaborator"),
        ];
        let author = Author::admin(stage);
        let (event_type, says, change) = match stage.dice.below(10) {
            0 => {
                let now = &mut stage.world.subscription;
                let before = now.plan;
                // Up as long as there is an up, then back to a smaller one.
                now.plan = if before + 1 < PLANS.len() { before + 1 } else { 1 };
                let (before, after) = (PLANS[before], PLANS[now.plan]);
                (
                    "plan.changed",
                    format!("Changed the plan from {before} to {after}"),
                    Change::new("Plan", before, after),
                )
            }
            1 => (
                "payment_method.changed",
                "Replaced the payment method".to_owned(),
                Change::secret("Card"),
            ),
            2 => {
                let before = stage.world.subscription.invoices_to;
                let others: Vec<_> = MAILBOXES
                    .into_iter()
                    .filter(|mailbox| *mailbox != before)
                    .collect();
                let now = stage.dice.pick(&others);
                stage.world.subscription.invoices_to = now;
                (
                    "billing_contact.changed",
                    format!("Invoices now go to {now}"),
                    Change::new("Invoice address", before, now),
                )
            }
            _ => {
                let kind = stage.dice.index(SEATS.len());
                let (property, word) = SEATS[kind];
                let step = stage.dice.range(1, 5);
                let seats = &mut stage.world.subscription.seats[kind];
                let before = *seats;
                let more = before < 12 || (before < 40 && step > 2);
                *seats = if more { before + step } else { before - step };
                let says = if more {
                    format!("Added {step} {word} seats")
                } else {
                    format!("Removed {step} {word} seats")
                };
                (
                    if more { "seats.added" } else { "seats.removed" },
                    says,
                    Change::new(property, before, *seats),
                )
            }
        };
        let invoice = format!("INV-{}", stage.dice.range(20_000, 29_999));
        let draft = Draft::new(stage.now, LogKind::Billing, event_type, author.actor)
            .action(Action::Update)
            .area("Billing", "Subscription")
            .says(says)
            .on(Target::new("subscription", "sub-1", "Northdesk"))
            .from(author.origin)
            .change(change)
            .with("invoice", invoice);
        stage.emit(draft);
        Next::End
    }
}
