use std::collections::HashSet;
use std::sync::LazyLock;

/// Words of a surname before its last. Names in a text are read with the same list.
static PARTICLES: LazyLock<HashSet<&str>> =
    LazyLock::new(|| include_str!("particles.txt").lines().collect());
/// In a text it is a number, and only in a name a particle.
const NUMBER: &str = "ten";

/// True for a word in lower case that surnames begin with: "van den Broek" and "Broek" are two families.
#[must_use]
pub fn is_particle(word: &str) -> bool {
    word == NUMBER || PARTICLES.contains(word)
}

/// True for a name in lower case that may be a surname with nothing before it: "broek", "van den broek".
#[must_use]
pub fn is_surname(name: &str) -> bool {
    let mut words = name.split(' ').rev();
    words.next().is_some_and(|last| !last.is_empty()) && words.all(is_particle)
}

#[cfg(test)]
mod tests {
    use super::is_surname;

    #[test]
    fn a_surname_may_have_several_words() {
        for surname in ["broek", "van den broek", "de la cruz", "ten broek"] {
            assert!(is_surname(surname), "{surname}");
        }
        for name in ["", "jan van den broek", "ann lee", "van den "] {
            assert!(!is_surname(name), "{name}");
        }
    }
}
