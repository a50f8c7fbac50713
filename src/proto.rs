//! The messages and clients generated from `proto/onrecord/v1`, documented there field by field.
#![allow(
    missing_docs,
    clippy::pedantic,
    clippy::large_enum_variant,
    clippy::allow_attributes_without_reason,
    reason = "generated code"
)]

// As deep as the packages, since generated code names other packages by their place.
#[doc(hidden)]
pub mod onrecord {
    pub mod v1 {
        tonic::include_proto!("onrecord.v1");
    }
}

#[doc(hidden)]
#[allow(
    rustdoc::broken_intra_doc_links,
    reason = "Google's comments link to names of the schema"
)]
pub mod google {
    pub mod longrunning {
        tonic::include_proto!("google.longrunning");
    }
}

pub use google::longrunning;
pub use onrecord::v1::*;

/// The compiled schema: a serialized `google.protobuf.FileDescriptorSet`.
pub const FILE_DESCRIPTOR_SET: &[u8] = tonic::include_file_descriptor_set!("onrecord");

/// The key of a call's metadata that says where its answer is read: `primary` for one that must hold what was written
/// before the call. Otherwise a replica may answer, which is behind by some moments.
pub const READ_FROM: &str = "onrecord-read-from";
/// The value that asks for the primary database.
pub const PRIMARY: &str = "primary";
