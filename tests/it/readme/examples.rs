//! Examples in Markdown: a fenced block of commands behind `<!-- run -->`, and the fenced block of what they print.

const MARK: &str = "<!-- run -->";
const FENCE: &str = "```";
/// Stands for lines left out where it is a line, else for any characters.
const GAP: char = '…';

pub struct Example {
    pub commands: String,
    pub output: String,
}

/// All examples, in order.
pub fn examples(markdown: &str) -> Vec<Example> {
    let marked = markdown.split(MARK).skip(1);
    marked
        .map(|part| {
            let mut blocks = part.split(FENCE).skip(1).step_by(2).map(content);
            let mut next = || blocks.next().expect("two fenced blocks");
            let (commands, output) = (next(), next());
            Example { commands, output }
        })
        .collect()
}

/// A fenced block without the language behind its fence.
fn content(block: &str) -> String {
    block
        .split_once('\n')
        .map_or("", |(_, content)| content)
        .to_owned()
}

/// How `actual` differs from `expected`, white space within lines aside; `None` if it does not.
pub fn difference(expected: &str, actual: &str) -> Option<String> {
    let actual = lines(actual);
    let expected = lines(expected);
    let gap = GAP.to_string();
    let mut at = 0;
    let mut open = false;
    for piece in expected.split(|line| *line == gap) {
        let fits = |start: usize| {
            let candidates = actual.get(start..start + piece.len());
            candidates.is_some_and(|lines| {
                lines
                    .iter()
                    .zip(piece)
                    .all(|(line, pattern)| matches(pattern, line))
            })
        };
        let last = if open { actual.len() } else { at };
        let Some(start) = (at..=last).find(|start| fits(*start)) else {
            return Some(format!(
                "behind line {at}, this is missing:\n{}",
                piece.join("\n")
            ));
        };
        at = start + piece.len();
        open = true;
    }
    let ends_open = expected.last().is_some_and(|line| *line == gap);
    (at < actual.len() && !ends_open).then(|| format!("not expected: {}", actual[at..].join("\n")))
}

/// The lines that are not empty, each with its white space as single spaces.
fn lines(text: &str) -> Vec<String> {
    let lines = text
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect()
}

/// Whether `line` is `pattern`, where a gap stands for anything.
fn matches(pattern: &str, line: &str) -> bool {
    match pattern.split_once(GAP) {
        None => pattern == line,
        Some((before, after)) => {
            line.len() >= before.len() + after.len()
                && line.starts_with(before)
                && line.ends_with(after)
        }
    }
}

#[test]
fn examples_are_found_with_their_output() {
    let found =
        examples("a\n<!-- run -->\n```sh\nls\n```\nb\n```text\nx\n```\n```sh\nnot run\n```\n");
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].commands.as_str(), found[0].output.as_str()),
        ("ls\n", "x\n")
    );
}

#[test]
fn a_difference_is_found() {
    let check = |expected: &str, actual: &str, same: bool| {
        assert_eq!(
            difference(expected, actual).is_none(),
            same,
            "{expected:?} {actual:?}"
        );
    };
    check("a\n b", "  a\nb\n", true);
    check("a\nb", "a\nx\nb", false);
    check("a\n…\nb", "a\nx\nb", true);
    check("a\n…\nb", "a\nb", true);
    check("a\n…\nb", "a\nx\nb\ny", false);
    check("a\n…", "a\nx", true);
    check("a", "a\nx", false);
    check("…\nx", "a\nx", true);
    check("a\nb", "a", false);
    check("\"articles/…\",", "\"articles/1\",", true);
    check("\"articles/…\",", "\"actors/1\",", false);
}
