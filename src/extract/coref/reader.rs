//! What is looked at to tell who the mentions of a text mean.

use crate::text::Layout;

use super::antecedents::ranking::Ranking;
use super::mentions::found::Found;
use super::naming::group::Group;
use super::quoting::Quoting;

/// Everything the resolver looks at.
pub(super) struct Reader<'a> {
    pub layout: &'a Layout<'a>,
    pub found: &'a [Found],
    /// For each mention: it is a source.
    pub is_source: &'a [bool],
    /// For each attribution its source's mention.
    pub sources: &'a [Option<usize>],
    pub groups: &'a [Group],
    /// For each name its group.
    pub group_of: &'a [usize],
    pub quoting: Quoting,
    /// What the model makes of the mentions, where it reads them.
    pub ranking: Option<Ranking>,
}

impl Reader<'_> {
    /// True inside quotation marks.
    pub fn is_quoted(&self, found: &Found) -> bool {
        self.quoting.quotation_at(found.head.start).is_some()
    }

    /// The block a mention stands in.
    pub fn block_of(&self, at: usize) -> usize {
        self.layout.sentences[self.found[at].sentence].block
    }
}
