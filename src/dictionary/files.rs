//! Where dictionary text comes from: an opener that the caller chooses.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

/// Reads dictionary files; paths are joined with `/`, as `$INCLUDE` lines write them.
pub trait Files {
    /// The octets of the file at `path`.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    fn read(&self, path: &str) -> io::Result<Vec<u8>>;

    /// The names in `directory`, in any order, for `$INCLUDE directory/*`.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    fn list(&self, directory: &str) -> io::Result<Vec<String>>;

    /// `path` from the top of the file system, without following links.
    fn absolute(&self, path: &str) -> String {
        path.to_owned()
    }

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
        for entry in std::fs::read_dir(if directory.is_empty() { "." } else { directory })? {
            if let Ok(name) = entry?.file_name().into_string() {
                names.push(name);
            }
        }
        Ok(names)
    }

    fn absolute(&self, path: &str) -> String {
        let path = if path.is_empty() { "." } else { path };
        std::path::absolute(path)
            .ok()
            .and_then(|whole| whole.into_os_string().into_string().ok())
            .unwrap_or_else(|| path.to_owned())
    }

    fn is_within(&self, path: &str, root: &str) -> bool {
        let root = if root.is_empty() { "." } else { root };
        // A plain name that is no link needs no walk through the directories above it.
        let beside = Path::new(path).parent() == Some(Path::new(root));
        let is_link = std::fs::symlink_metadata(path).is_ok_and(|about| about.file_type().is_symlink());
        if beside && !is_link {
            return true;
        }
        match (std::fs::canonicalize(path), std::fs::canonicalize(root)) {
            (Ok(path), Ok(root)) => path.starts_with(root),
            // What does not exist is reported when it is read.
            _ => true,
        }
    }
}

/// Files that are held as text, by path: for dictionaries that are not on disk.
#[derive(Clone, Debug, Default)]
pub struct Memory(BTreeMap<String, Vec<u8>>);

impl Memory {
    /// With one file.
    pub fn with(path: &str, text: impl Into<Vec<u8>>) -> Memory {
        Memory::default().and(path, text)
    }

    /// And one more.
    #[must_use]
    pub fn and(mut self, path: &str, text: impl Into<Vec<u8>>) -> Memory {
        self.0.insert(path.to_owned(), text.into());
        self
    }
}

impl Files for Memory {
    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        self.0
            .get(path)
            .cloned()
            .ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn list(&self, directory: &str) -> io::Result<Vec<String>> {
        let within = |path: &String| {
            let (above, name) = path.rsplit_once('/').unwrap_or(("", path));
            (above == directory).then(|| name.to_owned())
        };
        Ok(self.0.keys().filter_map(within).collect())
    }
}
