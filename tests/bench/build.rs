//! How the bare function is linked: as the functions are.

/// As `build.rs` of the functions has it: what their starts are held against is built alike.
fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|system| system == "linux") {
        println!("cargo:rustc-link-arg-bins=-no-pie");
    }
}
