//! Where dictionary text comes from: an opener that the caller chooses.

use std::io;

/// Reads dictionary files; paths are joined with `/`, as `$INCLUDE` lines write them.
pub trait Files {
    /// The octets of the file at `path`.
    fn read(&self, path: &str) -> io::Result<Vec<u8>>;

    /// The names in `directory`, in any order, for `$INCLUDE directory/*`.
    fn list(&self, directory: &str) -> io::Result<Vec<String>>;

    /// Whether `path`, which is written as a descendant of `root`, really is one: links are followed here.
    fn is_within(&self, path: &str, root: &str) -> bool {
        let _ = (path, root);
        true
    }
}

/// The file system.
#[derive(Clone, Copy, Debug, Default)]
pub struct Disk;

impl Files for Disk {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        std::fs::read(path)
    }

    fn list(&self, directory: &str) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in std::fs::read_dir(directory)? {
            if let Ok(name) = entry?.file_name().into_string() {
                names.push(name);
            }
        }
        Ok(names)
    }
}
