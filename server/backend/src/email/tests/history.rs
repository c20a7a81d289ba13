//! The delivery history against a list that is worked out by looking at each message.

use super::PostOffice;
use crate::testing::on_each_database;
use daybook_domain::{email::Email, time::Timestamp};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Numbers that look like chance, always the same.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.0 >> 33) % most
    }
}

const STATUSES: [&str; 4] = ["sent", "delivered", "bounced", "opened"];
const MESSAGES: usize = 2_600;

/// Mail of ninety days, in about its order; some is told late.
fn told() -> Vec<Value> {
    let mut dice = Dice(7);
    let begins = 1_787_000_000_i64;
    (0..MESSAGES)
        .map(|number| {
            let minutes = i64::try_from(number).unwrap() * 50;
            let late = dice.below(20) == 0;
            let back = if late {
                i64::try_from(dice.below(60_000)).unwrap()
            } else {
                0
            };
            let at = begins + (minutes - back) * 60;
            let at = Timestamp::from_micros(at * 1_000_000).unwrap().to_string();
            json!({
                "id": format!("m-{number}"),
                "to": format!("user{}@d{}.example", dice.below(40), dice.below(5)),
                "subject": format!("Ticket {number}"),
                "template": format!("t{}", dice.below(3)),
                "at": at,
                "events": [{"status": STATUSES[usize::try_from(dice.below(4)).unwrap()], "at": at}],
            })
        })
        .collect()
}

/// All pages of a list, forwards; each is come back to as it was.
async fn walk(office: &PostOffice, query: &str) -> Vec<Email> {
    let (mut all, mut cursor, mut before) = (Vec::new(), String::new(), None);
    loop {
        let page = office.list(None, &format!("{query}{cursor}")).await;
        if let Some(before) = before {
            let back = page.before.clone().expect("a page before");
            let back = office.list(None, &format!("{query}&cursor={back}")).await;
            assert_eq!(back.rows, before, "{query}");
        }
        all.extend(page.rows.clone());
        before = Some(page.rows);
        match page.after {
            Some(after) => cursor = format!("&cursor={after}"),
            None => return all,
        }
    }
}

type Fits<'f> = Box<dyn Fn(&Email) -> bool + 'f>;

#[tokio::test]
async fn every_narrowing_is_what_looking_at_each_message_gives() {
    on_each_database(async |at| {
        let office = PostOffice::new(at).await;
        for some in told().chunks(700) {
            let outcome = office.report(some.to_vec().into()).await;
            assert_eq!(outcome.accepted, some.len() as u64);
        }
        let all = walk(&office, "?").await;
        assert_eq!(all.len(), MESSAGES);
        assert!(all.is_sorted_by(|one, other| one.at.utc >= other.at.utc));
        let middle = all[MESSAGES / 2].at.utc;
        let (from, to) = (middle.plus_seconds(-8 * 86_400), middle);
        let cases: Vec<(String, Fits)> = vec![
            (
                "?status=bounced".to_owned(),
                Box::new(|email| email.status.name() == "bounced"),
            ),
            (
                "?template=t1&domain=d2.example".to_owned(),
                Box::new(|email| {
                    email.template.as_deref() == Some("t1") && email.to.ends_with("@d2.example")
                }),
            ),
            (
                "?q=user7".to_owned(),
                Box::new(|email| email.to.starts_with("user7@")),
            ),
            (
                "?q=User7%40d3.example".to_owned(),
                Box::new(|email| email.to == "user7@d3.example"),
            ),
            (
                "?q=%3Cuser3%40d&status=sent".to_owned(),
                Box::new(|email| email.to.starts_with("user3@") && email.status.name() == "sent"),
            ),
            (
                "?q=%40d3.example".to_owned(),
                Box::new(|email| email.to.ends_with("@d3.example")),
            ),
            ("?q=nobody%40d3.example".to_owned(), Box::new(|_| false)),
            ("?q=ticket".to_owned(), Box::new(|_| true)),
            (
                format!("?from={from}&to={to}"),
                Box::new(|email| (from..to).contains(&email.at.utc)),
            ),
            (
                format!("?to={to}&status=opened&status=delivered"),
                Box::new(|email| email.at.utc < to && ["opened", "delivered"].contains(&email.status.name())),
            ),
            (
                "?q=ticket%2017".to_owned(),
                Box::new(|email| email.subject.starts_with("Ticket 17")),
            ),
            ("?domain=nowhere.example".to_owned(), Box::new(|_| false)),
        ];
        for (query, fits) in cases {
            let due: Vec<_> = all.iter().filter(|email| fits(email)).collect();
            let found = walk(&office, &query).await;
            assert_eq!(found.iter().collect::<Vec<_>>(), due, "{query}");
            let page = office.list(None, &query).await;
            assert_eq!(page.total.number(), due.len() as u64, "{query}");
            assert!(page.total.is_exact(), "{query}");
            // What the list could be narrowed to, of a field that it isn't narrowed by.
            if query.contains("template") {
                continue;
            }
            let mut counts: BTreeMap<String, u64> = BTreeMap::new();
            for email in due {
                *counts.entry(email.template.clone().unwrap()).or_default() += 1;
            }
            let offered = page.facets.iter().find(|facet| facet.property == "template");
            let offered: Option<BTreeMap<_, _>> = offered.map(|facet| {
                let values = facet.values.iter();
                values.map(|value| (value.value.clone(), value.count)).collect()
            });
            assert_eq!(offered.unwrap_or_default(), counts, "{query}");
        }
    })
    .await;
}
