//! `daybook user`: the way in where nobody can sign in any more.

use super::{COMMAND_LINE, workspace};
use crate::{Problem, Services, config::Config};
use daybook_domain::{
    Error,
    object::ObjectQuery,
    permission::{ManageSettings, ManageUsers},
    ports::{SignInPolicies, Users},
    settings::SignInPolicy,
};
use rand::RngExt;
use secrecy::SecretString;
use std::io::BufRead;

/// Of a password we make up: 120 random bits.
const LETTERS: usize = 24;
/// 32 letters and digits that nobody mistakes for one another.
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Make a user who can sign in at once
    Create {
        email: String,
        #[arg(long)]
        name: String,
        /// Name of the role
        #[arg(long, default_value = "Administrator")]
        role: String,
        /// Read the password from standard input instead of making one up
        #[arg(long)]
        password_stdin: bool,
    },
    /// Give a user another password and end their sessions
    ResetPassword {
        email: String,
        /// Read the password from standard input instead of making one up
        #[arg(long)]
        password_stdin: bool,
    },
    /// Take the second factor away from a user who has lost it
    RemoveSecondFactor { email: String },
    /// Let people sign in from any network again, where the sign-in policy keeps everybody out
    AnyNetwork,
}

pub async fn run(config: &Config, command: Command) -> Result<(), Problem> {
    let services = Services::open(config).await?;
    let workspace = workspace(&services).await?;
    let accounts = &services.accounts;
    let viewer = accounts.system_viewer(&workspace, COMMAND_LINE);
    let granted = viewer.grant(ManageUsers)?;
    match command {
        Command::Create {
            email,
            name,
            role,
            password_stdin,
        } => {
            let (password, made_up) = password(password_stdin)?;
            let user = accounts
                .create_user(&granted, &name, &email, &role, password)
                .await?;
            eprintln!(
                "Made the user {} <{}>, {}.",
                user.name, user.email, user.role_name
            );
            show(made_up);
        }
        Command::ResetPassword {
            email,
            password_stdin,
        } => {
            let (password, made_up) = password(password_stdin)?;
            accounts.reset_password(&granted, &email, password).await?;
            eprintln!("{email} has a new password; their sessions have ended.");
            show(made_up);
        }
        Command::RemoveSecondFactor { email } => {
            let query = ObjectQuery {
                q: Some(email.clone()),
                ..ObjectQuery::default()
            };
            let users = accounts.list_users(&granted, &query).await?.rows;
            let known = users
                .into_iter()
                .find(|user| user.email.to_lowercase() == email.trim().to_lowercase());
            let user = known.ok_or_else(|| Error::invalid("email", "No user has this email address."))?;
            accounts.remove_second_factor(&granted, user.id).await?;
            eprintln!("{email} signs in without a code now.");
        }
        Command::AnyNetwork => {
            let settings = viewer.grant(ManageSettings)?;
            let (policy, seen) = accounts.sign_in_policy(&settings).await?;
            let policy = SignInPolicy {
                networks: Vec::new(),
                ..policy
            };
            accounts
                .set_sign_in_policy(&settings, &seen.tag(), policy)
                .await?;
            eprintln!("People can sign in from any network.");
        }
    }
    Ok(())
}

/// A password we made up is shown once, alone on standard output.
fn show(made_up: Option<String>) {
    if let Some(password) = made_up {
        eprintln!("This is the only time the password is shown:");
        println!("{password}");
    }
}

fn password(from_stdin: bool) -> Result<(SecretString, Option<String>), Problem> {
    if !from_stdin {
        let made_up = make_up();
        return Ok((SecretString::from(made_up.clone()), Some(made_up)));
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(|error| {
        Problem::new(format!(
            "The password can't be read from standard input: {error}."
        ))
    })?;
    Ok((SecretString::from(line.trim_end_matches(['\r', '\n'])), None))
}

/// Letters in groups of six, to be read out.
fn make_up() -> String {
    let mut rng = rand::rng();
    let mut text = String::with_capacity(LETTERS + LETTERS / 6);
    for position in 0..LETTERS {
        if position > 0 && position % 6 == 0 {
            text.push('-');
        }
        text.push(char::from(ALPHABET[rng.random_range(0..ALPHABET.len())]));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_up_passwords_differ_and_can_be_read_out() {
        let (one, other) = (make_up(), make_up());
        assert_ne!(one, other);
        assert_eq!((one.len(), one.split('-').count()), (27, 4));
    }
}
