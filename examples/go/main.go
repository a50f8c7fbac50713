// Calls a server of onrecord in the ways that a program needs, and fails where an answer is not as expected.
//
// Environment: ONRECORD_SERVER, http://localhost:50051 unless set, or https://…; ONRECORD_CA, a file with the authority
// that signed the server's certificate, unless the system knows it; ONRECORD_TOKEN, a key or token.
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	health "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"

	onrecord "example.com/news/gen/onrecord/v1"
)

// Every call has a deadline: without one it would wait for ever for a server that hangs.
const (
	lookup   = 5 * time.Second
	reading  = 30 * time.Second
	watching = 60 * time.Second
)

const text = "“The quay is not ready,” said Tomas Rehn, the harbour master."

type client struct {
	articles onrecord.ArticleServiceClient
	claims   onrecord.ClaimServiceClient
	// Of its own for each run, so that this can be run again against the same server.
	publisher string
}

func main() {
	log.SetFlags(0)
	channel, err := connect()
	if err != nil {
		log.Fatal(err)
	}
	defer channel.Close()
	c := client{
		articles:  onrecord.NewArticleServiceClient(channel),
		claims:    onrecord.NewClaimServiceClient(channel),
		publisher: "Go example " + rand.Text(),
	}
	if err := c.run(context.Background(), channel); err != nil {
		log.Fatal(err)
	}
}

func (c client) run(ctx context.Context, channel *grpc.ClientConn) error {
	if err := checkHealth(ctx, health.NewHealthClient(channel)); err != nil {
		return fmt.Errorf("health: %w", err)
	}
	if err := extract(ctx, onrecord.NewExtractionServiceClient(channel)); err != nil {
		return fmt.Errorf("extract: %w", err)
	}
	token, changes, err := c.watch(ctx, "", 1, c.ingest)
	if err != nil {
		return fmt.Errorf("watch: %w", err)
	}
	fmt.Printf("watch: %s was created\n", changes[0].Claim.Name)
	for _, step := range []struct {
		name string
		run  func(context.Context) error
	}{{"stream", c.stream}, {"page", c.page}, {"search", c.search}} {
		if err := step.run(ctx); err != nil {
			return fmt.Errorf("%s: %w", step.name, err)
		}
	}
	// Nothing is missed of what happened between the two watches, and nothing comes twice.
	_, missed, err := c.watch(ctx, token, 3, func(context.Context) error { return nil })
	if err != nil {
		return fmt.Errorf("resume: %w", err)
	}
	for _, change := range missed {
		if change.Claim.Name == changes[0].Claim.Name {
			return fmt.Errorf("resume: %s came twice", change.Claim.Name)
		}
	}
	fmt.Printf("resume: %d claims had come in the meantime\n", len(missed))
	return c.refused(ctx)
}

func checkHealth(ctx context.Context, service health.HealthClient) error {
	ctx, cancel := context.WithTimeout(ctx, lookup)
	defer cancel()
	answer, err := service.Check(ctx, &health.HealthCheckRequest{})
	if err != nil {
		return err
	}
	if answer.Status != health.HealthCheckResponse_SERVING {
		return fmt.Errorf("not as expected: %v", answer)
	}
	fmt.Println("health: serving")
	return nil
}

func extract(ctx context.Context, service onrecord.ExtractionServiceClient) error {
	ctx, cancel := context.WithTimeout(ctx, reading)
	defer cancel()
	// Go indexes strings by bytes, which is what the server counts unless it is asked for another unit.
	answer, err := service.ExtractClaims(ctx, &onrecord.ExtractClaimsRequest{Document: &onrecord.Document{Text: text}})
	if err != nil {
		return err
	}
	if len(answer.Claims) != 1 || answer.Claims[0].ActorDisplayName != "Tomas Rehn" {
		return fmt.Errorf("not as expected: %v", answer.Claims)
	}
	claim := answer.Claims[0]
	if span := claim.Content.Spans[0]; text[span.Start:span.End] != claim.Content.Text {
		return fmt.Errorf("not as expected: %v", span)
	}
	fmt.Printf("extract: %s: %s\n", claim.ActorDisplayName, claim.Content.Text)
	return nil
}

func (c client) ingest(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, reading)
	defer cancel()
	request := &onrecord.IngestArticleRequest{Document: &onrecord.Document{Text: text, Publisher: c.publisher}}
	first, err := c.articles.IngestArticle(ctx, request)
	if err != nil {
		return err
	}
	// Sent again, after a timeout or a crash, a document is not stored twice.
	again, err := c.articles.IngestArticle(ctx, request)
	if err != nil {
		return err
	}
	if !first.Created || again.Created || first.Article.Name != again.Article.Name {
		return fmt.Errorf("not as expected: %v", again)
	}
	fmt.Printf("ingest: %s, claims: %d\n", first.Article.Name, first.Article.ClaimCount)
	return nil
}

func (c client) stream(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, reading)
	defer cancel()
	stream, err := c.articles.StreamIngestArticles(ctx)
	if err != nil {
		return err
	}
	// Documents are sent while answers are read: the server takes no more of them than it can work on.
	go func() {
		for id, text := range map[string]string{
			"ferry":  "Vera Lindqvist said fares would stay as they were.",
			"empty":  "",
			"bridge": "Ann Lee said the bridge was safe. She denied that it was old.",
		} {
			document := &onrecord.Document{Text: text, Publisher: c.publisher}
			request := &onrecord.IngestArticleRequest{Document: document}
			// If the stream breaks, Recv returns the reason.
			if stream.Send(&onrecord.StreamIngestArticlesRequest{Id: id, Request: request}) != nil {
				return
			}
		}
		stream.CloseSend()
	}()
	stored, refused := map[string]bool{}, map[string]bool{}
	for {
		answer, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return err
		}
		// A document that fails, fails alone. The error has the same details as that of a call.
		if answer.GetError() != nil {
			refused[answer.Id] = true
		} else {
			stored[answer.Id] = true
		}
	}
	if len(stored) != 2 || len(refused) != 1 || !refused["empty"] {
		return fmt.Errorf("not as expected: stored %v, refused %v", stored, refused)
	}
	fmt.Printf("stream: %d stored, %d refused\n", len(stored), len(refused))
	return nil
}

func (c client) page(ctx context.Context) error {
	request := &onrecord.ListClaimsRequest{Filter: &onrecord.ClaimFilter{Publisher: c.publisher}, PageSize: 2}
	found, pages := 0, 0
	for {
		answer, err := c.list(ctx, request)
		if err != nil {
			return err
		}
		found += len(answer.Claims)
		pages++
		// A page may be short, even empty, with another one after it: only an empty token is the end.
		if answer.NextPageToken == "" {
			break
		}
		request.PageToken = answer.NextPageToken
	}
	if found != 4 {
		return fmt.Errorf("not as expected: %d claims", found)
	}
	fmt.Printf("page: %d claims in %d pages\n", found, pages)
	return nil
}

func (c client) list(ctx context.Context, request *onrecord.ListClaimsRequest) (*onrecord.ListClaimsResponse, error) {
	ctx, cancel := context.WithTimeout(ctx, lookup)
	defer cancel()
	return c.claims.ListClaims(ctx, request)
}

func (c client) search(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, lookup)
	defer cancel()
	answer, err := c.claims.SearchClaims(ctx, &onrecord.SearchClaimsRequest{
		Query:  "fares OR ferries",
		Filter: &onrecord.ClaimFilter{Publisher: c.publisher},
	})
	if err != nil {
		return err
	}
	if len(answer.Hits) != 1 || answer.Hits[0].Highlights[0].Text != "fares" {
		return fmt.Errorf("not as expected: %v", answer.Hits)
	}
	claim := answer.Hits[0].Claim
	fmt.Printf("search: %s: %s\n", claim.ActorDisplayName, claim.Content.Text)
	return nil
}

// watch returns the last token and the changes, once there are so many. It calls then as soon as the watch has begun.
func (c client) watch(
	ctx context.Context, token string, count int, then func(context.Context) error,
) (string, []*onrecord.WatchClaimsResponse, error) {
	watch, cancel := context.WithTimeout(ctx, watching)
	defer cancel()
	answers, err := c.claims.WatchClaims(watch, &onrecord.WatchClaimsRequest{
		Filter:      &onrecord.ClaimFilter{Publisher: c.publisher},
		ResumeToken: token,
	})
	if err != nil {
		return "", nil, err
	}
	// The first message holds only a token. All that is stored after it is reported.
	answer, err := answers.Recv()
	if err != nil {
		return "", nil, err
	}
	if err := then(ctx); err != nil {
		return "", nil, err
	}
	var changes []*onrecord.WatchClaimsResponse
	for len(changes) < count {
		if answer, err = answers.Recv(); err != nil {
			return "", nil, err
		}
		// Without a kind it is a sign of life that carries a newer token.
		if answer.Kind != onrecord.ClaimChangeKind_CLAIM_CHANGE_KIND_UNSPECIFIED {
			changes = append(changes, answer)
		}
	}
	return answer.ResumeToken, changes, nil
}

func (c client) refused(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, lookup)
	defer cancel()
	_, err := c.claims.GetClaim(ctx, &onrecord.GetClaimRequest{Name: "claims/nope"})
	if status.Code(err) != codes.InvalidArgument {
		return fmt.Errorf("a malformed name was not refused: %w", err)
	}
	var info *errdetails.ErrorInfo
	var badRequest *errdetails.BadRequest
	for _, detail := range status.Convert(err).Details() {
		switch detail := detail.(type) {
		case *errdetails.ErrorInfo:
			info = detail
		case *errdetails.BadRequest:
			badRequest = detail
		}
	}
	if info.GetReason() != "INVALID_RESOURCE_NAME" || len(badRequest.GetFieldViolations()) != 1 {
		return fmt.Errorf("not as expected: %v, %v", info, badRequest)
	}
	violation := badRequest.FieldViolations[0]
	fmt.Printf("refused: %s, %s: %s\n", info.Reason, violation.Field, violation.Description)
	return nil
}
