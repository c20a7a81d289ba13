//! Texts that people typed, in a form or in a file, as values.

use super::said::{Found, Wanted};
use daybook_domain::{
    Error as Told,
    object::{ObjectKind, Typed, Values},
};

/// The things that texts refer to.
pub(super) fn references(kind: ObjectKind, typed: &Typed, wanted: &mut Wanted) {
    for property in kind.spec().properties {
        if let (Some(other), Some(texts)) = (property.refers_to(), typed.get(property.name)) {
            wanted.add(other, texts.iter().map(String::as_str));
        }
    }
}

/// The values with what was typed, each checked. `Invalid{field}` with the name of the property.
pub(super) fn read(
    kind: ObjectKind,
    mut values: Values,
    typed: &Typed,
    found: &Found,
) -> Result<Values, Told> {
    for property in kind.spec().properties {
        let Some(texts) = typed.get(property.name) else {
            if property.is_always_required() && !values.contains_key(property.name) {
                return Err(Told::invalid(property.name, "This is required."));
            }
            continue;
        };
        let ids = property
            .refers_to()
            .map(|other| found.ids_of(other, property.name, texts))
            .transpose()?;
        let read = property.read(ids.as_ref().unwrap_or(texts));
        match read.map_err(|reason| Told::invalid(property.name, reason))? {
            Some(value) => values.insert(property.name.to_owned(), value),
            None => values.remove(property.name),
        };
    }
    Ok(values)
}
