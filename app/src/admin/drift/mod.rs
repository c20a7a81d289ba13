//! Whether what is stored is what the log says: somebody asks for the check, and sees what it found.

mod api;
mod page;
pub mod text;

pub use page::DriftPage;
