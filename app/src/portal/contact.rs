//! Which contact looks at the pages: known before anything is rendered, as the viewer is.

use crate::context::ServerContext;
use daybook_domain::portal::ContactInfo;
use leptos::prelude::*;

#[derive(Debug, Clone)]
struct CurrentContact(Option<ContactInfo>);

/// Called once, in the app. The browser gets the contact with the page.
pub fn provide_contact() {
    let contact = SharedValue::new(of_request).into_inner();
    provide_context(CurrentContact(contact));
}

/// The signed-in contact, `None` where nobody is. For what is shown, never for a decision.
pub fn use_contact() -> Option<ContactInfo> {
    use_context::<CurrentContact>().and_then(|contact| contact.0)
}

fn of_request() -> Option<ContactInfo> {
    use_context::<ServerContext>()?
        .contact
        .map(|contact| contact.info())
}
