package main

import (
	"context"
	"crypto/x509"
	"errors"
	"net/url"
	"os"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
)

// gRPC refuses answers above 4 MiB unless told otherwise; the claims of a text of 1 MiB take 6 MB.
const maxAnswerBytes = 16 << 20

func connect() (*grpc.ClientConn, error) {
	address := os.Getenv("ONRECORD_SERVER")
	if address == "" {
		address = "http://localhost:50051"
	}
	server, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	transport := insecure.NewCredentials()
	if server.Scheme == "https" {
		if transport, err = tlsCredentials(); err != nil {
			return nil, err
		}
	}
	options := []grpc.DialOption{
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(maxAnswerBytes)),
		grpc.WithTransportCredentials(transport),
	}
	if value := os.Getenv("ONRECORD_TOKEN"); value != "" {
		options = append(options, grpc.WithPerRPCCredentials(token(value)))
	}
	return grpc.NewClient(server.Host, options...)
}

func tlsCredentials() (credentials.TransportCredentials, error) {
	file := os.Getenv("ONRECORD_CA")
	if file == "" {
		return credentials.NewClientTLSFromCert(nil, ""), nil
	}
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	authorities := x509.NewCertPool()
	if !authorities.AppendCertsFromPEM(pem) {
		return nil, errors.New(file + " holds no certificate")
	}
	return credentials.NewClientTLSFromCert(authorities, ""), nil
}

// token is sent with every call, and only over TLS.
type token string

func (t token) GetRequestMetadata(context.Context, ...string) (map[string]string, error) {
	return map[string]string{"authorization": "Bearer " + string(t)}, nil
}

func (token) RequireTransportSecurity() bool {
	return true
}
