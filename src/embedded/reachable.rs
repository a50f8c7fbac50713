use std::io;
use std::path::Path;
use std::process::Stdio;

use super::error::EmbeddedError;
use super::process::command;
use super::user::ServerUser;

/// Checks that the server's user can get to `dir`, an absolute path.
pub(super) fn ensure_reachable(dir: &Path, user: &ServerUser) -> Result<(), EmbeddedError> {
    if enter(dir, user).is_ok() {
        return Ok(());
    }
    let outermost_first = dir.ancestors().collect::<Vec<_>>().into_iter().rev();
    for blocked in outermost_first {
        match enter(blocked, user) {
            Ok(()) => {}
            Err(source) if blocked.parent().is_none() => {
                return Err(EmbeddedError::CannotSwitchUser {
                    user: user.name.clone(),
                    source,
                });
            }
            Err(_) => {
                let (user, blocked) = (user.name.clone(), blocked.to_owned());
                return Err(EmbeddedError::Unreachable { user, blocked });
            }
        }
    }
    Ok(())
}

/// Starts a process there, which is the one sure test: mode bits are not all that counts.
fn enter(dir: &Path, user: &ServerUser) -> io::Result<()> {
    let mut shell = command(Path::new("/bin/sh"), dir, Some(user));
    shell
        .args(["-c", ":"])
        .stdin(Stdio::null())
        .status()
        .map(drop)
}
