//! Whatever is done through the application, the log says what is stored, at every step.

use super::{Desk, form};
use crate::{
    accounts::tests::{granted, retention_tag, settings_tag, workspace_form},
    testing::{drawn, on_each_database},
};
use daybook_domain::{
    account::User,
    id::{HoldId, RoleId, UserId},
    log::LogKind,
    naming::Helpdesk,
    permission::{ManageSettings, Permission},
    ports::{
        Account as _, Retentions as _, Roles as _, SignInPolicies as _, Users as _, WorkspaceSettings as _,
    },
    settings::SignInPolicy,
};
use proptest::prelude::*;

#[derive(Debug, Clone)]
enum Step {
    MakeRole(&'static str),
    ChangeRole(usize, &'static str, bool),
    DeleteRole(usize),
    Invite(&'static str),
    GiveRole(usize, usize),
    Deactivate(usize),
    Reactivate(usize),
    DeleteUser(usize),
    Zone(&'static str),
    Workspace(&'static str),
    Product(bool),
    Tab(bool),
    Policy(u32),
    Retention(Option<u32>),
    TimePasses(i64),
    Hold(&'static str),
    Release,
    Purge,
}

fn any_step() -> impl Strategy<Value = Step> {
    let roles = || prop::sample::select(vec!["Desk lead", "Night shift", "Evenings"]);
    let zones = || prop::sample::select(vec!["UTC", "Europe/Berlin"]);
    prop_oneof![
        roles().prop_map(Step::MakeRole),
        (0..3_usize, roles(), any::<bool>())
            .prop_map(|(role, name, more)| Step::ChangeRole(role, name, more)),
        (0..3_usize).prop_map(Step::DeleteRole),
        prop::sample::select(vec!["gil", "noor", "ida"]).prop_map(Step::Invite),
        (0..3_usize, 0..3_usize).prop_map(|(user, role)| Step::GiveRole(user, role)),
        (0..3_usize).prop_map(Step::Deactivate),
        (0..3_usize).prop_map(Step::Reactivate),
        (0..3_usize).prop_map(Step::DeleteUser),
        zones().prop_map(Step::Zone),
        prop::sample::select(vec!["Northdesk", "Southdesk"]).prop_map(Step::Workspace),
        any::<bool>().prop_map(Step::Product),
        any::<bool>().prop_map(Step::Tab),
        prop::sample::select(vec![12_u32, 14, 20]).prop_map(Step::Policy),
        prop::sample::select(vec![None, Some(30), Some(90)]).prop_map(Step::Retention),
        (1..40_i64).prop_map(Step::TimePasses),
        prop::sample::select(vec!["Case 7", "Case 8"]).prop_map(Step::Hold),
        Just(Step::Release),
        Just(Step::Purge),
    ]
}

struct Run {
    desk: Desk,
    roles: Vec<RoleId>,
    users: Vec<User>,
    holds: Vec<HoldId>,
}

impl Run {
    /// A step may be refused: a name that is taken, a role somebody has. Then nothing happens.
    async fn take(&mut self, step: Step) {
        let (house, accounts) = (&self.desk.house, &self.desk.house.accounts);
        let (people, roles) = (house.managing_users(), house.managing_roles());
        let who = granted(&house.ada, ManageSettings);
        let role = |at: usize| self.roles.get(at).copied();
        let user = |at: usize| -> Option<UserId> { self.users.get(at).map(|user| user.id) };
        match step {
            Step::MakeRole(name) => {
                self.roles
                    .extend(self.desk.role(name, &[Permission::AuditLogsView]).await);
            }
            Step::ChangeRole(at, name, more) => {
                let permissions: &[_] = if more { &[Permission::UsersManage] } else { &[] };
                if let Some(id) = role(at) {
                    let seen = house.role_tag(id).await;
                    accounts
                        .update_role(&roles, id, &seen, form(name, permissions))
                        .await
                        .ok();
                }
            }
            Step::DeleteRole(at) => {
                if let Some(id) = role(at)
                    && accounts.delete_role(&roles, id).await.is_ok()
                {
                    self.roles.remove(at);
                }
            }
            Step::Invite(name) => {
                let email = format!("{name}{}@northdesk.example", self.users.len());
                let role = house.role("Agent").await;
                let invited = accounts.invite_user(&people, name, &email, role).await;
                self.users.extend(invited.ok().map(|invited| invited.user));
            }
            Step::GiveRole(at, of) => {
                if let (Some(user), Some(role)) = (user(at), role(of)) {
                    let seen = house.user_tag(user).await;
                    accounts.set_user_role(&people, user, &seen, role).await.unwrap();
                }
            }
            Step::Deactivate(at) => {
                if let Some(id) = user(at) {
                    accounts.deactivate_user(&people, id).await.unwrap();
                }
            }
            Step::Reactivate(at) => {
                if let Some(id) = user(at) {
                    accounts.reactivate_user(&people, id).await.unwrap();
                }
            }
            Step::DeleteUser(at) => {
                if at < self.users.len() {
                    let gone = self.users.remove(at);
                    accounts.delete_user(&people, gone.id, &gone.email).await.unwrap();
                }
            }
            Step::Zone(zone) => accounts.set_zone(&house.ada, zone).await.unwrap(),
            Step::Workspace(name) => {
                let seen = settings_tag(&self.desk.settings, &who).await;
                let form = workspace_form(name, "UTC");
                self.desk.settings.set_workspace(&who, &seen, form).await.unwrap();
            }
            Step::Product(some) => {
                let product = if some {
                    Helpdesk::Autotask
                } else {
                    Helpdesk::Nothing
                };
                let seen = settings_tag(&self.desk.settings, &who).await;
                self.desk
                    .settings
                    .set_helpdesk(&who, &seen, product)
                    .await
                    .unwrap();
            }
            Step::Tab(on) => self
                .desk
                .settings
                .switch_log(&who, LogKind::Billing, on)
                .await
                .unwrap(),
            Step::Policy(password_length) => {
                let policy = SignInPolicy {
                    password_length,
                    ..SignInPolicy::default()
                };
                let seen = house.policy_tag().await;
                accounts.set_sign_in_policy(&who, &seen, policy).await.unwrap();
            }
            Step::Retention(days) => {
                let seen = retention_tag(&self.desk.retention, &who, LogKind::Billing).await;
                self.desk
                    .retention
                    .set_retention(&who, LogKind::Billing, &seen, days)
                    .await
                    .unwrap();
            }
            Step::TimePasses(hours) => house.at.clock.advance_seconds(hours * 60 * 60),
            Step::Hold(name) => self.holds.extend(self.desk.hold(name).await),
            Step::Release => {
                if let Some(hold) = self.holds.pop() {
                    self.desk.retention.release_hold(&who, hold).await.unwrap();
                }
            }
            Step::Purge => self.desk.retention.purge_now(&who).await.unwrap(),
        }
    }
}

#[tokio::test]
async fn what_is_done_through_the_application_never_drifts() {
    let steps = &drawn(&prop::collection::vec(any_step(), 150));
    on_each_database(async |at| {
        let mut run = Run {
            desk: Desk::new(at).await,
            roles: Vec::new(),
            users: Vec::new(),
            holds: Vec::new(),
        };
        for step in steps {
            run.take(step.clone()).await;
            assert_eq!(run.desk.drifts().await, [], "after {step:?}");
        }
        let events = run.desk.house.events().await;
        assert!(events.len() > steps.len() / 2, "most steps did something");
    })
    .await;
}
