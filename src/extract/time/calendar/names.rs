//! What single words name: months, weekdays, units, numbers.

use chrono::Weekday;

use super::civil::Unit;

const MONTHS: &[(&str, u32)] = &[
    ("january", 1),
    ("jan", 1),
    ("february", 2),
    ("feb", 2),
    ("march", 3),
    ("mar", 3),
    ("april", 4),
    ("apr", 4),
    ("may", 5),
    ("june", 6),
    ("jun", 6),
    ("july", 7),
    ("jul", 7),
    ("august", 8),
    ("aug", 8),
    ("september", 9),
    ("sept", 9),
    ("sep", 9),
    ("october", 10),
    ("oct", 10),
    ("november", 11),
    ("nov", 11),
    ("december", 12),
    ("dec", 12),
];

const WEEKDAYS: &[(&str, Weekday)] = &[
    ("monday", Weekday::Mon),
    ("mon", Weekday::Mon),
    ("tuesday", Weekday::Tue),
    ("tue", Weekday::Tue),
    ("tues", Weekday::Tue),
    ("wednesday", Weekday::Wed),
    ("wed", Weekday::Wed),
    ("thursday", Weekday::Thu),
    ("thu", Weekday::Thu),
    ("thur", Weekday::Thu),
    ("thurs", Weekday::Thu),
    ("friday", Weekday::Fri),
    ("fri", Weekday::Fri),
    ("saturday", Weekday::Sat),
    ("sat", Weekday::Sat),
    ("sunday", Weekday::Sun),
    ("sun", Weekday::Sun),
];

const UNITS: &[(&str, Unit)] = &[
    ("second", Unit::Second),
    ("sec", Unit::Second),
    ("minute", Unit::Minute),
    ("min", Unit::Minute),
    ("hour", Unit::Hour),
    ("hr", Unit::Hour),
    ("day", Unit::Day),
    ("night", Unit::Day),
    ("week", Unit::Week),
    ("weekend", Unit::Weekend),
    ("fortnight", Unit::Fortnight),
    ("month", Unit::Month),
    ("quarter", Unit::Quarter),
    ("qtr", Unit::Quarter),
    ("year", Unit::Year),
    ("yr", Unit::Year),
    ("decade", Unit::Decade),
    ("century", Unit::Century),
    ("centurie", Unit::Century),
];

const SMALL: &[&str] = &[
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];

const TENS: &[&str] = &[
    "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
];

const ORDINALS: &[&str] = &[
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
];

const DECADES: &[&str] = &[
    "twenties",
    "thirties",
    "forties",
    "fifties",
    "sixties",
    "seventies",
    "eighties",
    "nineties",
];

/// The words above: those that may begin a time.
pub(in crate::extract::time) fn all_names() -> impl Iterator<Item = &'static str> {
    let months = MONTHS.iter().map(|(name, _)| *name);
    let weekdays = WEEKDAYS.iter().map(|(name, _)| *name);
    let numbers = [SMALL, TENS, ORDINALS, DECADES].into_iter().flatten();
    months.chain(weekdays).chain(numbers.copied())
}

fn look<T: Copy>(list: &[(&str, T)], word: &str) -> Option<T> {
    list.iter()
        .find(|(name, _)| *name == word)
        .map(|(_, value)| *value)
}

fn place(list: &[&str], word: &str) -> Option<u32> {
    u32::try_from(list.iter().position(|name| *name == word)?).ok()
}

/// 1 to 12.
pub(in crate::extract::time) fn month(word: &str) -> Option<u32> {
    look(MONTHS, word)
}

/// The day of the week, in full or cut short.
pub(in crate::extract::time) fn weekday(word: &str) -> Option<Weekday> {
    look(WEEKDAYS, word)
}

/// The unit, in the singular or plural.
pub(in crate::extract::time) fn unit(word: &str) -> Option<Unit> {
    look(UNITS, word).or_else(|| look(UNITS, word.strip_suffix('s')?))
}

/// "one" to "nineteen".
pub(in crate::extract::time) fn small(word: &str) -> Option<u32> {
    place(SMALL, word)
}

/// "twenty" to "ninety".
pub(in crate::extract::time) fn tens(word: &str) -> Option<u32> {
    Some((place(TENS, word)? + 2) * 10)
}

/// "first" to "twentieth", and "thirtieth".
pub(in crate::extract::time) fn ordinal(word: &str) -> Option<u32> {
    if word == "thirtieth" {
        return Some(30);
    }
    Some(place(ORDINALS, word)? + 1)
}

/// The first year of "the nineties" in its century.
pub(in crate::extract::time) fn decade(word: &str) -> Option<u32> {
    Some((place(DECADES, word)? + 2) * 10)
}
