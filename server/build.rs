//! Tells the compiler where the site lies that the release build embeds: what `cargo xtask` says, else where it
//! would have put it. The folder may be empty, so that a plain `cargo check` works in a fresh clone.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-env-changed=DAYBOOK_SITE_DIR");
    println!("cargo:rerun-if-env-changed=CARGO_TARGET_DIR");
    let site = env::var_os("DAYBOOK_SITE_DIR").map_or_else(default_site, PathBuf::from);
    fs::create_dir_all(&site)?;
    println!("cargo:rustc-env=DAYBOOK_SITE_DIR={}", site.display());
    // A debug build reads the files as they are asked for; it need not be made again when they change.
    if env::var_os("PROFILE").is_some_and(|profile| profile == "release") {
        println!("cargo:rerun-if-changed={}", site.display());
    } else {
        println!("cargo:rerun-if-changed=build.rs");
    }
    Ok(())
}

fn default_site() -> PathBuf {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap_or(Path::new("."));
    // A relative target folder counts from where cargo was called, which is nearly always the workspace.
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
    workspace.join(target).join("site")
}
