//! People, roles, sessions and keys.
