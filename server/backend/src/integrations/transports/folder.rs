//! Files in a folder of the server's: an archive that other programs take up, or a disk that is kept.
//!
//! A file is there whole or not at all, and once it is said to be there it stays through a loss of power: it is written
//! under another name, and renamed when it is on the disk. What is there already is never written over.
//!
//! Everything lies within one root that the configuration names; below it administrators choose a folder's name. Whoever
//! else may write below the root is trusted not to work against this while it writes.

use daybook_domain::delivery::{Failure, FailureKind};
use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, ErrorKind, Write},
    iter,
    path::{Path, PathBuf},
    time::Duration,
};

/// Characters of a name at most.
const LONGEST: usize = 100;
/// What ends the name of a file that isn't whole yet.
const PART: &str = ".part";
/// How much older than a new file one is that nobody goes on writing.
const LEFT: Duration = Duration::from_hours(1);

/// The name of a folder, as an administrator types it.
///
/// # Errors
/// What it may be.
pub(crate) fn folder_name(typed: &str) -> Result<String, String> {
    let name = typed.trim();
    if is_plain(name) {
        return Ok(name.to_owned());
    }
    Err(format!(
        "A folder's name has letters from a to z, digits, `-`, `_` and `.`, doesn't begin with a dot, and is no longer than \
         {LONGEST} characters."
    ))
}

/// Whether a name means something directly in a folder, and is seen there.
fn is_plain(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    (1..=LONGEST).contains(&name.len()) && !name.starts_with('.') && name.bytes().all(plain)
}

/// Puts a file into a folder below the root, under a key such as `2026/11/30/name.jsonl.gz`. Folders are made where they
/// aren't there, but the root isn't: where it is missing a disk may be. A file with the same bytes may be there already.
///
/// It waits for the disk: not for a thread that others wait for.
///
/// # Errors
/// Why it isn't there, or not for certain.
pub(crate) fn put(root: &Path, folder: &str, key: &str, bytes: &[u8]) -> Result<(), Failure> {
    let folder = folder_name(folder).map_err(blocked)?;
    let (folders, name) = key.rsplit_once('/').unwrap_or(("", key));
    let folders = folders.split('/').filter(|part| !part.is_empty());
    if !key.split('/').all(is_plain) {
        return Err(blocked(format!("{key} is no name of a file in the archive.")));
    }
    let root = root
        .canonicalize()
        .map_err(|error| failed("The root of the archives can't be entered", &error))?;
    let mut way = vec![root];
    for part in iter::once(folder.as_str()).chain(folders) {
        way.push(enter(&way, part)?);
    }
    if let Some(within) = way.last() {
        write_once(within, name, bytes)?;
    }
    // Also what was there before: who made it may have been stopped before it was on the disk.
    for folder in way.iter().rev() {
        sync(folder).map_err(|error| failed("It isn't certain that the file stays", &error))?;
    }
    Ok(())
}

/// The folder of a name in the last one of the way, which begins at the root. It is made where it isn't there.
fn enter(way: &[PathBuf], name: &str) -> Result<PathBuf, Failure> {
    let [root, ..] = way else {
        return Err(blocked("There is no root for archives."));
    };
    let path = way.last().unwrap_or(root).join(name);
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o750);
    match builder.create(&path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            return Err(failed(&format!("The folder {name} can't be made"), &error));
        }
        _ => {}
    }
    let meant = path
        .canonicalize()
        .map_err(|error| failed(&format!("The folder {name} can't be entered"), &error))?;
    if !meant.starts_with(root) {
        let detail = format!("Nothing was written: {name} leads out of the root of the archives.");
        return Err(blocked(detail));
    }
    Ok(meant)
}

/// Writes a file whose bytes are on the disk before it has its name.
fn write_once(within: &Path, name: &str, bytes: &[u8]) -> Result<(), Failure> {
    let not_written = |error: io::Error| failed(&format!("The file {name} can't be written"), &error);
    let path = within.join(name);
    if is_there(&path, bytes).map_err(not_written)? {
        return Ok(());
    }
    let part = within.join(format!(".{name}.{:016x}{PART}", rand::random::<u64>()));
    let written = write(&part, bytes).and_then(|file| {
        fs::rename(&part, &path)?;
        Ok(file)
    });
    match written {
        Ok(file) => {
            clear(within, &file);
            Ok(())
        }
        Err(error) => {
            let _perhaps_gone = fs::remove_file(&part);
            Err(not_written(error))
        }
    }
}

/// Whether it is there with these bytes.
fn is_there(path: &Path, bytes: &[u8]) -> io::Result<bool> {
    let found = match fs::symlink_metadata(path) {
        Ok(found) => found,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    // A database that was set back may come to the same name with something else.
    let is_same = found.is_file() && found.len() == bytes.len() as u64 && fs::read(path)? == bytes;
    if is_same {
        return Ok(true);
    }
    Err(ErrorKind::AlreadyExists.into())
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o640);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    Ok(file)
}

/// Removes what was left when somebody was stopped while writing. That it can't be is no failure: it disturbs nobody.
fn clear(within: &Path, written: &File) {
    let age = |of: io::Result<fs::Metadata>| of.and_then(|found| found.modified());
    let (Ok(entries), Ok(now)) = (fs::read_dir(within), age(written.metadata())) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let is_part = name
            .to_str()
            .is_some_and(|name| name.starts_with('.') && name.ends_with(PART));
        // By the disk's own clock.
        let is_left = is_part
            && age(entry.metadata())
                .is_ok_and(|then| now.duration_since(then).is_ok_and(|passed| passed > LEFT));
        if is_left {
            let _next_time = fs::remove_file(entry.path());
        }
    }
}

/// What a folder holds is on the disk only when the folder is.
#[cfg(unix)]
fn sync(folder: &Path) -> io::Result<()> {
    match File::open(folder)?.sync_all() {
        // Some disks of the network don't know of it.
        Err(error) if matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported) => Ok(()),
        synced => synced,
    }
}

/// Others see to it themselves.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "as on Unix")]
fn sync(_: &Path) -> io::Result<()> {
    Ok(())
}

fn blocked(detail: impl Into<String>) -> Failure {
    Failure::new(FailureKind::Blocked, detail)
}

/// What the disk's error means. Where the root lies isn't told: administrators of a workspace needn't know it.
fn failed(what: &str, error: &io::Error) -> Failure {
    let why = match error.kind() {
        ErrorKind::StorageFull => "the disk is full".to_owned(),
        ErrorKind::QuotaExceeded => "the disk has no more room for Daybook's user".to_owned(),
        ErrorKind::PermissionDenied => "Daybook's user may not read and write there".to_owned(),
        ErrorKind::ReadOnlyFilesystem => "the disk can only be read".to_owned(),
        ErrorKind::NotFound => "it isn't there".to_owned(),
        ErrorKind::NotADirectory => "something that isn't a folder has its name".to_owned(),
        ErrorKind::AlreadyExists => "something else has its name, and is left as it is".to_owned(),
        _ => error.to_string(),
    };
    Failure::new(FailureKind::NotSent, format!("{what}: {why}."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;
    use tempfile::{TempDir, tempdir};

    const KEY: &str = "2026/11/30/records.jsonl.gz";

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    fn put_into(root: &TempDir, key: &str, bytes: &[u8]) -> Result<(), Failure> {
        put(root.path(), "audit", key, bytes)
    }

    #[test]
    fn a_file_is_put_once() {
        let root = tempdir().unwrap();
        let path = root.path().join("audit").join(KEY);
        put_into(&root, KEY, b"records").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"records");
        let then = fs::metadata(&path).unwrap().modified().unwrap();
        // The same may come again, something else mayn't.
        put_into(&root, KEY, b"records").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), then);
        for other in [&b"RECORDS"[..], b"record"] {
            let failure = put_into(&root, KEY, other).unwrap_err();
            assert_eq!(failure.kind, FailureKind::NotSent);
            assert_eq!(
                failure.detail,
                "The file records.jsonl.gz can't be written: something else has its name, and is left as it is."
            );
        }
        assert_eq!(fs::read(&path).unwrap(), b"records");
        put_into(&root, "2026/11/30/others.jsonl.gz", b"").unwrap();
        put_into(&root, "top", b"1").unwrap();
        assert_eq!(
            names(path.parent().unwrap()),
            ["others.jsonl.gz", "records.jsonl.gz"]
        );
        assert_eq!(names(&root.path().join("audit")), ["2026", "top"]);
    }

    #[test]
    fn only_plain_names_are_names() {
        assert_eq!(folder_name(" audit-log_1.x ").unwrap(), "audit-log_1.x");
        let long = "x".repeat(LONGEST + 1);
        for odd in [
            "", ".", "..", ".hidden", "a/b", "a\\b", "a b", "ä", "C:", "a\0", &long,
        ] {
            let told = folder_name(odd).unwrap_err();
            assert!(told.starts_with("A folder's name has letters"), "{told}");
            let root = tempdir().unwrap();
            let failure = put(root.path(), odd, KEY, b"").unwrap_err();
            assert_eq!(failure.kind, FailureKind::Blocked, "{odd:?}");
        }
        for odd in [
            "",
            "/",
            "/etc/passwd",
            "a//b",
            "a/",
            "../a",
            "a/../../b",
            "a/./b",
            "a/.b",
            "a\\..\\b",
        ] {
            let root = tempdir().unwrap();
            let failure = put_into(&root, odd, b"").unwrap_err();
            assert_eq!(failure.kind, FailureKind::Blocked, "{odd:?}");
            assert!(names(root.path()).is_empty(), "{odd:?}");
        }
    }

    #[test]
    fn what_was_left_does_not_disturb() {
        let root = tempdir().unwrap();
        put_into(&root, "day/first", b"1").unwrap();
        let day = root.path().join("audit/day");
        let left = |name: &str, age: Duration| {
            let file = File::create(day.join(name)).unwrap();
            let now = fs::metadata(day.join("first")).unwrap().modified().unwrap();
            file.set_modified(now.checked_sub(age).unwrap()).unwrap();
        };
        left(".second.0000000000000000.part", LEFT * 2);
        left(".second.0000000000000001.part", LEFT / 2);
        left("not.ours.part", LEFT * 2);
        put_into(&root, "day/second", b"2").unwrap();
        // One that somebody may be writing stays, as does what isn't ours.
        assert_eq!(
            names(&day),
            [
                ".second.0000000000000001.part",
                "first",
                "not.ours.part",
                "second"
            ]
        );
    }

    #[test]
    fn many_at_once_make_one_whole_file_each() {
        let root = tempdir().unwrap();
        let bytes = vec![b'x'; 100_000];
        thread::scope(|scope| {
            for n in 0..16 {
                let (root, bytes) = (&root, &bytes);
                scope.spawn(move || put_into(root, &format!("day/{}", n % 4), bytes).unwrap());
            }
        });
        let day = root.path().join("audit/day");
        assert_eq!(names(&day), ["0", "1", "2", "3"]);
        for name in names(&day) {
            assert!(fs::read(day.join(name)).unwrap() == bytes);
        }
    }

    #[test]
    fn a_root_that_is_missing_is_not_made() {
        let root = tempdir().unwrap();
        let failure = put(&root.path().join("disk"), "audit", KEY, b"").unwrap_err();
        assert_eq!(
            failure.detail,
            "The root of the archives can't be entered: it isn't there."
        );
        assert!(names(root.path()).is_empty());
        let file = root.path().join("file");
        fs::write(&file, b"").unwrap();
        let failure = put(&file, "audit", KEY, b"").unwrap_err();
        assert_eq!(failure.kind, FailureKind::NotSent, "{failure:?}");
        fs::write(root.path().join("audit"), b"").unwrap();
        let failure = put_into(&root, KEY, b"").unwrap_err();
        assert_eq!(failure.kind, FailureKind::NotSent, "{failure:?}");
    }

    #[test]
    fn what_the_disk_says_is_a_sentence() {
        for (kind, detail) in [
            (ErrorKind::StorageFull, "It: the disk is full."),
            (
                ErrorKind::PermissionDenied,
                "It: Daybook's user may not read and write there.",
            ),
            (ErrorKind::ReadOnlyFilesystem, "It: the disk can only be read."),
        ] {
            assert_eq!(failed("It", &kind.into()).detail, detail);
        }
    }

    #[cfg(unix)]
    mod on_unix {
        use super::*;
        use std::os::unix::fs::{PermissionsExt, symlink};

        #[test]
        fn links_that_lead_out_are_not_followed() {
            let (root, outside) = (tempdir().unwrap(), tempdir().unwrap());
            symlink(outside.path(), root.path().join("audit")).unwrap();
            let failure = put_into(&root, KEY, b"").unwrap_err();
            assert_eq!(failure.kind, FailureKind::Blocked, "{failure:?}");
            // Nor further down, nor to the root's neighbour, nor where there is nothing.
            fs::create_dir(root.path().join("deep")).unwrap();
            symlink(outside.path(), root.path().join("deep/2026")).unwrap();
            let failure = put(root.path(), "deep", KEY, b"").unwrap_err();
            assert_eq!(failure.kind, FailureKind::Blocked, "{failure:?}");
            symlink("../elsewhere", root.path().join("gone")).unwrap();
            let failure = put(root.path(), "gone", KEY, b"").unwrap_err();
            assert_eq!(failure.kind, FailureKind::NotSent, "{failure:?}");
            assert!(names(outside.path()).is_empty());
            // A file's own name isn't followed at all.
            put(root.path(), "real", "top", b"1").unwrap();
            symlink(outside.path().join("file"), root.path().join("real/link")).unwrap();
            let failure = put(root.path(), "real", "link", b"").unwrap_err();
            assert_eq!(failure.kind, FailureKind::NotSent, "{failure:?}");
            // One within the root is, and so is the root itself.
            symlink("real", root.path().join("within")).unwrap();
            put(root.path(), "within", "file", b"2").unwrap();
            assert_eq!(fs::read(root.path().join("real/file")).unwrap(), b"2");
            symlink(root.path(), outside.path().join("root")).unwrap();
            put(&outside.path().join("root"), "real", "more", b"3").unwrap();
            assert_eq!(fs::read(root.path().join("real/more")).unwrap(), b"3");
        }

        #[test]
        fn others_do_not_read_it() {
            let root = tempdir().unwrap();
            put_into(&root, KEY, b"records").unwrap();
            let mode = |path: &str| {
                let found = fs::metadata(root.path().join(path)).unwrap();
                found.permissions().mode() & 0o777
            };
            // The process may be stricter.
            assert_eq!(mode(&format!("audit/{KEY}")) & !0o640, 0);
            assert_eq!(mode("audit") & !0o750, 0);
            assert_eq!(mode("audit/2026/11") & !0o750, 0);
        }

        #[test]
        fn where_nothing_may_be_written_is_a_sentence() {
            let root = tempdir().unwrap();
            fs::set_permissions(root.path(), fs::Permissions::from_mode(0o500)).unwrap();
            let may = fs::write(root.path().join("probe"), b"").is_ok();
            let put = put_into(&root, KEY, b"");
            fs::set_permissions(root.path(), fs::Permissions::from_mode(0o700)).unwrap();
            // Who may do everything may this too.
            if !may {
                assert_eq!(
                    put.unwrap_err().detail,
                    "The folder audit can't be made: Daybook's user may not read and write there."
                );
            }
        }
    }
}
