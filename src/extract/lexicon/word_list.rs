//! Lists of words as files: one word a line, sorted, each word once.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Maximum length of a word that is looked up, in bytes.
const MAX_WORD: usize = 40;

/// A set of words.
pub(in crate::extract) struct WordList(HashSet<&'static str>);

/// A list that is read when it is first asked.
pub(in crate::extract) type Lazy = LazyLock<WordList>;

impl WordList {
    /// The words of a file that has one a line.
    pub fn new(lines: &'static str) -> Self {
        Self(lines.lines().collect())
    }

    /// True if the list has a word, which is compared in lower case.
    pub fn has(&self, word: &str) -> bool {
        self.has_as_it_stands(word)
            || word.len() <= MAX_WORD && self.0.contains(word.to_lowercase().as_str())
    }

    /// True if the list has a word in just these letters.
    pub fn has_as_it_stands(&self, word: &str) -> bool {
        self.0.contains(word)
    }

    /// The words, in no order.
    pub fn iter(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().copied()
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use super::WordList;

    #[test]
    fn case_does_not_matter_unless_asked() {
        let list = WordList::new("lee\nroe\n");
        assert!(list.has("Lee") && list.has("roe"));
        assert!(!list.has_as_it_stands("Lee") && !list.has("le"));
    }

    #[test]
    fn the_files_are_sorted_and_have_each_word_once() {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let entries = |folder: &Path| -> Vec<PathBuf> {
            let entries = fs::read_dir(folder).unwrap();
            entries.map(|entry| entry.unwrap().path()).collect()
        };
        let mut folders = entries(&source.join("extract/lexicon"));
        folders.retain(|path| path.is_dir());
        let mut lists: Vec<PathBuf> = folders.iter().flat_map(|path| entries(path)).collect();
        lists.push(source.join("domain/particles.txt"));
        assert!(folders.len() > 1 && lists.len() > 30);
        for path in lists {
            let words = fs::read_to_string(&path).unwrap();
            let words: Vec<&str> = words.lines().collect();
            let sorted = words.windows(2).all(|pair| pair[0] < pair[1]);
            assert!(sorted && !words.is_empty(), "{}", path.display());
        }
    }
}
