//! What a caller should know if an extraction is not what it might expect.

use crate::domain::{Diagnostic, DiagnosticCode, Document};
use crate::text::{Closing, Layout};

use super::language::looks_english;

/// The diagnostics of a document, those about the whole first, then in text order.
pub(super) fn diagnostics(document: &Document, layout: &Layout<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if let Some(language) = document
        .language_code
        .as_deref()
        .filter(|language| !is_english(language))
    {
        found.push(Diagnostic {
            code: DiagnosticCode::UnsupportedLanguage,
            message: format!(
                "The document is marked as \"{language}\"; the engine reads English only."
            ),
            span: None,
        });
    } else if !looks_english(&document.text) {
        found.push(Diagnostic {
            code: DiagnosticCode::UnsupportedLanguage,
            message: "The text does not look like English; the engine reads English only."
                .to_owned(),
            span: None,
        });
    }
    if !document.text.contains(char::is_alphabetic) {
        found.push(Diagnostic {
            code: DiagnosticCode::NoText,
            message: "The text holds no letter.".to_owned(),
            span: None,
        });
    }
    found.extend(
        layout
            .quotations
            .iter()
            .filter(|quotation| quotation.closing == Closing::Missing)
            .map(|quotation| Diagnostic {
                code: DiagnosticCode::UnclosedQuotation,
                message: "A quotation mark opens here and nothing closes it.".to_owned(),
                span: Some(quotation.span),
            }),
    );
    found
}

fn is_english(language: &str) -> bool {
    let primary = language.split(['-', '_']).next().unwrap_or_default();
    primary.is_empty() || primary.eq_ignore_ascii_case("en")
}

#[cfg(test)]
mod tests {
    use super::diagnostics;
    use crate::domain::{DiagnosticCode, Document};
    use crate::text::Layout;

    #[test]
    fn only_what_is_unusual_is_told() {
        let check = |text: &str, language: Option<&str>, expect: &[DiagnosticCode]| {
            let document = Document {
                text: text.to_owned(),
                language_code: language.map(str::to_owned),
                ..Document::default()
            };
            let found = diagnostics(&document, &Layout::new(text, None));
            let codes: Vec<DiagnosticCode> =
                found.iter().map(|diagnostic| diagnostic.code).collect();
            assert_eq!(codes, expect, "{text:?} {language:?}");
        };
        check("“Yes,” she said.", Some("en-GB"), &[]);
        check(
            "“Oui”, dit-elle.",
            Some("fr"),
            &[DiagnosticCode::UnsupportedLanguage],
        );
        check(
            "Le maire a dit lundi que le pont serait fermé pour une semaine entière.",
            Some("en"),
            &[DiagnosticCode::UnsupportedLanguage],
        );
        check("", None, &[DiagnosticCode::NoText]);
        check("1 + 1", Some("EN"), &[DiagnosticCode::NoText]);
        check("She said “yes.", None, &[DiagnosticCode::UnclosedQuotation]);
    }
}
