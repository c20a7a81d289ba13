//! `<target>/site/`: everything the server serves besides pages. The browser half and the style sheet in `pkg/`, the
//! files of `public/` at its root, `manifest.json` with a hash of `pkg/` for addresses that may be cached for ever.
//!
//! A file whose content stays keeps its time: cargo and the browser see no change where there is none.

use crate::{
    command, css,
    project::{Mode, Project},
    setup, wasm,
};
use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    path::{Path, PathBuf},
};

/// Path in the site, with `/` → content.
type Files = BTreeMap<String, Vec<u8>>;

/// Builds the browser half and lays the site out.
pub fn build(project: &Project, mode: Mode) -> Result<()> {
    let wasm = wasm::build(project, mode)?;
    let mut files = Files::new();
    collect(&wasm, &wasm, "pkg/", &mut files)?;
    let style = css::bundle(&project.root.join("style"), mode == Mode::Release)?;
    files.insert("pkg/daybook.css".to_owned(), style.into_bytes());
    let hash = hash(&files);
    if mode == Mode::Release {
        compress(&project.cache().join("brotli"), &mut files)?;
    }
    let public = project.root.join("public");
    if public.is_dir() {
        collect(&public, &public, "", &mut files)?;
    }
    for orphan in css::orphans(&project.root.join("style"))? {
        println!("    warning: no style sheet imports {}", orphan.display());
    }
    let manifest = serde_json::json!({ "hash": hash, "files": files.keys().collect::<Vec<_>>() });
    files.insert("manifest.json".to_owned(), format!("{manifest:#}\n").into_bytes());
    let changed = lay_out(&project.site(), &files)?;
    println!("    site: {} files, {changed} changed", files.len());
    Ok(())
}

/// Every file below `folder`, its path relative to `base` and behind `prefix`.
fn collect(folder: &Path, base: &Path, prefix: &str, files: &mut Files) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("can't list {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, base, prefix, files)?;
        } else {
            let content = fs::read(&path).with_context(|| format!("can't read {}", path.display()))?;
            files.insert(
                format!("{prefix}{}", site_path(path.strip_prefix(base)?)),
                content,
            );
        }
    }
    Ok(())
}

fn site_path(path: &Path) -> String {
    path.components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect::<Vec<_>>()
        .join("/")
}

/// 16 hexadecimal digits of names and contents.
fn hash(files: &Files) -> String {
    let mut hasher = Sha256::new();
    for (name, content) in files {
        for part in [name.as_bytes(), content] {
            hasher.update((part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
    }
    setup::hex(&hasher.finalize()[..8])
}

/// Adds `NAME.br` to each of `pkg/`. The last result is kept: level 11 is slow.
fn compress(cache: &Path, files: &mut Files) -> Result<()> {
    fs::create_dir_all(cache).with_context(|| format!("can't make {}", cache.display()))?;
    let mut compressed = Files::new();
    for (name, content) in files.iter() {
        let kept = cache.join(setup::hex(&Sha256::digest(content)));
        let brotli = match fs::read(&kept) {
            Ok(brotli) => brotli,
            Err(_) => command::step(&format!("compress {name}"), || {
                let brotli = brotli(content)?;
                println!("    {} bytes became {}", content.len(), brotli.len());
                fs::write(&kept, &brotli).with_context(|| format!("can't write {}", kept.display()))?;
                Ok(brotli)
            })?,
        };
        compressed.insert(format!("{name}.br"), brotli);
    }
    files.append(&mut compressed);
    Ok(())
}

/// Brotli at its best level.
pub fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut out, 1 << 16, 11, 24);
    writer.write_all(content)?;
    writer.flush()?;
    drop(writer);
    Ok(out)
}

/// Makes the folder hold exactly these files; says how many it had to write or remove.
fn lay_out(site: &Path, files: &Files) -> Result<usize> {
    let mut changed = 0;
    let mut there = Vec::new();
    if site.is_dir() {
        paths(site, &mut there)?;
    }
    for path in there {
        if !files.contains_key(&site_path(path.strip_prefix(site)?)) {
            fs::remove_file(&path).with_context(|| format!("can't remove {}", path.display()))?;
            changed += 1;
        }
    }
    for (name, content) in files {
        let path = site.join(name);
        if fs::read(&path).is_ok_and(|old| old == *content) {
            continue;
        }
        let folder = path.parent().unwrap_or(site);
        fs::create_dir_all(folder).with_context(|| format!("can't make {}", folder.display()))?;
        fs::write(&path, content).with_context(|| format!("can't write {}", path.display()))?;
        changed += 1;
    }
    Ok(changed)
}

fn paths(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            paths(&path, found)?;
        } else {
            found.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(list: &[(&str, &str)]) -> Files {
        list.iter()
            .map(|(name, content)| ((*name).to_owned(), content.as_bytes().to_vec()))
            .collect()
    }

    #[test]
    fn the_site_holds_exactly_its_files_and_touches_none_twice() {
        let site = tempfile::tempdir().unwrap();
        let first = files(&[("pkg/a.js", "1"), ("pkg/b.css", "2"), ("icon.svg", "3")]);
        assert_eq!(lay_out(site.path(), &first).unwrap(), 3);
        assert_eq!(lay_out(site.path(), &first).unwrap(), 0);
        let second = files(&[("pkg/a.js", "1"), ("pkg/b.css", "4")]);
        assert_eq!(lay_out(site.path(), &second).unwrap(), 2);
        assert!(!site.path().join("icon.svg").exists());
    }

    #[test]
    fn the_hash_tells_names_from_contents() {
        let one = hash(&files(&[("a", "bc")]));
        assert_eq!(one.len(), 16);
        assert_ne!(one, hash(&files(&[("ab", "c")])));
        assert_eq!(one, hash(&files(&[("a", "bc")])));
    }

    #[test]
    fn brotli_can_be_read_back() {
        let text = b"daybook ".repeat(500);
        let compressed = brotli(&text).unwrap();
        assert!(compressed.len() < 100);
        let mut back = Vec::new();
        brotli::BrotliDecompress(&mut compressed.as_slice(), &mut back).unwrap();
        assert_eq!(back, text);
    }
}
