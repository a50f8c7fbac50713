//! What is known about words before a text is read: the cues, the lists of names, offices, nouns and small words, and
//! the form in which words are compared.

pub(super) mod calendar;
pub(super) mod cues;
pub(super) mod folding;
pub(super) mod lists;
pub(super) mod nouns;
pub(super) mod word_list;
