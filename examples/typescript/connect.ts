import { readFileSync } from "node:fs";
import type { Interceptor, Transport } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";

// The claims of a text of 1 MiB take 6 MB. Connect accepts 4 GiB unless told otherwise; other clients of gRPC 4 MiB.
const maxAnswerBytes = 16 << 20;

export function connect(): Transport {
  const { ONRECORD_SERVER, ONRECORD_CA, ONRECORD_TOKEN } = process.env;
  const baseUrl = ONRECORD_SERVER ?? "http://localhost:50051";
  if (ONRECORD_TOKEN && !baseUrl.startsWith("https:")) {
    throw new Error("a token is only sent over TLS");
  }
  const authorize: Interceptor = (next) => (request) => {
    if (ONRECORD_TOKEN) {
      request.header.set("authorization", `Bearer ${ONRECORD_TOKEN}`);
    }
    return next(request);
  };
  return createGrpcTransport({
    baseUrl,
    nodeOptions: ONRECORD_CA ? { ca: readFileSync(ONRECORD_CA) } : {},
    interceptors: [authorize],
    readMaxBytes: maxAnswerBytes,
  });
}
