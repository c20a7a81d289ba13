//! What the workspace asks of those who sign in: how long a session lasts, how long a password is, and from where people
//! come. It is asked at each request, so that it holds for whoever is in already.
//!
//! API keys are not concerned: programs have no sessions, and a key says where it may be used by who has it.

use super::{Accounts, outside, records::SignInPolicyRecord};
use crate::{
    Error, Result,
    record::{Done, has_seen, record, seen},
};
use async_trait::async_trait;
use daybook_domain::{
    Error as Told,
    id::WorkspaceId,
    permission::ManageSettings,
    ports::SignInPolicies,
    seen::{Seen, Tag},
    settings::SignInPolicy,
    time::Timestamp,
    viewer::{Granted, RequestContext},
};
use daybook_entity::workspace;
use ipnet::IpNet;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, IntoActiveModel};
use std::{collections::BTreeSet, net::IpAddr, ops::RangeInclusive};

/// What the row of a workspace says of it.
pub(super) fn of(row: &workspace::Model) -> Result<SignInPolicy> {
    let number = |stored: i32| u32::try_from(stored).map_err(Error::damaged);
    Ok(SignInPolicy {
        idle_minutes: number(row.session_idle_minutes)?,
        longest_hours: number(row.session_longest_hours)?,
        password_length: number(row.password_length)?,
        networks: networks(&row.sign_in_networks)?,
    })
}

pub(super) fn networks(stored: &str) -> Result<Vec<String>> {
    serde_json::from_str(stored)
        .map_err(|error| Error::damaged(format!("the networks of the sign-in policy: {error}")))
}

/// Whether people come in from there. An address that isn't known is in no network.
pub(super) fn lets_in(networks: &[String], ip: Option<IpAddr>) -> bool {
    let inside = |ip: IpAddr| {
        let mut known = networks
            .iter()
            .filter_map(|network| network.parse::<IpNet>().ok());
        known.any(|network| network.contains(&ip.to_canonical()))
    };
    networks.is_empty() || ip.is_some_and(inside)
}

/// Whether a session isn't over by the policy as it is now.
pub(super) fn goes_on(
    idle_minutes: i32,
    longest_hours: i32,
    begun: Timestamp,
    last_seen: Timestamp,
    now: Timestamp,
) -> bool {
    begun.plus_seconds(i64::from(longest_hours) * 3600) > now
        && last_seen.plus_seconds(i64::from(idle_minutes) * 60) > now
}

fn within(field: &'static str, number: u32, bounds: &RangeInclusive<u32>) -> Result<i32> {
    if !bounds.contains(&number) {
        let (least, most) = (bounds.start(), bounds.end());
        return Err(Told::invalid(field, format!("This is not a number from {least} to {most}.")).into());
    }
    i32::try_from(number).map_err(Error::damaged)
}

/// The networks in their one form: as whole networks, sorted, none twice.
fn checked_networks(given: &[String], own: Option<IpAddr>) -> Result<Vec<String>> {
    let wrong = |why: String| Error::from(Told::invalid("networks", why));
    let mut checked = BTreeSet::new();
    for text in given
        .iter()
        .map(|text| text.trim())
        .filter(|text| !text.is_empty())
    {
        let network = text
            .parse::<IpNet>()
            .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
            .map_err(|_| {
                wrong(format!(
                    "“{text}” is no IP address or network, such as 203.0.113.0/24."
                ))
            })?;
        checked.insert(network.trunc());
    }
    if checked.len() > SignInPolicy::MAX_NETWORKS {
        return Err(wrong(format!(
            "These are more than {} networks.",
            SignInPolicy::MAX_NETWORKS
        )));
    }
    let networks: Vec<String> = checked.iter().map(ToString::to_string).collect();
    match own {
        Some(own) if !lets_in(&networks, Some(own)) => Err(wrong(format!(
            "Your own address, {}, is in none of these networks: you would lock yourself out.",
            own.to_canonical()
        ))),
        _ => Ok(networks),
    }
}

async fn find(db: &impl ConnectionTrait, workspace: WorkspaceId) -> Result<workspace::Model> {
    workspace::Entity::find_by_id(workspace.0)
        .one(db)
        .await?
        .ok_or_else(|| Error::damaged("the workspace is gone"))
}

#[async_trait]
impl SignInPolicies for Accounts {
    async fn sign_in_policy(
        &self,
        who: &Granted<ManageSettings>,
    ) -> daybook_domain::Result<(SignInPolicy, Seen)> {
        self.shown_policy(who).await.map_err(outside(who.viewer()))
    }

    async fn set_sign_in_policy(
        &self,
        who: &Granted<ManageSettings>,
        seen: &Tag,
        policy: SignInPolicy,
    ) -> daybook_domain::Result<()> {
        let seen = seen.clone();
        self.change(who.viewer(), "change the sign-in policy", move |tx, who| {
            Box::pin(async move {
                let row = find(tx.db(), who.workspace()).await?;
                let before = SignInPolicyRecord::new(&row)?;
                has_seen(&seen, &before)?;
                // Who isn't at a browser can't lock themselves out of it.
                let own = who.request().ip.filter(|_| who.session_id().is_some());
                let networks = checked_networks(&policy.networks, own)?;
                let idle = within("idle_minutes", policy.idle_minutes, &SignInPolicy::IDLE_MINUTES)?;
                let longest = within(
                    "longest_hours",
                    policy.longest_hours,
                    &SignInPolicy::LONGEST_HOURS,
                )?;
                let length = within(
                    "password_length",
                    policy.password_length,
                    &SignInPolicy::PASSWORD_LENGTH,
                )?;
                if u64::from(policy.idle_minutes) > u64::from(policy.longest_hours) * 60 {
                    let why = "This is longer than a session lasts in any case.";
                    return Err(Told::invalid("idle_minutes", why).into());
                }
                let mut row = row.into_active_model();
                row.session_idle_minutes = Set(idle);
                row.session_longest_hours = Set(longest);
                row.password_length = Set(length);
                row.sign_in_networks = Set(serde_json::Value::from(networks).to_string());
                let row = workspace::Entity::update(row).exec(tx.db()).await?;
                record(tx, who, &Done::updated(&before, &SignInPolicyRecord::new(&row)?))
            })
        })
        .await
    }
}

impl Accounts {
    async fn shown_policy(&self, who: &Granted<ManageSettings>) -> Result<(SignInPolicy, Seen)> {
        let row = find(&self.0.db.read, who.workspace()).await?;
        Ok((of(&row)?, seen(&SignInPolicyRecord::new(&row)?)?))
    }

    /// The policy as it is now; the one that workspaces begin with where there is none yet.
    pub async fn policy(&self) -> Result<SignInPolicy> {
        let found = workspace::Entity::find().one(&self.0.db.read).await?;
        found.map_or_else(|| Ok(SignInPolicy::default()), |row| of(&row))
    }

    /// Whether somebody may come in from where they are.
    pub(super) async fn lets_in_from(&self, request: &RequestContext) -> Result<bool> {
        Ok(lets_in(&self.policy().await?.networks, request.ip))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(networks: &[&str]) -> Vec<String> {
        networks.iter().map(|&text| text.to_owned()).collect()
    }

    #[test]
    fn networks_have_one_form_and_nobody_locks_themselves_out() {
        let own = Some("203.0.113.24".parse().unwrap());
        let given = texts(&["203.0.113.77/24", " 2001:db8::1 ", "203.0.113.0/24", ""]);
        let checked = checked_networks(&given, own).unwrap();
        assert_eq!(checked, texts(&["203.0.113.0/24", "2001:db8::1/128"]));
        assert!(checked_networks(&texts(&["198.51.100.0/24"]), own).is_err());
        assert!(checked_networks(&texts(&["198.51.100.0/24"]), None).is_ok());
        assert!(checked_networks(&texts(&["198.51.100.0/33"]), None).is_err());
        assert_eq!(checked_networks(&[], own).unwrap(), texts(&[]));
    }

    #[test]
    fn an_address_is_known_whichever_way_it_is_written() {
        let networks = texts(&["203.0.113.0/24"]);
        let mapped = "::ffff:203.0.113.9".parse().unwrap();
        assert!(lets_in(&networks, Some(mapped)));
        assert!(!lets_in(&networks, Some("203.0.114.9".parse().unwrap())));
        assert!(!lets_in(&networks, None));
        assert!(lets_in(&[], None));
    }
}
