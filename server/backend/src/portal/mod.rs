//! The customer portal: how contacts come in, and what they see there.
//!
//! Who a contact is, whether they may come in and under whose name the portal stands for them, says [`member`]. They come in
//! by a link that is mailed ([`links`]), by a password ([`passwords`]) or by an identity provider ([`providers`]); what both leave in the record and the session are
//! [`enter`]'s and [`sessions`]'s. What they see: [`records`] and [`emails`].
//!
//! A user of the workspace is a [`Viewer`](daybook_domain::viewer::Viewer), a contact a [`ContactViewer`]: neither can ask
//! for what is the other's. What a contact sees is narrowed by what that says, and by nothing that they send.

mod demo;
mod emails;
mod enter;
mod links;
mod member;
mod passwords;
mod providers;
mod records;
mod sessions;
mod shut_out;
#[cfg(test)]
pub(crate) mod tests;

pub(crate) use shut_out::shut_out;

use crate::{
    Error, Result,
    accounts::{Accounts, Throttle, Workspace, locked},
    db::Db,
    local_time::Reader,
    store::EventStore,
    writer::Writer,
};
use async_trait::async_trait;
use bytes::Bytes;
use daybook_domain::{
    Error as Told,
    email::NewPassword,
    id::{ContactSessionId, EmailMessageId},
    portal::{
        ContactViewer, Entry, MayBe, PortalAccount, PortalEmail, PortalEmailDetail, PortalList, PortalPage,
        PortalRecord,
    },
    ports,
    time::Clock,
    viewer::RequestContext,
};
use futures::{
    Stream, StreamExt,
    future::ready,
    stream::{once, try_unfold},
};
use secrecy::SecretString;
use std::{
    fmt,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard},
};

/// A file on its way out, in parts.
pub type PortalFile = Pin<Box<dyn Stream<Item = Result<Bytes>> + Send>>;

/// The customer portal of the installation. Cheap to clone.
#[derive(Clone)]
pub struct Portal(Arc<Inner>);

struct Inner {
    db: Db,
    writer: Writer,
    accounts: Accounts,
    events: EventStore,
    clock: Arc<dyn Clock>,
    /// Of those who sign in by a password.
    tries: Mutex<Throttle>,
    /// Of those who ask for a link.
    asked: Mutex<Throttle>,
    /// Of those who open one.
    opened: Mutex<Throttle>,
}

impl fmt::Debug for Portal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Portal")
    }
}

impl Portal {
    pub fn new(
        db: Db,
        writer: Writer,
        accounts: Accounts,
        events: EventStore,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self(Arc::new(Inner {
            db,
            writer,
            accounts,
            events,
            clock,
            tries: Mutex::default(),
            asked: Mutex::default(),
            opened: Mutex::default(),
        }))
    }

    async fn workspace(&self) -> Result<Workspace> {
        let workspace = self.0.accounts.workspace().await?;
        workspace.ok_or_else(|| Told::NotFound.into())
    }

    fn tries(&self) -> MutexGuard<'_, Throttle> {
        locked(&self.0.tries)
    }

    fn reader(&self, who: &ContactViewer) -> Reader {
        Reader::of(who.zone(), self.0.clock.now()).writing(who.format())
    }
}

/// A file of a list that is read page by page: its head, and what each place of the list brings, with the next place.
fn file<C, F, P>(head: Bytes, mut part: P) -> PortalFile
where
    C: Send + 'static,
    F: Future<Output = Result<(Bytes, Option<C>)>> + Send + 'static,
    P: FnMut(Option<C>) -> F + Send + 'static,
{
    let parts = try_unfold(Some(None), move |place: Option<Option<C>>| {
        let read = place.map(&mut part);
        async move {
            let Some(read) = read else { return Ok(None) };
            let (part, next) = read.await?;
            Ok(Some((part, next.map(Some))))
        }
    });
    Box::pin(once(ready(Ok(head))).chain(parts))
}

fn outside(request: &RequestContext) -> impl Fn(Error) -> Told {
    move |error| error.into_domain(&request.correlation_id)
}

#[async_trait]
impl ports::Portal for Portal {
    async fn entry(&self, brand: Option<&str>) -> Result<Entry, Told> {
        let request = RequestContext::default();
        self.entrance(brand).await.map_err(outside(&request))
    }

    async fn link_of(&self, token: &str, browser: &NewPassword) -> Result<Vec<MayBe>, Told> {
        let (request, browser) = (RequestContext::default(), SecretString::from(browser.reveal()));
        self.whose(token, &browser).await.map_err(outside(&request))
    }

    async fn records(
        &self,
        who: &ContactViewer,
        list: PortalList,
        from: Option<&str>,
    ) -> Result<PortalPage<PortalRecord>, Told> {
        self.page_of_records(who, list, from)
            .await
            .map_err(outside(who.request()))
    }

    async fn emails(&self, who: &ContactViewer, from: Option<&str>) -> Result<PortalPage<PortalEmail>, Told> {
        self.page_of_emails(who, from)
            .await
            .map_err(outside(who.request()))
    }

    async fn email(&self, who: &ContactViewer, id: EmailMessageId) -> Result<PortalEmailDetail, Told> {
        self.email_of(who, id).await.map_err(outside(who.request()))
    }

    async fn account(&self, who: &ContactViewer) -> Result<PortalAccount, Told> {
        self.account_of(who).await.map_err(outside(who.request()))
    }

    async fn end_session(&self, who: &ContactViewer, id: ContactSessionId) -> Result<(), Told> {
        self.end_one(who, id).await.map_err(outside(who.request()))
    }

    async fn end_other_sessions(&self, who: &ContactViewer) -> Result<u64, Told> {
        self.end_others(who).await.map_err(outside(who.request()))
    }

    async fn set_password(
        &self,
        who: &ContactViewer,
        current: NewPassword,
        new: NewPassword,
    ) -> Result<(), Told> {
        let (current, new) = (current.reveal().into(), new.reveal().into());
        self.give_password(who, current, new)
            .await
            .map_err(outside(who.request()))
    }
}
