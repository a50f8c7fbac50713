use std::os::unix::fs::MetadataExt;
use std::path::Path;

use nix::unistd::{Uid, User, geteuid};

use super::error::EmbeddedError;

/// Users to run Postgres as, in order. They must be in the user database: Postgres
/// looks its own user up and gives up where there is none.
const CANDIDATES: [&str; 2] = ["postgres", "nobody"];

/// The user whom Postgres runs as when onrecord runs as root.
#[derive(Debug, Clone)]
pub(super) struct ServerUser {
    pub(super) name: String,
    pub(super) uid: u32,
    pub(super) gid: u32,
}

impl From<User> for ServerUser {
    fn from(user: User) -> Self {
        Self {
            name: user.name,
            uid: user.uid.as_raw(),
            gid: user.gid.as_raw(),
        }
    }
}

/// Whether we run as root.
pub(super) fn is_root() -> bool {
    geteuid().is_root()
}

/// Our own user id.
pub(super) fn own_uid() -> u32 {
    geteuid().as_raw()
}

/// Chooses the user to become; `None` where we are not root and stay who we are.
///
/// An existing cluster is served by the user who owns it, since Postgres serves no
/// other, and which users there are may have changed since it was made.
pub(super) fn server_user(cluster: &Path) -> Result<Option<ServerUser>, EmbeddedError> {
    if !is_root() {
        return Ok(None);
    }
    let owner = cluster
        .metadata()
        .map(|metadata| metadata.uid())
        .ok()
        .filter(|uid| *uid != 0);
    if let Some(uid) = owner
        && let Some(user) = look_up(User::from_uid(Uid::from_raw(uid)))?
    {
        return Ok(Some(user));
    }
    for name in CANDIDATES {
        if let Some(user) = look_up(User::from_name(name))? {
            return Ok(Some(user));
        }
    }
    Err(EmbeddedError::NoServerUser)
}

fn look_up(found: nix::Result<Option<User>>) -> Result<Option<ServerUser>, EmbeddedError> {
    let user = found.map_err(|errno| EmbeddedError::UserLookup {
        source: errno.into(),
    })?;
    Ok(user.map(ServerUser::from))
}
