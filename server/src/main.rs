//! `daybook`: see [`daybook_server::cli`].

/// A fifth of the time of an ingest goes to the allocator; this one is several times faster than the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    daybook_server::cli::main()
}
