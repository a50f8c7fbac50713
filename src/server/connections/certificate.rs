//! The name that a client certificate gives.

use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::parse_x509_certificate;

/// Returns the name in a verified certificate: the first URI among its alternative names, else DNS name, else e-mail
/// address, else the subject's common name.
pub(super) fn name(der: &[u8]) -> Option<String> {
    let (_, certificate) = parse_x509_certificate(der).ok()?;
    alternative(&certificate).or_else(|| {
        let common = certificate.subject().iter_common_name().next()?;
        common.as_str().ok().map(str::to_owned)
    })
}

fn alternative(certificate: &X509Certificate<'_>) -> Option<String> {
    let extension = certificate.subject_alternative_name().ok()??;
    let names = &extension.value.general_names;
    let first = |pick: fn(&GeneralName<'_>) -> Option<String>| names.iter().find_map(pick);
    first(|name| match name {
        GeneralName::URI(uri) => Some((*uri).to_owned()),
        _ => None,
    })
    .or_else(|| {
        first(|name| match name {
            GeneralName::DNSName(dns) => Some((*dns).to_owned()),
            _ => None,
        })
    })
    .or_else(|| {
        first(|name| match name {
            GeneralName::RFC822Name(mail) => Some((*mail).to_owned()),
            _ => None,
        })
    })
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, DnType, KeyPair, SanType};

    use super::name;

    fn named(common: &str, alternatives: &[SanType]) -> Option<String> {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, common);
        params.subject_alt_names = alternatives.to_vec();
        let key = KeyPair::generate().unwrap();
        name(params.self_signed(&key).unwrap().der())
    }

    #[test]
    fn the_most_specific_name_counts() {
        let uri = SanType::URI("spiffe://news/archive".try_into().unwrap());
        let dns = SanType::DnsName("archive.news.example".try_into().unwrap());
        let mail = SanType::Rfc822Name("archive@news.example".try_into().unwrap());
        let check = |alternatives: &[SanType], expect: &str| {
            assert_eq!(named("archive desk", alternatives).as_deref(), Some(expect));
        };
        check(&[mail.clone(), dns.clone(), uri], "spiffe://news/archive");
        check(&[mail.clone(), dns], "archive.news.example");
        check(&[mail], "archive@news.example");
        check(&[], "archive desk");
        assert_eq!(name(b"no certificate"), None);
    }
}
