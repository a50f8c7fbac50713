/// The oldest major version that the service is written for.
pub(in crate::embedded) const OLDEST_MAJOR: u32 = 13;

/// Reads the version and its major part from what `postgres --version` prints.
pub(super) fn parse_version(answer: &str) -> Option<(String, u32)> {
    let (_, version) = answer.split_once("(PostgreSQL) ")?;
    let version = version.split_whitespace().next()?;
    Some((version.to_owned(), leading_number(version)?))
}

/// The number that a version starts with.
pub(in crate::embedded) fn leading_number(version: &str) -> Option<u32> {
    let end = version.find(|character: char| !character.is_ascii_digit());
    version[..end.unwrap_or(version.len())].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::parse_version;

    #[test]
    fn versions_are_read_from_the_answer() {
        let check = |answer: &str, expect: Option<(&str, u32)>| {
            let expect = expect.map(|(version, major)| (version.to_owned(), major));
            assert_eq!(parse_version(answer), expect);
        };
        check(
            "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n",
            Some(("15.18", 15)),
        );
        check("postgres (PostgreSQL) 18beta1\n", Some(("18beta1", 18)));
        check("postgres (PostgreSQL) 9.6.24\n", Some(("9.6.24", 9)));
        check("postgres (PostgreSQL) devel\n", None);
        check("psql 15\n", None);
        check("", None);
    }
}
