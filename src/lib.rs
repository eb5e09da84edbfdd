//! `radius`: the command-line RADIUS test tool, as a library for its tests and benchmarks.

pub mod dictionary;
