//! Articles of any length for the benches, made of the sample articles of `serve --demo`.

const ARTICLES: &str = include_str!("../../src/cli/demo.jsonl");

/// Running text of about so many words, made of the sample articles one after the other.
pub fn text(words: usize) -> String {
    let samples: Vec<String> = ARTICLES.lines().map(sample_text).collect();
    let paragraphs = samples
        .iter()
        .cycle()
        .flat_map(|sample| sample.split_inclusive("\n\n"));
    let (mut text, mut count) = (String::new(), 0);
    for paragraph in paragraphs {
        if count >= words {
            break;
        }
        text.push_str(paragraph);
        count += paragraph.split_whitespace().count();
    }
    text
}

fn sample_text(line: &str) -> String {
    let article: serde_json::Value = serde_json::from_str(line).expect("a sample is JSON");
    article["text"]
        .as_str()
        .expect("a sample has a text")
        .to_owned()
        + "\n\n"
}
