/// An article with a heading, several speakers, a pronoun, a quotation in two pieces, a claim inside a claim, and a
/// source without a name.
pub const NEWS: &str = "\
Harbour bridge to reopen

OSTBRIDGE — “The bridge is safe,” said Ann Lee, the mayor of Ostbridge. “It always was,” she added, “and it will \
stay so.”

Lee said that Marek Dolan had claimed the toll was too high. The Harbour Authority denied that it had raised the \
toll. Mr Tom Pell said he was “deeply worried” about it 😀.

Résidents on Rue de l’Été said the noise was unbearable. Residents said nobody had asked them.
";
