//! The size of the machine code that a crate is compiled to.

use std::error::Error;
use std::process::Command;

use crate::functions::Variant;

/// The sum of the code sections of the crate's release build, in bytes, as `size` of
/// the binutils counts them.
pub fn size(variant: &Variant) -> Result<u64, Box<dyn Error>> {
    let package = format!("functions-{}", variant.name);
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let status = Command::new(env!("CARGO"))
        .current_dir(root)
        .args(["build", "--release", "--quiet", "--package", &package])
        .status()?;
    if !status.success() {
        return Err(format!("cargo build of {package} failed").into());
    }
    let library = format!("{root}/target/release/libfunctions_{}.rlib", variant.name);
    let output = Command::new("size").args(["-A", &library]).output()?;
    let text = String::from_utf8(output.stdout)?;
    let sizes = text.lines().filter_map(|line| {
        let mut columns = line.split_whitespace();
        let is_code = columns.next()?.starts_with(".text");
        is_code.then(|| columns.next()?.parse::<u64>().ok())?
    });
    Ok(sizes.sum())
}
