use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Which services are serving: what `grpc.health.v1` reports, for those who ask otherwise. Clones are the same.
#[derive(Debug, Clone, Default)]
pub(super) struct Readiness(Arc<Mutex<BTreeMap<&'static str, bool>>>);

/// The name of the server as a whole, which `grpc.health.v1` calls "".
const SERVER: &str = "server";

impl Readiness {
    /// Notes whether a service is serving.
    pub(super) fn set(&self, service: &'static str, serves: bool) {
        let service = if service.is_empty() { SERVER } else { service };
        metrics::gauge!("onrecord_serving", "service" => service).set(u8::from(serves));
        let mut services = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        services.insert(service, serves);
    }

    /// Whether everything is serving that the server was set up for, and each service's status in gRPC's words.
    pub(super) fn report(&self) -> (bool, BTreeMap<&'static str, &'static str>) {
        let services = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let ready = services.get(SERVER) == Some(&true);
        let word = |serves: &bool| if *serves { "SERVING" } else { "NOT_SERVING" };
        let statuses = services
            .iter()
            .map(|(service, serves)| (*service, word(serves)));
        (ready, statuses.collect())
    }
}
