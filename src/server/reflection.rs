use super::error::ServerError;
use crate::proto::FILE_DESCRIPTOR_SET;

type Reflection<V1, V1Alpha> = (V1, V1Alpha);

/// The reflection services, in the current version and in the one that older tools use.
pub(super) fn reflection() -> Result<
    Reflection<
        tonic_reflection::server::v1::ServerReflectionServer<
            impl tonic_reflection::server::v1::ServerReflection,
        >,
        tonic_reflection::server::v1alpha::ServerReflectionServer<
            impl tonic_reflection::server::v1alpha::ServerReflection,
        >,
    >,
    ServerError,
> {
    let builder = || {
        tonic_reflection::server::Builder::configure()
            .register_encoded_file_descriptor_set(FILE_DESCRIPTOR_SET)
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
            // The types of error details, so that tools can display them.
            .register_encoded_file_descriptor_set(tonic_types::pb::FILE_DESCRIPTOR_SET)
    };
    let v1 = builder().build_v1().map_err(ServerError::Reflection)?;
    let v1alpha = builder().build_v1alpha().map_err(ServerError::Reflection)?;
    Ok((v1, v1alpha))
}
