"""Reads the files of a folder as people's tools do, and compares them with each other and with expected.json.

expected.json has the articles' texts, by the article's name or else by its external id, and may have the claims' names.
"""

import json
import sys
from pathlib import Path

import networkx
import pandas
import polars

TIMES = {"create_time", "article_publish_time", "utterance_start_time", "utterance_end_time"}
REALS = {"check_worthiness", "confidence", "actor_confidence"}
INTEGERS = {"factuality"} | {f"{part}_{end}" for part in ("source", "cue", "content") for end in ("start", "end")}
LISTS = {"referenced_times", "about_actors", "addressees", "addressee_actors", "article_authors"}
RANGES = "content_spans"
GAP = " … "


def polars_type(column):
    """The type that a column of Parquet should have."""
    if column in TIMES:
        return polars.Datetime("us", "UTC")
    if column in REALS:
        return polars.Float32
    if column in INTEGERS:
        return polars.Int32
    if column in LISTS:
        return polars.List(polars.String)
    if column == RANGES:
        return polars.List(polars.Struct({"start": polars.Int32, "end": polars.Int32}))
    return polars.String


def check_types(frame, table):
    for column, dtype in frame.schema.items():
        assert dtype == polars_type(column), (column, dtype)
    for column in TIMES:
        assert str(table[column].dtype) == "datetime64[us, UTC]", (column, table[column].dtype)
    for column in REALS:
        assert str(table[column].dtype) == "float32", column
    # pandas has no null among integers of the old kind, unless it is asked for the new one.
    for column in INTEGERS:
        expected = "int32" if table[column].notna().all() else "float64"
        assert str(table[column].dtype) == expected, (column, table[column].dtype)


def check_offsets(frame, texts):
    """Python counts code points, as the files do here."""
    for row in frame.iter_rows(named=True):
        text = texts[row["article"] or row["article_external_id"]]
        spans = [text[span["start"] : span["end"]] for span in row[RANGES]]
        assert GAP.join(spans) == row["content"], row
        assert spans[0] == text[row["content_start"] :][: len(spans[0])], row
        for part in ("source", "cue"):
            start, end = row[f"{part}_start"], row[f"{part}_end"]
            if row[part] is None:
                assert start is None and end is None, row
            elif GAP not in row[part]:
                assert text[start:end] == row[part], row


def check_nulls(frame):
    """What is empty is null, and a list is not null, but may be empty."""
    for column, dtype in frame.schema.items():
        if dtype == polars.String:
            assert (frame[column] != "").all(ignore_nulls=True), column
        if isinstance(dtype, polars.List):
            assert frame[column].null_count() == 0, column
    assert frame["name"].null_count() == 0
    # Some claims are nested in no other.
    assert frame["parent_claim"].null_count() > 0


def check_csv(folder, frame, table):
    """CSV has the same columns and rows, as both tools read it."""
    as_text = polars.read_csv(folder / "claims.csv", infer_schema=False)
    by_pandas = pandas.read_csv(folder / "claims.csv", keep_default_na=False, dtype=str)
    assert as_text.columns == frame.columns == list(by_pandas.columns) == list(table.columns)
    assert len(as_text) == len(frame) == len(by_pandas) == len(table) > 0
    for column in frame.columns:
        if frame.schema[column] == polars.String:
            # A cell that a spreadsheet would calculate has an apostrophe.
            pairs = zip(frame[column], by_pandas[column])
            assert all(cell in (value or "", f"'{value}") for value, cell in pairs), column
    typed = pandas.read_csv(folder / "claims.csv")
    for column in INTEGERS | REALS:
        cells, values = typed[column].astype("float32"), table[column].astype("float32")
        assert cells.equals(values), column
    for column in TIMES:
        cells = pandas.to_datetime(typed[column], utc=True, format="ISO8601")
        assert (cells.isna() == table[column].isna()).all(), column
        assert (cells.dropna() == table[column].dropna()).all(), column


def check_json_lines(path, frame):
    """Every line has all fields, so a frame of them has a column for each."""
    lines = pandas.read_json(path, lines=True)
    assert list(lines["name"]) == frame["name"].to_list()
    flat = pandas.json_normalize(lines.to_dict("records"))
    assert "parentClaim" in flat and "articleSummary.publishTime" in flat, list(flat)
    assert [value or None for value in flat["articleSummary.title"]] == frame["article_title"].to_list()
    by_polars = polars.read_ndjson(path)
    assert by_polars["name"].to_list() == frame["name"].to_list()


def check_network(path):
    graph = networkx.read_graphml(path)
    assert graph.number_of_edges() > 0
    for _, _, edge in graph.edges(data=True):
        assert edge["balance"] == edge["positive"] - edge["negative"], edge
        assert edge["sign"] == (edge["balance"] > 0) - (edge["balance"] < 0), edge
        assert edge["positive"] + edge["negative"] <= edge["weight"], edge
        first, last = (pandas.Timestamp(edge[f"{end}_claim_time"]) for end in ("first", "last"))
        assert first <= last and first.tzinfo, edge


def main(folder):
    expected = json.loads((folder / "expected.json").read_text())
    frame = polars.read_parquet(folder / "claims.parquet")
    table = pandas.read_parquet(folder / "claims.parquet")
    if "names" in expected:
        assert frame["name"].to_list() == list(table["name"]) == expected["names"]
    check_types(frame, table)
    check_offsets(frame, expected["texts"])
    check_nulls(frame)
    check_csv(folder, frame, table)
    if (folder / "claims.jsonl").exists():
        # Stored claims of people without a name have no actor.
        assert 0 < frame["actor"].null_count() < len(frame), frame["actor"]
        check_json_lines(folder / "claims.jsonl", frame)
        check_network(folder / "actors.graphml")


main(Path(sys.argv[1]))
