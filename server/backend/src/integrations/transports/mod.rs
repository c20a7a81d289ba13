//! How records leave by what isn't plain HTTP: as syslog, into a folder, into a store of objects.
//!
//! A transport is told everything and knows no database: whom it sends to, what, for how long, and what time it is. What
//! records look like, when they go out and what is done after a failure is decided elsewhere.

pub(crate) mod folder;
pub(crate) mod gzip;
pub(crate) mod s3;
pub(crate) mod syslog;
