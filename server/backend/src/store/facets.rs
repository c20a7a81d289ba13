//! Facet counts: kept in the transaction that stores the records, so they are never wrong; read as the choices of a
//! filter.

use crate::rows::{insert_many, packed};
use crate::{
    Result,
    values::{each_value, is_counted},
};
use daybook_domain::{
    event::{Action, EventBody, Outcome, Portal},
    facet::{Facet, FacetValue},
    id::WorkspaceId,
    log::{Area, FilterField, LogKind, LogScope},
    work_session::Routing,
};
use daybook_entity::event_facet::{self, Column as C};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Value,
    sea_query::{Asterisk, Expr, Query, SelectStatement, UnionType},
};
use std::collections::{BTreeMap, HashMap};

/// Values offered per filter.
pub(super) const CHOICES: usize = 50;
/// People a typed name stands for in a list.
pub(super) const PEOPLE: u64 = 200;
/// `log` of what is counted over all logs.
const ALL: &str = "all";
/// `field` of a log's own total.
const TOTAL: &str = "log";
/// The columns of [`event_facet`], in the order of what is stored.
const COLUMNS: [C; 7] = [
    C::WorkspaceId,
    C::Log,
    C::Field,
    C::Value,
    C::Label,
    C::Search,
    C::Count,
];

#[derive(Debug, Clone, Default)]
struct Tally {
    label: String,
    search: String,
    count: i64,
    /// Which of the records was the last to have it.
    last: usize,
}

impl Tally {
    /// Together with what other records came to.
    fn add(&mut self, other: &Self) {
        self.count += other.count;
        if self.last <= other.last {
            self.last = other.last;
            self.label.clone_from(&other.label);
            self.search.clone_from(&other.search);
        }
    }
}

/// Counts of one group of events.
#[derive(Debug, Default)]
pub(super) struct Counts {
    records: usize,
    of_logs: HashMap<LogKind, i64>,
    of_values: foldhash::HashMap<(LogKind, FilterField), foldhash::HashMap<String, Tally>>,
}

impl Counts {
    pub fn add(&mut self, body: &EventBody) {
        self.records += 1;
        *self.of_logs.entry(body.log).or_default() += 1;
        each_value(body, &mut |field, value, label| {
            if !is_counted(field) {
                return;
            }
            let tallies = self.of_values.entry((body.log, field)).or_default();
            if !tallies.contains_key(value) {
                tallies.insert(value.to_owned(), Tally::default());
            }
            let Some(tally) = tallies.get_mut(value) else {
                return;
            };
            tally.count += 1;
            tally.last = self.records;
            if tally.label != label {
                let email = body.actor.email.as_deref();
                let also = email.filter(|_| field == FilterField::Actor).unwrap_or_default();
                label.clone_into(&mut tally.label);
                tally.search = format!("{label} {also}").trim().to_lowercase();
            }
        });
    }

    /// Adds the counts to those that are stored.
    pub async fn store(self, tx: &DatabaseTransaction, workspace: WorkspaceId) -> Result<()> {
        let sum = format!("{ADDED}, label = excluded.label, search = excluded.search");
        insert_many(tx, "event_facet", &COLUMNS, self.rows(workspace, 1), &sum).await
    }

    /// Takes the counts away from those that are stored. What comes to nothing stays until [`forget_empty`].
    pub async fn take_away(self, tx: &DatabaseTransaction, workspace: WorkspaceId) -> Result<()> {
        insert_many(tx, "event_facet", &COLUMNS, self.rows(workspace, -1), ADDED).await
    }

    /// In the order of their key, so that two processes lock rows in the same order, and a database finds them close to
    /// one another.
    fn rows(self, workspace: WorkspaceId, sign: i64) -> Vec<[Value; COLUMNS.len()]> {
        let mut tallies = BTreeMap::new();
        for (log, count) in self.of_logs {
            let tally = Tally {
                label: log.title().to_owned(),
                search: log.title().to_lowercase(),
                count,
                last: 0,
            };
            tallies.insert((log.name(), TOTAL, log.name().to_owned()), tally);
        }
        for ((log, field), values) in self.of_values {
            for (value, tally) in values {
                let all: &mut Tally = tallies.entry((ALL, field.name(), value.clone())).or_default();
                all.add(&tally);
                tallies.insert((log.name(), field.name(), value), tally);
            }
        }
        let row = |((log, field, value), tally): ((&str, &str, String), Tally)| {
            [
                workspace.0.into(),
                log.into(),
                field.into(),
                value.into(),
                tally.label.into(),
                tally.search.into(),
                (sign * tally.count).into(),
            ]
        };
        tallies.into_iter().map(row).collect()
    }
}

/// Adds the count of a row that comes in to the one that is there.
const ADDED: &str = "ON CONFLICT (workspace_id, log, field, value) DO UPDATE SET \
                     count = event_facet.count + excluded.count";

/// Forgets values that no record has any more.
pub(crate) async fn forget_empty(tx: &DatabaseTransaction, workspace: WorkspaceId) -> Result<()> {
    event_facet::Entity::delete_many()
        .filter(C::WorkspaceId.eq(workspace.0))
        .filter(C::Count.lte(0))
        .exec(tx)
        .await?;
    Ok(())
}

fn of_scope(workspace: WorkspaceId, scope: LogScope) -> Condition {
    let log = scope.kind().map_or(ALL, LogKind::name);
    Condition::all()
        .add(C::WorkspaceId.eq(workspace.0))
        .add(C::Log.eq(log))
}

/// The choices of each filter of a log.
pub(super) async fn facets(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    scope: LogScope,
) -> Result<Vec<Facet>> {
    let fields = scope.spec().filters;
    let commonest = |field: &FilterField| {
        let found = event_facet::Entity::find()
            .select_only()
            .columns([C::Field, C::Value, C::Label, C::Count])
            .filter(of_scope(workspace, scope))
            .filter(C::Field.eq(field.name()))
            .order_by_desc(C::Count)
            .order_by_asc(C::Value)
            .limit(CHOICES as u64 + 1);
        // In brackets of its own: SQLite allows an order within a union only there.
        let mut whole = Query::select();
        whole.column(Asterisk).from_subquery(found.into_query(), "found");
        whole
    };
    let mut found: HashMap<String, Vec<FacetValue>> = HashMap::new();
    if let Some(rows) = union(fields.iter().map(commonest)) {
        let columns = [C::Field, C::Value, C::Label, C::Count].map(Expr::col);
        let rows: Vec<(String, String, String, i64)> = packed(db, rows, columns).await?;
        for (field, value, label, count) in rows {
            let count = count.unsigned_abs();
            found
                .entry(field)
                .or_default()
                .push(FacetValue { value, label, count });
        }
    }
    let facet = |field: &FilterField| {
        let mut values = found.remove(field.name()).unwrap_or_default();
        values.sort_unstable_by(|one, other| {
            let by_count = other.count.cmp(&one.count);
            by_count.then_with(|| one.value.cmp(&other.value))
        });
        let more = values.len() > CHOICES;
        values.truncate(CHOICES);
        let mut facet = Facet {
            field: *field,
            values,
            more,
            exact: true,
        };
        name_known(&mut facet);
        facet
    };
    Ok(fields.iter().map(facet).collect())
}

fn union(selects: impl Iterator<Item = SelectStatement>) -> Option<SelectStatement> {
    selects.reduce(|mut all, one| {
        all.union(UnionType::All, one);
        all
    })
}

/// Writes into the choices of some filters, at most [`CHOICES`] of each, what a person reads for them.
pub(super) async fn name(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    facets: &mut [Facet],
) -> Result<()> {
    let stored = |facet: &Facet| {
        let last = facet.values.last()?;
        // Always as many, so that the database finds the statement prepared.
        let values = facet.values.iter().chain(std::iter::repeat(last)).take(CHOICES);
        let found = event_facet::Entity::find()
            .select_only()
            .columns([C::Field, C::Value, C::Label])
            .filter(of_scope(workspace, LogScope::All))
            .filter(C::Field.eq(facet.field.name()))
            .filter(C::Value.is_in(values.map(|choice| choice.value.as_str())));
        Some(found.into_query())
    };
    let Some(rows) = union(facets.iter().filter_map(stored)) else {
        return Ok(());
    };
    let rows: Vec<(String, String, String)> =
        packed(db, rows, [C::Field, C::Value, C::Label].map(Expr::col)).await?;
    let mut labels: HashMap<_, _> = rows
        .into_iter()
        .map(|(field, value, label)| ((field, value), label))
        .collect();
    for facet in facets {
        for choice in &mut facet.values {
            let key = (facet.field.name().to_owned(), choice.value.clone());
            if let Some(label) = labels.remove(&key) {
                choice.label = label;
            }
        }
        name_known(facet);
    }
    Ok(())
}

/// Closed sets are labelled by the code, so that a changed title shows at once.
fn name_known(facet: &mut Facet) {
    for choice in &mut facet.values {
        if let Some(title) = title(facet.field, &choice.value) {
            title.clone_into(&mut choice.label);
        }
    }
}

fn title(field: FilterField, value: &str) -> Option<&'static str> {
    match field {
        FilterField::Action => Action::from_name(value).map(Action::title),
        FilterField::Outcome => Outcome::from_name(value).map(Outcome::title),
        FilterField::Portal => Portal::from_name(value).map(Portal::title),
        FilterField::Area => Area::from_name(value).map(Area::title),
        FilterField::Routing => Routing::from_name(value).map(Routing::title),
        _ => None,
    }
}

/// How many records each log has.
pub(super) async fn totals(db: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<Vec<(LogKind, u64)>> {
    let found: Vec<(String, i64)> = event_facet::Entity::find()
        .select_only()
        .columns([C::Log, C::Count])
        .filter(C::WorkspaceId.eq(workspace.0))
        .filter(C::Log.is_in(LogKind::ALL.iter().map(|kind| kind.name())))
        .filter(C::Field.eq(TOTAL))
        .into_tuple()
        .all(db)
        .await?;
    Ok(found
        .into_iter()
        .filter_map(|(log, count)| Some((LogKind::from_name(&log)?, count.unsigned_abs())))
        .collect())
}

/// Whether the values of a filter are keys of people, who are also found by what they are called.
pub(super) fn is_person(field: FilterField) -> bool {
    matches!(field, FilterField::Actor | FilterField::Agent)
}

/// The people that typed texts stand for: those whose key it is, else those whose name or email holds it.
pub(super) async fn people(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    scope: LogScope,
    field: FilterField,
    typed: &[String],
    most: Option<u64>,
) -> Result<Vec<String>> {
    let mut keys = Vec::new();
    for text in typed {
        let known = event_facet::Entity::find()
            .select_only()
            .column(C::Value)
            .filter(of_scope(workspace, scope))
            .filter(C::Field.eq(field.name()))
            .limit(most);
        let exact: Vec<String> = known
            .clone()
            .filter(C::Value.eq(text.as_str()))
            .into_tuple()
            .all(db)
            .await?;
        if !exact.is_empty() {
            keys.extend(exact);
            continue;
        }
        let pattern = format!("%{}%", escape_like(&text.to_lowercase()));
        let like = sea_orm::sea_query::LikeExpr::new(pattern).escape('\\');
        keys.extend(
            known
                .filter(C::Search.like(like))
                .into_tuple::<String>()
                .all(db)
                .await?,
        );
    }
    keys.sort();
    keys.dedup();
    Ok(keys)
}

fn escape_like(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

#[cfg(test)]
mod tests {
    use super::*;
    use daybook_domain::{
        event::{Actor, ActorKind},
        time::Timestamp,
    };

    const WORKSPACE: WorkspaceId = WorkspaceId(uuid::Uuid::nil());

    fn by(name: &str, log: LogKind) -> EventBody {
        let mut actor = Actor::named(ActorKind::User, name).with_id("u1");
        actor.email = Some(format!("{name}@northdesk.example"));
        let mut body = EventBody::new("role.updated", actor, Timestamp::MIN);
        body.log = log;
        body
    }

    /// Log, label, search text and count of the actor.
    fn actors(bodies: &[EventBody], sign: i64) -> Vec<[Value; 4]> {
        let mut counts = Counts::default();
        for body in bodies {
            counts.add(body);
        }
        let mut rows = counts.rows(WORKSPACE, sign);
        rows.retain(|[_, _, field, ..]| *field == Value::from(FilterField::Actor.name()));
        rows.into_iter()
            .map(|[_, log, _, _, label, search, count]| [log, label, search, count])
            .collect()
    }

    #[test]
    fn over_all_logs_a_person_is_called_as_in_the_newest_record() {
        for (older, newer) in [
            (LogKind::Activity, LogKind::Access),
            (LogKind::Access, LogKind::Activity),
        ] {
            let mut rows = actors(&[by("Old", older), by("Old", newer), by("New", newer)], 1);
            let row = |log: &str, name: &str, count: i64| -> [Value; 4] {
                let search = format!("{name} {name}@northdesk.example").to_lowercase();
                [log.into(), name.into(), search.into(), count.into()]
            };
            let mut expected = vec![
                row(ALL, "New", 3),
                row(older.name(), "Old", 1),
                row(newer.name(), "New", 2),
            ];
            for rows in [&mut rows, &mut expected] {
                rows.sort_by_key(|row| format!("{row:?}"));
            }
            assert_eq!(rows, expected);
        }
    }

    #[test]
    fn what_is_taken_away_is_counted_below_nothing() {
        let counts = actors(&[by("Ada", LogKind::Activity), by("Ada", LogKind::Activity)], -1);
        assert!(
            counts.iter().all(|[.., count]| *count == Value::from(-2_i64)),
            "{counts:?}"
        );
        assert_eq!(counts.len(), 2);
    }
}
