//! The proof that somebody may see or change things of a kind: as [`Granted`](crate::viewer::Granted), where the
//! permission depends on the kind.

use super::ObjectKind;
use crate::{Error, Result, id::WorkspaceId, permission::Permission, viewer::Viewer};
use std::marker::PhantomData;

/// What may be done with things of a kind.
pub trait Right: Send + Sync + 'static {
    /// What it takes.
    fn permission(kind: ObjectKind) -> Permission;
}

/// Marker of the right to see.
#[derive(Debug, Clone, Copy)]
pub struct See;

/// Marker of the right to create, change and delete.
#[derive(Debug, Clone, Copy)]
pub struct Change;

impl Right for See {
    fn permission(kind: ObjectKind) -> Permission {
        kind.spec().see
    }
}

impl Right for Change {
    fn permission(kind: ObjectKind) -> Permission {
        kind.spec().change
    }
}

/// Proof that a viewer was found to have right `R` for things of a kind.
#[derive(Debug, Clone)]
pub struct KindGranted<R: Right> {
    viewer: Viewer,
    kind: ObjectKind,
    right: PhantomData<R>,
}

impl Viewer {
    /// The check: the only way to a [`KindGranted`].
    ///
    /// # Errors
    /// `Forbidden` with the permission that is missing.
    pub fn grant_kind<R: Right>(&self, kind: ObjectKind, _right: R) -> Result<KindGranted<R>> {
        let permission = R::permission(kind);
        if self.may(permission) {
            Ok(KindGranted {
                viewer: self.clone(),
                kind,
                right: PhantomData,
            })
        } else {
            Err(Error::Forbidden { permission })
        }
    }
}

impl<R: Right> KindGranted<R> {
    pub fn viewer(&self) -> &Viewer {
        &self.viewer
    }

    pub fn workspace(&self) -> WorkspaceId {
        self.viewer.workspace()
    }

    pub fn kind(&self) -> ObjectKind {
        self.kind
    }
}
