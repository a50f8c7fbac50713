//! Compiles the protobuf schema with protox, so that no `protoc` has to be installed.

use std::path::{Path, PathBuf};
use std::{env, fs};

use tonic_prost_build::Config;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> Result<()> {
    println!("cargo:rerun-if-changed=proto");
    println!("cargo:rerun-if-changed=third_party");
    println!("cargo:rerun-if-changed=migrations");
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?);

    let mut compiler = protox::Compiler::new(["proto", "third_party/googleapis"])?;
    compiler
        .include_imports(true)
        .include_source_info(true)
        .open_files(schema_files()?)?;
    let descriptors = compiler.file_descriptor_set();
    // As bytes, because the messages of prost-types would lose the options that extend descriptors, such as
    // `google.api.field_behavior`.
    fs::write(
        out.join("onrecord.bin"),
        compiler.encode_file_descriptor_set(),
    )?;

    // Messages and client with tonic's codec.
    tonic_prost_build::configure()
        .build_server(false)
        // Sorted, so that equal messages have equal bytes.
        .btree_map(".onrecord.v1.Actor.external_ids")
        .extern_path(".google.rpc", "::tonic_types")
        .compile_fds_with_config(descriptors.clone(), named_messages())?;

    // The server apart, with a codec of our own that answers undecodable requests as the caller's mistake.
    let server = out.join("server");
    fs::create_dir_all(&server)?;
    tonic_prost_build::configure()
        .build_client(false)
        .codec_path("crate::api::wire::codec::RequestCodec")
        .extern_path(".onrecord.v1", "crate::proto")
        .extern_path(".google.longrunning", "crate::proto::longrunning")
        .extern_path(".google.rpc", "::tonic_types")
        .out_dir(server)
        .compile_fds(descriptors)?;
    Ok(())
}

/// Messages know their names, by which they are packed into a `google.protobuf.Any`.
fn named_messages() -> Config {
    let mut config = Config::new();
    config
        .enable_type_names()
        .type_name_domain(["."], "type.googleapis.com");
    config
}

fn schema_files() -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(Path::new("proto/onrecord/v1"))? {
        let path = entry?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "proto")
        {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
