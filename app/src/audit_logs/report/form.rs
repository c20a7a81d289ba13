//! The form of a report.

use super::{
    api::{SetReport, seen_now},
    text,
};
use crate::{
    routes,
    ui::form::{FormProblem, FormState, LinesField, SelectField, SubmitButton, meanwhile},
};
use daybook_domain::{
    email::MAX_ADDRESS,
    report::{Every, MAX_RECIPIENTS, Report, Weekday},
};
use leptos::{form::ActionForm, prelude::*};

/// When a report is sent that nobody has chosen a time for.
const MORNING: u8 = 8;

pub fn report_form(report: &Report, action: ServerAction<SetReport>) -> AnyView {
    let state = FormState::of(action);
    let id = report.view;
    let meanwhile = meanwhile(
        state,
        report.seen.clone(),
        move || seen_now(id),
        routes::report(id),
    );
    let timing = report.schedule.as_ref().map(|schedule| schedule.timing);
    let every = timing.map_or(Every::Day, |timing| timing.every).name();
    let weekday = timing
        .and_then(|timing| timing.weekday)
        .unwrap_or(Weekday::Monday)
        .name();
    let hour = timing.map_or(MORNING, |timing| timing.hour).to_string();
    let recipients = report.schedule.as_ref();
    let recipients = recipients.map(|schedule| schedule.recipients.join("\n"));
    let everies = Every::ALL.iter();
    let everies = everies.map(|every| (every.name().to_owned(), every.title().to_owned()));
    let weekdays = Weekday::ALL.iter();
    let weekdays = weekdays.map(|day| (day.name().to_owned(), day.title().to_owned()));
    let hours = (0..24).map(|hour| (hour.to_string(), text::hour(hour)));
    let maxlength = u16::try_from(MAX_RECIPIENTS * (MAX_ADDRESS + 2)).unwrap_or(u16::MAX);
    view! {
        <section class="part" aria-labelledby="schedule-title">
            <h2 class="part__title" id="schedule-title">{text::SCHEDULE}</h2>
            <p class="part__lead">{text::zone(&report.zone)}</p>
            <ActionForm action>
                <input type="hidden" name="view" value=id.to_string()/>
                {meanwhile}
                <div class="form">
                    <SelectField state prefix="report" name="every" label=text::EVERY hint=text::EVERY_HINT options=everies.collect() value=every/>
                    <SelectField state prefix="report" name="weekday" label=text::WEEKDAY hint=text::WEEKDAY_HINT options=weekdays.collect() value=weekday/>
                    <SelectField state prefix="report" name="hour" label=text::HOUR options=hours.collect() value=hour/>
                    <LinesField
                        state
                        prefix="report"
                        name="recipients"
                        sent_as="recipients"
                        label=text::RECIPIENTS
                        hint=text::RECIPIENTS_HINT
                        value=recipients.unwrap_or_default()
                        maxlength
                    />
                    <FormProblem state fields=FIELDS/>
                    <div class="form__actions"><SubmitButton state label=text::SAVE pending=text::SAVING/></div>
                </div>
            </ActionForm>
        </section>
    }
    .into_any()
}

/// The fields that show their own problems.
const FIELDS: &[&str] = &["every", "weekday", "hour", "recipients"];
