//! A page of the list of users: its rows, how many there are, and the roles and statuses it can be narrowed to.

use super::{
    Accounts, roles,
    rows::{self, Person},
};
use crate::{
    Error, Result,
    rows::{Page, page_of},
};
use daybook_domain::{
    Error as Told,
    account::{ROLE, UserFilters, UserPage, UserStatus},
    facet::Count,
    id::RoleId,
    object::{ObjectCursor, ObjectFacet, ObjectFacetValue, ObjectQuery, PAGE, STATUS, unreadable},
    permission::ManageUsers,
    viewer::Granted,
};
use daybook_entity::user::{self, Column as C};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, Order, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Select, TryGetable, sea_query::LikeExpr,
};
use std::collections::HashMap;
use uuid::Uuid;

impl Accounts {
    pub(super) async fn page_of_users(
        &self,
        who: &Granted<ManageUsers>,
        query: &ObjectQuery,
    ) -> Result<UserPage> {
        let query = query.checked(&UserFilters).map_err(unreadable)?;
        let (db, workspace) = (&self.0.db.read, who.workspace());
        let roles = roles::all_rows(db, workspace).await?;
        let matching = |except: Option<&str>| matching(workspace.0, &query, except);
        let (found, before, after) = slice(db, matching(None)?, &query).await?;
        let reader = self.reader(who.viewer());
        let identities = rows::identities(db, workspace, found.iter().map(|user| user.id)).await?;
        let rows = found.into_iter().map(|user| {
            let own = identities.iter().filter(|identity| identity.user_id == user.id);
            let role = roles.iter().find(|role| role.id == user.role_id);
            let person = Person {
                identities: own.cloned().collect(),
                role: role
                    .cloned()
                    .ok_or_else(|| Error::damaged("a user without a role"))?,
                user,
                // A secret, which isn't shown.
                invitation: None,
            };
            person.shown(&reader)
        });
        let total = matching(None)?.count(db).await?;
        let by_role: Vec<(Uuid, i64)> = counts(db, matching(Some(ROLE))?, C::RoleId).await?;
        let by_role = by_role
            .into_iter()
            .map(|(id, count)| (RoleId(id).to_string(), count));
        Ok(UserPage {
            rows: rows.collect::<Result<_>>()?,
            total: Count::Exactly(total),
            facets: vec![
                facet(
                    STATUS,
                    "Status",
                    UserStatus::ALL
                        .iter()
                        .map(|of| (of.name().to_owned(), of.title().to_owned())),
                    counts(db, matching(Some(STATUS))?, C::Status).await?,
                    &query,
                ),
                facet(
                    ROLE,
                    "Role",
                    roles
                        .iter()
                        .map(|role| (RoleId(role.id).to_string(), role.name.clone())),
                    by_role.collect(),
                    &query,
                ),
            ],
            before,
            after,
        })
    }
}

/// The users the query leaves; `except` is a filter that doesn't count.
fn matching(workspace: Uuid, query: &ObjectQuery, except: Option<&str>) -> Result<Select<user::Entity>> {
    let mut select = user::Entity::find().filter(C::WorkspaceId.eq(workspace));
    for word in query.q.iter().flat_map(|q| q.split_whitespace()) {
        let holds = LikeExpr::new(format!("%{}%", escaped(&rows::key(word)))).escape('\\');
        let anywhere = Condition::any()
            .add(C::NameKey.like(holds.clone()))
            .add(C::EmailKey.like(holds.clone()))
            .add(C::Phone.like(holds));
        select = select.filter(anywhere);
    }
    let values = |filter: &str| {
        Some(query.values(filter)).filter(|values| !values.is_empty() && except != Some(filter))
    };
    if let Some(statuses) = values(STATUS) {
        select = select.filter(C::Status.is_in(statuses));
    }
    if let Some(roles) = values(ROLE) {
        let ids = roles.iter().map(|role| role.parse::<RoleId>().map(|role| role.0));
        let ids: Vec<_> = ids
            .collect::<Result<_, _>>()
            .map_err(|_| Told::invalid(ROLE, "This is no role."))?;
        select = select.filter(C::RoleId.is_in(ids));
    }
    Ok(select)
}

/// A text of which every character stands for itself in a pattern.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

/// The rows from where the query's cursor begins, and the cursors of the neighbours.
async fn slice(
    db: &impl ConnectionTrait,
    mut select: Select<user::Entity>,
    query: &ObjectQuery,
) -> Result<Page<user::Model>> {
    let backwards = query.is_backwards();
    let descending = query.sort.descending != backwards;
    if let Some(ObjectCursor { key, tie, .. }) = &query.cursor {
        let id = Uuid::from_u128(*tie);
        let (name, id) = if descending {
            (C::NameKey.lt(key), C::Id.lt(id))
        } else {
            (C::NameKey.gt(key), C::Id.gt(id))
        };
        let same = Condition::all().add(C::NameKey.eq(key)).add(id);
        select = select.filter(Condition::any().add(name).add(same));
    }
    let order = if descending { Order::Desc } else { Order::Asc };
    let found = select
        .order_by(C::NameKey, order.clone())
        .order_by(C::Id, order)
        .limit(PAGE as u64 + 1)
        .all(db)
        .await?;
    Ok(page_of(found, PAGE, query, |row| {
        (row.name_key.clone(), row.id.as_u128())
    }))
}

/// How many of them have which value of a column.
async fn counts<V: TryGetable>(
    db: &impl ConnectionTrait,
    matching: Select<user::Entity>,
    column: C,
) -> Result<Vec<(V, i64)>> {
    Ok(matching
        .select_only()
        .column(column)
        .column_as(C::Id.count(), "users")
        .group_by(column)
        .into_tuple()
        .all(db)
        .await?)
}

/// The values that leave anybody, or are chosen, in the order of `known`.
fn facet(
    property: &str,
    title: &str,
    known: impl Iterator<Item = (String, String)>,
    counts: Vec<(String, i64)>,
    query: &ObjectQuery,
) -> ObjectFacet {
    let counts: HashMap<_, _> = counts.into_iter().collect();
    let values = known.filter_map(|(value, label)| {
        let count = counts.get(&value).map_or(0, |count| count.unsigned_abs());
        (count > 0 || query.values(property).contains(&value)).then_some(ObjectFacetValue {
            value,
            label,
            count,
        })
    });
    ObjectFacet {
        property: property.to_owned(),
        title: title.to_owned(),
        values: values.collect(),
        more: false,
        exact: true,
    }
}
