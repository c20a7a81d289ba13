//! Alerts and rules as the pages show them.

use super::{
    Monitoring,
    alerts::{assignees, find, names},
    kept, raise,
    records::RuleRecord,
};
use crate::{
    Error, Result,
    email::send::is_set_up,
    local_time::Reader,
    record::seen,
    rows::{contains, page_of},
    store,
    store::place,
};
use daybook_domain::{
    Error as Told,
    facet::Count,
    id::{AlertId, UserId, WorkspaceId},
    monitoring::{
        Alert, AlertDetail, AlertFilters, AlertPage, AlertState, BuiltInRule, Evidence, MAX_EVIDENCE, Params,
        RULE, Rule, RuleDetail, RuleId, RuleState, SEVERITY, STATE, Severity,
    },
    object::{ObjectQuery, PAGE, unreadable},
    viewer::Viewer,
};
use daybook_entity::{
    alert::{self, Column as A, Model},
    alert_evidence::{self, Column as V},
    alert_rule, event,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Select,
};
use std::collections::HashMap;

/// Records that a rule may be behind and is still said to be on: they are on their way.
const ON_THE_WAY: i64 = 500;

fn all(workspace: WorkspaceId) -> Select<alert::Entity> {
    alert::Entity::find().filter(A::WorkspaceId.eq(workspace.0))
}

/// Rows in some states, of some severities, of some rules; of what isn't asked for, all.
fn narrowed(rows: Select<alert::Entity>, query: &ObjectQuery, but: Option<&str>) -> Select<alert::Entity> {
    let filters = [(STATE, A::State), (SEVERITY, A::Severity), (RULE, A::RuleId)];
    filters.into_iter().fold(rows, |rows, (name, column)| {
        let values = query.values(name);
        if values.is_empty() || but == Some(name) {
            rows
        } else {
            rows.filter(column.is_in(values.iter().map(String::as_str)))
        }
    })
}

impl Monitoring {
    pub(super) async fn page(&self, who: &Viewer, query: &ObjectQuery) -> Result<AlertPage> {
        let (db, workspace, reader) = (&self.0.db.read, who.workspace(), self.reader(who));
        let query = query.checked(&AlertFilters).map_err(unreadable)?;
        let backend = db.get_database_backend();
        let matching = |rows: Select<alert::Entity>| match &query.q {
            Some(text) => rows.filter(contains(backend, A::Search, &text.to_lowercase())),
            None => rows,
        };
        let mut rows = narrowed(matching(all(workspace)), &query, None);
        let backwards = query.is_backwards();
        if let Some(cursor) = &query.cursor {
            let of_another = || Told::invalid("cursor", "This page mark is of another list.");
            let at: i64 = cursor.key.parse().map_err(|_| of_another())?;
            let id = uuid::Uuid::from_u128(cursor.tie);
            let (beyond, this) = if backwards {
                (A::LastAt.gt(at), A::Id.gt(id))
            } else {
                (A::LastAt.lt(at), A::Id.lt(id))
            };
            let same = Condition::all().add(A::LastAt.eq(at)).add(this);
            rows = rows.filter(Condition::any().add(beyond).add(same));
        }
        let rows = if backwards {
            rows.order_by_asc(A::LastAt).order_by_asc(A::Id)
        } else {
            rows.order_by_desc(A::LastAt).order_by_desc(A::Id)
        };
        let found = rows.limit(PAGE as u64 + 1).all(db).await?;
        let place = |row: &Model| (row.last_at.to_string(), row.id.as_u128());
        let (found, before, after) = page_of(found, PAGE, &query, place);
        let assigned = names(db, workspace, found.iter().filter_map(|row| row.assigned_to)).await?;
        let (mut states, mut severities) = (Vec::new(), Vec::new());
        for state in AlertState::ALL.iter().copied() {
            let rows = narrowed(matching(all(workspace)), &query, Some(STATE));
            let count = rows.filter(A::State.eq(state.name())).count(db).await?;
            states.push((state, Count::Exactly(count)));
        }
        for severity in Severity::ALL.iter().rev().copied() {
            let rows = narrowed(matching(all(workspace)), &query, Some(SEVERITY));
            let count = rows.filter(A::Severity.eq(severity.name())).count(db).await?;
            severities.push((severity, Count::Exactly(count)));
        }
        Ok(AlertPage {
            rows: found
                .iter()
                .map(|row| shown(row, &assigned, &reader))
                .collect::<Result<_>>()?,
            states,
            severities,
            before,
            after,
        })
    }

    pub(super) async fn detail(&self, who: &Viewer, id: AlertId) -> Result<AlertDetail> {
        let (db, workspace, reader) = (&self.0.db.read, who.workspace(), self.reader(who));
        let row = find(db, workspace, id).await?;
        let assigned = names(db, workspace, row.assigned_to.into_iter()).await?;
        let rule: RuleId = row.rule_id.parse()?;
        let (has_rule, meaning) = match kept::find(db, workspace, rule).await {
            Ok(kept) => (true, kept::meaning(&kept, rule)),
            Err(Error::Domain(Told::NotFound)) => (false, String::new()),
            Err(error) => return Err(error),
        };
        Ok(AlertDetail {
            alert: shown(&row, &assigned, &reader)?,
            meaning,
            has_rule,
            assigned_to: row.assigned_to.map(UserId),
            note: row.note.clone(),
            evidence: evidence(db, &row, &reader).await?,
            assignees: assignees(db, workspace).await?,
        })
    }

    pub(super) async fn rules_shown(&self, who: &Viewer) -> Result<Vec<Rule>> {
        let (db, workspace) = (&self.0.db.read, who.workspace());
        let last = place::last_sequence(db, workspace).await?;
        let mut shown = Vec::new();
        for row in kept::all(db, workspace).await? {
            shown.push(self.rule_shown(&row, last).await?);
        }
        Ok(shown)
    }

    async fn rule_shown(&self, row: &alert_rule::Model, last: i64) -> Result<Rule> {
        let open = alert::Entity::find()
            .filter(A::WorkspaceId.eq(row.workspace_id))
            .filter(A::RuleId.eq(&row.id))
            .filter(A::State.ne(AlertState::Closed.name()))
            .count(&self.0.db.read)
            .await?;
        let id: RuleId = row.id.parse()?;
        let has_places = |needs: bool| match &self.0.places {
            None => Some("There is no MaxMind database: set geo_database to its path."),
            Some(places) if needs && !places.has_coordinates() => {
                Some("The MaxMind database knows countries only: a City database is needed.")
            }
            Some(_) => None,
        };
        let lacks = match id {
            RuleId::BuiltIn(BuiltInRule::ImpossibleTravel) => has_places(true),
            _ => None,
        };
        let learning = row.silent_until - row.cursor;
        let state = if !row.is_on {
            RuleState::Off
        } else if let Some(why) = lacks {
            RuleState::Unavailable(why.to_owned())
        } else if open >= raise::MOST_OPEN {
            RuleState::Unavailable(format!(
                "It has {open} open alerts and raises no more until some of them are closed."
            ))
        } else if row.switched_at > 0 && learning > 0 && last - row.cursor > ON_THE_WAY {
            RuleState::Learning(learning.unsigned_abs())
        } else {
            RuleState::On
        };
        Ok(Rule {
            id,
            name: row.name.clone(),
            severity: kept::severity(row)?,
            is_on: row.is_on,
            state,
            open,
        })
    }

    pub(super) async fn rule_detail(&self, who: &Viewer, id: RuleId) -> Result<RuleDetail> {
        let (db, workspace) = (&self.0.db.read, who.workspace());
        let row = kept::find(db, workspace, id).await?;
        let last = place::last_sequence(db, workspace).await?;
        let params: Params = serde_json::from_str(&row.params).map_err(Error::damaged)?;
        Ok(RuleDetail {
            rule: self.rule_shown(&row, last).await?,
            meaning: kept::meaning(&row, id),
            params,
            mail: kept::mail(&row)?,
            sigma: row.sigma.clone(),
            zone: self.around(workspace).await?.zone.name().to_owned(),
            has_mail: is_set_up(db, workspace).await?,
            seen: seen(&RuleRecord::new(&row)?)?,
        })
    }
}

fn shown(row: &Model, assigned: &HashMap<uuid::Uuid, String>, reader: &Reader) -> Result<Alert> {
    let damaged = |what: &str| Error::damaged(format!("an alert that is “{what}”"));
    Ok(Alert {
        id: AlertId(row.id),
        rule: row.rule_id.parse()?,
        rule_name: row.rule_name.clone(),
        severity: Severity::from_name(&row.severity).ok_or_else(|| damaged(&row.severity))?,
        state: AlertState::from_name(&row.state).ok_or_else(|| damaged(&row.state))?,
        summary: row.summary.clone(),
        subject: row.subject_name.clone(),
        first: reader.stored(row.first_at)?,
        last: reader.stored(row.last_at)?,
        count: row.count.unsigned_abs(),
        assigned: row
            .assigned_to
            .map(|id| assigned.get(&id).cloned().unwrap_or_default()),
    })
}

/// The records that an alert was raised for.
async fn evidence(db: &impl ConnectionTrait, row: &Model, reader: &Reader) -> Result<Vec<Evidence>> {
    let sequences: Vec<i64> = alert_evidence::Entity::find()
        .select_only()
        .column(V::Sequence)
        .filter(V::WorkspaceId.eq(row.workspace_id))
        .filter(V::AlertId.eq(row.id))
        .order_by_asc(V::Sequence)
        .limit(MAX_EVIDENCE)
        .into_tuple()
        .all(db)
        .await?;
    let records: Vec<(i64, String)> = event::Entity::find()
        .select_only()
        .columns([event::Column::Sequence, event::Column::Record])
        .filter(event::Column::WorkspaceId.eq(row.workspace_id))
        .filter(event::Column::Sequence.is_in(sequences.iter().copied()))
        .into_tuple()
        .all(db)
        .await?;
    let mut records: HashMap<_, _> = records.into_iter().collect();
    let of = |sequence: i64| {
        let Some(record) = records.remove(&sequence) else {
            return Ok(Evidence {
                event: None,
                sequence,
                at: None,
                who: String::new(),
                summary: String::new(),
            });
        };
        let event = store::parse(&record)?;
        Ok(Evidence {
            event: Some(event.id),
            sequence,
            at: Some(reader.local(event.body.occurred_at)),
            who: event.body.actor.label(),
            summary: event.body.summary.unwrap_or(event.body.event_type),
        })
    };
    sequences.into_iter().map(of).collect()
}
