//! Words that refer to the actors.

use crate::domain::{Mention, MentionForm, Span};
use crate::text::Layout;

use super::actors::Cast;
use super::attributor::BareAttribution;
use super::sources::form;

/// How likely a full name, a pronoun and an abstention are right.
const NAME_CONFIDENCE: f32 = 0.95;
const PRONOUN_CONFIDENCE: f32 = 0.7;
const NO_CONFIDENCE: f32 = 0.0;

/// The actors' names and the sources that are pronouns or nominals, in text order.
pub(super) fn mentions(
    layout: &Layout<'_>,
    attributions: &[BareAttribution],
    cast: &Cast,
) -> Vec<Mention> {
    let mut mentions: Vec<Mention> = cast
        .named()
        .iter()
        .map(|(span, actor)| Mention {
            span: *span,
            form: MentionForm::Name,
            actor: Some(*actor),
            confidence: NAME_CONFIDENCE,
        })
        .collect();
    for (index, attribution) in attributions.iter().enumerate() {
        mentions.extend(
            attribution
                .source
                .first()
                .and_then(|span| source(layout, *span, cast.actor_of(index))),
        );
    }
    mentions.sort_by_key(|mention| mention.span);
    mentions.dedup_by_key(|mention| mention.span);
    mentions
}

/// The mention that a source without a name of its own makes.
fn source(layout: &Layout<'_>, span: Span, actor: Option<usize>) -> Option<Mention> {
    let form = form(span.slice(layout.text));
    let actor = actor.filter(|_| form == MentionForm::Pronoun);
    let confidence = if actor.is_some() {
        PRONOUN_CONFIDENCE
    } else {
        NO_CONFIDENCE
    };
    (form != MentionForm::Name).then_some(Mention {
        span,
        form,
        actor,
        confidence,
    })
}

#[cfg(test)]
mod tests {
    use crate::domain::Document;
    use crate::extract::{EngineKind, Options, extract};

    #[test]
    fn names_pronouns_and_nominals_are_mentions() {
        let text = "Ann Lee said it rained. She said it snowed. The mayor said it froze.";
        let read = extract(
            &Document {
                text: text.to_owned(),
                ..Document::default()
            },
            &Options {
                engine: EngineKind::Rules,
                ..Options::default()
            },
        );
        let found: Vec<(&str, String, Option<usize>)> = read
            .mentions
            .iter()
            .map(|mention| {
                (
                    mention.span.slice(text),
                    mention.form.to_string(),
                    mention.actor,
                )
            })
            .collect();
        assert_eq!(
            found,
            [
                ("Ann Lee", "NAME".to_owned(), Some(0)),
                ("She", "PRONOUN".to_owned(), Some(0)),
                ("The mayor", "NOMINAL".to_owned(), None),
            ]
        );
    }
}
