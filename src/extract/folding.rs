//! The form in which words are compared.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Lower case without accents, with straight marks: "Ličen" is also spelled "Licen", "O’Dwyer" "O'Dwyer".
pub(super) fn folded(name: &str) -> String {
    name.nfd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            '’' | '‘' => '\'',
            'ø' => 'o',
            'ł' => 'l',
            'đ' | 'ð' => 'd',
            'ı' => 'i',
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::folded;

    #[test]
    fn spellings_of_one_name_are_equal() {
        assert_eq!(folded("Ibáñez"), folded("IBANEZ"));
        assert_eq!(folded("O’Dwyer"), "o'dwyer");
        assert_eq!(folded("Søren Łoś"), "soren los");
    }
}
