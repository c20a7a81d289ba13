//! The closed sets of words that records are made of.

use serde::{Deserialize, Serialize};

/// A closed set of words that are the same in JSON, the database and the URL.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal, $title:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {$(
            $(#[$vdoc])*
            #[serde(rename = $word)]
            $variant,
        )+}

        impl $name {
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The word on the wire and in the database.
            pub fn name(self) -> &'static str {
                match self {$(Self::$variant => $word),+}
            }

            /// The word a person reads.
            pub fn title(self) -> &'static str {
                match self {$(Self::$variant => $title),+}
            }

            /// The words of all of them.
            pub fn names() -> Vec<&'static str> {
                vec![$($word),+]
            }

            pub fn from_name(name: &str) -> Option<Self> {
                match name {$($word => Some(Self::$variant),)+ _ => None}
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                $crate::openapi::one_of(&Self::names())
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::ToSchema for $name {}

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}
pub(crate) use words;

words! {
    /// What kind of act it was, the same word for every source.
    Action {
        Create = "create", "Create";
        Read = "read", "Read";
        Update = "update", "Update";
        Delete = "delete", "Delete";
        Login = "login", "Sign-in";
        Logout = "logout", "Sign-out";
        ImpersonateStart = "impersonate_start", "Impersonation start";
        ImpersonateEnd = "impersonate_end", "Impersonation end";
        Assign = "assign", "Assign";
        Send = "send", "Send";
        Export = "export", "Export";
        Import = "import", "Import";
        Invite = "invite", "Invite";
        Enable = "enable", "Enable";
        Disable = "disable", "Disable";
        Restore = "restore", "Restore";
        Revoke = "revoke", "Revoke";
        Merge = "merge", "Merge";
        Open = "open", "Open";
        Close = "close", "Close";
        Join = "join", "Join";
        Leave = "leave", "Leave";
        /// Anything else; the source's own word is then in `event_type` or `metadata`.
        Other = "other", "Other";
    }
}

words! {
    Outcome {
        Success = "success", "Success";
        Failure = "failure", "Failure";
    }
}

words! {
    /// Through which door.
    Portal {
        Admin = "admin", "Admin Center";
        Agent = "agent", "Agent portal";
        Customer = "customer", "Customer portal";
        Api = "api", "API";
    }
}

words! {
    ActorKind {
        User = "user", "User";
        Contact = "contact", "Contact";
        System = "system", "System";
        ApiKey = "api_key", "API key";
    }
}

words! {
    /// Which system automation acted (R4).
    Automation {
        Workflow = "workflow", "Workflow";
        BusinessRule = "business_rule", "Business rule";
        QueueRouter = "queue_router", "Queue router";
        Api = "api", "API";
    }
}
