//! The command `import-claim-reviews`.

use std::fs;

use serde_json::{Value, json};

use super::{checked, claims, fact_checks, server};
use crate::harness::url;
use crate::process::{run, run_with_input};

fn review(n: u32) -> Value {
    json!({
        "@context": "https://schema.org", "@type": "ClaimReview",
        "url": format!("https://checks.example/{n}"),
        "claimReviewed": "The northern ferry will carry 400 cars from June.",
        "author": {"@type": "Organization", "name": "Harbour Checks"},
        "datePublished": "2024-05-20",
        "reviewRating": {"@type": "Rating", "alternateName": "False", "ratingValue": "1"},
        "itemReviewed": {"@type": "Claim", "author": {"@type": "Person", "name": "Vera Lindqvist"}},
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn fact_checks_are_imported_from_files_and_what_is_left_out_is_named() {
    let server = server().await;
    let server_url = url(server.address);
    let dir = tempfile::tempdir().expect("a directory");
    let (feed, page) = (dir.path().join("feed.json"), dir.path().join("page.jsonld"));
    let feed_text = json!({"@type": "DataFeed", "dataFeedElement": [
        {"@type": "DataFeedItem", "item": [review(1), review(2)]},
        {"@type": "DataFeedItem", "item": null},
    ]});
    fs::write(&feed, feed_text.to_string()).expect("write");
    let page_text = json!({"@graph": [{"@type": "WebPage"}, review(3)]});
    fs::write(&page, page_text.to_string()).expect("write");
    let [feed, page] = [&feed, &page].map(|path| path.to_string_lossy());
    let import = || {
        run(&[
            "import-claim-reviews",
            "--server",
            &server_url,
            &feed,
            &page,
        ])
    };

    let first = import();
    assert_eq!(first.code, Some(0), "{first:?}");
    assert_eq!(
        first.stdout,
        "3 fact checks: 3 new, 0 updated, 0 known already, 0 failed; 3 match 6 claims\n"
    );
    for place in [format!("{feed}, item 2"), format!("{page}, item 1")] {
        let skipped = format!("{place}: skipped, no ClaimReview in it");
        assert!(first.stderr.contains(&skipped), "{}", first.stderr);
    }
    let second = import();
    assert_eq!(
        second.stdout,
        "3 fact checks: 0 new, 0 updated, 3 known already, 0 failed; 3 match 6 claims\n"
    );
    let found = claims(&server, checked(true)).await;
    assert_eq!(found[0].fact_checks.len(), 3);
    let exported = run(&[
        "export",
        "--format",
        "jsonl",
        "--has-fact-check",
        "true",
        "--server",
        &server_url,
    ]);
    assert_eq!(exported.stdout.lines().count(), 2);
    let reviews = run(&[
        "export",
        "--format",
        "claim-review",
        "--server",
        &server_url,
    ]);
    assert!(reviews.stdout.contains("\"Harbour Checks\""), "{reviews:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fact_check_that_fails_stops_no_other() {
    let server = server().await;
    let mut long = review(2);
    long["claimReviewed"] = "x".repeat(2_001).into();
    let mut nowhere = review(3);
    nowhere["url"] = Value::Null;
    let mut undated = review(4);
    undated["datePublished"] = "yesterday".into();
    let input = format!("{}\nno JSON\n{long}\n{nowhere}\n{undated}\n", review(1));
    let server_url = url(server.address);
    let args = ["import-claim-reviews", "--server", &server_url, "-"];
    let ran = run_with_input(&args, &input);
    assert_eq!(ran.code, Some(1));
    assert_eq!(
        ran.stdout,
        "5 fact checks: 2 new, 0 updated, 0 known already, 3 failed; 2 match 4 claims\n"
    );
    for part in [
        "-, line 2: ",
        "-, line 3: claim_reviewed is 2001 bytes long",
        "-, line 4: no url",
        "-, line 5: datePublished \"yesterday\" is left out",
    ] {
        assert!(ran.stderr.contains(part), "{part}: {}", ran.stderr);
    }
    assert_eq!(fact_checks(&server, &[]).await.len(), 2);
    let ran = run_with_input(&args, "<html>");
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""));
}
