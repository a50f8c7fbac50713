//! Files that commands write.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use tempfile::NamedTempFile;

/// The flag that says where output goes.
#[derive(Debug, Args)]
pub(super) struct OutputFlag {
    /// Write to this file, or `-` for standard output. A regular file is replaced once the output is complete; a device
    /// or a pipe is written as data comes; a link is followed [default: standard output]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl OutputFlag {
    pub(super) fn open(&self) -> anyhow::Result<Output> {
        self.name_failure(Output::open(self.output.as_deref()).map_err(anyhow::Error::new))
    }

    /// Says in an error what could not be written.
    pub(super) fn name_failure<T>(&self, outcome: anyhow::Result<T>) -> anyhow::Result<T> {
        outcome.with_context(|| {
            let path = self.output.as_deref();
            let name = path.map_or_else(|| "standard output".into(), Path::to_string_lossy);
            format!("cannot write {name}")
        })
    }

    /// True if output goes to standard output and a person reads it there.
    pub(super) fn is_terminal(&self) -> bool {
        self.output.is_none() && io::stdout().is_terminal()
    }
}

/// Where output goes. A regular file is complete or as it was before; a device or a pipe is written as data comes.
pub(super) enum Output {
    Standard(io::Stdout),
    Through(File),
    /// A file next to the one it will replace.
    Beside(NamedTempFile, PathBuf),
}

impl Output {
    /// Opens `path`, with `-` or nothing for standard output. A link is followed and stays.
    pub(super) fn open(path: Option<&Path>) -> io::Result<Self> {
        // The latter leads to the file that standard output goes to, which may hold more than this output.
        let standard = [Path::new("-"), Path::new("/dev/stdout")];
        let Some(path) = path.filter(|path| !standard.contains(path)) else {
            return Ok(Self::Standard(io::stdout()));
        };
        match fs::metadata(path) {
            // Asked of the path as given: /dev/fd/3 may lead to a pipe that has no path of its own.
            Ok(found) if !found.is_file() => {
                Ok(Self::Through(OpenOptions::new().write(true).open(path)?))
            }
            Ok(found) => {
                let path = fs::canonicalize(path)?;
                let file = beside(&path, found.permissions())?;
                // Also what the umask would leave out.
                file.as_file().set_permissions(found.permissions())?;
                Ok(Self::Beside(file, path))
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let path = end_of_links(path);
                // As for any new file: what the umask leaves of it.
                let file = beside(&path, Permissions::from_mode(0o666))?;
                Ok(Self::Beside(file, path))
            }
            Err(error) => Err(error),
        }
    }

    /// True if a person reads along.
    pub(super) fn is_terminal(&self) -> bool {
        match self {
            Self::Standard(out) => out.is_terminal(),
            Self::Through(file) => file.is_terminal(),
            Self::Beside(..) => false,
        }
    }

    /// Puts what was written in its place. Without this call a regular file stays as it was.
    pub(super) fn finish(mut self) -> io::Result<()> {
        self.flush()?;
        if let Self::Beside(file, path) = self {
            file.as_file().sync_all()?;
            file.persist(path)?;
        }
        Ok(())
    }
}

impl Write for Output {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        match self {
            Self::Standard(out) => out.write(data),
            Self::Through(file) => file.write(data),
            Self::Beside(file, _) => file.write(data),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Standard(out) => out.flush(),
            Self::Through(file) => file.flush(),
            Self::Beside(file, _) => file.flush(),
        }
    }
}

/// Makes a file in the same folder. It is removed unless it takes the other's place.
fn beside(path: &Path, permissions: Permissions) -> io::Result<NamedTempFile> {
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    tempfile::Builder::new()
        .permissions(permissions)
        .tempfile_in(folder)
}

/// Follows links to a file that does not exist yet. They end: a circle is an error before this is asked.
fn end_of_links(path: &Path) -> PathBuf {
    fs::read_link(path).map_or_else(
        |_| path.to_owned(),
        |target| end_of_links(&path.with_file_name("").join(target)),
    )
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write;
    use std::os::unix::fs::{FileTypeExt, PermissionsExt, symlink};
    use std::path::Path;
    use std::process::Command;

    use super::Output;

    fn write(path: &Path) {
        let mut output = Output::open(Some(path)).unwrap();
        output.write_all(b"new").unwrap();
        output.finish().unwrap();
    }

    #[test]
    fn a_regular_file_is_replaced_at_the_end_and_keeps_its_mode() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).unwrap();
        let mut unfinished = Output::open(Some(&path)).unwrap();
        unfinished.write_all(b"half").unwrap();
        drop(unfinished);
        assert_eq!(fs::read(&path).unwrap(), b"old");
        write(&path);
        assert_eq!(fs::read(&path).unwrap(), b"new");
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o666);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_link_stays_and_its_target_is_written() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("there"), "old").unwrap();
        for target in ["there", "not-yet"] {
            let link = folder.path().join(format!("to-{target}"));
            symlink(target, &link).unwrap();
            write(&link);
            assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
            assert_eq!(fs::read(folder.path().join(target)).unwrap(), b"new");
        }
    }

    #[test]
    fn a_pipe_behind_a_link_is_written_through_and_stays() {
        let folder = tempfile::tempdir().unwrap();
        let (pipe, link) = (folder.path().join("pipe"), folder.path().join("link"));
        let made = Command::new("mkfifo").arg(&pipe).status().unwrap();
        assert!(made.success());
        symlink("pipe", &link).unwrap();
        let read = {
            let pipe = pipe.clone();
            std::thread::spawn(move || fs::read(pipe).unwrap())
        };
        write(&link);
        assert_eq!(read.join().unwrap(), b"new");
        assert!(fs::metadata(&pipe).unwrap().file_type().is_fifo());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn folders_circles_and_missing_folders_are_errors() {
        let folder = tempfile::tempdir().unwrap();
        let circle = folder.path().join("circle");
        symlink("circle", &circle).unwrap();
        let missing = folder.path().join("missing/a");
        for path in [folder.path(), &circle, &missing] {
            assert!(Output::open(Some(path)).is_err(), "{}", path.display());
        }
    }
}
