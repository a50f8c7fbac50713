//! How Postgres finds fact checks: along indexes.

use crate::lists::plans::{check, many};

const FACT_CHECK: &str = "'00000003-0000-7000-8000-000000000064'";
const FACT_CHECKS: &str = "ARRAY['00000003-0000-7000-8000-000000000064']::uuid[]";
const CLAIM: &str = "'00000002-0000-7000-8000-000000000190'";
const CLAIMS: &str =
    "ARRAY['00000002-0000-7000-8000-000000000190', '00000002-0000-7000-8000-0000000001f4']::uuid[]";
const TIME: &str = "'2020-02-01'";

#[tokio::test]
async fn fact_checks_are_found_along_indexes() {
    let connection = &mut many().await;
    for (name, given) in [
        ("fact_checks::get::GET", vec![(1, FACT_CHECK)]),
        ("fact_checks::get::LIST", vec![(3, "51")]),
        (
            "fact_checks::get::LIST",
            vec![(1, TIME), (2, FACT_CHECK), (3, "51")],
        ),
        ("fact_checks::get::OF_CLAIMS", vec![(3, "51"), (4, CLAIMS)]),
        ("fact_checks::get::MATCHES", vec![(1, FACT_CHECKS)]),
        (
            "fact_checks::get::MATCHES",
            vec![(1, FACT_CHECKS), (2, CLAIMS)],
        ),
        ("fact_checks::put::KNOWN", vec![(1, "sha256('x')")]),
        ("fact_checks::put::DELETE", vec![(1, FACT_CHECK)]),
        (
            "fact_checks::ties::UNTIE",
            vec![(1, FACT_CHECK), (3, "'2'"), (4, "true")],
        ),
        (
            "fact_checks::ties::UNTIE",
            vec![(2, CLAIM), (3, "'2'"), (4, "false")],
        ),
        (
            "fact_checks::ties::TIE",
            vec![
                (1, FACT_CHECKS),
                (2, CLAIMS),
                (3, "'{0.9}'"),
                (4, "'{true}'"),
                (5, "'2'"),
            ],
        ),
        (
            "fact_checks::candidates::FIND",
            vec![(1, "$$'1999'$$"), (2, "$$'1999'$$"), (3, "3000"), (4, "20")],
        ),
    ] {
        check(connection, name, &given).await;
    }
}
