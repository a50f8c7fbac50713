use clap::Args;
use http::Uri;
use tonic::transport;

/// The server that a command connects to.
#[derive(Debug, Clone, Args)]
pub(super) struct Target {
    /// The server's address
    #[arg(
        long = "server",
        env = "ONRECORD_SERVER",
        default_value = "http://127.0.0.1:50051",
        value_name = "URL",
        value_parser = url
    )]
    pub url: String,
}

impl Target {
    /// The error for a failed connection: the innermost cause, which is the informative one.
    pub(super) fn unreachable(&self, error: transport::Error) -> anyhow::Error {
        let error = anyhow::Error::from(error);
        anyhow::anyhow!("cannot reach {}: {}", self.url, error.root_cause())
    }
}

/// Parses `http://host:port`, or `host:port` as other tools accept it.
fn url(text: &str) -> Result<String, String> {
    let url = if text.contains("://") {
        text.to_owned()
    } else {
        format!("http://{text}")
    };
    let uri: Uri = url.parse().map_err(|_| complaint())?;
    let plain = uri.scheme_str() == Some("http") && uri.path() == "/";
    if plain { Ok(url) } else { Err(complaint()) }
}

fn complaint() -> String {
    "not an address such as http://127.0.0.1:50051".to_owned()
}

#[cfg(test)]
mod tests {
    use super::url;

    #[test]
    fn an_address_is_taken_with_and_without_its_scheme() {
        let check =
            |text: &str, expect: Option<&str>| assert_eq!(url(text).ok().as_deref(), expect);
        check("http://onrecord:50051", Some("http://onrecord:50051"));
        check("127.0.0.1:50051", Some("http://127.0.0.1:50051"));
        check("[::1]:50051", Some("http://[::1]:50051"));
        check("https://onrecord:50051", None);
        check("http://onrecord/v1", None);
        check("not a url", None);
        check("", None);
    }
}
