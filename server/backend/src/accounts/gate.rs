//! What is asked before anybody is signed in, and the record of refusals.

use super::{Accounts, Audience, outside};
use crate::{Result, record::access_event};
use async_trait::async_trait;
use daybook_domain::{
    account::Invitation, catalogue::OwnType, event::MAX_TEXT_CHARS, identity::OfferedProvider,
    permission::Permission, ports::Gate, viewer::Viewer,
};

#[async_trait]
impl Gate for Accounts {
    async fn needs_setup(&self) -> daybook_domain::Result<bool> {
        match self.workspace().await {
            Ok(found) => Ok(found.is_none()),
            Err(error) => Err(error.into_domain(&self.0.ids.next().to_string())),
        }
    }

    async fn invitation(&self, token: &str) -> daybook_domain::Result<Invitation> {
        self.invitation_of(token)
            .await
            .map_err(|error| error.into_domain(&self.0.ids.next().to_string()))
    }

    async fn offers_reset(&self) -> daybook_domain::Result<bool> {
        self.offered().await
    }

    async fn offered_providers(&self) -> daybook_domain::Result<Vec<OfferedProvider>> {
        self.providers_offered(Audience::Users)
            .await
            .map_err(|error| error.into_domain(&self.0.ids.next().to_string()))
    }

    async fn password_reset(&self, token: &str) -> daybook_domain::Result<Invitation> {
        self.reset_of(token)
            .await
            .map_err(|error| error.into_domain(&self.0.ids.next().to_string()))
    }

    async fn refused(&self, who: &Viewer, permission: Permission, what: &str) -> daybook_domain::Result<()> {
        self.record_refusal(who, permission, what)
            .await
            .map_err(outside(who))
    }
}

impl Accounts {
    pub(super) async fn record_refusal(
        &self,
        who: &Viewer,
        permission: Permission,
        what: &str,
    ) -> Result<()> {
        let who = who.clone();
        let what: String = what
            .chars()
            .filter(|c| !c.is_control())
            .take(MAX_TEXT_CHARS)
            .collect();
        let recorded = self.0.writer.change(move |tx| {
            Box::pin(async move {
                let reason = format!("Needs the permission “{}”", permission.title());
                let mut event = access_event(OwnType::AccessDenied, &who, tx, Err(reason), Vec::new());
                let summary = format!("{} was refused: {what}", who.actor().label());
                event.summary = Some(summary.chars().take(MAX_TEXT_CHARS).collect());
                event
                    .metadata
                    .insert("permission".to_owned(), permission.name().into());
                event.metadata.insert("what".to_owned(), what.into());
                tx.record(who.workspace(), event);
                Ok(())
            })
        });
        recorded.await
    }
}
