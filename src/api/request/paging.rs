use super::check::Check;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::api::wire::page_token::{self, ListId, PageTokenError};
use crate::api::wire::status::Reason;

/// The size of a page where the request names none.
pub const DEFAULT_PAGE_SIZE: usize = 50;
/// The size of the largest page.
pub const MAX_PAGE_SIZE: usize = 1_000;

impl Check {
    /// Parses a `page_size` field.
    pub fn page_size(&mut self, page_size: i32) -> usize {
        match usize::try_from(page_size) {
            Ok(0) => DEFAULT_PAGE_SIZE,
            Ok(size) => size.min(MAX_PAGE_SIZE),
            Err(_) => {
                self.fail(
                    "page_size",
                    Reason::InvalidPageSize,
                    format!("is negative: {page_size}"),
                );
                DEFAULT_PAGE_SIZE
            }
        }
    }

    /// Parses a `page_token` field; `None` for the first page.
    pub fn page_token<C: DeserializeOwned>(&mut self, list: ListId<'_>, token: &str) -> Option<C> {
        if token.is_empty() {
            return None;
        }
        match page_token::read(list, token) {
            Ok(position) => Some(position),
            Err(PageTokenError::Invalid) => {
                let description = "is no page token of this RPC";
                self.fail("page_token", Reason::InvalidPageToken, description);
                None
            }
            Err(PageTokenError::OtherFilter) => {
                let description = "belongs to a list with another filter";
                self.fail("page_token", Reason::PageTokenFilterMismatch, description);
                None
            }
        }
    }
}

/// The token for the page after `next`; empty after the last page.
#[must_use]
pub fn next_page_token<C: Serialize>(list: ListId<'_>, next: Option<&C>) -> String {
    next.map(|position| page_token::write(list, position))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::Check;

    #[test]
    fn page_sizes_have_a_default_and_a_maximum() {
        let mut check = Check::default();
        for (asked, meant) in [
            (0, 50),
            (1, 1),
            (1000, 1000),
            (1001, 1000),
            (i32::MAX, 1000),
        ] {
            assert_eq!(check.page_size(asked), meant);
        }
        assert!(check.finish().is_ok());
        let mut check = Check::default();
        check.page_size(-1);
        assert!(check.finish().is_err());
    }
}
