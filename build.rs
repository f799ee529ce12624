//! How the functions are linked.

/// At a fixed address on Linux. A position-independent program of this size (the AWS SDK's tables of functions) has 36,000
/// addresses to correct at each start, and copies 180 pages for it: 0.3 ms of the 1.4 ms to the first poll (November 2026).
/// Libraries, heap and stacks stay where chance puts them; the program itself has no unsafe code of ours to aim at.
#[expect(
    clippy::disallowed_methods,
    reason = "Cargo speaks to a build script by the environment"
)]
fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|system| system == "linux") {
        println!("cargo:rustc-link-arg-bins=-no-pie");
    }
}
