//! Parts of lists whose whole state is in their address: the search, the filters with their counts, the way to the next
//! page, and what stands where nothing matches. All of it works without JavaScript.

mod facets;
mod nothing;
mod pager;
mod search;

pub use facets::Facets;
pub use nothing::NothingMatches;
pub use pager::Pager;
pub use search::ListSearch;
