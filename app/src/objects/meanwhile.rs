//! A thing as its form has shown it.

use super::{table::Status, text, values::value};
use crate::ui::form::Shown;
use daybook_domain::{
    object::{Object, STATUS},
    seen::Seen,
};
use leptos::prelude::*;

impl Shown for Object {
    fn seen(&self) -> Seen {
        let status = (STATUS.to_owned(), self.status.name().into());
        let values = self
            .values
            .iter()
            .map(|(name, value)| (name.clone(), value.clone()));
        Seen::of_properties(values.chain([status]))
    }

    fn property(&self, name: &str) -> Option<(String, AnyView)> {
        if name == STATUS {
            let status = view! { <Status status=self.status/> };
            return Some((text::STATUS.to_owned(), status.into_any()));
        }
        let property = self.kind.spec().property(name)?;
        let shown = value(property, self.values.get(name), &self.names);
        Some((property.title.to_owned(), shown))
    }

    fn version(&self) -> Option<i32> {
        Some(self.version)
    }
}
