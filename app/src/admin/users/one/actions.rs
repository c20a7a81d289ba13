//! What can be done about a user on their page.

use super::super::api::{
    DeactivateUser, DeleteUser, ReactivateUser, ReinviteUser, RemoveSecondFactor, SendPasswordReset,
    SetUserRole, UnlinkIdentity, UpdateUser,
};
use crate::ui::form::successes;
use leptos::prelude::*;

/// The actions of the page's forms. They outlive the forms, so that the page can follow what they did.
#[derive(Clone, Copy)]
pub struct UserActions {
    pub update: ServerAction<UpdateUser>,
    pub reinvite: ServerAction<ReinviteUser>,
    pub send_reset: ServerAction<SendPasswordReset>,
    pub remove_factor: ServerAction<RemoveSecondFactor>,
    pub unlink: ServerAction<UnlinkIdentity>,
    pub set_role: ServerAction<SetUserRole>,
    pub deactivate: ServerAction<DeactivateUser>,
    pub reactivate: ServerAction<ReactivateUser>,
    pub delete: ServerAction<DeleteUser>,
}

impl UserActions {
    pub fn new() -> Self {
        Self {
            update: ServerAction::new(),
            reinvite: ServerAction::new(),
            send_reset: ServerAction::new(),
            remove_factor: ServerAction::new(),
            unlink: ServerAction::new(),
            set_role: ServerAction::new(),
            deactivate: ServerAction::new(),
            reactivate: ServerAction::new(),
            delete: ServerAction::new(),
        }
    }

    /// Changes when one of them has changed somebody who is still there.
    pub fn changes(self) -> Memo<usize> {
        let counts = [
            successes(self.update),
            successes(self.reinvite),
            successes(self.set_role),
            successes(self.remove_factor),
            successes(self.unlink),
            successes(self.deactivate),
            successes(self.reactivate),
        ];
        Memo::new(move |_| counts.iter().map(Memo::get).sum())
    }
}
