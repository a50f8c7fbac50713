//! An OpenTelemetry collector that keeps what it is sent.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use opentelemetry_proto::tonic::collector::trace::v1::trace_service_server::{
    TraceService, TraceServiceServer,
};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use opentelemetry_proto::tonic::trace::v1::Span;
use tokio::net::TcpListener;
use tonic::transport::server::TcpIncoming;
use tonic::transport::{Identity, Server, ServerTlsConfig};
use tonic::{Request, Response, Status};

#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<ExportTraceServiceRequest>>>);

#[tonic::async_trait]
impl TraceService for Kept {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        let mut kept = self.0.lock().expect("no panic");
        kept.push(request.into_inner());
        Ok(Response::new(ExportTraceServiceResponse::default()))
    }
}

/// A collector that runs in this process.
pub struct Collector {
    pub address: SocketAddr,
    kept: Kept,
}

impl Collector {
    pub async fn start() -> Self {
        Self::serve(Server::builder()).await
    }

    /// One that speaks TLS, with this certificate and its key.
    pub async fn start_with_tls((certificate, key): (String, String)) -> Self {
        let tls = ServerTlsConfig::new().identity(Identity::from_pem(certificate, key));
        Self::serve(Server::builder().tls_config(tls).expect("a certificate")).await
    }

    async fn serve(mut server: Server) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
        let listener = listener.expect("a port");
        let address = listener.local_addr().expect("an address");
        let kept = Kept::default();
        let service = TraceServiceServer::new(kept.clone());
        let serving = server
            .add_service(service)
            .serve_with_incoming(TcpIncoming::from(listener));
        tokio::spawn(serving);
        Self { address, kept }
    }

    /// All spans so far.
    pub fn spans(&self) -> Vec<Span> {
        let kept = self.kept.0.lock().expect("no panic");
        let resources = kept.iter().flat_map(|request| &request.resource_spans);
        let scopes = resources.flat_map(|resource| &resource.scope_spans);
        scopes.flat_map(|scope| scope.spans.clone()).collect()
    }

    /// What the senders say of themselves.
    pub fn services(&self) -> Vec<String> {
        let kept = self.kept.0.lock().expect("no panic");
        let resources = kept.iter().flat_map(|request| &request.resource_spans);
        let attributes = resources
            .filter_map(|resource| resource.resource.as_ref())
            .flat_map(|resource| &resource.attributes);
        let names = attributes.filter(|attribute| attribute.key == "service.name");
        names.map(|name| format!("{:?}", name.value)).collect()
    }
}
