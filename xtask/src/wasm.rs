//! The browser half: compiled by cargo, made loadable by wasm-bindgen, made small by wasm-opt.

use crate::{
    command,
    problem::problem,
    project::{Mode, Project},
    setup,
};
use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::{
    fs,
    path::{Path, PathBuf},
};
use wasm_bindgen_cli_support::Bindgen;

/// Raise it when the steps below change what they make.
const RECIPE: &str = "1";

/// What rustc 1.95 lets WebAssembly use. wasm-opt refuses what it isn't told of.
const WASM_OPT: [&str; 8] = [
    "-Oz",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
    "--enable-extended-const",
];

/// Builds it and returns the folder with `daybook.js`, `daybook_bg.wasm` and what else they load. The same folder as
/// it was, if the compiled code is.
pub fn build(project: &Project, mode: Mode) -> Result<PathBuf> {
    let (profile, folder) = match mode {
        Mode::Dev => ("dev", "debug"),
        Mode::Release => ("wasm-release", "wasm-release"),
    };
    let mut cargo = project.cargo()?;
    // wasm-bindgen drops it, after it has more than doubled what must be linked and read.
    cargo.env("CARGO_PROFILE_DEV_DEBUG", "0");
    cargo.args([
        "build",
        "--package",
        "daybook",
        "--lib",
        "--target",
        "wasm32-unknown-unknown",
        "--profile",
        profile,
    ]);
    command::step("browser half: compile", || command::run(&mut cargo))?;

    let compiled = project
        .target
        .join("wasm32-unknown-unknown")
        .join(folder)
        .join("daybook.wasm");
    let compiled = fs::read(&compiled).with_context(|| format!("can't read {}", compiled.display()))?;
    let optimiser = match mode {
        Mode::Dev => None,
        Mode::Release => optimiser(project),
    };
    let ready = project.cache().join(format!("wasm-{folder}"));
    let stamp_file = ready.with_extension("stamp");
    let finish = if optimiser.is_some() {
        "wasm-opt"
    } else {
        "as compiled"
    };
    let stamp = format!("{RECIPE} {finish} {}", setup::hex(&Sha256::digest(&compiled)));
    if fs::read_to_string(&stamp_file).is_ok_and(|found| found == stamp) {
        return Ok(ready);
    }
    let _ = fs::remove_file(&stamp_file);
    if ready.exists() {
        fs::remove_dir_all(&ready).with_context(|| format!("can't empty {}", ready.display()))?;
    }
    fs::create_dir_all(&ready).with_context(|| format!("can't make {}", ready.display()))?;
    command::step("browser half: wasm-bindgen", || bind(compiled, mode, &ready))?;
    if let Some(optimiser) = optimiser {
        command::step("browser half: wasm-opt", || {
            optimise(project, &optimiser, &ready.join("daybook_bg.wasm"))
        })?;
    }
    fs::write(&stamp_file, stamp).with_context(|| format!("can't write {}", stamp_file.display()))?;
    Ok(ready)
}

fn bind(compiled: Vec<u8>, mode: Mode, folder: &Path) -> Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_bytes("daybook", compiled)
        .web(true)?
        .out_name("daybook")
        .typescript(false)
        .keep_lld_exports(false)
        .keep_debug(false)
        // The names make a panic in the browser's console readable.
        .remove_name_section(mode == Mode::Release)
        .remove_producers_section(mode == Mode::Release);
    bindgen
        .generate(folder)
        .context("wasm-bindgen couldn't make the browser half loadable")
}

/// `wasm-opt` of npm's binaryen. It is worth half the size, and the build is whole without it.
fn optimiser(project: &Project) -> Option<PathBuf> {
    if let Err(error) = setup::npm_packages(project) {
        println!("    the WebAssembly stays twice as large, for wasm-opt isn't here.\n    {error:#}");
        return None;
    }
    Some(project.npm_program("wasm-opt"))
}

fn optimise(project: &Project, optimiser: &Path, wasm: &Path) -> Result<()> {
    let before = fs::metadata(wasm)?.len();
    let mut wasm_opt = project.program(optimiser);
    wasm_opt.args(WASM_OPT).arg(wasm).arg("-o").arg(wasm);
    command::run_quietly(&mut wasm_opt).map_err(|error| {
        problem(
            format!("{error:#}"),
            "A feature that the compiler uses and wasm-opt wasn't told of? The list is WASM_OPT in xtask/src/wasm.rs.",
        )
    })?;
    println!("    {before} bytes became {}", fs::metadata(wasm)?.len());
    Ok(())
}
