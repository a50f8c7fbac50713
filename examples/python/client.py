"""Calls a server of onrecord in the ways that a program needs, and fails where an answer is not as expected.

Environment: ONRECORD_SERVER, http://localhost:50051 unless set, or https://…; ONRECORD_CA, a file with the authority
that signed the server's certificate, unless the system knows it; ONRECORD_TOKEN, a key or token.
"""

import os
import uuid
from pathlib import Path
from urllib.parse import urlsplit

import grpc
from google.rpc import error_details_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_status import rpc_status
from onrecord.v1 import article_service_pb2 as articles
from onrecord.v1 import article_service_pb2_grpc as articles_grpc
from onrecord.v1 import claim_filter_pb2, claim_search_pb2, claim_watch_pb2, document_pb2, span_pb2
from onrecord.v1 import claim_service_pb2 as claims
from onrecord.v1 import claim_service_pb2_grpc as claims_grpc
from onrecord.v1 import extraction_service_pb2 as extraction
from onrecord.v1 import extraction_service_pb2_grpc as extraction_grpc

# Every call has a deadline, in seconds: without one it would wait for ever for a server that hangs.
LOOKUP, READING, WATCHING = 5, 30, 60

# gRPC refuses answers above 4 MiB unless told otherwise; the claims of a text of 1 MiB take 6 MB.
MAX_ANSWER_BYTES = 16 << 20

# Python indexes text by code points.
UNIT = span_pb2.ENCODING_TYPE_UTF32

TEXT = "“The quay is not ready,” said Tomas Rehn, the harbour master."


def connect():
    server = urlsplit(os.environ.get("ONRECORD_SERVER", "http://localhost:50051"))
    token = os.environ.get("ONRECORD_TOKEN")
    options = [("grpc.max_receive_message_length", MAX_ANSWER_BYTES)]
    if server.scheme != "https":
        expect(not token, "a token is only sent over TLS")
        return grpc.insecure_channel(server.netloc, options)
    authority = os.environ.get("ONRECORD_CA")
    credentials = grpc.ssl_channel_credentials(Path(authority).read_bytes() if authority else None)
    if token:
        credentials = grpc.composite_channel_credentials(credentials, grpc.access_token_call_credentials(token))
    return grpc.secure_channel(server.netloc, credentials, options)


def check_health(channel):
    answer = health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(), timeout=LOOKUP)
    expect(answer.status == health_pb2.HealthCheckResponse.SERVING, answer)
    print("health: serving")


def extract(channel):
    request = extraction.ExtractClaimsRequest(document=document_pb2.Document(text=TEXT), encoding_type=UNIT)
    answer = extraction_grpc.ExtractionServiceStub(channel).ExtractClaims(request, timeout=READING)
    (claim,) = answer.claims
    expect(claim.actor_display_name == "Tomas Rehn", claim)
    (span,) = claim.content.spans
    expect(TEXT[span.start : span.end] == claim.content.text, span)
    print(f"extract: {claim.actor_display_name}: {claim.content.text}")


def ingest(channel, publisher):
    # Sent again, after a timeout or a crash, a document is not stored twice.
    request = articles.IngestArticleRequest(document=document_pb2.Document(text=TEXT, publisher=publisher))
    stub = articles_grpc.ArticleServiceStub(channel)
    first = stub.IngestArticle(request, timeout=READING)
    again = stub.IngestArticle(request, timeout=READING)
    expect(first.created and not again.created and first.article.name == again.article.name, again)
    print(f"ingest: {first.article.name}, claims: {first.article.claim_count}")


def stream(channel, publisher):
    texts = {
        "ferry": "Vera Lindqvist said fares would stay as they were.",
        "empty": "",
        "bridge": "Ann Lee said the bridge was safe. She denied that it was old.",
    }
    # gRPC takes documents from this generator in a thread of its own, while the answers are read below.
    requests = (
        articles.StreamIngestArticlesRequest(
            id=id,
            request=articles.IngestArticleRequest(document=document_pb2.Document(text=text, publisher=publisher)),
        )
        for id, text in texts.items()
    )
    stored, failed = [], []
    for answer in articles_grpc.ArticleServiceStub(channel).StreamIngestArticles(requests, timeout=READING):
        # A document that fails, fails alone. `answer.error` has the same details as the error of a call.
        (failed if answer.HasField("error") else stored).append(answer.id)
    expect(sorted(stored) == ["bridge", "ferry"] and failed == ["empty"], (stored, failed))
    print(f"stream: {len(stored)} stored, {len(failed)} refused")


def page(channel, publisher):
    request = claims.ListClaimsRequest(
        filter=claim_filter_pb2.ClaimFilter(publisher=publisher), page_size=2, encoding_type=UNIT
    )
    found, pages = [], 0
    while True:
        answer = claims_grpc.ClaimServiceStub(channel).ListClaims(request, timeout=LOOKUP)
        found.extend(answer.claims)
        pages += 1
        # A page may be short, even empty, with another one after it: only an empty token is the end.
        if not answer.next_page_token:
            break
        request.page_token = answer.next_page_token
    expect(len(found) == 4, found)
    print(f"page: {len(found)} claims in {pages} pages")


def search(channel, publisher):
    request = claim_search_pb2.SearchClaimsRequest(
        query="fares OR ferries", filter=claim_filter_pb2.ClaimFilter(publisher=publisher), encoding_type=UNIT
    )
    answer = claims_grpc.ClaimServiceStub(channel).SearchClaims(request, timeout=LOOKUP)
    (hit,) = answer.hits
    expect([span.text for span in hit.highlights] == ["fares"], hit)
    print(f"search: {hit.claim.actor_display_name}: {hit.claim.content.text}")


def watch(channel, publisher, count, resume_token="", then=lambda: None):
    """Returns the last token and the changes, once there are so many. `then` runs as soon as the watch has begun."""
    request = claim_watch_pb2.WatchClaimsRequest(
        filter=claim_filter_pb2.ClaimFilter(publisher=publisher), resume_token=resume_token, encoding_type=UNIT
    )
    changes = []
    answers = claims_grpc.ClaimServiceStub(channel).WatchClaims(request, timeout=WATCHING)
    # The first message holds only a token. All that is stored after it is reported.
    resume_token = following(answers).resume_token
    then()
    while len(changes) < count:
        answer = following(answers)
        resume_token = answer.resume_token
        # Without a kind it is a sign of life that carries a newer token.
        if answer.kind:
            changes.append(answer)
    answers.cancel()
    return resume_token, changes


def following(answers):
    """The next message of a watch, which does not end by itself before its deadline."""
    answer = next(answers, None)
    expect(answer is not None, "the watch ended early")
    return answer


def refused(channel):
    try:
        claims_grpc.ClaimServiceStub(channel).GetClaim(claims.GetClaimRequest(name="claims/nope"), timeout=LOOKUP)
    except grpc.RpcError as error:
        expect(error.code() == grpc.StatusCode.INVALID_ARGUMENT, error)
        info, bad_request = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
        for detail in rpc_status.from_call(error).details:
            # Unpack leaves a message alone that is of another type.
            detail.Unpack(info)
            detail.Unpack(bad_request)
        expect(info.domain == "onrecord.dev" and info.reason == "INVALID_RESOURCE_NAME", info)
        (violation,) = bad_request.field_violations
        print(f"refused: {info.reason}, {violation.field}: {violation.description}")
    else:
        raise SystemExit("a malformed name was not refused")


def expect(holds, what):
    if not holds:
        raise SystemExit(f"not as expected: {what}")


def main():
    # Of its own for each run, so that this can be run again against the same server.
    publisher = f"Python example {uuid.uuid4()}"
    with connect() as channel:
        check_health(channel)
        extract(channel)
        token, changes = watch(channel, publisher, count=1, then=lambda: ingest(channel, publisher))
        print(f"watch: {changes[0].claim.name} was created")
        stream(channel, publisher)
        page(channel, publisher)
        search(channel, publisher)
        # Nothing is missed of what happened between the two watches, and nothing comes twice.
        _, missed = watch(channel, publisher, count=3, resume_token=token)
        expect(changes[0].claim.name not in [change.claim.name for change in missed], missed)
        print(f"resume: {len(missed)} claims had come in the meantime")
        refused(channel)


if __name__ == "__main__":
    main()
