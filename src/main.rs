//! The `radius` binary.
fn main() {}
