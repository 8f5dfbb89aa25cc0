//! Has the crate rebuilt when a folder of embedded data gains a file: the embedding macro only watches files it knows.

fn main() {
    for folder in ["connectors", "policies", "docs/schemas"] {
        if std::path::Path::new(folder).exists() {
            println!("cargo::rerun-if-changed={folder}");
        }
    }
}
