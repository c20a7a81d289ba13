//! What the pages and the API may ask for. The backend implements these; the pages know nothing else of it.
//!
//! A method that reads or changes what a permission guards takes [`Granted`]; one about the asker's own things
//! takes [`Viewer`]. What contacts see of the customer portal takes a [`ContactViewer`]; there is no fourth kind. A method that changes something stores its event in the same
//! transaction.
//!
//! A change of what a form showed takes the [`Tag`] of what it showed, and is told `Conflict` where that isn't what is
//! there any more.

use crate::{
    Result,
    about::About,
    account::{
        ApiKey, Impersonable, Invitation, Invited, Profile, ProfileForm, Role, RoleForm, Scope, SecondFactor,
        Session, ShownOnce, User, UserDetail, UserForm, UserPage, WithSecret,
    },
    activity::{ActivityQuery, ActivitySummary, LogTrace},
    analytics::{MonthlyReport, PastWeek, ReportLines, Usage, UsageQuery, UsageType},
    catalogue::SeenType,
    compare::{CompareQuery, Comparison, Point},
    drift::DriftCheck,
    email::{
        EmailDetail, EmailFile, EmailPage, EmailProvider, MailForm, MailSettings, NewPassword, ProviderState,
        SuppressionPage,
    },
    email_template::{MailTemplate, TemplateDetail, TemplatePreview, TemplateSummary, Wording},
    export::ExportProgress,
    facet::Overview,
    id::{
        AlertId, ApiKeyId, ContactSessionId, EmailMessageId, EventId, HoldId, ImportId, ObjectId, ProviderId,
        RoleId, SessionId, UsageReportId, UserId, ViewId, WebhookMessageId, WebhookSecretId,
    },
    identity::{IdentityProvider, OfferedProvider, ProviderForm},
    integration::{StreamDetail, StreamHealth},
    log::{LogKind, LogScope},
    monitoring::{AlertDetail, AlertPage, Rule, RuleDetail, RuleForm, RuleId, Trial},
    naming::Helpdesk,
    object::{
        Change, Choices, Chosen, Given, Import, ImportSettings, KindGranted, ManyChoice, ManyDone, ManyTyped,
        Merge, Object, ObjectKind, ObjectPage, ObjectQuery, ObjectStatus, ObjectThen, Pair, Put, See, Typed,
    },
    page::{EventDetail, EventPage},
    past::{PastState, SubjectGranted},
    permission::{
        ExportAuditLogs, ImpersonateUsers, ManageAlerts, ManageApiKeys, ManageIntegrations, ManageRoles,
        ManageSettings, ManageUsers, ManageWebhooks, Permission, ViewAnalytics, ViewAuditLogs,
        ViewEmailHistory,
    },
    portal::{
        ContactViewer, Entry, MayBe, PortalAccount, PortalEmail, PortalEmailDetail, PortalList, PortalPage,
        PortalRecord,
    },
    query::LogQuery,
    regional::RegionalFormat,
    report::{Report, ReportForm},
    retention::{Hold, HoldForm, Retention, SetRetention},
    seen::{Seen, Tag},
    settings::{Settings, SignInPolicy, WorkspaceForm},
    time::TimeBound,
    view::{ListSettings, OwnLists, SavedView, Shift, ViewForm},
    viewer::{Granted, Viewer},
    webhook::{EndpointHealth, MessageDetail, MessagePage, Signing},
    work_session::day::{AgentDay, DayQuery},
};
use async_trait::async_trait;
use chrono::NaiveDate;
use std::{fmt, sync::Arc};

/// Reading the records, which is itself recorded.
#[async_trait]
pub trait AuditLogs: Send + Sync {
    /// One page of a log. `Error::Invalid` where `query.tz` names no known zone or `query.q` can't be read.
    async fn list_events(
        &self,
        who: &Granted<ViewAuditLogs>,
        scope: LogScope,
        query: &LogQuery,
    ) -> Result<EventPage>;

    /// One record. `tz` as in the query; `NotFound` also where it belongs to another workspace.
    async fn event(&self, who: &Granted<ViewAuditLogs>, id: EventId, tz: Option<&str>)
    -> Result<EventDetail>;

    /// One record of a list that is being looked at; otherwise as [`Self::event`].
    async fn opened(
        &self,
        who: &Granted<ViewAuditLogs>,
        id: EventId,
        tz: Option<&str>,
    ) -> Result<EventDetail> {
        self.event(who, id, tz).await
    }

    /// A thing at two moments. `NotFound` where there is no such record, or it is about nothing that has an id;
    /// `Invalid` where `tz` names no known zone.
    async fn compare(
        &self,
        who: &Granted<ViewAuditLogs>,
        query: &CompareQuery,
        tz: Option<&str>,
    ) -> Result<Comparison>;

    /// An agent's day in the reader's zone. `NotFound` where the work-session log knows no such agent; `Invalid` where
    /// `date` is none or `tz` names no known zone.
    async fn agent_day(&self, who: &Granted<ViewAuditLogs>, query: &DayQuery) -> Result<AgentDay>;

    /// What somebody did in a period, as counts. Nothing but zeros for one the log doesn't know; `Invalid` as for a list.
    async fn activity(&self, who: &Granted<ViewAuditLogs>, query: &ActivityQuery) -> Result<ActivitySummary>;

    /// What the log knows of a thing, also of one that was deleted: what it was called last. Of a user also by what they did.
    /// `NotFound` where it knows nothing.
    async fn trace(&self, who: &Granted<ViewAuditLogs>, about: &About) -> Result<LogTrace>;

    /// How many records match, when they happened, and the values of each filter with their counts. The page of the
    /// query and what is open there don't matter.
    async fn overview(
        &self,
        who: &Granted<ViewAuditLogs>,
        scope: LogScope,
        query: &LogQuery,
    ) -> Result<Overview>;

    /// The types of the workspace's events, most frequent first; of those that aren't Daybook's own at most
    /// [`MAX_SEEN`](crate::catalogue::MAX_SEEN).
    async fn event_types(&self, who: &Granted<ViewAuditLogs>) -> Result<Vec<SeenType>>;

    /// The logs that have a tab: the core ones, those that are switched on and those with records, with how many records
    /// each has.
    async fn logs(&self, who: &Granted<ViewAuditLogs>) -> Result<Vec<(LogScope, u64)>>;
}

/// Taking records out. The file itself is an answer of its own; this is about one that is on its way.
#[async_trait]
pub trait Exports: Send + Sync {
    /// How far an export of the asker's is, by the number they gave it; `NotFound` where none is known by it, or not
    /// yet.
    async fn export_progress(
        &self,
        who: &Granted<ExportAuditLogs>,
        job: uuid::Uuid,
    ) -> Result<ExportProgress>;

    /// Ends it. Nothing happens to one that has ended.
    async fn cancel_export(&self, who: &Granted<ExportAuditLogs>, job: uuid::Uuid) -> Result<()>;
}

/// What administrators set for the whole workspace.
#[async_trait]
pub trait WorkspaceSettings: Send + Sync {
    async fn settings(&self, who: &Granted<ManageSettings>) -> Result<Settings>;

    /// `Invalid{field: "workspace"|"zone"}`.
    async fn set_workspace(
        &self,
        who: &Granted<ManageSettings>,
        seen: &Tag,
        form: WorkspaceForm,
    ) -> Result<()>;

    /// The helpdesk product: it decides what agents are called.
    async fn set_helpdesk(&self, who: &Granted<ManageSettings>, seen: &Tag, helpdesk: Helpdesk)
    -> Result<()>;

    /// Whether a log has a tab also without records. `Invalid{field: "log"}` for a core log, which always has one.
    async fn switch_log(&self, who: &Granted<ManageSettings>, log: LogKind, on: bool) -> Result<()>;

    /// Whether the helpdesk has the courses module: then there are figures of it.
    async fn switch_courses(&self, who: &Granted<ManageSettings>, on: bool) -> Result<()>;
}

/// Usage of the portals, as counts.
#[async_trait]
pub trait Analytics: Send + Sync {
    /// `Invalid{field: "from"|"to"}` for a period that can't be shown; `NotFound` for courses where their module is off.
    async fn usage(&self, who: &Granted<ViewAnalytics>, query: &UsageQuery) -> Result<Usage>;

    /// The same of one company or contact, whatever records have it under. `NotFound` where there is no such thing.
    async fn usage_of(
        &self,
        who: &Granted<ViewAnalytics>,
        thing: &KindGranted<See>,
        id: ObjectId,
        query: &UsageQuery,
    ) -> Result<Usage>;

    /// The months that are over, newest first; only `month`, by its first day, where that is given. `Invalid{field:
    /// "month"}` where that hasn't begun yet; `NotFound` for courses where their module is off.
    async fn monthly_reports(
        &self,
        who: &Granted<ViewAnalytics>,
        of: UsageType,
        month: Option<NaiveDate>,
    ) -> Result<Vec<MonthlyReport>>;

    /// So many lines of a report after a place in it.
    async fn monthly_report(
        &self,
        who: &Granted<ViewAnalytics>,
        id: UsageReportId,
        after: u32,
        most: u32,
    ) -> Result<ReportLines>;

    /// Reads the names in a report again. What was counted stays.
    async fn refresh_monthly_report(
        &self,
        who: &Granted<ViewAnalytics>,
        id: UsageReportId,
    ) -> Result<MonthlyReport>;

    /// The seven days before today. `NotFound` for courses where their module is off.
    async fn past_week(&self, who: &Granted<ViewAnalytics>, of: UsageType) -> Result<PastWeek>;
}

/// The helpdesk's master data. Every kind of thing has the same life; what a kind has is data
/// ([`KindSpec`](crate::object::KindSpec)).
#[async_trait]
pub trait Objects: Send + Sync {
    /// `Invalid{field}` for a filter's value that can't be one.
    async fn list_objects(&self, who: &KindGranted<See>, query: &ObjectQuery) -> Result<ObjectPage>;

    async fn object(&self, who: &KindGranted<See>, id: ObjectId) -> Result<Object>;

    /// The thing that one became part of when the two were merged, with its name; `None` for one that is there, and where
    /// the other is gone, too.
    async fn became(&self, who: &KindGranted<See>, id: ObjectId) -> Result<Option<(ObjectId, String)>>;

    /// What the properties of the kind may refer to, a list for each kind there is among them.
    async fn choices(&self, who: &KindGranted<Change>) -> Result<Vec<Choices>>;

    /// `Invalid{field}` with the name of the property.
    async fn create_object(&self, who: &KindGranted<Change>, typed: &Typed) -> Result<Object>;

    /// Changes the properties in `typed`. `Conflict` where it isn't `version` any more: the asker hasn't seen the thing as
    /// it is.
    async fn update_object(
        &self,
        who: &KindGranted<Change>,
        id: ObjectId,
        version: i32,
        typed: &Typed,
    ) -> Result<Object>;

    /// Makes the thing with this external id what is given, or creates it; one without an external id and with the same
    /// name or email gets this one. One that became part of another is that. `Invalid{field}` with the name of the property.
    /// Giving the same again changes nothing.
    async fn put_object(&self, who: &KindGranted<Change>, external_id: &str, given: &Given) -> Result<Put>;

    async fn deactivate_object(&self, who: &KindGranted<Change>, id: ObjectId) -> Result<Object>;

    async fn reactivate_object(&self, who: &KindGranted<Change>, id: ObjectId) -> Result<Object>;

    /// Its last state stays in the log. `Conflict` where others refer to it.
    async fn delete_object(&self, who: &KindGranted<Change>, id: ObjectId) -> Result<()>;

    /// Changes properties of many things, all or none; one action with a record each. `Invalid{field}` with the name of a
    /// property, or `ids` for none and for more than [`MAX_TOGETHER`](crate::object::MAX_TOGETHER).
    async fn update_objects(
        &self,
        who: &KindGranted<Change>,
        ids: &[ObjectId],
        typed: &ManyTyped,
    ) -> Result<ManyDone>;

    /// Takes many out of use, or into use again.
    async fn switch_objects(
        &self,
        who: &KindGranted<Change>,
        ids: &[ObjectId],
        status: ObjectStatus,
    ) -> Result<ManyDone>;

    /// `Conflict` where others refer to one of them: then all stay.
    async fn delete_objects(&self, who: &KindGranted<Change>, ids: &[ObjectId]) -> Result<ManyDone>;

    /// The names of all that match, by name, at most [`MAX_TOGETHER`](crate::object::MAX_TOGETHER), and whether there are
    /// more; or those of some.
    async fn choose_objects(&self, who: &KindGranted<Change>, choice: &ManyChoice) -> Result<Chosen>;

    /// What it was at a moment, rebuilt from the log, which takes the permission to read that. `NotFound` where neither
    /// the thing nor a record of it is there.
    async fn object_then(
        &self,
        who: &KindGranted<See>,
        reader: &Granted<ViewAuditLogs>,
        id: ObjectId,
        point: Point,
    ) -> Result<ObjectThen>;

    /// Gives properties the values they had at a moment: a change like any other. `status` is one of them. `Conflict` where
    /// it isn't `version` any more; `Invalid{field}` for a property whose value refers to what is gone.
    async fn restore_object(
        &self,
        who: &KindGranted<Change>,
        reader: &Granted<ViewAuditLogs>,
        id: ObjectId,
        version: i32,
        point: Point,
        properties: &[String],
    ) -> Result<Object>;

    /// Two things of a kind, to be merged, and what refers to the one that goes. `Invalid{with}` where they are one.
    async fn object_pair(&self, who: &KindGranted<Change>, stays: ObjectId, goes: ObjectId) -> Result<Pair>;

    /// Makes one thing part of another: that has what is kept of both, what referred to the one that goes refers to it,
    /// what it was known by means it, and the one that goes is deleted; all of it or nothing, one action with a record for each thing. The one that stays,
    /// as it is then. `Conflict` where either has another version by now, or where more than
    /// [`MAX_REPOINTED`](crate::object::MAX_REPOINTED) things refer to the one that goes; `Forbidden` where some of them
    /// aren't the asker's to change; `Invalid{field}` with the name of a property.
    async fn merge_objects(&self, who: &KindGranted<Change>, asked: &Merge) -> Result<Object>;
}

/// What users keep of lists. Of users only: a program has no views, and is told `Forbidden`.
///
/// A view is seen by its owner and, where it is shared, by everybody with that role. Its owner changes it, and where it
/// is shared also who manages roles; others are told `Forbidden` of one they see and `NotFound` of any other. Changes of
/// a view are recorded. The order of one's own views, what opens first and how a log is shown are nobody else's
/// business, and aren't.
#[async_trait]
pub trait Views: Send + Sync {
    /// Everything the asker keeps, of all logs, and what is shared with them.
    async fn own_lists(&self, who: &Granted<ViewAuditLogs>) -> Result<OwnLists>;

    /// All views that are shared with any role, by log and name, for those who tidy up after others.
    async fn list_shared_views(&self, who: &Granted<ManageRoles>) -> Result<Vec<SavedView>>;

    /// Comes last among the asker's views of the log. `Invalid{field: "name"|"share"|"query"}`: the name is the asker's
    /// own for this log, the role is one that may see it. `Conflict` past [`MAX_VIEWS`](crate::view::MAX_VIEWS).
    async fn create_view(
        &self,
        who: &Granted<ViewAuditLogs>,
        log: LogScope,
        query: &LogQuery,
        form: ViewForm,
    ) -> Result<SavedView>;

    /// Another name, other readers.
    async fn update_view(
        &self,
        who: &Granted<ViewAuditLogs>,
        id: ViewId,
        seen: &Tag,
        form: ViewForm,
    ) -> Result<SavedView>;

    /// Another list under the same name.
    async fn replace_view(
        &self,
        who: &Granted<ViewAuditLogs>,
        id: ViewId,
        query: &LogQuery,
    ) -> Result<SavedView>;

    async fn delete_view(&self, who: &Granted<ViewAuditLogs>, id: ViewId) -> Result<SavedView>;

    /// Past its neighbour among the asker's own views of its log; nothing happens at the end. `NotFound` for the views
    /// of others.
    async fn move_view(&self, who: &Granted<ViewAuditLogs>, id: ViewId, shift: Shift) -> Result<SavedView>;

    /// What the asker sees first of a log: a view of it that they see in their menu, or all of it.
    async fn set_default_view(
        &self,
        who: &Granted<ViewAuditLogs>,
        log: LogScope,
        view: Option<ViewId>,
    ) -> Result<()>;

    async fn set_list_settings(
        &self,
        who: &Granted<ViewAuditLogs>,
        log: LogScope,
        settings: ListSettings,
    ) -> Result<()>;
}

/// Saved views that are sent by mail (see [`report`](crate::report)). `NotFound` for a view that the asker doesn't see: one
/// that is neither their own nor shared with their role.
#[async_trait]
pub trait Reports: Send + Sync {
    async fn report(
        &self,
        who: &Granted<ExportAuditLogs>,
        reader: &Granted<ViewAuditLogs>,
        view: ViewId,
    ) -> Result<Report>;

    /// From now on it is sent by the asker's rights and by the clock of their zone. `Invalid` with a field of the form;
    /// `Conflict` for who appears as another, and for a view that can't be read any more.
    async fn set_report(
        &self,
        who: &Granted<ExportAuditLogs>,
        reader: &Granted<ViewAuditLogs>,
        view: ViewId,
        seen: &Tag,
        form: ReportForm,
    ) -> Result<Report>;

    /// Sends it now, for the period that ended last; when it is due it is sent all the same. To how many addresses.
    /// `Conflict` where no mail is sent.
    async fn send_report(
        &self,
        who: &Granted<ExportAuditLogs>,
        reader: &Granted<ViewAuditLogs>,
        view: ViewId,
    ) -> Result<usize>;

    /// It isn't sent any more. The name of its view.
    async fn stop_report(
        &self,
        who: &Granted<ExportAuditLogs>,
        reader: &Granted<ViewAuditLogs>,
        view: ViewId,
    ) -> Result<String>;
}

/// Who may come in, from where, and for how long.
#[async_trait]
pub trait SignInPolicies: Send + Sync {
    /// With what who changes it says to have seen.
    async fn sign_in_policy(&self, who: &Granted<ManageSettings>) -> Result<(SignInPolicy, Seen)>;

    /// Holds for sessions that are open, too. `Invalid` with the name of the field; of `networks` also where the asker's
    /// own address is in none of them.
    async fn set_sign_in_policy(
        &self,
        who: &Granted<ManageSettings>,
        seen: &Tag,
        policy: SignInPolicy,
    ) -> Result<()>;
}

/// Where people prove who they are, in place of a password. Who says that lets people in as anybody: whatever is changed
/// takes all permissions.
#[async_trait]
pub trait IdentityProviders: Send + Sync {
    /// By name.
    async fn list_identity_providers(&self, who: &Granted<ManageSettings>) -> Result<Vec<IdentityProvider>>;

    async fn identity_provider(
        &self,
        who: &Granted<ManageSettings>,
        id: ProviderId,
    ) -> Result<IdentityProvider>;

    /// The roles that its rules can give, by name.
    async fn provider_roles(&self, who: &Granted<ManageSettings>) -> Result<Vec<(RoleId, String)>>;

    /// `Invalid` with the name of the field.
    async fn create_identity_provider(
        &self,
        who: &Granted<ManageSettings>,
        form: ProviderForm,
    ) -> Result<IdentityProvider>;

    async fn update_identity_provider(
        &self,
        who: &Granted<ManageSettings>,
        id: ProviderId,
        seen: &Tag,
        form: ProviderForm,
    ) -> Result<IdentityProvider>;

    /// Users who came from there stay, and need another way in.
    async fn delete_identity_provider(&self, who: &Granted<ManageSettings>, id: ProviderId) -> Result<()>;

    /// Asks the provider what it says about itself. What is wrong, as a sentence; `None` where it answers as it should.
    async fn check_identity_provider(
        &self,
        who: &Granted<ManageSettings>,
        id: ProviderId,
    ) -> Result<Option<String>>;
}

/// Whether what is stored is what the log says.
#[async_trait]
pub trait DriftChecks: Send + Sync {
    /// The last check since the server was started; `None` where there was none.
    async fn drift_check(&self, who: &Granted<ViewAuditLogs>) -> Result<Option<DriftCheck>>;

    /// Begins one in the background. Where one is on its way, that goes on.
    async fn begin_drift_check(&self, who: &Granted<ViewAuditLogs>) -> Result<()>;
}

/// Roles, users and settings as they were.
#[async_trait]
pub trait PastStates: Send + Sync {
    /// What it was at a moment, rebuilt from the log, which takes the permission to read that. `NotFound` where neither it
    /// nor a record of it is there.
    async fn state_then(
        &self,
        who: &SubjectGranted,
        reader: &Granted<ViewAuditLogs>,
        point: Point,
    ) -> Result<PastState>;

    /// Gives properties the values they had at a moment, by the same changes as anybody makes who may. `seen` is that of
    /// the state that was shown: `Conflict` where it is another by now. `Invalid{field}` for a property whose value isn't
    /// known or can't be had again.
    async fn restore_state(
        &self,
        who: &SubjectGranted,
        reader: &Granted<ViewAuditLogs>,
        point: Point,
        seen: &str,
        properties: &[String],
    ) -> Result<()>;
}

/// For how long records are kept.
#[async_trait]
pub trait Retentions: Send + Sync {
    async fn retention(&self, who: &Granted<ManageSettings>) -> Result<Retention>;

    /// A shorter one takes effect after [`GRACE_SECONDS`](crate::retention::GRACE_SECONDS), a longer one at once.
    async fn set_retention(
        &self,
        who: &Granted<ManageSettings>,
        log: LogKind,
        seen: &Tag,
        days: Option<u32>,
    ) -> Result<SetRetention>;

    /// Removes what is due, and what would be once the grace is over, now. It goes on after the answer.
    async fn purge_now(&self, who: &Granted<ManageSettings>) -> Result<()>;

    /// What a hold covers is told by its number, so it takes both. `Invalid` with the field; `Conflict` past
    /// [`MAX_HOLDS`](crate::retention::MAX_HOLDS). Spans back from now become the moments they mean today.
    async fn place_hold(
        &self,
        who: &Granted<ManageSettings>,
        reader: &Granted<ViewAuditLogs>,
        form: HoldForm,
    ) -> Result<Hold>;

    /// What it covered is removed [`GRACE_SECONDS`](crate::retention::GRACE_SECONDS) from now at the earliest.
    async fn release_hold(&self, who: &Granted<ManageSettings>, id: HoldId) -> Result<Hold>;
}

/// Files of things. The file itself comes in by an address of its own; this is about one that has.
#[async_trait]
pub trait Imports: Send + Sync {
    /// The latest of the kind, whoever uploaded them.
    async fn list_imports(&self, who: &KindGranted<Change>) -> Result<Vec<Import>>;

    async fn import(&self, who: &KindGranted<Change>, id: ImportId) -> Result<Import>;

    /// Tries it: what would become of each line. It goes on after the answer. `Invalid{field}` where two columns hold the
    /// same or none holds what is needed; `Conflict` once it is stored or while it is at work.
    async fn check_import(
        &self,
        who: &KindGranted<Change>,
        id: ImportId,
        settings: ImportSettings,
    ) -> Result<Import>;

    /// Stores what can be, as it was tried. It goes on after the answer; where it stalled, from there. All of it is one
    /// action. `Conflict` where it isn't tried, or is stored already.
    async fn run_import(&self, who: &KindGranted<Change>, id: ImportId) -> Result<Import>;

    /// Forgets the file. What was stored stays.
    async fn drop_import(&self, who: &KindGranted<Change>, id: ImportId) -> Result<()>;
}

/// People who can sign in.
#[async_trait]
pub trait Users: Send + Sync {
    /// By name.
    async fn list_users(&self, who: &Granted<ManageUsers>, query: &ObjectQuery) -> Result<UserPage>;

    /// Makes the user and a link, valid for seven days, with which they choose a password. It is mailed to them, where that
    /// can be, and else shown: its path is `/invite/…`.
    async fn invite_user(
        &self,
        who: &Granted<ManageUsers>,
        name: &str,
        email: &str,
        role: RoleId,
    ) -> Result<Invited>;

    /// A new link in place of the old one, which stops working. `by_mail` has it mailed, where that can be.
    async fn reinvite_user(&self, who: &Granted<ManageUsers>, id: UserId, by_mail: bool) -> Result<Invited>;

    /// Mails a user a link, valid for an hour, with which they choose a new password. `Conflict` where that can't be.
    async fn send_password_reset(&self, who: &Granted<ManageUsers>, id: UserId) -> Result<User>;

    /// Takes the second factor away from a user who has lost it. `Conflict` where there is none.
    async fn remove_second_factor(&self, who: &Granted<ManageUsers>, id: UserId) -> Result<()>;

    /// Whom a provider means by a subject isn't this user any more. `NotFound` where it isn't.
    async fn unlink_identity(
        &self,
        who: &Granted<ManageUsers>,
        id: UserId,
        provider: ProviderId,
        subject: &str,
    ) -> Result<()>;

    /// `Invalid{field: "name"|"email"|"phone"}`: no two users have the same email address.
    async fn update_user(
        &self,
        who: &Granted<ManageUsers>,
        id: UserId,
        seen: &Tag,
        form: UserForm,
    ) -> Result<User>;

    /// `Conflict` where the last active administrator would lose the role.
    async fn set_user_role(
        &self,
        who: &Granted<ManageUsers>,
        id: UserId,
        seen: &Tag,
        role: RoleId,
    ) -> Result<User>;

    /// Ends the user's sessions at once. `Conflict` for the last active administrator and for oneself.
    async fn deactivate_user(&self, who: &Granted<ManageUsers>, id: UserId) -> Result<User>;

    async fn reactivate_user(&self, who: &Granted<ManageUsers>, id: UserId) -> Result<User>;

    /// One user, and where they are signed in.
    async fn user(&self, who: &Granted<ManageUsers>, id: UserId) -> Result<UserDetail>;

    /// Takes a user away for good, with their sessions, invitation and saved views. Records keep their name. `confirm`
    /// is their email address, typed once more. `Conflict` as for [`Self::deactivate_user`], `Invalid{field: "confirm"}`.
    async fn delete_user(&self, who: &Granted<ManageUsers>, id: UserId, confirm: &str) -> Result<User>;
}

/// Appearing as another user (R46). Who does so begins and ends it by a form of its own; this is what its page asks.
#[async_trait]
pub trait Impersonations: Send + Sync {
    /// Somebody, and what stands in the way.
    async fn impersonable(&self, who: &Granted<ImpersonateUsers>, id: UserId) -> Result<Impersonable>;
}

/// Roles and what they allow.
#[async_trait]
pub trait Roles: Send + Sync {
    async fn list_roles(&self, who: &Granted<ManageRoles>) -> Result<Vec<Role>>;

    /// Names and ids only, for choosing a role for a user.
    async fn role_choices(&self, who: &Granted<ManageUsers>) -> Result<Vec<(RoleId, String)>>;

    async fn role(&self, who: &Granted<ManageRoles>, id: RoleId) -> Result<Role>;

    async fn create_role(&self, who: &Granted<ManageRoles>, form: RoleForm) -> Result<Role>;

    async fn update_role(
        &self,
        who: &Granted<ManageRoles>,
        id: RoleId,
        seen: &Tag,
        form: RoleForm,
    ) -> Result<Role>;

    /// Whether those who have the role need more than a password to sign in. Who hasn't set a second factor up may do
    /// nothing else until they have.
    async fn need_second_factor(&self, who: &Granted<ManageRoles>, id: RoleId, needed: bool) -> Result<()>;

    /// `Conflict` for a built-in role and for one that users still have.
    async fn delete_role(&self, who: &Granted<ManageRoles>, id: RoleId) -> Result<()>;
}

/// Keys for programs.
#[async_trait]
pub trait ApiKeys: Send + Sync {
    async fn list_api_keys(&self, who: &Granted<ManageApiKeys>) -> Result<Vec<ApiKey>>;

    async fn create_api_key(
        &self,
        who: &Granted<ManageApiKeys>,
        name: &str,
        scopes: Vec<Scope>,
    ) -> Result<WithSecret<ApiKey>>;

    async fn revoke_api_key(&self, who: &Granted<ManageApiKeys>, id: ApiKeyId) -> Result<ApiKey>;
}

/// What is sent to webhook endpoints. `NotFound` where there is no such endpoint, or no such message of it.
#[async_trait]
pub trait Webhooks: Send + Sync {
    async fn list_messages(
        &self,
        who: &Granted<ManageWebhooks>,
        endpoint: ObjectId,
        query: &ObjectQuery,
    ) -> Result<MessagePage>;

    async fn message(
        &self,
        who: &Granted<ManageWebhooks>,
        endpoint: ObjectId,
        id: WebhookMessageId,
    ) -> Result<MessageDetail>;

    async fn endpoint_health(
        &self,
        who: &Granted<ManageWebhooks>,
        endpoint: ObjectId,
    ) -> Result<EndpointHealth>;

    async fn signing(&self, who: &Granted<ManageWebhooks>, endpoint: ObjectId) -> Result<Signing>;

    /// Makes a secret. Those before it sign beside it for a day.
    async fn add_secret(
        &self,
        who: &Granted<ManageWebhooks>,
        endpoint: ObjectId,
    ) -> Result<WithSecret<Signing>>;

    /// `Conflict` where it is the only one.
    async fn remove_secret(
        &self,
        who: &Granted<ManageWebhooks>,
        endpoint: ObjectId,
        secret: WebhookSecretId,
    ) -> Result<()>;

    /// Sends a header along, in place of one of that name.
    async fn set_header(
        &self,
        who: &Granted<ManageWebhooks>,
        endpoint: ObjectId,
        name: &str,
        value: &str,
    ) -> Result<()>;

    async fn remove_header(
        &self,
        who: &Granted<ManageWebhooks>,
        endpoint: ObjectId,
        name: &str,
    ) -> Result<()>;

    /// Nothing is sent until it is resumed, and then what has waited at once.
    async fn pause_endpoint(&self, who: &Granted<ManageWebhooks>, endpoint: ObjectId) -> Result<()>;

    async fn resume_endpoint(&self, who: &Granted<ManageWebhooks>, endpoint: ObjectId) -> Result<()>;

    async fn send_test(&self, who: &Granted<ManageWebhooks>, endpoint: ObjectId) -> Result<WebhookMessageId>;

    /// One more attempt, under the id that the message has; of one that waits the next, now. `Conflict` where one is under
    /// way.
    async fn resend_message(
        &self,
        who: &Granted<ManageWebhooks>,
        endpoint: ObjectId,
        id: WebhookMessageId,
    ) -> Result<()>;

    /// How many messages were given up since then, as far as they are recovered at once.
    async fn recoverable(
        &self,
        who: &Granted<ManageWebhooks>,
        endpoint: ObjectId,
        since: TimeBound,
    ) -> Result<u64>;

    /// Sends those once more. How many it is.
    async fn recover_messages(
        &self,
        who: &Granted<ManageWebhooks>,
        endpoint: ObjectId,
        since: TimeBound,
    ) -> Result<u64>;
}

/// Other products that get the log. `NotFound` where there is no such integration.
#[async_trait]
pub trait Integrations: Send + Sync {
    /// How each does, by name.
    async fn integrations_health(&self, who: &Granted<ManageIntegrations>) -> Result<Vec<StreamHealth>>;

    async fn integration(&self, who: &Granted<ManageIntegrations>, id: ObjectId) -> Result<StreamDetail>;

    /// Sets what it is sent with in secret; empty takes away what isn't required. `Conflict` where there is no such thing, `Invalid{secret}` where it can't be one.
    async fn set_integration_secret(
        &self,
        who: &Granted<ManageIntegrations>,
        id: ObjectId,
        secret: NewPassword,
    ) -> Result<()>;

    /// Nothing is sent until it is resumed, and then what has happened meanwhile.
    async fn pause_integration(&self, who: &Granted<ManageIntegrations>, id: ObjectId) -> Result<()>;

    /// Also: tries what has failed now.
    async fn resume_integration(&self, who: &Granted<ManageIntegrations>, id: ObjectId) -> Result<()>;

    /// `Conflict` where nothing is sent now.
    async fn test_integration(&self, who: &Granted<ManageIntegrations>, id: ObjectId) -> Result<()>;

    /// How many records of the log there are from then on.
    async fn recorded_since(
        &self,
        who: &Granted<ManageIntegrations>,
        id: ObjectId,
        since: TimeBound,
    ) -> Result<u64>;

    /// Has it go on from there: what it has got already it gets again. How many records it is to be held against.
    async fn rewind_integration(
        &self,
        who: &Granted<ManageIntegrations>,
        id: ObjectId,
        since: TimeBound,
    ) -> Result<u64>;
}

/// Security monitoring. `NotFound` where there is no such alert, or no such rule.
///
/// What is done about an alert and to a rule is recorded. Each of these says what the alert is about, or how the rule is called.
#[async_trait]
pub trait Monitoring: Send + Sync {
    /// `Invalid{field}` for a filter's value that can't be one.
    async fn list_alerts(&self, who: &Granted<ViewAuditLogs>, query: &ObjectQuery) -> Result<AlertPage>;

    async fn alert(&self, who: &Granted<ViewAuditLogs>, id: AlertId) -> Result<AlertDetail>;

    /// `Conflict` where it isn't open.
    async fn acknowledge_alert(&self, who: &Granted<ManageAlerts>, id: AlertId) -> Result<String>;

    /// Gives it to a user who may manage alerts, or to nobody. `Invalid{field: "user"}`; `Conflict` where it is closed.
    async fn assign_alert(
        &self,
        who: &Granted<ManageAlerts>,
        id: AlertId,
        to: Option<UserId>,
    ) -> Result<String>;

    /// `Invalid{field: "note"}`; `Conflict` where it is closed.
    async fn close_alert(&self, who: &Granted<ManageAlerts>, id: AlertId, note: &str) -> Result<String>;

    /// `Conflict` where it isn't closed, and where there is another open one about the same.
    async fn reopen_alert(&self, who: &Granted<ManageAlerts>, id: AlertId) -> Result<String>;

    async fn list_alert_rules(&self, who: &Granted<ViewAuditLogs>) -> Result<Vec<Rule>>;

    async fn alert_rule(&self, who: &Granted<ViewAuditLogs>, id: RuleId) -> Result<RuleDetail>;

    /// Adds a Sigma rule, switched off. `Invalid{field: "sigma"}` with the line and the reason; `Conflict` past
    /// [`MAX_SIGMA_RULES`](crate::monitoring::MAX_SIGMA_RULES).
    async fn add_alert_rule(&self, who: &Granted<ManageAlerts>, sigma: &str) -> Result<(RuleId, String)>;

    /// `Invalid` with the name of a number, or `sigma`.
    async fn set_alert_rule(
        &self,
        who: &Granted<ManageAlerts>,
        id: RuleId,
        seen: &Tag,
        form: RuleForm,
    ) -> Result<String>;

    /// One that is switched on learns from the past first, and raises nothing for that.
    async fn switch_alert_rule(&self, who: &Granted<ManageAlerts>, id: RuleId, on: bool) -> Result<String>;

    /// `Conflict` for one that comes with Daybook.
    async fn delete_alert_rule(&self, who: &Granted<ManageAlerts>, id: RuleId) -> Result<String>;

    /// What it would have done in the last [`PAST_DAYS`](crate::monitoring::PAST_DAYS) days, as far as
    /// [`PAST_RECORDS`](crate::monitoring::PAST_RECORDS) records go. `Conflict` where another is being tried.
    async fn try_alert_rule(
        &self,
        who: &Granted<ManageAlerts>,
        reader: &Granted<ViewAuditLogs>,
        id: RuleId,
    ) -> Result<Trial>;
}

/// Email: what was sent, by this system and by those that report to it, and how this one sends. `NotFound` where there is
/// no such message.
#[async_trait]
pub trait Emails: Send + Sync {
    /// All of it, or that of a company or a contact.
    async fn list_emails(
        &self,
        who: &Granted<ViewEmailHistory>,
        about: Option<(ObjectKind, ObjectId)>,
        query: &ObjectQuery,
    ) -> Result<EmailPage>;

    async fn email(&self, who: &Granted<ViewEmailHistory>, id: EmailMessageId) -> Result<EmailDetail>;

    /// Its body in HTML, as it was sent; `NotFound` where it has none.
    async fn email_html(&self, who: &Granted<ViewEmailHistory>, id: EmailMessageId) -> Result<String>;

    /// A file that goes along with it, by its number: records may stand in it. That it was taken is recorded.
    async fn email_attachment(
        &self,
        who: &Granted<ViewEmailHistory>,
        exporter: &Granted<ExportAuditLogs>,
        id: EmailMessageId,
        number: u32,
    ) -> Result<EmailFile>;

    /// The addresses that are not to be mailed.
    async fn list_suppressions(
        &self,
        who: &Granted<ViewEmailHistory>,
        query: &ObjectQuery,
    ) -> Result<SuppressionPage>;

    /// From now on nothing is sent to an address. `Invalid{field: "address"|"note"}`; `Conflict` where it is on the list.
    async fn suppress(&self, who: &Granted<ManageSettings>, address: &str, note: &str) -> Result<()>;

    /// It may be mailed again.
    async fn unsuppress(&self, who: &Granted<ManageSettings>, address: &str) -> Result<()>;

    async fn mail_settings(&self, who: &Granted<ManageSettings>) -> Result<MailSettings>;

    /// `Invalid{field}` with a field of the form.
    async fn set_mail_settings(
        &self,
        who: &Granted<ManageSettings>,
        seen: &Tag,
        form: MailForm,
    ) -> Result<()>;

    /// From now on no attempt is made to send mail; what is to be sent waits. `Conflict` where there is no mail server.
    async fn pause_mail(&self, who: &Granted<ManageSettings>) -> Result<()>;

    /// What has waited is sent, and what comes.
    async fn resume_mail(&self, who: &Granted<ManageSettings>) -> Result<()>;

    /// Sends a message that says it is a test. `Conflict` where no mail is sent.
    async fn send_test_email(&self, who: &Granted<ManageSettings>, to: &str) -> Result<EmailMessageId>;

    /// Who may tell what becomes of messages.
    async fn list_providers(&self, who: &Granted<ManageSettings>) -> Result<Vec<ProviderState>>;

    /// Keeps what a provider's requests are checked with; nothing where it is empty. `Invalid{field: "key"}`.
    async fn set_provider_key(
        &self,
        who: &Granted<ManageSettings>,
        provider: EmailProvider,
        key: NewPassword,
    ) -> Result<()>;

    /// What Daybook's own mails say.
    async fn list_email_templates(&self, who: &Granted<ManageSettings>) -> Result<Vec<TemplateSummary>>;

    async fn email_template(&self, who: &Granted<ManageSettings>, of: MailTemplate)
    -> Result<TemplateDetail>;

    /// A wording filled in with samples; it isn't stored. `Invalid{field: "subject"|"text"}`.
    async fn preview_email_template(
        &self,
        who: &Granted<ManageSettings>,
        of: MailTemplate,
        wording: &Wording,
    ) -> Result<TemplatePreview>;

    /// Puts a wording in place of the one that serves. `Invalid{field: "subject"|"text"}`.
    async fn set_email_template(
        &self,
        who: &Granted<ManageSettings>,
        of: MailTemplate,
        seen: &Tag,
        wording: Wording,
    ) -> Result<()>;

    /// Back to the one that comes with Daybook.
    async fn reset_email_template(
        &self,
        who: &Granted<ManageSettings>,
        of: MailTemplate,
        seen: &Tag,
    ) -> Result<()>;

    /// Back to what served before the last change. `Conflict` where there was none.
    async fn undo_email_template(
        &self,
        who: &Granted<ManageSettings>,
        of: MailTemplate,
        seen: &Tag,
    ) -> Result<()>;

    /// One more attempt; of one that waits the next, now. `Conflict` where it isn't ours, or its body is gone.
    async fn resend_email(&self, who: &Granted<ManageSettings>, id: EmailMessageId) -> Result<()>;
}

/// The asker's own account.
#[async_trait]
pub trait Account: Send + Sync {
    async fn own_sessions(&self, who: &Viewer) -> Result<Vec<Session>>;

    /// One of the asker's own; `NotFound` for anybody else's.
    async fn revoke_session(&self, who: &Viewer, id: SessionId) -> Result<()>;

    /// All of the asker's but the current one. Returns how many.
    async fn revoke_other_sessions(&self, who: &Viewer) -> Result<u64>;

    /// Ends all other sessions. `Invalid{field: "current_password"|"new_password"}`.
    async fn change_password(&self, who: &Viewer, current: &str, new: &str) -> Result<()>;

    async fn second_factor(&self, who: &Viewer) -> Result<SecondFactor>;

    /// Makes what an app makes codes from, in place of one that wasn't confirmed. `Invalid{field: "current_password"}`;
    /// `Conflict` where there is a second factor.
    async fn begin_second_factor(&self, who: &Viewer, current_password: &str) -> Result<()>;

    /// From now on a code is asked for at the sign-in. Returns recovery codes, one on each line. `Invalid{field: "code"}`.
    async fn confirm_second_factor(&self, who: &Viewer, code: &str) -> Result<ShownOnce>;

    /// Makes recovery codes in place of those there are. `Invalid{field: "code"}`.
    async fn renew_recovery_codes(&self, who: &Viewer, code: &str) -> Result<ShownOnce>;

    /// `Invalid{field: "code"}`; `Conflict` where the asker's role needs one.
    async fn disable_second_factor(&self, who: &Viewer, code: &str) -> Result<()>;

    async fn profile(&self, who: &Viewer) -> Result<Profile>;

    /// `Invalid{field: "name"|"phone"}`.
    async fn set_profile(&self, who: &Viewer, seen: &Tag, form: ProfileForm) -> Result<()>;

    /// The zone in which the asker reads times, by IANA name.
    async fn set_zone(&self, who: &Viewer, zone: &str) -> Result<()>;

    /// How dates and numbers are written for the asker.
    async fn set_regional_format(&self, who: &Viewer, format: RegionalFormat) -> Result<()>;
}

/// What is asked before anybody is signed in, and the record of refusals.
#[async_trait]
pub trait Gate: Send + Sync {
    /// Whether the first administrator has still to be made.
    async fn needs_setup(&self) -> Result<bool>;

    /// `NotFound` for an unknown, used or expired link.
    async fn invitation(&self, token: &str) -> Result<Invitation>;

    /// Whether who has forgotten their password can have a link mailed.
    async fn offers_reset(&self) -> Result<bool>;

    /// The identity providers by which one can sign in, by name.
    async fn offered_providers(&self) -> Result<Vec<OfferedProvider>>;

    /// Whose a link to choose a new password is. `NotFound` for an unknown, used or expired one.
    async fn password_reset(&self, token: &str) -> Result<Invitation>;

    /// Records `access.denied`. `what` is the path or function that was refused.
    async fn refused(&self, who: &Viewer, permission: Permission, what: &str) -> Result<()>;
}

/// The customer portal. Each method that takes a [`ContactViewer`] answers with what is theirs, whatever else is asked for.
#[async_trait]
pub trait Portal: Send + Sync {
    /// What the sign-in page offers. `brand` is the id of the one it is to look like.
    async fn entry(&self, brand: Option<&str>) -> Result<Entry>;

    /// Whom a link that was mailed lets in, in the browser that has `browser`. `Invalid{field: "link"}` where it is nobody,
    /// with what to do.
    async fn link_of(&self, token: &str, browser: &NewPassword) -> Result<Vec<MayBe>>;

    /// One page of what happened, from a page mark on.
    async fn records(
        &self,
        who: &ContactViewer,
        list: PortalList,
        from: Option<&str>,
    ) -> Result<PortalPage<PortalRecord>>;

    /// One page of the mail they got, from a page mark on; where they see the whole company, of what that got.
    async fn emails(&self, who: &ContactViewer, from: Option<&str>) -> Result<PortalPage<PortalEmail>>;

    /// One message that was sent to them.
    async fn email(&self, who: &ContactViewer, id: EmailMessageId) -> Result<PortalEmailDetail>;

    async fn account(&self, who: &ContactViewer) -> Result<PortalAccount>;

    async fn end_session(&self, who: &ContactViewer, id: ContactSessionId) -> Result<()>;

    /// Ends all their sessions but the one that asks. Answers how many.
    async fn end_other_sessions(&self, who: &ContactViewer) -> Result<u64>;

    /// `Invalid{field: "current"}` for a wrong password, where it is asked for; `Invalid{field: "password"}` for one that
    /// isn't good enough.
    async fn set_password(&self, who: &ContactViewer, current: NewPassword, new: NewPassword) -> Result<()>;
}

/// All of it, as handed to the pages.
#[derive(Clone)]
pub struct Ports {
    pub audit_logs: Arc<dyn AuditLogs>,
    pub exports: Arc<dyn Exports>,
    pub views: Arc<dyn Views>,
    pub reports: Arc<dyn Reports>,
    pub retention: Arc<dyn Retentions>,
    pub settings: Arc<dyn WorkspaceSettings>,
    pub sign_in_policies: Arc<dyn SignInPolicies>,
    pub identity_providers: Arc<dyn IdentityProviders>,
    pub objects: Arc<dyn Objects>,
    pub imports: Arc<dyn Imports>,
    pub drift_checks: Arc<dyn DriftChecks>,
    pub analytics: Arc<dyn Analytics>,
    pub past_states: Arc<dyn PastStates>,
    pub portal: Arc<dyn Portal>,
    pub users: Arc<dyn Users>,
    pub impersonations: Arc<dyn Impersonations>,
    pub roles: Arc<dyn Roles>,
    pub api_keys: Arc<dyn ApiKeys>,
    pub webhooks: Arc<dyn Webhooks>,
    pub integrations: Arc<dyn Integrations>,
    pub monitoring: Arc<dyn Monitoring>,
    pub emails: Arc<dyn Emails>,
    pub account: Arc<dyn Account>,
    pub gate: Arc<dyn Gate>,
}

impl fmt::Debug for Ports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ports")
    }
}
