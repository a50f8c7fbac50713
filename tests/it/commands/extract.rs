//! `onrecord extract`.

use std::fs;
use std::io::Write;
use std::process::Stdio;

use onrecord::proto::FILE_DESCRIPTOR_SET;
use prost_reflect::{DescriptorPool, DynamicMessage};
use serde_json::Value;

use crate::process::{Ran, program, run, run_with_input};

/// Characters of one, two, three and four bytes, and of one and two UTF-16 code units, before and in a claim.
const TEXT: &str =
    "😀 Café news.\n\n“It is safe – 😀,” said Ann Lée. She added that it had been tested.";

fn json(ran: &Ran) -> Value {
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    serde_json::from_str(&ran.stdout).expect("JSON on standard output")
}

#[test]
fn a_file_and_standard_input_give_the_same() {
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("article.txt");
    fs::write(&file, TEXT).expect("write");
    let file = file.to_string_lossy().into_owned();

    let mut of_file = json(&run(&["extract", &file]));
    let mut of_input = json(&run_with_input(&["extract"], TEXT));
    assert_eq!(of_file["id"].take(), file.as_str());
    assert_eq!(of_input["id"].take(), "-");
    assert_eq!(of_file, of_input);
    assert_eq!(of_file["claims"].as_array().expect("claims").len(), 2);
}

#[test]
fn json_is_the_mapping_of_the_schema() {
    let mut answer = json(&run_with_input(&["extract"], TEXT));
    answer.as_object_mut().expect("an object").remove("id");
    let pool = DescriptorPool::decode(FILE_DESCRIPTOR_SET).expect("the schema");
    let message = pool.get_message_by_name("onrecord.v1.ExtractClaimsResponse");
    let read = DynamicMessage::deserialize(message.expect("the message"), answer.clone());
    let read = read.expect("no field that the schema lacks");
    assert_eq!(
        serde_json::to_value(read).expect("JSON")["claims"][0]["quoteType"],
        "QUOTE_TYPE_DIRECT"
    );
}

#[test]
fn every_span_is_its_text_in_every_encoding() {
    let utf8: Vec<u8> = TEXT.bytes().collect();
    let utf16: Vec<u16> = TEXT.encode_utf16().collect();
    let utf32: Vec<char> = TEXT.chars().collect();
    let check = |encoding: &str, slice: &dyn Fn(usize, usize) -> String| {
        let answer = json(&run_with_input(&["extract", "--encoding", encoding], TEXT));
        let spans = spans(&answer);
        assert!(spans.len() > 8, "{answer}");
        for (start, end, text) in spans {
            assert_eq!(slice(start, end), text, "{encoding}");
        }
    };
    check("utf8", &|start, end| {
        String::from_utf8(utf8[start..end].to_vec()).expect("UTF-8")
    });
    check("utf16", &|start, end| {
        String::from_utf16(&utf16[start..end]).expect("UTF-16")
    });
    check("utf32", &|start, end| utf32[start..end].iter().collect());
}

/// Every object with an `end` and a `text`, however deep. A `start` of 0 is left out, as defaults are.
fn spans(value: &Value) -> Vec<(usize, usize, String)> {
    let offset = |value: &Value| usize::try_from(value.as_u64().unwrap_or(0)).expect("an offset");
    match value {
        Value::Array(items) => items.iter().flat_map(spans).collect(),
        Value::Object(fields) => match (fields.get("end"), fields.get("text")) {
            (Some(end), Some(Value::String(text))) => {
                let start = fields.get("start").map_or(0, offset);
                vec![(start, offset(end), text.clone())]
            }
            _ => fields.values().flat_map(spans).collect(),
        },
        _ => Vec::new(),
    }
}

#[test]
fn json_lines_keep_their_order_and_a_bad_line_is_named() {
    let line =
        |id: usize| format!("{{\"id\": \"a-{id}\", \"text\": \"“It is {id},” said Ann Lee.\"}}\n");
    let mut input: String = (1..=600).map(line).collect();
    input = input.replace(&line(300), "{\"id\": \"a-300\"}\n");
    let args = [
        "extract", "--engine", "rules", "--jsonl", "--format", "jsonl",
    ];
    let ran = run_with_input(&args, &input);

    assert_eq!(ran.code, Some(1));
    let told: Vec<&str> = ran.stderr.lines().collect();
    assert_eq!(told.len(), 2, "{}", ran.stderr);
    assert!(told[0].contains("line 300: no text"), "{}", told[0]);
    assert_eq!(told[1], "onrecord: 600 articles: 599 claims, 1 failed");
    let ids: Vec<String> = ran
        .stdout
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON"))
        .map(|answer| answer["id"].as_str().expect("an id").to_owned())
        .collect();
    let expected: Vec<String> = (1..=600)
        .filter(|id| *id != 300)
        .map(|id| format!("a-{id}"))
        .collect();
    assert_eq!(ids, expected);
}

#[test]
fn a_file_that_cannot_be_read_stops_no_other() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = |name: &str| dir.path().join(name).to_string_lossy().into_owned();
    fs::write(path("a.txt"), TEXT).expect("write");
    fs::write(path("b.txt"), b"caf\xe9").expect("write");
    fs::create_dir(path("c.jsonl")).expect("make a directory");
    fs::write(path("e.txt"), TEXT).expect("write");
    let files = ["a.txt", "b.txt", "c.jsonl", "d.txt", "e.txt"].map(path);
    let files = files.each_ref().map(String::as_str);
    let ran = run(&[&["extract", "--format", "jsonl"], &files[..]].concat());

    assert_eq!(ran.code, Some(1));
    let mut told = ran.stderr.lines();
    for file in &files[1..4] {
        let of_file = |line: &str| line.contains("cannot") || line.contains("Is a directory");
        let named = told.any(|line| line.contains(*file) && of_file(line));
        assert!(named, "{file}: {}", ran.stderr);
    }
    assert_eq!(
        told.last(),
        Some("onrecord: 5 articles: 4 claims, 3 failed")
    );
    assert_eq!(ran.stdout.lines().count(), 2, "{}", ran.stdout);
}

#[test]
fn the_usual_format_fits_the_input() {
    let line = "{\"text\": \"“It is safe,” said Ann Lee.\"}";
    let ran = run_with_input(&["extract", "--jsonl"], line);
    assert_eq!(ran.stdout.lines().count(), 1, "{}", ran.stdout);
    let ran = run_with_input(&["extract"], TEXT);
    assert!(ran.stdout.lines().count() > 10, "{}", ran.stdout);
}

#[test]
fn a_table_in_a_pipe_holds_no_escape_codes() {
    let ran = run_with_input(&["extract", "--engine", "rules", "--format", "table"], TEXT);
    for part in [
        "WHO",
        "Ann Lée",
        "direct, said",
        "indirect, added",
        "2 claims",
    ] {
        assert!(ran.stdout.contains(part), "{part}: {}", ran.stdout);
    }
    assert!(
        !ran.stdout.contains('\u{1b}') && ran.stderr.is_empty(),
        "{ran:?}"
    );
}

#[test]
fn the_engine_can_be_chosen() {
    let engine = |args: &[&str]| {
        let answer = json(&run_with_input(&[&["extract"], args].concat(), TEXT));
        answer["engine"]["name"].as_str().map(str::to_owned)
    };
    assert_eq!(engine(&[]).as_deref(), Some("model"));
    for name in ["model", "rules"] {
        assert_eq!(engine(&["--engine", name]).as_deref(), Some(name));
    }
}

#[test]
fn claims_less_likely_right_are_left_out() {
    let count = |least: &str| {
        let answer = json(&run_with_input(
            &["extract", "--engine", "rules", "--min-confidence", least],
            TEXT,
        ));
        answer["claims"].as_array().map_or(0, Vec::len)
    };
    assert_eq!([count("0"), count("1")], [2, 0]);
}

#[test]
fn a_reader_who_has_had_enough_is_no_error() {
    let mut child = program(&["extract", "--jsonl"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("start onrecord");
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(b"{\"text\": \"t\"}\n").expect("write");
    drop(stdin);
    let ran = Ran::from(child.wait_with_output().expect("wait"));
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
}

#[test]
fn a_table_and_an_array_are_read_and_what_is_unknown_is_named() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = |name: &str| dir.path().join(name).to_string_lossy().into_owned();
    let (table, array) = (path("a.csv"), path("a.json"));
    let rows = "id,Headline,body,mood\nx,Bridge,“It is safe” said Ann Lee.,calm\n";
    fs::write(&table, rows).expect("write");
    let item = "{\"id\": \"y\", \"articleBody\": \"Ann Lee denied it.\", \"mood\": 1}";
    fs::write(&array, format!("[{item}, {item}]")).expect("write");
    let ran = run(&["extract", "--format", "jsonl", &table, &array]);

    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let told: Vec<&str> = ran.stderr.lines().collect();
    assert_eq!(
        told,
        [
            format!("onrecord: reading {table} as CSV"),
            format!("onrecord: {table}: \"mood\" is not known and left out"),
            format!("onrecord: reading {array} as JSON"),
            "onrecord: 3 articles: 3 claims, 0 failed".to_owned(),
        ]
    );
    assert_eq!(ran.stdout.lines().count(), 3, "{}", ran.stdout);
}

#[test]
fn what_is_no_article_is_refused_unless_insisted_on() {
    let html = "<!doctype html><p>“It is safe,” said Ann Lee.</p>";
    let ran = run_with_input(&["extract"], html);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""));
    assert!(
        ran.stderr.contains("-: no article: it is a whole page"),
        "{}",
        ran.stderr
    );
    let ran = run_with_input(&["extract", "--force"], html);
    assert_eq!(json(&ran)["claims"].as_array().expect("claims").len(), 1);
}
