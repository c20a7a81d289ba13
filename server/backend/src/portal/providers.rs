//! Coming in by an identity provider. What it says is believed or not where users come in by it, too; here it is decided which
//! contact that is.
//!
//! A subject that came before is the contact it was then. Another is found by its address, where the provider has verified
//! that. Who isn't found becomes a contact only where that is set, and only of the one company that has the domain of their
//! address and whose portal is on.

use super::{
    Portal,
    enter::{Refusal, Try, looked_up},
    member::{self, Member},
};
use crate::{
    Result,
    accounts::{
        ContactBack, Trace, Way, Workspace, domains_of_provider, is_of_domains, is_verified, key, lock,
        newcomers_of_provider, told_of_provider, way_of_provider,
    },
    objects::{companies_of_domain, make_contact},
    oidc::{Finished, Identity},
    writer::WriteTx,
};
use daybook_domain::{
    Error as Told,
    email::domain_of,
    id::ObjectId,
    identity::Newcomers,
    permission::PermissionSet,
    viewer::{Principal, RequestContext, Viewer},
};
use daybook_entity::{
    contact_identity::{self, Column as C},
    identity_provider,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use secrecy::SecretString;

/// What somebody is told whom the provider has let through, and who isn't let in here.
fn told(provider: &str, refusal: Refusal) -> crate::Error {
    let what = match refusal {
        Refusal::UnverifiedEmail => format!(
            "{provider} doesn't say which email address is yours, or hasn't verified it. Ask whoever runs it."
        ),
        Refusal::SeveralContacts => {
            "Your address is kept for several contacts. Sign in by a link: there you can choose.".to_owned()
        }
        _ => format!("{provider} knows you, but you have no way in here. Ask who supports you."),
    };
    Told::invalid("provider", what).into()
}

struct Coming<'a> {
    workspace: &'a Workspace,
    provider: &'a identity_provider::Model,
    request: &'a RequestContext,
    identity: &'a Identity,
}

impl Coming<'_> {
    /// Who it is, whether they may come in or not, and why not.
    async fn decide(
        &self,
        tx: &mut WriteTx,
        trace: &mut Trace,
    ) -> Result<Result<Member, (Option<Member>, Refusal)>> {
        let linked = contact_identity::Entity::find()
            .filter(C::WorkspaceId.eq(self.workspace.id.0))
            .filter(C::ProviderId.eq(self.provider.id))
            .filter(C::Subject.eq(&self.identity.subject))
            .one(tx.db())
            .await?;
        let email = self.identity.email.as_deref();
        let is_of_domains = is_of_domains(&domains_of_provider(self.provider)?, email);
        if let Some(linked) = linked
            && let Some(member) = member::find(tx.db(), self.workspace, ObjectId(linked.contact_id)).await?
            // Whose address is another by now may be somebody else.
            && linked.address == key(&member.email)
        {
            trace.step(tx.now(), "The subject came before");
            looked_up(trace, tx, std::slice::from_ref(&member));
            return Ok(match member.kept_out() {
                Some(kept) => Err((Some(member), Refusal::Kept(kept))),
                None if !is_of_domains => Err((Some(member), Refusal::OtherDomain)),
                None => Ok(member),
            });
        }
        let verified = email.filter(|email| is_verified(self.provider, self.identity, email));
        let members = match email {
            Some(email) => member::by_address(tx.db(), self.workspace, email).await?,
            None => Vec::new(),
        };
        looked_up(trace, tx, &members);
        let first = members.first().cloned();
        let Some(email) = verified else {
            return Ok(Err((first, Refusal::UnverifiedEmail)));
        };
        if !is_of_domains {
            return Ok(Err((first, Refusal::OtherDomain)));
        }
        let mut welcome: Vec<_> = members
            .into_iter()
            .filter(|one| one.kept_out().is_none())
            .collect();
        let member = match (welcome.pop(), welcome.is_empty(), first) {
            (Some(member), true, _) => member,
            (Some(_), false, first) => return Ok(Err((first, Refusal::SeveralContacts))),
            (None, _, Some(first)) => {
                let kept = first.kept_out();
                let refusal = kept.map_or(Refusal::UnknownContact, Refusal::Kept);
                return Ok(Err((Some(first), refusal)));
            }
            (None, _, None) => match self.made(tx, email, trace).await? {
                Some(member) => member,
                None => return Ok(Err((None, Refusal::UnknownContact))),
            },
        };
        let row = contact_identity::ActiveModel {
            workspace_id: Set(self.workspace.id.0),
            contact_id: Set(member.id.0),
            provider_id: Set(self.provider.id),
            subject: Set(self.identity.subject.clone()),
            address: Set(key(&member.email)),
            created_at: Set(tx.now().micros()),
        };
        contact_identity::Entity::delete_many()
            .filter(C::WorkspaceId.eq(self.workspace.id.0))
            .filter(C::ProviderId.eq(self.provider.id))
            .filter(C::Subject.eq(&self.identity.subject))
            .exec(tx.db())
            .await?;
        contact_identity::Entity::insert(row)
            .exec_without_returning(tx.db())
            .await?;
        trace.step(tx.now(), "The subject is theirs from now on");
        Ok(Ok(member))
    }

    /// Makes somebody a contact whom nobody knows, where that is set.
    async fn made(&self, tx: &mut WriteTx, email: &str, trace: &mut Trace) -> Result<Option<Member>> {
        if newcomers_of_provider(self.provider)? != Newcomers::Made {
            return Ok(None);
        }
        let domain = domain_of(email).to_lowercase();
        let companies = companies_of_domain(tx.db(), self.workspace.id, &domain).await?;
        let [company] = companies.as_slice() else {
            trace.step(
                tx.now(),
                "No company, or more than one, has the domain of the address",
            );
            return Ok(None);
        };
        let name = self.identity.name.as_deref().unwrap_or(email);
        let who = self.provider();
        let id = make_contact(tx, &who, name, email, *company).await?;
        trace.step(tx.now(), "Made them a contact of the company that has the domain");
        member::find(tx.db(), self.workspace, id).await
    }

    /// The provider, as the actor of what it brings about.
    fn provider(&self) -> Viewer {
        let principal = Principal::System {
            name: format!("Identity provider {}", self.provider.name),
        };
        let mut request = self.request.clone();
        request.portal = Some(daybook_domain::event::Portal::Customer);
        Viewer::new(
            self.workspace.id,
            principal,
            PermissionSet::new(),
            "UTC".to_owned(),
            String::new(),
            request,
        )
    }
}

impl Portal {
    /// Lets in whom a provider means. Answers with the secret of the session.
    ///
    /// `Invalid{field: "provider"}` where nobody comes in, with what to do; the log says why.
    pub async fn enter_by_provider(
        &self,
        back: ContactBack,
        request: &RequestContext,
    ) -> daybook_domain::Result<SecretString> {
        self.by_provider(back, request.clone())
            .await
            .map_err(super::outside(request))
    }

    async fn by_provider(&self, back: ContactBack, request: RequestContext) -> Result<SecretString> {
        let ContactBack {
            workspace,
            provider,
            finished,
        } = back;
        let Finished {
            outcome,
            trace: steps,
            ids,
        } = finished;
        let (this, name) = (self.clone(), provider.name.clone());
        let entered = self.0.writer.change(move |tx| {
            Box::pin(async move {
                lock(tx, workspace.id).await?;
                let mut trace = Trace::from(steps);
                let subject = outcome.as_ref().ok().map(|identity| identity.subject.clone());
                let way: Way = way_of_provider(&provider, subject.as_deref(), &ids);
                let attempt = |address| Try {
                    workspace: &workspace,
                    request: &request,
                    address,
                    way: &way,
                };
                let identity = match outcome {
                    Ok(identity) => identity,
                    Err(refused) => {
                        let said = told_of_provider(&provider.name, &refused);
                        trace.step(tx.now(), "The provider's answer lets nobody in");
                        attempt("").keep_out_for(
                            tx,
                            None,
                            crate::accounts::Why::new(refused.name(), refused.to_string()),
                            trace,
                        );
                        return Ok(Err(said));
                    }
                };
                let coming = Coming {
                    workspace: &workspace,
                    provider: &provider,
                    request: &request,
                    identity: &identity,
                };
                let address = identity.email.clone().unwrap_or_default();
                let attempt = attempt(&address);
                match coming.decide(tx, &mut trace).await? {
                    Ok(member) => Ok(Ok(attempt.let_in(tx, &this, &member, trace).await?)),
                    Err((member, refusal)) => {
                        attempt.keep_out(tx, member.as_ref(), refusal, trace);
                        Ok(Err(told(&name, refusal)))
                    }
                }
            })
        });
        entered.await?
    }
}
