//! A change that is too large for one record is told in several, of one type and one action: first to last, each says which
//! part it is. None of what changed is left out; only the names of what is referred to are cut, visibly, where hundreds of
//! long ones would be the record.

use crate::{Error, Result};
use daybook_domain::{
    canonical,
    event::{Change, EventBody, MAX_CHANGES, MAX_EVENT_BYTES},
    object::custom,
};
use serde_json::{Value, json};

/// What is written around the body and its changes: the record's place, and which part it is.
const AROUND: usize = 1024;
/// Changes that weigh less fit into a record in any case.
const SURELY_FITS: usize = MAX_EVENT_BYTES / 2;
/// A change that weighs more has the names in it cut.
const MOST: usize = MAX_EVENT_BYTES * 3 / 4;
/// What is left of a name then, in characters.
const NAME_CHARS: usize = 16;

/// The records of a change whose record without its changes is `body`.
///
/// # Errors
/// Where the body can't be written as JSON, or can't hold even one of the changes: mistakes of ours.
pub(super) fn of(body: &EventBody, changes: Vec<Change>) -> Result<Vec<EventBody>> {
    let fits = changes.len() <= MAX_CHANGES && changes.iter().map(at_most).sum::<usize>() < SURELY_FITS;
    if fits {
        return Ok(vec![EventBody {
            changes,
            ..body.clone()
        }]);
    }
    let room = MAX_EVENT_BYTES.saturating_sub(weight(body)? + AROUND);
    let mut parts: Vec<(usize, Vec<Change>)> = Vec::new();
    for mut change in changes {
        let mut bytes = weight(&change)?;
        if bytes > MOST {
            cut_names(&mut change);
            bytes = weight(&change)?;
        }
        if bytes > room {
            return Err(Error::damaged(format!(
                "a change of {} weighs {bytes} bytes",
                change.property
            )));
        }
        match parts.last_mut() {
            Some((full, part)) if *full + bytes < room && part.len() < MAX_CHANGES => {
                *full += bytes + 1;
                part.push(change);
            }
            _ => parts.push((bytes, vec![change])),
        }
    }
    let many = parts.len();
    let part = |(number, (_, changes)): (usize, (usize, Vec<Change>))| {
        let mut body = EventBody {
            changes,
            ..body.clone()
        };
        if many > 1 {
            let part = json!({"number": number + 1, "of": many});
            body.metadata.insert("part".to_owned(), part);
        }
        body
    };
    Ok(parts.into_iter().enumerate().map(part).collect())
}

fn weight(of: &impl serde::Serialize) -> Result<usize> {
    Ok(canonical::to_string(of).map_err(Error::damaged)?.len())
}

/// No less than a change weighs as JSON.
fn at_most(change: &Change) -> usize {
    // A control character becomes six.
    fn of(value: &Value) -> usize {
        match value {
            Value::String(text) => text.len() * 6 + 3,
            Value::Array(members) => members.iter().map(of).sum::<usize>() + 3,
            Value::Object(map) => {
                map.iter()
                    .map(|(name, value)| name.len() * 6 + 4 + of(value))
                    .sum::<usize>()
                    + 3
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => 32,
        }
    }
    change.property.len() * 6 + of(&change.before) + of(&change.after) + 64
}

fn cut_names(change: &mut Change) {
    // What another system says is no name of ours, whatever it looks like.
    if custom::told_of(&change.property).is_some() {
        return;
    }
    for value in [&mut change.before, &mut change.after] {
        let members = value.as_array_mut().into_iter().flatten();
        for name in members.filter_map(|member| member.get_mut("name")) {
            if let Some(long) = name.as_str().filter(|name| name.chars().count() > NAME_CHARS) {
                *name = long
                    .chars()
                    .take(NAME_CHARS)
                    .chain(['…'])
                    .collect::<String>()
                    .into();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use daybook_domain::{
        event::{Actor, ActorKind},
        id::EventId,
        time::Timestamp,
    };
    use proptest::prelude::*;

    fn body() -> EventBody {
        EventBody::new("company.updated", Actor::new(ActorKind::System), Timestamp::MIN)
    }

    proptest! {
        /// Each part is a record that any Daybook takes, and together they are the change.
        #[test]
        fn nothing_of_a_change_is_lost(sizes in prop::collection::vec(0_usize..24_000, 0..12), small in 0_usize..450) {
            let value = |bytes: &usize| "é\n".repeat(bytes / 4);
            let large = sizes.iter().enumerate().map(|(at, bytes)| Change::new(format!("p{at}"), value(bytes), value(&(bytes / 2))));
            let small = (0..small).map(|at| Change::new(format!("q{at}"), at, Value::Null));
            let changes: Vec<_> = large.chain(small).collect();
            let parts = of(&body(), changes.clone()).unwrap();
            for (number, part) in parts.iter().enumerate() {
                prop_assert!(part.changes.len() <= MAX_CHANGES);
                let written = canonical::Unplaced::new(EventId(uuid::Uuid::nil()), part).unwrap();
                prop_assert!(written.len() <= MAX_EVENT_BYTES, "{}", written.len());
                if parts.len() > 1 {
                    prop_assert_eq!(&part.metadata["part"], &json!({"number": number + 1, "of": parts.len()}));
                }
            }
            let told: Vec<_> = parts.into_iter().flat_map(|part| part.changes).collect();
            prop_assert_eq!(told, changes);
        }
    }

    #[test]
    fn two_hundred_long_names_are_cut_and_their_ids_stay() {
        let boards = |from: u32| -> Value {
            let board = |n: u32| json!({"id": format!("{n:036}"), "name": "🦀".repeat(200)});
            (from..from + 200).map(board).collect()
        };
        let parts = of(&body(), vec![Change::new("boards", boards(0), boards(200))]).unwrap();
        let [only] = &parts[..] else {
            panic!("{} parts", parts.len())
        };
        let change = &only.changes[0];
        assert_eq!(change.after[199]["id"], format!("{:036}", 399));
        assert_eq!(change.after[199]["name"], format!("{}…", "🦀".repeat(NAME_CHARS)));
        assert!(
            canonical::Unplaced::new(EventId(uuid::Uuid::nil()), only)
                .unwrap()
                .len()
                <= MAX_EVENT_BYTES
        );
    }
}
