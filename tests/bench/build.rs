//! Links the bare function as the functions are linked.

/// Does what `build.rs` of the functions does, so that the baseline of their starts is built alike.
fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|system| system == "linux") {
        println!("cargo:rustc-link-arg-bins=-no-pie");
    }
}
