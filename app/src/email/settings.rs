//! How mail is sent, and whether it arrives.

use super::{
    api::{PauseMail, ResumeMail, SendTestEmail, SetMailSettings, seen_now, show_mail_settings},
    providers::ProvidersPart,
    text,
};
use crate::{
    account::when::When,
    admin::panel::own_history,
    routes,
    ui::{
        form::{Field, FormProblem, FormState, SelectField, SubmitButton, Weight, meanwhile, successes},
        problem::Problem,
    },
    viewer::use_viewer,
};
use daybook_domain::email::{MailSecurity, MailSettings};
use leptos::{form::ActionForm, prelude::*};
use leptos_meta::Title;

#[component]
pub fn MailSettingsPage() -> impl IntoView {
    let set = ServerAction::<SetMailSettings>::new();
    let test = ServerAction::<SendTestEmail>::new();
    let saved = successes(set);
    let (pause, resume) = (
        ServerAction::<PauseMail>::new(),
        ServerAction::<ResumeMail>::new(),
    );
    let (paused, resumed) = (successes(pause), successes(resume));
    let settings = Resource::new(
        move || (saved.get(), paused.get(), resumed.get()),
        |_| show_mail_settings(),
    );
    view! {
        <Title text=text::SETTINGS/>
        <header class="page-head page-head--split">
            <div>
                <h1>{text::SETTINGS}</h1>
                <p class="page-head__about">{text::SETTINGS_ABOUT}</p>
            </div>
            <div class="page-head__actions"><a class="button" href=routes::EMAIL_TEMPLATES>{text::TEMPLATES}</a> {own_history(text::SECTIONS, None)}</div>
        </header>
        <Transition>
            {move || Suspend::new(async move {
                match settings.await {
                    Ok(settings) => {
                        let sends = Sends::of(&settings);
                        let switch = switch(&settings, pause, resume);
                        view! { <SettingsForm settings saved action=set/> {switch} <TestForm sends action=test/> }.into_any()
                    }
                    Err(error) => view! { <Problem error/> }.into_any(),
                }
            })}
        </Transition>
        <ProvidersPart/>
    }
    .into_any()
}

#[component]
fn SettingsForm(
    settings: MailSettings,
    /// How often what stands in the form was stored.
    saved: Memo<usize>,
    action: ServerAction<SetMailSettings>,
) -> impl IntoView {
    let state = FormState::of(action);
    let meanwhile = meanwhile(state, settings.seen, seen_now, routes::MAIL_SETTINGS.to_owned());
    let field = move |name: &'static str, kind, label, hint, value| {
        view! {
            <Field state prefix="mail" name sent_as=sent_as(name) kind label hint value=value autocomplete="off" maxlength=254 optional=true/>
        }
    };
    let securities = MailSecurity::ALL.iter();
    let securities = securities.map(|one| (one.name().to_owned(), text::security(*one)));
    let kept = if settings.has_password {
        text::PASSWORD_KEPT
    } else {
        ""
    };
    view! {
        <ActionForm action>
            {meanwhile}
            <section class="part" aria-labelledby="server-title">
                <h2 class="part__title" id="server-title">{text::SERVER}</h2>
                <div class="form">
                    {field("host", "text", text::HOST, text::HOST_HINT, settings.host)}
                    <Field state prefix="mail" name="port" sent_as=sent_as("port") label=text::PORT hint=text::PORT_HINT value=settings.port.to_string() autocomplete="off" maxlength=5/>
                    <SelectField
                        state
                        prefix="mail"
                        name="security"
                        sent_as=sent_as("security")
                        label=text::SECURITY
                        value=settings.security.name()
                        options=securities.collect()
                    />
                    {field("username", "text", text::USERNAME, text::USERNAME_HINT, settings.username)}
                    // Empty again once what was typed is stored.
                    <For each=move || [saved.get()] key=|turn| *turn let:_turn>
                        <Field
                            state
                            prefix="mail"
                            name="password"
                            sent_as=sent_as("password")
                            kind="password"
                            label=text::PASSWORD
                            hint=kept
                            autocomplete="new-password"
                            maxlength=1000
                            optional=true
                        />
                    </For>
                </div>
            </section>
            <section class="part" aria-labelledby="sender-title">
                <h2 class="part__title" id="sender-title">{text::SENDER_PART}</h2>
                <p class="part__lead">{text::SENDER_ABOUT}</p>
                <div class="form">
                    {field("from_name", "text", text::FROM_NAME, "", settings.from_name)}
                    {field("from_address", "email", text::FROM_ADDRESS, "", settings.from_address)}
                    {field("reply_to", "email", text::REPLY_TO, text::REPLY_TO_HINT, settings.reply_to)}
                    <FormProblem state fields=FIELDS/>
                    <div class="form__actions">
                        <SubmitButton state label=text::SAVE pending=text::SAVING/>
                    </div>
                </div>
            </section>
        </ActionForm>
    }
    .into_any()
}

/// The fields that show their own problems.
const FIELDS: &[&str] = &[
    "host",
    "port",
    "security",
    "username",
    "password",
    "from_name",
    "from_address",
    "reply_to",
];

/// The name by which the server function knows a field.
fn sent_as(name: &str) -> String {
    format!("form[{name}]")
}

/// Whether mail is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sends {
    /// There is no server to send with.
    NotYet,
    Paused,
    Now,
}

impl Sends {
    fn of(settings: &MailSettings) -> Self {
        if settings.host.is_empty() {
            Self::NotYet
        } else if settings.paused.is_some() {
            Self::Paused
        } else {
            Self::Now
        }
    }
}

/// What waits to be sent, and where that is paused.
fn switch(
    settings: &MailSettings,
    pause: ServerAction<PauseMail>,
    resume: ServerAction<ResumeMail>,
) -> Option<AnyView> {
    if Sends::of(settings) == Sends::NotYet {
        return None;
    }
    let waiting = text::waiting(settings.waiting);
    let (state, form) = if let Some(at) = settings.paused.clone() {
        let state = FormState::of(resume);
        let form = view! {
            <ActionForm action=resume>
                <SubmitButton state label=text::RESUME pending=text::RESUMING/>
                <FormProblem state/>
            </ActionForm>
        };
        (
            view! { <strong>{text::PAUSED_SINCE} <When at/> "."</strong> " " {waiting} }.into_any(),
            form.into_any(),
        )
    } else {
        let state = FormState::of(pause);
        let form = view! {
            <ActionForm action=pause>
                <SubmitButton state label=text::PAUSE pending=text::PAUSING weight=Weight::Plain/>
                <FormProblem state/>
            </ActionForm>
        };
        (waiting.into_any(), form.into_any())
    };
    let part = view! {
        <section class="part" aria-labelledby="sending-title">
            <h2 class="part__title" id="sending-title">{text::SENDING_PART}</h2>
            <p class="part__lead">{text::SENDING_ABOUT}</p>
            <div class="form">
                <p>{state}</p>
                <div class="form__actions">{form}</div>
            </div>
        </section>
    };
    Some(part.into_any())
}

#[component]
fn TestForm(sends: Sends, action: ServerAction<SendTestEmail>) -> impl IntoView {
    let state = FormState::of(action);
    let form = if sends == Sends::Now {
        let own = use_viewer().map(|viewer| viewer.email).unwrap_or_default();
        view! {
            <ActionForm action>
                <div class="form">
                    <Field state prefix="test" name="to" kind="email" label=text::RECIPIENT value=own autocomplete="email" maxlength=254/>
                    <FormProblem state fields=&["to"]/>
                    <div class="form__actions">
                        <SubmitButton state label=text::TEST pending=text::SENDING weight=Weight::Plain/>
                    </div>
                </div>
            </ActionForm>
        }
        .into_any()
    } else {
        let why = if sends == Sends::Paused {
            text::TEST_PAUSED
        } else {
            text::TEST_NOT_YET
        };
        view! { <p class="quiet">{why}</p> }.into_any()
    };
    view! {
        <section class="part" aria-labelledby="test-title">
            <h2 class="part__title" id="test-title">{text::TEST}</h2>
            <p class="part__lead">{text::TEST_ABOUT}</p>
            {form}
        </section>
    }
    .into_any()
}
