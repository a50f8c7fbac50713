/// The condition that an operation reads the article `a`. $1 to $8 are the publishers, the languages, the first and the
/// last time, the state, whether only outdated articles are read, and the engine's name and version.
macro_rules! selected {
    () => {
        "(cardinality($1::text[]) = 0 OR a.publisher = ANY($1)) \
         AND (cardinality($2::text[]) = 0 OR a.language_code = ANY($2)) \
         AND ($3::timestamptz IS NULL OR a.sort_time >= $3) \
         AND ($4::timestamptz IS NULL OR a.sort_time < $4) \
         AND ($5::text IS NULL OR a.state = $5) \
         AND (NOT $6::bool OR (a.engine_name, a.engine_version) IS DISTINCT FROM ($7::text, $8::text))"
    };
}

pub(super) use selected;
