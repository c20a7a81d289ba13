//! What the editor of conditions says.

pub const AS_TEXT: &str = "Edit as text";
pub const AS_FORM: &str = "Edit as a form";
pub const HINT: &str =
    "One condition per line. What stands under “all of”, “any of” or “none of” is indented by two spaces.";
pub const HELP: &str = "Fields and comparisons";
pub const EXAMPLE: &str =
    "all of\n  priority is urgent\n  any of\n    subject contains \"printer\"\n    hours_open is over 4";
pub const GROUP: &str = "Group of conditions";
pub const HOW_MANY: &str = "How many have to hold";
pub const HOLD: &str = "these:";
pub const ADD: &str = "Add condition";
pub const ADD_GROUP: &str = "Add group";
pub const REMOVE: &str = "Remove";
pub const REMOVE_GROUP: &str = "Remove group";
pub const REMOVED: &str = "Removed.";
pub const UNDO: &str = "Undo";
pub const FIELD: &str = "Field";
pub const COMPARISON: &str = "Comparison";
pub const VALUE: &str = "Value";
