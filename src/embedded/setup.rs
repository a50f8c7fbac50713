use super::layout::Layout;
use super::options::Lifetime;
use super::programs::Binaries;
use super::user::ServerUser;

/// What the steps of a start have in common.
pub(super) struct Setup<'a> {
    pub layout: &'a Layout,
    pub lifetime: Lifetime,
    pub binaries: &'a Binaries,
    /// Whom the programs run as, where that is not ourselves.
    pub user: Option<&'a ServerUser>,
}
