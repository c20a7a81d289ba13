//! Parts of forms: labelled fields that say what is wrong with them, buttons that say they are at work, questions
//! before something is taken away.
//!
//! Every form here works without JavaScript. What a refused form shows comes either from the answer of its server
//! function ([`FormState::of`]) or, without JavaScript, from the message that came back with the page. No feature's
//! words in here.

mod choices;
mod confirm;
mod field;
mod lines;
mod meanwhile;
mod select;
mod state;
mod submit;

pub use choices::{CheckboxGroup, Choice};
pub use confirm::Confirm;
pub use field::{Field, FieldLabel, Ids, Notes};
pub use lines::LinesField;
pub use meanwhile::{SEEN, Shown, meanwhile};
pub use select::SelectField;
pub use state::{FormState, conflicts, successes};
pub use submit::{FormProblem, SubmitButton, Weight};
