//! A page of the delivery history: its rows, how many there are, and the values it can be narrowed to.

use super::{
    message::collection,
    settings,
    zones::{self, Place},
};
use crate::{
    Error, Result,
    found::{
        facets::{self, Offered, Rows},
        matching::{Matching, Sought},
        postings::{Numbers, after_all, with_values},
    },
    local_time::Reader,
    objects::{known_as, names},
    rows::{Page, packed, page_of},
};
use daybook_domain::{
    Error as Told,
    email::{
        BOUNCE, BRAND, BounceType, COMPANY, CONTACT, DOMAIN, Email, EmailPage, EmailStatus, FROM, SOURCE,
        STATUS, TEMPLATE, TO, domain_of,
    },
    event::NamedRef,
    facet::Count,
    id::{EmailMessageId, ObjectId, WorkspaceId},
    object::{Names, ObjectCursor, ObjectFacet, ObjectFacetValue, ObjectKind, ObjectQuery, PAGE},
    time::{End, TimeBound},
};
use daybook_entity::{
    email_message::{self, Column as C},
    object,
};
use futures::try_join;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    Select, sea_query::Expr,
};
use std::collections::{BTreeMap, HashMap};

/// What the list can be narrowed to by what is offered beside it, with its heading.
const FACETS: [(&str, &str); 7] = [
    (STATUS, "Status"),
    (BOUNCE, "Bounce type"),
    (TEMPLATE, "Template"),
    (BRAND, "Brand"),
    (COMPANY, "Company"),
    (DOMAIN, "Domain"),
    (SOURCE, "Sent by"),
];

/// A company or a contact whose mail is listed.
pub(super) type About = Option<(ObjectKind, ObjectId)>;

pub(super) async fn page(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    about: About,
    query: &ObjectQuery,
    reader: &Reader,
) -> Result<EmailPage> {
    let matching = matching(db, workspace, about, query, reader).await?;
    let fields: Vec<_> = FACETS
        .iter()
        .map(|(field, _)| *field)
        .filter(|field| about.is_none() || *field != COMPANY)
        .collect();
    let messages = Messages(workspace);
    let (slice, total, offered) = try_join!(
        slice(db, &matching, query),
        total(db, &matching),
        facets::offered(db, &messages, &matching, &fields, |field| query.values(field)),
    )?;
    let (rows, before, after) = slice;
    let ids = offered
        .iter()
        .filter(|offered| [BRAND, COMPANY].contains(&offered.field));
    let ids = ids.flat_map(|offered| &offered.values);
    let ids = ids.filter_map(|(value, _)| value.parse().ok()).collect();
    let names = names(db, workspace, ids).await?;
    Ok(EmailPage {
        rows: rows
            .into_iter()
            .map(|row| shown(row, reader))
            .collect::<Result<_>>()?,
        total,
        facets: offered
            .into_iter()
            .map(|offered| named(offered, &names))
            .collect(),
        before,
        after,
        paused: match about {
            None => settings::paused(&settings::find(db, workspace).await?, reader)?,
            Some(_) => None,
        },
    })
}

async fn matching(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    about: About,
    query: &ObjectQuery,
    reader: &Reader,
) -> Result<Matching> {
    let mut filters = Vec::new();
    for field in [STATUS, BOUNCE, TEMPLATE, BRAND, COMPANY, CONTACT, DOMAIN, SOURCE] {
        let values = query.values(field);
        if !values.is_empty() {
            filters.push((field, values.to_vec()));
        }
    }
    let text = query.q.as_deref();
    let meant = match text {
        Some(text) => meant(db, workspace, text).await?,
        None => Numbers::new(),
    };
    let sought = text.filter(|_| meant.is_empty()).map(|text| Sought {
        text,
        // What is no address may stand in a subject. Words that only begin as its parts do would be other addresses.
        whole: text.contains('@'),
    });
    let mut matching = Matching::of(db, collection(workspace), filters, sought).await?;
    if !meant.is_empty() {
        matching.only(meant);
    }
    if let Some((kind, id)) = about {
        matching.only(theirs(db, workspace, kind, id).await?);
    }
    let bound = |field: &str, end| {
        let bound = query.values(field).first()?.parse::<TimeBound>().ok()?;
        Some(bound.resolve(end, reader.now(), |wall| reader.instant(wall)))
    };
    let (from, to) = (bound(FROM, End::From), bound(TO, End::To));
    if from.is_some() || to.is_some() {
        matching.only(zones::period(db, workspace, from, to).await?);
    }
    Ok(matching)
}

/// The messages that a text names by an id or an address; none where it is words.
async fn meant(db: &impl ConnectionTrait, workspace: WorkspaceId, text: &str) -> Result<Numbers> {
    /// Shorter texts are no ids.
    const LONG: usize = 16;
    let text = text.trim().trim_start_matches('<').trim_end_matches('>');
    let may_be_address = text.contains('@');
    if text.contains(char::is_whitespace) || !may_be_address && text.len() < LONG {
        return Ok(Numbers::new());
    }
    let found = by_id(db, workspace, text).await?;
    if found.is_empty() && may_be_address {
        return by_address(db, workspace, &text.to_lowercase()).await;
    }
    Ok(found)
}

/// The messages to addresses that begin so, or of a domain (`@acme.example`); none where they are very many.
async fn by_address(db: &impl ConnectionTrait, workspace: WorkspaceId, begins: &str) -> Result<Numbers> {
    const MANY: usize = 20_000;
    if let Some(domain) = begins.strip_prefix('@') {
        return with_values(db, collection(workspace), DOMAIN, &[domain.to_owned()]).await;
    }
    let rows = messages(workspace)
        .select_only()
        .column(C::Number)
        .filter(C::Address.gte(begins))
        .filter(C::Address.lt(after_all(begins)))
        .limit(MANY as u64 + 1);
    let found: Vec<(u32,)> = packed(db, rows.into_query(), [Expr::col(C::Number)]).await?;
    if found.len() > MANY {
        return Ok(Numbers::new());
    }
    Ok(found.into_iter().map(|(number,)| number).collect())
}

/// The messages that an id names: ours, or one of the ids they have elsewhere.
async fn by_id(db: &impl ConnectionTrait, workspace: WorkspaceId, text: &str) -> Result<Numbers> {
    let mut columns = vec![C::MessageId.eq(text), C::ProviderId.eq(text)];
    columns.extend(text.parse::<EmailMessageId>().ok().map(|id| C::Id.eq(id.0)));
    let mut found = Numbers::new();
    // One by one: SQLite would rather read all than go by several indexes.
    for is in columns {
        let numbers: Vec<i32> = messages(workspace)
            .select_only()
            .column(C::Number)
            .filter(is)
            .limit(PAGE as u64)
            .into_tuple()
            .all(db)
            .await?;
        found.extend(numbers.into_iter().map(i32::unsigned_abs));
    }
    Ok(found)
}

/// The mail of a company or a contact, by all that it was known by: a message that came before the directory knew it was
/// kept under what it said.
async fn theirs(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    kind: ObjectKind,
    id: ObjectId,
) -> Result<Numbers> {
    let field = match kind {
        ObjectKind::Company => COMPANY,
        ObjectKind::Contact => CONTACT,
        _ => return Err(Told::NotFound.into()),
    };
    let row = object::Entity::find_by_id((workspace.0, id.0)).one(db).await?;
    let row = row.filter(|row| row.kind == kind.name()).ok_or(Told::NotFound)?;
    let known = known_as(db, workspace, kind, id.0).await?;
    let mut values = vec![id.to_string(), row.name, row.unique_key];
    values.extend(known.ids);
    values.extend(known.external_ids);
    with_values(db, collection(workspace), field, &values).await
}

/// One page of the mail of a company, or of contacts while they are of it, as they may see it themselves, newest first, and
/// where the next begins. Found by their own ids alone: a name may be somebody else's, too.
pub(crate) async fn of_customer(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    companies: &[String],
    contacts: Option<&[String]>,
    from: Option<ObjectCursor>,
) -> Result<(Vec<email_message::Model>, Option<ObjectCursor>)> {
    let mut theirs = with_values(db, collection(workspace), COMPANY, companies).await?;
    if let Some(contacts) = contacts {
        theirs &= with_values(db, collection(workspace), CONTACT, contacts).await?;
    }
    let past = from.as_ref().map(place).transpose()?;
    let places = zones::first(db, workspace, &theirs, Condition::all(), past, true, PAGE + 1).await?;
    let mut rows = in_order(db, workspace, &places).await?;
    rows.truncate(PAGE);
    // By what was found: a message may have gone since.
    let last = places.get(PAGE - 1).filter(|_| places.len() > PAGE);
    let older = last.map(|(at, number)| ObjectCursor {
        backwards: false,
        key: at.to_string(),
        tie: (*number).into(),
    });
    Ok((rows, older))
}

async fn total(db: &impl ConnectionTrait, matching: &Matching) -> Result<Count> {
    if matching.is_everything() {
        let all = facets::how_many(db, matching.of, STATUS).await?;
        return Ok(Count::Exactly(all));
    }
    Ok(matching.count())
}

fn messages(workspace: WorkspaceId) -> Select<email_message::Entity> {
    email_message::Entity::find().filter(C::WorkspaceId.eq(workspace.0))
}

async fn slice(
    db: &impl ConnectionTrait,
    matching: &Matching,
    query: &ObjectQuery,
) -> Result<Page<email_message::Model>> {
    let workspace = matching.of.workspace;
    let backwards = query.is_backwards();
    let past = query.cursor.as_ref().map(place).transpose()?;
    let most = PAGE + 1;
    let that = matching.asked(db.get_database_backend(), &C::Words);
    let found = match matching.among() {
        None => walked(db, workspace, that, past, !backwards, most).await?,
        Some(among) => {
            let places = zones::first(db, workspace, &among, that, past, !backwards, most).await?;
            in_order(db, workspace, &places).await?
        }
    };
    Ok(page_of(found, PAGE, query, |row| {
        (row.at.to_string(), row.number.unsigned_abs().into())
    }))
}

fn place(cursor: &ObjectCursor) -> Result<Place> {
    let of_another = || Told::invalid("cursor", "This page mark is of another list.");
    let at = cursor.key.parse().map_err(|_| of_another())?;
    let number = u32::try_from(cursor.tie).map_err(|_| of_another())?;
    Ok((at, number))
}

/// The first messages of all past a place.
async fn walked(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    that: Condition,
    past: Option<Place>,
    descending: bool,
    most: usize,
) -> Result<Vec<email_message::Model>> {
    let mut rows = messages(workspace).filter(that);
    if let Some((at, number)) = past {
        let number = number.cast_signed();
        let (bound, beyond, later) = if descending {
            (C::At.lte(at), C::At.lt(at), C::Number.lt(number))
        } else {
            (C::At.gte(at), C::At.gt(at), C::Number.gt(number))
        };
        // The first condition is one the index can begin at; OR alone isn't.
        let further = Condition::any()
            .add(beyond)
            .add(Condition::all().add(C::At.eq(at)).add(later));
        rows = rows.filter(bound).filter(further);
    }
    let rows = if descending {
        rows.order_by_desc(C::At).order_by_desc(C::Number)
    } else {
        rows.order_by_asc(C::At).order_by_asc(C::Number)
    };
    Ok(rows.limit(most as u64).all(db).await?)
}

async fn in_order(
    db: &impl ConnectionTrait,
    workspace: WorkspaceId,
    places: &[Place],
) -> Result<Vec<email_message::Model>> {
    let numbers = places.iter().map(|(_, number)| number.cast_signed());
    let rows = messages(workspace)
        .filter(C::Number.is_in(numbers))
        .all(db)
        .await?;
    let mut rows: HashMap<_, _> = rows.into_iter().map(|row| (row.number, row)).collect();
    let in_order = places.iter();
    Ok(in_order
        .filter_map(|(_, number)| rows.remove(&number.cast_signed()))
        .collect())
}

/// Where the value of a field stands, which messages are found by ([`super::message::found_by`]).
fn column(field: &str) -> C {
    match field {
        STATUS => C::Status,
        BOUNCE => C::Bounce,
        TEMPLATE => C::Template,
        BRAND => C::BrandId,
        COMPANY => C::CompanyId,
        CONTACT => C::ContactId,
        DOMAIN => C::Address,
        _ => C::Source,
    }
}

/// The messages of a workspace, to be looked at.
struct Messages(WorkspaceId);

impl Rows for Messages {
    async fn values_of<D: ConnectionTrait>(
        &self,
        db: &D,
        numbers: Vec<u32>,
        fields: &[&'static str],
    ) -> Result<Vec<(&'static str, String)>> {
        let numbers = numbers.into_iter().map(u32::cast_signed);
        // The status goes along, whoever asks for it: it is in no index. Where one has all that is asked for, SQLite rather
        // reads the whole of it.
        let status = (!fields.contains(&STATUS)).then_some(C::Status);
        let columns = || fields.iter().map(|field| column(field)).chain(status);
        let rows = messages(self.0)
            .select_only()
            .columns(columns())
            .filter(C::Number.is_in(numbers));
        let rows: Vec<Vec<Option<String>>> = packed(db, rows.into_query(), columns().map(Expr::col)).await?;
        let values = rows.into_iter().flat_map(|row| fields.iter().zip(row));
        let value = |(field, stored): (&&'static str, Option<String>)| {
            let stored = stored?;
            let value = match *field {
                DOMAIN => domain_of(&stored).to_owned(),
                _ => stored,
            };
            Some((*field, value))
        };
        Ok(values.filter_map(value).collect())
    }
}

fn named(offered: Offered, names: &Names) -> ObjectFacet {
    let titles: BTreeMap<_, _> = FACETS.into_iter().collect();
    let label = |value: &str| match offered.field {
        STATUS => EmailStatus::from_name(value).map(|status| status.title().to_owned()),
        BOUNCE => BounceType::from_name(value).map(|bounce| bounce.title().to_owned()),
        SOURCE if value == super::records::OURS => Some("Daybook".to_owned()),
        _ => value
            .parse()
            .ok()
            .and_then(|id: ObjectId| names.get(&id).cloned()),
    };
    let values = offered.values.into_iter().map(|(value, count)| ObjectFacetValue {
        label: label(&value).unwrap_or_else(|| value.clone()),
        value,
        count,
    });
    ObjectFacet {
        property: offered.field.to_owned(),
        title: titles.get(offered.field).copied().unwrap_or_default().to_owned(),
        values: values.collect(),
        more: offered.more,
        exact: offered.exact,
    }
}

pub(super) fn shown(row: email_message::Model, reader: &Reader) -> Result<Email> {
    let party = |id: Option<String>, name: Option<String>| id.is_some().then_some(NamedRef { id, name });
    let bounce = row.bounce.as_deref();
    Ok(Email {
        id: EmailMessageId(row.id),
        at: reader.stored(row.at)?,
        status: super::status(&row.status)?,
        bounce: bounce
            .map(|bounce| {
                BounceType::from_name(bounce)
                    .ok_or_else(|| Error::damaged(format!("a bounce that is “{bounce}”")))
            })
            .transpose()?,
        to: row.address,
        subject: row.subject,
        template: row.template,
        brand: party(row.brand_id, row.brand_name),
        company: party(row.company_id, row.company_name),
        contact: party(row.contact_id, row.contact_name),
        source: row.source,
    })
}
