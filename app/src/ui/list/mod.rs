//! Parts of lists whose whole state is in their address: the search, the filters with their counts, what narrows it, the
//! way to the next page, and what stands where nothing matches. All of it works without JavaScript.

mod asked;
mod chips;
mod dates;
mod facets;
mod nothing;
mod one_of;
mod pager;
mod search;

pub use asked::{Asked, Listed, use_asked};
pub use chips::{Chip, ChipList};
pub use dates::DateBound;
pub use facets::Facets;
pub use nothing::NothingMatches;
pub use one_of::OneOf;
pub use pager::Pager;
pub use search::ListSearch;
