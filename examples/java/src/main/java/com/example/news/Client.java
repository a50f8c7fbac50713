package com.example.news;

import static java.util.concurrent.TimeUnit.SECONDS;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import dev.onrecord.v1.ArticleServiceGrpc;
import dev.onrecord.v1.Claim;
import dev.onrecord.v1.ClaimChangeKind;
import dev.onrecord.v1.ClaimFilter;
import dev.onrecord.v1.ClaimServiceGrpc;
import dev.onrecord.v1.Document;
import dev.onrecord.v1.EncodingType;
import dev.onrecord.v1.ExtractClaimsRequest;
import dev.onrecord.v1.ExtractClaimsResponse;
import dev.onrecord.v1.ExtractionServiceGrpc;
import dev.onrecord.v1.GetClaimRequest;
import dev.onrecord.v1.IngestArticleRequest;
import dev.onrecord.v1.IngestArticleResponse;
import dev.onrecord.v1.ListClaimsRequest;
import dev.onrecord.v1.ListClaimsResponse;
import dev.onrecord.v1.SearchClaimsRequest;
import dev.onrecord.v1.SearchClaimsResponse;
import dev.onrecord.v1.Span;
import dev.onrecord.v1.StreamIngestArticlesRequest;
import dev.onrecord.v1.StreamIngestArticlesResponse;
import dev.onrecord.v1.WatchClaimsRequest;
import dev.onrecord.v1.WatchClaimsResponse;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.BlockingClientCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Calls a server of onrecord in the ways that a program needs, and fails where an answer is not as expected.
 *
 * <p>Environment: ONRECORD_SERVER, http://localhost:50051 unless set, or https://…; ONRECORD_CA, a file with the
 * authority that signed the server's certificate, unless the system knows it; ONRECORD_TOKEN, a key or token.
 */
public final class Client {
    // Every call has a deadline, in seconds: without one it would wait for ever for a server that hangs.
    private static final int LOOKUP = 5;
    private static final int READING = 30;
    private static final int WATCHING = 60;

    // Java indexes strings by UTF-16 code units.
    private static final EncodingType UNIT = EncodingType.ENCODING_TYPE_UTF16;

    private static final String TEXT = "“The quay is not ready,” said Tomas Rehn, the harbour master.";

    private final ManagedChannel channel;

    // Of its own for each run, so that this can be run again against the same server.
    private final String publisher = "Java example " + UUID.randomUUID();

    private Client(ManagedChannel channel) {
        this.channel = channel;
    }

    public static void main(String[] arguments) throws Exception {
        ManagedChannel channel = Connection.open();
        try {
            new Client(channel).run();
        } finally {
            channel.shutdownNow().awaitTermination(LOOKUP, SECONDS);
        }
    }

    private void run() throws Exception {
        checkHealth();
        extract();
        Watched first = watch(1, "", this::ingest);
        Claim claim = first.changes.get(0).getClaim();
        System.out.println("watch: " + claim.getName() + " was created");
        stream();
        page();
        search();
        // Nothing is missed of what happened between the two watches, and nothing comes twice.
        Watched missed = watch(3, first.resumeToken, () -> {});
        for (WatchClaimsResponse change : missed.changes) {
            expect(!change.getClaim().getName().equals(claim.getName()), change);
        }
        System.out.println("resume: " + missed.changes.size() + " claims had come in the meantime");
        refused();
    }

    private void checkHealth() throws StatusException {
        HealthCheckResponse answer = HealthGrpc.newBlockingV2Stub(channel)
                .withDeadlineAfter(LOOKUP, SECONDS)
                .check(HealthCheckRequest.getDefaultInstance());
        expect(answer.getStatus() == HealthCheckResponse.ServingStatus.SERVING, answer);
        System.out.println("health: serving");
    }

    private void extract() throws StatusException {
        ExtractClaimsResponse answer = ExtractionServiceGrpc.newBlockingV2Stub(channel)
                .withDeadlineAfter(READING, SECONDS)
                .extractClaims(ExtractClaimsRequest.newBuilder()
                        .setDocument(Document.newBuilder().setText(TEXT))
                        .setEncodingType(UNIT)
                        .build());
        expect(answer.getClaimsCount() == 1, answer);
        Claim claim = answer.getClaims(0);
        expect(claim.getActorDisplayName().equals("Tomas Rehn"), claim);
        Span span = claim.getContent().getSpans(0);
        expect(TEXT.substring(span.getStart(), span.getEnd()).equals(claim.getContent().getText()), span);
        System.out.println("extract: " + said(claim));
    }

    private void ingest() throws StatusException {
        IngestArticleRequest request = ingestRequest(TEXT);
        IngestArticleResponse first = articles(READING).ingestArticle(request);
        // Sent again, after a timeout or a crash, a document is not stored twice.
        IngestArticleResponse again = articles(READING).ingestArticle(request);
        expect(first.getCreated() && !again.getCreated(), again);
        expect(first.getArticle().getName().equals(again.getArticle().getName()), again);
        System.out.println(
                "ingest: " + first.getArticle().getName() + ", claims: " + first.getArticle().getClaimCount());
    }

    private void stream() throws Exception {
        Map<String, String> texts = Map.of(
                "ferry", "Vera Lindqvist said fares would stay as they were.",
                "empty", "",
                "bridge", "Ann Lee said the bridge was safe. She denied that it was old.");
        BlockingClientCall<StreamIngestArticlesRequest, StreamIngestArticlesResponse> call =
                articles(READING).streamIngestArticles();
        // Documents are sent while answers are read: the server takes no more of them than it can work on.
        Thread sender = new Thread(() -> send(texts, call));
        sender.start();
        Set<String> stored = new TreeSet<>();
        Set<String> refused = new TreeSet<>();
        for (StreamIngestArticlesResponse answer = call.read(); answer != null; answer = call.read()) {
            // A document that fails, fails alone. The error has the same details as that of a call.
            (answer.hasError() ? refused : stored).add(answer.getId());
        }
        sender.join();
        expect(stored.equals(Set.of("bridge", "ferry")) && refused.equals(Set.of("empty")), stored);
        System.out.println("stream: " + stored.size() + " stored, " + refused.size() + " refused");
    }

    private void send(
            Map<String, String> texts,
            BlockingClientCall<StreamIngestArticlesRequest, StreamIngestArticlesResponse> call) {
        try {
            for (Map.Entry<String, String> text : texts.entrySet()) {
                call.write(StreamIngestArticlesRequest.newBuilder()
                        .setId(text.getKey())
                        .setRequest(ingestRequest(text.getValue()))
                        .build());
            }
            call.halfClose();
        } catch (StatusException | InterruptedException e) {
            // The reader gets the same error.
            call.cancel("sending failed", e);
        }
    }

    private void page() throws StatusException {
        ListClaimsRequest.Builder request = ListClaimsRequest.newBuilder()
                .setFilter(filter())
                .setPageSize(2)
                .setEncodingType(UNIT);
        int found = 0;
        int pages = 0;
        // A page may be short, even empty, with another one after it: only an empty token is the end.
        do {
            ListClaimsResponse answer = claims(LOOKUP).listClaims(request.build());
            found += answer.getClaimsCount();
            pages++;
            request.setPageToken(answer.getNextPageToken());
        } while (!request.getPageToken().isEmpty());
        expect(found == 4, found);
        System.out.println("page: " + found + " claims in " + pages + " pages");
    }

    private void search() throws StatusException {
        SearchClaimsResponse answer = claims(LOOKUP).searchClaims(SearchClaimsRequest.newBuilder()
                .setQuery("fares OR ferries")
                .setFilter(filter())
                .setEncodingType(UNIT)
                .build());
        expect(answer.getHitsCount() == 1, answer);
        expect(answer.getHits(0).getHighlights(0).getText().equals("fares"), answer);
        System.out.println("search: " + said(answer.getHits(0).getClaim()));
    }

    private record Watched(String resumeToken, List<WatchClaimsResponse> changes) {}

    private interface Step {
        void run() throws StatusException;
    }

    /** Watches until there are so many changes. Runs {@code then} as soon as the watch has begun. */
    private Watched watch(int count, String resumeToken, Step then) throws Exception {
        BlockingClientCall<?, WatchClaimsResponse> call = claims(WATCHING)
                .watchClaims(WatchClaimsRequest.newBuilder()
                        .setFilter(filter())
                        .setResumeToken(resumeToken)
                        .setEncodingType(UNIT)
                        .build());
        try {
            // The first message holds only a token. All that is stored after it is reported.
            WatchClaimsResponse answer = next(call);
            then.run();
            List<WatchClaimsResponse> changes = new ArrayList<>();
            while (changes.size() < count) {
                answer = next(call);
                // Without a kind it is a sign of life that carries a newer token.
                if (answer.getKind() != ClaimChangeKind.CLAIM_CHANGE_KIND_UNSPECIFIED) {
                    changes.add(answer);
                }
            }
            return new Watched(answer.getResumeToken(), changes);
        } finally {
            call.cancel("enough", null);
        }
    }

    /** Reads a message of a watch, which does not end by itself before its deadline. */
    private static WatchClaimsResponse next(BlockingClientCall<?, WatchClaimsResponse> call) throws Exception {
        WatchClaimsResponse answer = call.read();
        if (answer == null) {
            throw new IllegalStateException("the watch ended early");
        }
        return answer;
    }

    private void refused() throws InvalidProtocolBufferException {
        try {
            claims(LOOKUP).getClaim(GetClaimRequest.newBuilder().setName("claims/nope").build());
        } catch (StatusException error) {
            expect(error.getStatus().getCode() == Status.Code.INVALID_ARGUMENT, error);
            ErrorInfo info = ErrorInfo.getDefaultInstance();
            BadRequest badRequest = BadRequest.getDefaultInstance();
            for (Any detail : StatusProto.fromThrowable(error).getDetailsList()) {
                if (detail.is(ErrorInfo.class)) {
                    info = detail.unpack(ErrorInfo.class);
                } else if (detail.is(BadRequest.class)) {
                    badRequest = detail.unpack(BadRequest.class);
                }
            }
            expect(info.getReason().equals("INVALID_RESOURCE_NAME"), info);
            expect(badRequest.getFieldViolationsCount() == 1, badRequest);
            BadRequest.FieldViolation violation = badRequest.getFieldViolations(0);
            System.out.println(
                    "refused: " + info.getReason() + ", " + violation.getField() + ": " + violation.getDescription());
            return;
        }
        throw new IllegalStateException("a malformed name was not refused");
    }

    private ArticleServiceGrpc.ArticleServiceBlockingV2Stub articles(int deadline) {
        return ArticleServiceGrpc.newBlockingV2Stub(channel).withDeadlineAfter(deadline, SECONDS);
    }

    private ClaimServiceGrpc.ClaimServiceBlockingV2Stub claims(int deadline) {
        return ClaimServiceGrpc.newBlockingV2Stub(channel).withDeadlineAfter(deadline, SECONDS);
    }

    private IngestArticleRequest ingestRequest(String text) {
        return IngestArticleRequest.newBuilder()
                .setDocument(Document.newBuilder().setText(text).setPublisher(publisher))
                .build();
    }

    private ClaimFilter filter() {
        return ClaimFilter.newBuilder().setPublisher(publisher).build();
    }

    private static String said(Claim claim) {
        return claim.getActorDisplayName() + ": " + claim.getContent().getText();
    }

    private static void expect(boolean holds, Object what) {
        if (!holds) {
            throw new IllegalStateException("not as expected: " + what);
        }
    }
}
