use std::collections::BTreeSet;
use std::sync::LazyLock;

use prost::Message;
use prost_types::{FileDescriptorProto, FileDescriptorSet, MethodDescriptorProto};

use crate::proto::FILE_DESCRIPTOR_SET;

/// Stands for all methods that there are not, so that callers cannot make up metrics.
const UNKNOWN: &str = "unknown";

/// The methods of all services of the server, as `package.Service/Method`.
static METHODS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let files = [
        FILE_DESCRIPTOR_SET,
        tonic_health::pb::FILE_DESCRIPTOR_SET,
        tonic_reflection::pb::v1::FILE_DESCRIPTOR_SET,
        tonic_reflection::pb::v1alpha::FILE_DESCRIPTOR_SET,
    ];
    let files = files.into_iter().flat_map(|files| {
        // They were compiled into the program; reflection has refused to start if they are no descriptors.
        FileDescriptorSet::decode(files).unwrap_or_default().file
    });
    files.flat_map(|file| methods(&file)).collect()
});

fn methods(file: &FileDescriptorProto) -> Vec<String> {
    let services = file.service.iter().flat_map(|service| {
        let names = service.method.iter().map(MethodDescriptorProto::name);
        names.map(|method| format!("{}.{}/{method}", file.package(), service.name()))
    });
    services.collect()
}

/// The method that a path asks for; one and the same for all paths that ask for none.
pub(super) fn named(path: &str) -> &'static str {
    let method = METHODS.get(path.trim_start_matches('/'));
    method.map_or(UNKNOWN, String::as_str)
}

/// Whether it is a method of gRPC's own services, health and reflection, which tools call all the time.
pub(super) fn is_of_protocol(method: &str) -> bool {
    method.starts_with("grpc.")
}

#[cfg(test)]
mod tests {
    use super::{METHODS, named};

    #[test]
    fn methods_are_those_of_the_schema_and_all_others_are_one() {
        for method in [
            "onrecord.v1.ClaimService/GetClaim",
            "grpc.health.v1.Health/Check",
            "grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
        ] {
            assert_eq!(named(&format!("/{method}")), method);
        }
        for path in ["", "/", "/onrecord.v1.ClaimService/Guess", "/x"] {
            assert_eq!(named(path), "unknown");
        }
        assert!(METHODS.len() > 25, "{METHODS:?}");
    }
}
