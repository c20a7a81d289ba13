//! Email: what was sent to whom, and what became of it.
//!
//! A message goes to one address: what goes to three people are three messages. Whoever sent it, this system or another
//! that reports it, what happens to it are delivery events; where a message stands follows from them alone
//! ([`standing`]), in whatever order they come.

use crate::{
    event::{NamedRef, words},
    facet::Count,
    id::EmailMessageId,
    object::{Filters, ObjectCursor, ObjectFacet, one_of},
    time::{LocalTime, TimeBound, Timestamp},
};
use serde::{Deserialize, Serialize};

/// Longest address, in characters (RFC 5321, 4.5.3.1.3, without its angle brackets).
pub const MAX_ADDRESS: usize = 254;
/// Longest part before the `@` (RFC 5321, 4.5.3.1.1).
const MAX_LOCAL: usize = 64;

/// The filters of a list of messages, beside `from` and `to`.
pub const STATUS: &str = "status";
pub const TEMPLATE: &str = "template";
pub const BRAND: &str = "brand";
pub const COMPANY: &str = "company";
pub const CONTACT: &str = "contact";
pub const DOMAIN: &str = "domain";
pub const BOUNCE: &str = "bounce_type";
pub const SOURCE: &str = "source";
/// From when on, and until when, messages were made.
pub const FROM: &str = "from";
pub const TO: &str = "to";
/// The filter of the suppression list, beside [`SOURCE`].
pub const REASON: &str = "reason";

words! {
    /// What happens to a message (delivery event), and where it stands.
    EmailStatus {
        /// It is going to be sent.
        Queued = "queued", "Queued";
        /// The next mail server didn't take it for now; it is tried again.
        Deferred = "deferred", "Deferred";
        /// The next mail server has taken it.
        Sent = "sent", "Sent";
        /// The recipient's mail server has taken it.
        Delivered = "delivered", "Delivered";
        Opened = "opened", "Opened";
        Clicked = "clicked", "Clicked";
        /// It was refused, or given up.
        Bounced = "bounced", "Bounced";
        /// The recipient has called it unwanted.
        Complained = "complained", "Complained";
        /// It was not sent, because the address is not to be mailed.
        Suppressed = "suppressed", "Suppressed";
    }
}

words! {
    /// How lasting a refusal is (RFC 3463 classes, and policy).
    BounceType {
        /// The address can't be delivered to: it isn't tried again.
        Hard = "hard", "Hard";
        /// It may work another time: a full mailbox, a server that is away.
        Soft = "soft", "Soft";
        /// The receiver doesn't want it from us: policy, reputation, content.
        Blocked = "blocked", "Blocked";
    }
}

words! {
    /// Why an address is not to be mailed.
    SuppressionReason {
        HardBounce = "hard_bounce", "Hard bounce";
        Complaint = "complaint", "Complaint";
        Unsubscribed = "unsubscribed", "Unsubscribed";
        /// Somebody has put it on the list.
        Manual = "manual", "Added by hand";
    }
}

/// An event as far as it tells where a message stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Happened {
    pub status: EmailStatus,
    pub at: Timestamp,
    pub bounce: Option<BounceType>,
}

/// Where a message stands after all that has happened to it, in whatever order that is known and however often each.
///
/// What tells more comes before what tells less: a message that was opened was delivered, whatever else is known. A
/// refusal counts unless the message arrived later, or was queued anew; a complaint always. Who tells of it may have a
/// clock that knows no more than seconds: of what is told of one second, what tells more counts.
pub fn standing(happened: &[Happened]) -> (EmailStatus, Option<BounceType>) {
    use EmailStatus as S;
    let second = |event: &Happened| event.at.micros().div_euclid(1_000_000);
    let is_any = |status: S| happened.iter().any(|event| event.status == status);
    let last = |of: &dyn Fn(S) -> bool| {
        let events = happened.iter().filter(|event| of(event.status));
        events.max_by_key(|event| (second(event), event.status, event.at, event.bounce))
    };
    if is_any(S::Complained) {
        return (S::Complained, None);
    }
    let went_on = last(&|status| matches!(status, S::Queued | S::Delivered | S::Opened | S::Clicked));
    if let Some(bounced) = last(&|status| status == S::Bounced)
        && went_on.is_none_or(|event| second(event) <= second(bounced))
    {
        return (S::Bounced, bounced.bounce);
    }
    for status in [S::Clicked, S::Opened, S::Delivered] {
        if is_any(status) {
            return (status, None);
        }
    }
    let under_way = last(&|status| matches!(status, S::Queued | S::Deferred | S::Sent | S::Suppressed));
    (under_way.map_or(S::Queued, |event| event.status), None)
}

/// An address as it is compared and kept: without what surrounds it, in lower case.
///
/// # Errors
/// Why it can't be one, as a sentence.
pub fn address(text: &str) -> Result<String, String> {
    let text = text.trim().to_lowercase();
    let fits = |part: &str, most: usize| {
        let odd = |c: char| c.is_whitespace() || c.is_control() || "<>()[],;:\\\"".contains(c);
        !part.is_empty() && part.chars().count() <= most && !part.contains(odd)
    };
    match text.rsplit_once('@') {
        Some((local, domain))
            if fits(local, MAX_LOCAL) && fits(domain, MAX_ADDRESS) && text.chars().count() <= MAX_ADDRESS =>
        {
            Ok(text)
        }
        _ => Err("This is not an email address.".to_owned()),
    }
}

/// What stands behind the `@`.
pub fn domain_of(address: &str) -> &str {
    address.rsplit_once('@').map_or("", |(_, domain)| domain)
}

/// What messages can be narrowed by.
#[derive(Debug, Clone, Copy)]
pub struct EmailFilters;

impl Filters for EmailFilters {
    fn filter(&self, name: &str, value: &str) -> Result<Option<&'static str>, String> {
        match name {
            STATUS => one_of(
                EmailStatus::from_name(value).is_some(),
                STATUS,
                &EmailStatus::names(),
            ),
            BOUNCE => one_of(
                BounceType::from_name(value).is_some(),
                BOUNCE,
                &BounceType::names(),
            ),
            FROM | TO => {
                let filter = if name == FROM { FROM } else { TO };
                match value.parse::<TimeBound>() {
                    Ok(_) => Ok(Some(filter)),
                    Err(error) => Err(error.to_string()),
                }
            }
            _ => {
                let texts = [TEMPLATE, BRAND, COMPANY, CONTACT, DOMAIN, SOURCE];
                Ok(texts.into_iter().find(|filter| *filter == name))
            }
        }
    }

    fn is_single(&self, filter: &str) -> bool {
        matches!(filter, FROM | TO)
    }

    fn orders(&self) -> &[crate::object::SortBy] {
        &[]
    }
}

/// What suppressed addresses can be narrowed by.
#[derive(Debug, Clone, Copy)]
pub struct SuppressionFilters;

impl Filters for SuppressionFilters {
    fn filter(&self, name: &str, value: &str) -> Result<Option<&'static str>, String> {
        match name {
            REASON => one_of(
                SuppressionReason::from_name(value).is_some(),
                REASON,
                &SuppressionReason::names(),
            ),
            _ => Ok(None),
        }
    }

    fn orders(&self) -> &[crate::object::SortBy] {
        &[]
    }
}

/// A message in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Email {
    pub id: EmailMessageId,
    /// When it was made.
    pub at: LocalTime,
    pub status: EmailStatus,
    /// Where it bounced.
    pub bounce: Option<BounceType>,
    /// To whom, as an address.
    pub to: String,
    pub subject: String,
    /// The name of what it was made from.
    pub template: Option<String>,
    pub brand: Option<NamedRef>,
    pub company: Option<NamedRef>,
    pub contact: Option<NamedRef>,
    /// Who sent it: `daybook`, or the name of the other system.
    pub source: String,
}

/// A page of messages, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EmailPage {
    pub rows: Vec<Email>,
    pub total: Count,
    pub facets: Vec<ObjectFacet>,
    pub before: Option<ObjectCursor>,
    pub after: Option<ObjectCursor>,
    /// Since when Daybook sends nothing, where it is paused. Not told beside the mail of one company or contact.
    pub paused: Option<LocalTime>,
}

/// One thing that happened to a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EmailEvent {
    pub at: LocalTime,
    pub status: EmailStatus,
    pub bounce: Option<BounceType>,
    /// The enhanced status code (RFC 3463), such as `5.1.1`, or the reply code where there was none.
    pub code: Option<String>,
    /// What is known of it: the server's answer, or why it was given up.
    pub detail: Option<String>,
    /// Who said so: `daybook`, a provider, another system.
    pub source: String,
    /// Of a click.
    pub url: Option<String>,
    /// Where it was opened or clicked.
    pub ip: Option<String>,
    pub user_agent: Option<String>,
}

/// Whether a message can be sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SendAgain {
    Can,
    /// It held a link for its reader alone, which isn't kept any more.
    LinkGone,
    /// It isn't ours, or what it says isn't kept.
    Cannot,
}

/// A message with all that is known of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EmailDetail {
    pub email: Email,
    /// From whom, as it stands in the message.
    pub from: String,
    /// The name beside the recipient's address.
    pub to_name: Option<String>,
    /// Its `Message-ID` (RFC 5322, 3.6.4), without angle brackets.
    pub message_id: Option<String>,
    /// The id under which the sender's provider knows it.
    pub provider_id: Option<String>,
    /// Oldest first.
    pub events: Vec<EmailEvent>,
    /// What it says, where that is kept.
    pub text: Option<String>,
    /// Whether it has a body in HTML, which is shown apart.
    pub has_html: bool,
    /// The files that go along with it, as far as they are kept.
    pub attachments: Vec<EmailAttachment>,
    /// Whether the recipient is on the suppression list by now.
    pub suppressed: Option<SuppressionReason>,
    pub again: SendAgain,
    /// Whether something is going to happen to it within seconds.
    pub soon: bool,
    /// Since when it waits because mail is paused.
    pub paused: Option<LocalTime>,
}

/// A file that goes along with a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailAttachment {
    /// Its place among those of the message, from 1 on.
    pub number: u32,
    pub name: String,
    /// In bytes.
    pub size: u64,
}

/// The same with what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailFile {
    pub name: String,
    pub media_type: String,
    pub bytes: Vec<u8>,
}

/// An address that is not to be mailed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Suppression {
    pub address: String,
    pub reason: SuppressionReason,
    /// Who put it there: a person's name, a provider, another system.
    pub origin: String,
    pub note: Option<String>,
    pub since: LocalTime,
    /// The message that it came from.
    pub message: Option<EmailMessageId>,
}

/// A page of suppressed addresses, those of lately first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SuppressionPage {
    pub rows: Vec<Suppression>,
    /// How many there are of each reason.
    pub reasons: Vec<(SuppressionReason, Count)>,
    pub before: Option<ObjectCursor>,
    pub after: Option<ObjectCursor>,
}

words! {
    /// How a connection to a mail server is protected.
    MailSecurity {
        /// From the first byte (RFC 8314).
        Tls = "tls", "TLS";
        /// Asked for after the greeting (RFC 3207); without it nothing is sent.
        StartTls = "starttls", "STARTTLS";
        /// Not at all, for a server on the same machine or in the own network.
        None = "none", "None";
    }
}

words! {
    /// A service that sends mail, and tells by its own webhooks what becomes of it.
    EmailProvider {
        Postmark = "postmark", "Postmark";
        Sendgrid = "sendgrid", "SendGrid";
        Mailgun = "mailgun", "Mailgun";
        Ses = "ses", "Amazon SES";
        Brevo = "brevo", "Brevo";
        Mailjet = "mailjet", "Mailjet";
    }
}

/// Whether what a provider tells is checked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProviderState {
    pub provider: EmailProvider,
    /// Since when a key is kept by which it is checked.
    pub key_since: Option<LocalTime>,
}

/// How mail is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailSettings {
    /// Empty where mail isn't sent.
    pub host: String,
    pub port: u16,
    pub security: MailSecurity,
    /// Empty where nobody signs in.
    pub username: String,
    /// Whether a password is kept. It is never shown.
    pub has_password: bool,
    /// From whom mail is, where the brand doesn't say.
    pub from_name: String,
    pub from_address: String,
    /// Where answers go, where not to whom it is from.
    pub reply_to: String,
    /// Since when nothing is sent, where somebody has paused it.
    pub paused: Option<LocalTime>,
    /// Messages that wait for an attempt.
    pub waiting: u64,
    /// Of a form.
    pub seen: crate::seen::Seen,
}

/// The same as an administrator fills it in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailForm {
    pub host: String,
    pub port: u16,
    pub security: MailSecurity,
    pub username: String,
    /// Empty leaves the one that is kept, as long as host and user name stay.
    pub password: NewPassword,
    pub from_name: String,
    pub from_address: String,
    pub reply_to: String,
}

/// A password on its way in. Prints as dots.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NewPassword(String);

impl NewPassword {
    pub fn new(password: String) -> Self {
        Self(password)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The password itself. Call it only where it is sealed.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for NewPassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewPassword(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::ObjectQuery;
    use proptest::prelude::*;

    fn happened() -> impl Strategy<Value = Vec<Happened>> {
        let status = proptest::sample::select(EmailStatus::ALL);
        let bounce = proptest::option::of(proptest::sample::select(BounceType::ALL));
        let one = (status, 0_i64..6, bounce).prop_map(|(status, at, bounce)| Happened {
            status,
            at: Timestamp::from_micros(at * 400_000).unwrap(),
            bounce: bounce.filter(|_| status == EmailStatus::Bounced),
        });
        proptest::collection::vec(one, 0..8)
    }

    proptest! {
        #[test]
        fn where_it_stands_depends_on_no_order_and_no_repetition(events in happened(), seed in any::<u64>()) {
            let mut other = events.clone();
            other.extend(events.iter().filter(|event| seed >> (event.at.micros() / 400_000 + event.status as i64) & 1 == 1));
            let turn = usize::try_from(seed % 97).unwrap();
            if !other.is_empty() {
                let by = turn % other.len();
                other.rotate_left(by);
            }
            if seed % 2 == 0 {
                other.reverse();
            }
            prop_assert_eq!(standing(&events), standing(&other));
        }

        #[test]
        fn a_bounce_has_a_type_only_where_it_bounced(events in happened()) {
            let (status, bounce) = standing(&events);
            prop_assert!(bounce.is_none() || status == EmailStatus::Bounced);
            prop_assert!(status == EmailStatus::Queued || events.iter().any(|event| event.status == status));
        }

        #[test]
        fn an_address_is_kept_as_it_is_compared(text in ".{0,40}@.{0,40}") {
            if let Ok(kept) = address(&text) {
                prop_assert_eq!(address(&kept), Ok(kept.clone()));
                prop_assert!(!domain_of(&kept).is_empty());
            }
        }
    }

    #[test]
    fn what_tells_more_counts() {
        use EmailStatus as S;
        let at = |events: &[(S, i64)]| {
            let events: Vec<_> = events
                .iter()
                .map(|(status, at)| Happened {
                    status: *status,
                    at: Timestamp::from_micros(*at * 1_000_000).unwrap(),
                    bounce: (*status == S::Bounced).then_some(BounceType::Soft),
                })
                .collect();
            standing(&events).0
        };
        assert_eq!(at(&[]), S::Queued);
        assert_eq!(at(&[(S::Sent, 2), (S::Deferred, 1)]), S::Sent);
        assert_eq!(at(&[(S::Deferred, 2), (S::Queued, 1)]), S::Deferred);
        // A click may be told before the delivery.
        assert_eq!(at(&[(S::Clicked, 3), (S::Delivered, 5)]), S::Clicked);
        // Sent once more after it was refused.
        assert_eq!(at(&[(S::Sent, 1), (S::Bounced, 2), (S::Queued, 3)]), S::Queued);
        // The provider's clock knows seconds.
        assert_eq!(at(&[(S::Queued, 5), (S::Sent, 6), (S::Bounced, 5)]), S::Bounced);
        // A mailbox that was full has taken it later.
        assert_eq!(at(&[(S::Bounced, 3), (S::Delivered, 5)]), S::Delivered);
        assert_eq!(at(&[(S::Delivered, 3), (S::Bounced, 5)]), S::Bounced);
        assert_eq!(at(&[(S::Complained, 3), (S::Clicked, 5)]), S::Complained);
        assert_eq!(at(&[(S::Suppressed, 3), (S::Queued, 5), (S::Sent, 6)]), S::Sent);
    }

    #[test]
    fn a_date_takes_the_place_of_another_bound() {
        let query = ObjectQuery::parse(
            &EmailFilters,
            "?from=-7d&status=sent&from=2026-11-20&status=opened",
        )
        .unwrap();
        assert_eq!(query.values(FROM), ["2026-11-20"]);
        assert_eq!(query.values(STATUS), ["opened", "sent"]);
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for wrong in ["", "@", "a@", "@b", "a b@c.example", "<a@c.example>", "a@c,d"] {
            assert!(address(wrong).is_err(), "{wrong}");
        }
        assert_eq!(address(" Ann@Example.COM "), Ok("ann@example.com".to_owned()));
    }
}
