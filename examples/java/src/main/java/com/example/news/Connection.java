package com.example.news;

import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.TlsChannelCredentials;
import io.grpc.stub.MetadataUtils;
import java.io.File;
import java.io.IOException;
import java.net.URI;

/** The channel that the environment describes. */
final class Connection {
    // gRPC refuses answers above 4 MiB unless told otherwise; the claims of a text of 1 MiB take 6 MB.
    private static final int MAX_ANSWER_BYTES = 16 << 20;

    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private Connection() {}

    static ManagedChannel open() throws IOException {
        URI server = URI.create(System.getenv().getOrDefault("ONRECORD_SERVER", "http://localhost:50051"));
        boolean tls = server.getScheme().equals("https");
        String token = System.getenv("ONRECORD_TOKEN");
        if (token != null && !tls) {
            throw new IOException("a token is only sent over TLS");
        }
        Metadata headers = new Metadata();
        if (token != null) {
            headers.put(AUTHORIZATION, "Bearer " + token);
        }
        return Grpc.newChannelBuilder(server.getAuthority(), tls ? tlsCredentials() : InsecureChannelCredentials.create())
                .maxInboundMessageSize(MAX_ANSWER_BYTES)
                .intercept(MetadataUtils.newAttachHeadersInterceptor(headers))
                .build();
    }

    private static ChannelCredentials tlsCredentials() throws IOException {
        String authority = System.getenv("ONRECORD_CA");
        return authority == null
                ? TlsChannelCredentials.create()
                : TlsChannelCredentials.newBuilder().trustManager(new File(authority)).build();
    }
}
