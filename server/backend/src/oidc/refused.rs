//! Why nobody came in by a provider: for the record, and for who has to do something about it.

use std::fmt;

/// Who can do something about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Who has set the provider up, here or there.
    Setup,
    /// Who runs the provider.
    Provider,
    /// Who wants to sign in: by trying again, most of the time.
    Person,
}

/// What a provider is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    Discovery,
    SignIn,
    Keys,
    Tokens,
    Details,
}

impl fmt::Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Discovery => "discovery document",
            Self::SignIn => "sign-in page",
            Self::Keys => "keys",
            Self::Tokens => "tokens",
            Self::Details => "user's details",
        })
    }
}

/// Each has a [name](Self::name) for programs and a sentence for people, without anything secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refused {
    #[error("The issuer is not an https address without query and fragment.")]
    NotAnIssuer,
    #[error(
        "The address of the provider's {0} is not an https one. Plain http is for providers within the networks that \
         deliveries may go to."
    )]
    NotHttps(Asked),
    #[error("Daybook doesn't ask for the provider's {asked}. {detail}")]
    Blocked { asked: Asked, detail: String },
    #[error(
        "The provider calls itself “{said}”, which is not the issuer that is set up: both have to be the same to the \
         letter."
    )]
    OtherIssuer { said: String },
    #[error(
        "This issuer stands for all of Microsoft's tenants. Set up the one that may sign in: \
         https://login.microsoftonline.com/TENANT-ID/v2.0."
    )]
    ManyTenants,
    #[error("The provider takes no way to prove who asks for tokens that Daybook knows: it names {offered}.")]
    ClientAuthentication { offered: String },
    #[error("The provider's {asked} can't be had. {detail}")]
    ProviderDown { asked: Asked, detail: String },
    #[error("The provider's {0} didn't come in time.")]
    ProviderSlow(Asked),
    #[error("Asked for its {asked}, the provider answered {status}.")]
    NotThere { asked: Asked, status: u16 },
    #[error("The provider's {0} are more than Daybook reads.")]
    TooLarge(Asked),
    #[error("The provider's {asked} can't be read: {what}.")]
    Malformed { asked: Asked, what: String },
    #[error("The answer doesn't belong to a sign-in that was begun in this browser.")]
    StateMismatch,
    #[error("The provider was set up anew while somebody was signing in.")]
    OtherProvider,
    #[error("The sign-in was begun more than ten minutes ago.")]
    Expired,
    #[error("The answer is not the provider's, but that of “{said}”.")]
    OtherAnswer { said: String },
    #[error("The answer doesn't say whose it is, though this provider's answers do.")]
    UnnamedAnswer,
    #[error("The provider says no: {error}.{}", after(.description.as_deref()))]
    Denied {
        error: String,
        description: Option<String>,
    },
    #[error("The provider's answer has no code.")]
    NoCode,
    #[error("The provider gives no tokens for the code: {error}.{}", after(.description.as_deref()))]
    Exchange {
        error: String,
        description: Option<String>,
    },
    #[error("The provider gives no ID token: it takes the request for one of OAuth only.")]
    NoIdToken,
    #[error("The ID token is signed by “{alg}”, which is not taken here.")]
    Algorithm { alg: String },
    #[error("The ID token's signature doesn't hold.")]
    BadSignature,
    #[error("The ID token is signed with none of the provider's keys.")]
    UnknownKey,
    #[error("The ID token is another issuer's.")]
    WrongIssuer,
    #[error("The ID token is for another application.")]
    WrongAudience,
    #[error("The ID token belongs to another sign-in.")]
    WrongNonce,
    #[error("The ID token has expired.")]
    TokenExpired,
    #[error("The ID token isn't valid yet: are both clocks right?")]
    NotYetValid,
    #[error("The user's details are another user's than the ID token.")]
    WrongSubject,
}

/// What the provider says about an error, as a sentence after it.
fn after(description: Option<&str>) -> String {
    description.map_or_else(String::new, |said| format!(" It says: “{said}”"))
}

impl Refused {
    /// For programs; stays the same.
    pub fn name(&self) -> &'static str {
        self.told().0
    }

    pub fn fault(&self) -> Fault {
        self.told().1
    }

    fn told(&self) -> (&'static str, Fault) {
        use Fault::{Person, Provider, Setup};
        match self {
            Self::NotAnIssuer => ("not_an_issuer", Setup),
            Self::NotHttps(_) => ("not_https", Setup),
            Self::Blocked { .. } => ("blocked", Setup),
            Self::OtherIssuer { .. } => ("other_issuer", Setup),
            Self::ManyTenants => ("many_tenants", Setup),
            Self::ClientAuthentication { .. } => ("client_authentication", Setup),
            Self::ProviderDown { .. } => ("provider_down", Provider),
            Self::ProviderSlow(_) => ("provider_slow", Provider),
            Self::NotThere {
                asked: Asked::Discovery,
                ..
            } => ("no_discovery", Setup),
            Self::NotThere { .. } => ("not_there", Provider),
            Self::TooLarge(_) => ("too_large", Provider),
            Self::Malformed { .. } => ("malformed", Provider),
            Self::StateMismatch => ("state_mismatch", Person),
            Self::OtherProvider => ("other_provider", Setup),
            Self::Expired => ("expired", Person),
            Self::OtherAnswer { .. } => ("other_answer", Provider),
            Self::UnnamedAnswer => ("unnamed_answer", Provider),
            Self::Denied { error, .. } => ("denied", of_error(error)),
            Self::NoCode => ("no_code", Provider),
            Self::Exchange { error, .. } => ("exchange", of_error(error)),
            Self::NoIdToken => ("no_id_token", Setup),
            Self::Algorithm { .. } => ("algorithm", Setup),
            Self::BadSignature => ("bad_signature", Provider),
            Self::UnknownKey => ("unknown_key", Provider),
            Self::WrongIssuer => ("wrong_issuer", Provider),
            Self::WrongAudience => ("wrong_audience", Provider),
            Self::WrongNonce => ("wrong_nonce", Person),
            Self::TokenExpired => ("token_expired", Provider),
            Self::NotYetValid => ("not_yet_valid", Provider),
            Self::WrongSubject => ("wrong_subject", Provider),
        }
    }
}

/// Whose an error of OAuth is (RFC 6749, 4.1.2.1 and 5.2; OpenID Connect Core, 3.1.2.6).
fn of_error(error: &str) -> Fault {
    match error {
        "access_denied"
        | "account_selection_required"
        | "consent_required"
        | "interaction_required"
        | "invalid_grant"
        | "login_required" => Fault::Person,
        "invalid_client"
        | "invalid_request"
        | "invalid_scope"
        | "redirect_uri_mismatch"
        | "unauthorized_client"
        | "unsupported_grant_type"
        | "unsupported_response_type" => Fault::Setup,
        _ => Fault::Provider,
    }
}
