//! `daybook`: see [`daybook_server::cli`].

fn main() -> std::process::ExitCode {
    daybook_server::cli::main()
}
