// Calls a server of onrecord in the ways that a program needs, and fails where an answer is not as expected.
//
// Environment: ONRECORD_SERVER, http://localhost:50051 unless set, or https://…; ONRECORD_CA, a file with the authority
// that signed the server's certificate, unless the system knows it; ONRECORD_TOKEN, a key or token.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { Code, ConnectError, createClient, type Transport } from "@connectrpc/connect";
import { connect } from "./connect.js";
import { BadRequestSchema, ErrorInfoSchema } from "./gen/google/rpc/error_details_pb.js";
import { Health, HealthCheckResponse_ServingStatus } from "./gen/grpc/health/v1/health_pb.js";
import { ArticleService } from "./gen/onrecord/v1/article_service_pb.js";
import { ClaimService } from "./gen/onrecord/v1/claim_service_pb.js";
import { ClaimChangeKind, type WatchClaimsResponse } from "./gen/onrecord/v1/claim_watch_pb.js";
import type { Claim } from "./gen/onrecord/v1/claim_pb.js";
import { ExtractionService } from "./gen/onrecord/v1/extraction_service_pb.js";
import { EncodingType } from "./gen/onrecord/v1/span_pb.js";

// Every call has a deadline: without one it would wait for ever for a server that hangs.
const lookup = { timeoutMs: 5_000 };
const reading = { timeoutMs: 30_000 };
const watchingMs = 60_000;

// JavaScript indexes strings by UTF-16 code units.
const encodingType = EncodingType.UTF16;

const text = "“The quay is not ready,” said Tomas Rehn, the harbour master.";

// Of its own for each run, so that this can be run again against the same server.
const publisher = `TypeScript example ${randomUUID()}`;

const transport: Transport = connect();
const articles = createClient(ArticleService, transport);
const claims = createClient(ClaimService, transport);

async function checkHealth(): Promise<void> {
  const answer = await createClient(Health, transport).check({}, lookup);
  assert.equal(answer.status, HealthCheckResponse_ServingStatus.SERVING);
  console.log("health: serving");
}

async function extract(): Promise<void> {
  const answer = await createClient(ExtractionService, transport).extractClaims(
    { document: { text }, encodingType },
    reading,
  );
  assert.equal(answer.claims.length, 1);
  const [claim] = answer.claims;
  assert.equal(claim.actorDisplayName, "Tomas Rehn");
  for (const span of claim.content!.spans) {
    assert.equal(text.slice(span.start, span.end), span.text);
  }
  console.log(`extract: ${said(claim)}`);
}

async function ingest(): Promise<void> {
  const request = { document: { text, publisher } };
  const first = await articles.ingestArticle(request, reading);
  // Sent again, after a timeout or a crash, a document is not stored twice.
  const again = await articles.ingestArticle(request, reading);
  assert.deepEqual([first.created, again.created], [true, false]);
  assert.equal(first.article!.name, again.article!.name);
  console.log(`ingest: ${first.article!.name}, claims: ${first.article!.claimCount}`);
}

// Documents are taken from here while answers are read: the server takes no more of them than it can work on.
async function* documents() {
  yield { id: "ferry", request: { document: { publisher, text: "Vera Lindqvist said fares would stay as they were." } } };
  yield { id: "empty", request: { document: { publisher, text: "" } } };
  const bridge = "Ann Lee said the bridge was safe. She denied that it was old.";
  yield { id: "bridge", request: { document: { publisher, text: bridge } } };
}

async function stream(): Promise<void> {
  const stored: string[] = [];
  const refused: string[] = [];
  for await (const answer of articles.streamIngestArticles(documents(), reading)) {
    // A document that fails, fails alone. The error has the same details as that of a call.
    (answer.outcome.case === "error" ? refused : stored).push(answer.id);
  }
  assert.deepEqual([stored.sort(), refused], [["bridge", "ferry"], ["empty"]]);
  console.log(`stream: ${stored.length} stored, ${refused.length} refused`);
}

async function page(): Promise<void> {
  const found: Claim[] = [];
  let pageToken = "";
  let pages = 0;
  // A page may be short, even empty, with another one after it: only an empty token is the end.
  do {
    const request = { filter: { publisher }, pageSize: 2, pageToken, encodingType };
    const answer = await claims.listClaims(request, lookup);
    found.push(...answer.claims);
    pageToken = answer.nextPageToken;
    pages += 1;
  } while (pageToken !== "");
  assert.equal(found.length, 4);
  console.log(`page: ${found.length} claims in ${pages} pages`);
}

async function search(): Promise<void> {
  const request = { query: "fares OR ferries", filter: { publisher }, encodingType };
  const answer = await claims.searchClaims(request, lookup);
  assert.equal(answer.hits.length, 1);
  const [hit] = answer.hits;
  assert.deepEqual(hit.highlights.map((span) => span.text), ["fares"]);
  console.log(`search: ${said(hit.claim!)}`);
}

// Returns the last token and the changes, once there are so many. Calls `then` as soon as the watch has begun.
async function watch(
  count: number,
  resumeToken = "",
  then: () => Promise<void> = async () => {},
): Promise<[string, WatchClaimsResponse[]]> {
  const changes: WatchClaimsResponse[] = [];
  const request = { filter: { publisher }, resumeToken, encodingType };
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(watchingMs)]);
  let begun = false;
  try {
    for await (const answer of claims.watchClaims(request, { signal })) {
      if (!begun) {
        // The first message holds only a token. All that is stored after it is reported.
        begun = true;
        await then();
      }
      // Without a kind it is a sign of life that carries a newer token.
      if (answer.kind !== ClaimChangeKind.UNSPECIFIED) {
        changes.push(answer);
      }
      if (changes.length === count) {
        return [answer.resumeToken, changes];
      }
    }
    throw new Error("the watch ended early");
  } finally {
    // Leaving the loop does not end the call.
    stop.abort();
  }
}

async function refused(): Promise<void> {
  const error = await claims.getClaim({ name: "claims/nope" }, lookup).then(
    () => assert.fail("a malformed name was not refused"),
    (reason: unknown) => ConnectError.from(reason),
  );
  assert.equal(error.code, Code.InvalidArgument);
  const [info] = error.findDetails(ErrorInfoSchema);
  assert.equal(info.reason, "INVALID_RESOURCE_NAME");
  const [badRequest] = error.findDetails(BadRequestSchema);
  assert.equal(badRequest.fieldViolations.length, 1);
  const [violation] = badRequest.fieldViolations;
  console.log(`refused: ${info.reason}, ${violation.field}: ${violation.description}`);
}

function said(claim: Claim): string {
  return `${claim.actorDisplayName}: ${claim.content!.text}`;
}

await checkHealth();
await extract();
const [token, changes] = await watch(1, "", ingest);
console.log(`watch: ${changes[0].claim!.name} was created`);
await stream();
await page();
await search();
// Nothing is missed of what happened between the two watches, and nothing comes twice.
const [, missed] = await watch(3, token);
assert(!missed.some((change) => change.claim!.name === changes[0].claim!.name));
console.log(`resume: ${missed.length} claims had come in the meantime`);
await refused();
