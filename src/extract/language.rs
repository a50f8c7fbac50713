//! Whether a text is English, by its small words and its script.

use super::lexicon::lists::is_closed;

/// How many words tell a language.
const LEAST_WORDS: usize = 12;
/// How many words are looked at.
const MOST_WORDS: usize = 2_000;
/// Minimum share of small English words, in percent. English news has forty, headlines fifteen, its neighbours three.
const LEAST_SHARE: usize = 10;

/// False for a text that is long enough to tell and whose words are not English ones.
pub(super) fn looks_english(text: &str) -> bool {
    let letters = || {
        text.chars()
            .filter(|c| c.is_alphabetic())
            .take(10 * MOST_WORDS)
    };
    let latin = letters().filter(|c| is_latin(*c)).count();
    let all = letters().count();
    if all >= LEAST_WORDS && 2 * latin < all {
        return false;
    }
    let words = text
        .split(|c: char| !c.is_alphabetic() && !matches!(c, '\'' | '’'))
        .filter(|word| !word.is_empty())
        .take(MOST_WORDS);
    let (mut count, mut small, mut plain) = (0, 0, 0);
    for word in words {
        count += 1;
        small += usize::from(is_closed(word));
        plain += usize::from(word.starts_with(char::is_lowercase));
    }
    // Names and lists of names are of no language.
    count < LEAST_WORDS || 2 * plain < count || 100 * small >= LEAST_SHARE * count
}

fn is_latin(c: char) -> bool {
    matches!(c, 'a'..='z' | 'A'..='Z' | 'À'..='ɏ' | 'Ḁ'..='ỿ')
}

#[cfg(test)]
mod tests {
    use super::looks_english;

    #[test]
    fn small_words_tell_a_language() {
        for text in [
            "The mayor said on Monday that the bridge would be closed for a week, and that nobody had been told.",
            "Ferry unsafe, says Halloran",
            "Ann Lee, Bo Dam, Nguyễn Thị Mai, Chinedu Okafor, María de la Cruz, Aiko Tanaka",
            "Oui",
            "",
        ] {
            assert!(looks_english(text), "{text}");
        }
        for text in [
            "Le maire a déclaré lundi que le pont serait fermé pendant une semaine et que personne ne le savait.",
            "Der Bürgermeister sagte am Montag, dass die Brücke eine Woche lang gesperrt werde und niemand es wisse.",
            "El alcalde dijo el lunes que el puente estaría cerrado durante una semana y que nadie lo sabía.",
            "De burgemeester zei maandag dat de brug een week dicht zou zijn en dat niemand het wist.",
            "Мэр сказал в понедельник, что мост закроют на неделю.",
            "市長は月曜日に橋が一週間閉鎖されると述べた。",
        ] {
            assert!(!looks_english(text), "{text}");
        }
    }
}
