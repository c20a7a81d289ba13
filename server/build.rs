//! Puts the site that `cargo xtask` made into the release build. The folder may be empty, so that a plain
//! `cargo check` works in a fresh clone. A debug build only learns where the site lies and reads it as it is asked
//! for: a changed style sheet shows without compiling.
//!
//! By hand rather than with rust-embed: that one finds a folder named by a variable only with seven more crates.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-env-changed=DAYBOOK_SITE_DIR");
    println!("cargo:rustc-check-cfg=cfg(embedded_site)");
    let site = env::var_os("DAYBOOK_SITE_DIR").map_or_else(default_site, PathBuf::from);
    fs::create_dir_all(&site)?;
    println!("cargo:rustc-env=DAYBOOK_SITE_DIR={}", site.display());
    if env::var_os("PROFILE").is_some_and(|profile| profile == "release") {
        println!("cargo:rustc-cfg=embedded_site");
        println!("cargo:rerun-if-changed={}", site.display());
        embed(&site)
    } else {
        println!("cargo:rerun-if-changed=build.rs");
        Ok(())
    }
}

/// For a cargo called from outside the workspace, which doesn't read `.cargo/config.toml`.
fn default_site() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/site")
}

/// Writes `site.rs`: an array of the names and contents of all files, sorted by name.
fn embed(site: &Path) -> io::Result<()> {
    let mut files = Vec::new();
    collect(site, "", &mut files)?;
    files.sort();
    let rows: Vec<_> = files
        .iter()
        .map(|(name, path)| {
            format!(
                "    ({name:?}, include_bytes!({:?})),\n",
                path.display().to_string()
            )
        })
        .collect();
    let code = format!("&[\n{}]\n", rows.concat());
    let out = env::var_os("OUT_DIR").map_or_else(PathBuf::new, PathBuf::from);
    fs::write(out.join("site.rs"), code)
}

fn collect(folder: &Path, prefix: &str, files: &mut Vec<(String, PathBuf)>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            continue;
        };
        if path.is_dir() {
            collect(&path, &format!("{prefix}{name}/"), files)?;
        } else {
            files.push((format!("{prefix}{name}"), path));
        }
    }
    Ok(())
}
