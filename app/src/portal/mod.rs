//! The customer portal: what contacts see of the record, in a frame of its own under the brand's name. Nothing here asks for
//! what is a user's, and no user's page asks for what is here.

mod account;
mod api;
mod contact;
mod emails;
mod frame;
mod link;
mod records;
mod sign_in;
pub mod text;

pub use account::PortalAccountPage;
pub use contact::provide_contact;
pub use emails::{PortalEmailPage, PortalEmailsPage};
pub use frame::CustomerPortal;
pub use link::PortalLinkPage;
pub use records::PortalRecordsPage;
pub use sign_in::PortalSignInPage;
