//! The page is divided after it was linked, by what refers to what.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if std::env::var_os("CARGO_FEATURE_SPLIT").is_some() {
        println!("cargo:rustc-link-arg-bin=playground=--emit-relocs");
    }
}
