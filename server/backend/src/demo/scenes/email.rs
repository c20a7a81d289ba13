//! Emails that did not arrive (R53): bounced for good, for now, blocked; complained about; sent to nobody because
//! the address is suppressed (R14).

use crate::demo::{
    directory::brand,
    draft::Draft,
    life::{Next, Scene, Stage},
};
use daybook_domain::{
    event::{Action, Actor, ActorKind, Target},
    log::LogKind,
};

#[derive(Debug)]
pub struct Undelivered;

/// What became of it: event type, bounce type, SMTP code, enhanced code, what the other server said.
type Fate = (&'static str, &'static str, i64, &'static str, &'static str);

static FATES: [Fate; 8] = [
    (
        "email.bounced",
        "permanent",
        550,
        "5.1.1",
        "The email account that you tried to reach does not exist",
    ),
    (
        "email.bounced",
        "permanent",
        550,
        "5.1.10",
        "Recipient address rejected: recipient not found by SMTP address lookup",
    ),
    ("email.bounced", "transient", 452, "4.2.2", "Mailbox full"),
    (
        "email.deferred",
        "transient",
        421,
        "4.7.0",
        "Try again later, closing connection (greylisted)",
    ),
    (
        "email.bounced",
        "blocked",
        554,
        "5.7.1",
        "Message rejected: the sending address is listed",
    ),
    (
        "email.bounced",
        "blocked",
        550,
        "5.7.26",
        "Unauthenticated email is not accepted due to the domain’s DMARC policy",
    ),
    (
        "email.complained",
        "complaint",
        250,
        "2.0.0",
        "The recipient marked the message as spam",
    ),
    (
        "email.recipient_blocked",
        "suppressed",
        0,
        "",
        "Not sent: the address is suppressed since its last hard bounce",
    ),
];

impl Scene for Undelivered {
    fn play(&mut self, stage: &mut Stage) -> Next {
        const MAILS: [&str; 6] = [
            "Request received",
            "Request solved",
            "Survey",
            "Invitation to the portal",
            "Approval needed",
            "Maintenance notice",
        ];
        let fate = stage.dice.weighted([22, 12, 16, 14, 9, 6, 4, 17].into_iter());
        let (event_type, bounce, code, enhanced, said) = FATES[fate];
        let mail = stage.dice.pick(&MAILS);
        let message_id = format!("<{}@mail.northdesk.example>", stage.dice.token());
        let attempt = if bounce == "transient" {
            stage.dice.range(1, 6)
        } else {
            1
        };
        let number = stage.world.conversations_so_far();
        let contact = &stage.world.directory.contacts[stage.dice.index(stage.world.directory.contacts.len())];
        let company = &stage.world.directory.companies[contact.company];
        let verb = match event_type {
            "email.deferred" => "was deferred",
            "email.complained" => "was marked as spam",
            "email.recipient_blocked" => "was not sent",
            _ => "bounced",
        };
        let draft = Draft::new(
            stage.now,
            LogKind::EmailFailure,
            event_type,
            Actor::named(ActorKind::System, "Mail sender").with_id("mail-sender"),
        )
        .action(Action::Send)
        .area("Email", mail)
        .says(format!("“{mail}” to {} {verb}: {said}", contact.email))
        .failed(said)
        .on(Target::new(
            "email_message",
            &message_id,
            format!("[{number}] {mail}"),
        ))
        .on(contact.target())
        .contact(contact.named())
        .company(company.named())
        .brand(brand(company.brand))
        .with("recipient", contact.email.as_str())
        .with("bounce_type", bounce)
        .with("smtp_code", (code > 0).then_some(code))
        .with("enhanced_code", (!enhanced.is_empty()).then_some(enhanced))
        .with("remote_host", format!("mx1.{}", company.domain))
        .with("attempt", attempt)
        .with("message_id", message_id);
        stage.emit(draft);
        Next::End
    }
}
