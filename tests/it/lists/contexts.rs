//! The sentences around claims.

use onrecord::proto::{
    BatchGetClaimsRequest, Claim, ClaimContext, EncodingType, GetClaimRequest, ListClaimsRequest,
    SearchClaimsRequest,
};

use crate::harness::{ENCODINGS, Ruler, TestServer, spans_in};

const TEXT: &str = "🌧 It rained. The bridge holds, Zoë Lee said. She left.\n\n\
    “The ferry is closed. It stays closed,” said Bo Dam.";

fn words(context: &ClaimContext) -> [&str; 3] {
    let spans = [&context.before, &context.sentences, &context.after];
    spans.map(|span| span.as_ref().map_or("", |span| span.text.as_str()))
}

/// The claims by each way to read them.
async fn read(
    server: &TestServer,
    encoding: EncodingType,
    include_context: bool,
) -> [Vec<Claim>; 4] {
    let client = &server.client;
    let encoding_type = encoding.into();
    let list = ListClaimsRequest {
        encoding_type,
        include_context,
        ..ListClaimsRequest::default()
    };
    let listed = client.list_claims(list).await.expect("list").claims;
    let batch = BatchGetClaimsRequest {
        names: listed.iter().map(|claim| claim.name.clone()).collect(),
        encoding_type,
        include_context,
    };
    let batch = client.batch_get_claims(batch).await.expect("batch").claims;
    let mut one_by_one = Vec::new();
    for claim in &listed {
        let get = GetClaimRequest {
            name: claim.name.clone(),
            encoding_type,
            include_context,
        };
        one_by_one.extend(client.get_claim(get).await.expect("get").claim);
    }
    let search = SearchClaimsRequest {
        query: "bridge OR ferry".to_owned(),
        order_by: onrecord::proto::SearchOrder::PublishTime.into(),
        encoding_type,
        include_context,
        ..SearchClaimsRequest::default()
    };
    let found = client.search_claims(search).await.expect("search").hits;
    let found = found.into_iter().filter_map(|hit| hit.claim).collect();
    [listed, batch, one_by_one, found]
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sentences_around_a_claim_come_on_request_in_every_unit() {
    let server = TestServer::start().await;
    server.ingest_text(TEXT).await;
    let ruler = Ruler::new(TEXT);
    for encoding in ENCODINGS {
        for claims in read(&server, encoding, true).await {
            let [lee, dam] = &claims[..] else {
                panic!("two claims: {claims:?}")
            };
            let context = lee.context.as_ref().expect("a context");
            let sentence = "The bridge holds, Zoë Lee said.";
            assert_eq!(words(context), ["🌧 It rained.", sentence, "She left."]);
            let context = dam.context.as_ref().expect("a context");
            let both = "“The ferry is closed. It stays closed,” said Bo Dam.";
            assert_eq!(words(context), ["She left.", both, ""]);
            assert_eq!(context.after, None);
            ruler.check(encoding, &spans_in(lee));
            ruler.check(encoding, &spans_in(dam));
        }
        for claims in read(&server, encoding, false).await {
            assert!(claims.iter().all(|claim| claim.context.is_none()));
        }
    }
}
