//! The databases that are measured: SQLite in a folder, or PostgreSQL in a server of our own.

use super::{file_sizes, megabytes};
use crate::postgres::{Cluster, Programs, Purpose};
use anyhow::Result;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Where databases are made.
#[derive(Debug)]
pub enum Databases {
    Sqlite,
    Postgres(Cluster),
}

/// A folder of our own, and the database that belongs to it.
#[derive(Debug, Clone)]
pub struct Data {
    pub folder: PathBuf,
    /// `None` for SQLite in the folder.
    pub url: Option<String>,
    name: String,
}

impl Databases {
    pub fn start(postgres: bool) -> Result<Self> {
        Ok(if postgres {
            Self::Postgres(Cluster::start(&Programs::find_or_install()?, Purpose::Bench)?)
        } else {
            Self::Sqlite
        })
    }

    /// An empty one.
    pub fn make(&self, folder: &Path) -> Result<Data> {
        let _ = fs::remove_dir_all(folder);
        fs::create_dir_all(folder)?;
        let mut data = Data::sqlite(folder);
        if let Self::Postgres(cluster) = self {
            data.url = Some(cluster.create(&data.name)?);
        }
        Ok(data)
    }

    /// Megabytes on disk.
    pub fn size(&self, data: &Data) -> Result<f64> {
        match self {
            Self::Sqlite => file_sizes(&data.folder),
            Self::Postgres(cluster) => Ok(megabytes(cluster.size(&data.name)?)),
        }
    }

    pub fn remove(&self, data: &Data) -> Result<()> {
        fs::remove_dir_all(&data.folder)?;
        match self {
            Self::Sqlite => Ok(()),
            Self::Postgres(cluster) => cluster.remove(&data.name),
        }
    }
}

impl Data {
    /// One that may be there already.
    pub fn sqlite(folder: &Path) -> Self {
        let name = folder.file_name().unwrap_or_default();
        Self {
            folder: folder.to_owned(),
            url: None,
            name: name.to_string_lossy().into_owned(),
        }
    }
}
