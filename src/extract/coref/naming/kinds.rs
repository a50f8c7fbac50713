//! What names name, as the model reads it.

use crate::domain::Span;
use crate::extract::model::WhoRead;
use crate::extract::names::Name;
use crate::text::Layout;

/// Tells what each name names.
pub(in crate::extract::coref) fn read_kinds(
    layout: &Layout<'_>,
    who: &WhoRead,
    names: &mut [Name],
) {
    let tokens = |span: Span| layout.token_from(span.start)..layout.token_from(span.end);
    let mut kinds = who
        .kinds(names.iter().map(|name| tokens(name.span)))
        .into_iter();
    for name in names.iter_mut() {
        name.kind = kinds.next().flatten();
    }
}
