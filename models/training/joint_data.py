"""Documents of all corpora, with the labels of all heads."""

import json
import zlib

import data
from joint import Window
from meaning import CLASSES
from who_data import KIND_OF, Spans, read_documents

# A pass takes documents of about so many words together, and this share of those that tell nothing but names.
WORDS = 2500
NAMES_SHARE = 0.6


def held_out(name):
    return zlib.crc32(name.encode()) % 10 == 0


def name_tags(row, tokens):
    spans, tags = Spans(tokens), [0] * len(tokens)
    for e in row["entities"]:
        kind = KIND_OF.get(e["entity"], 0)
        if kind:
            s, end = spans.range(e["start"], e["end"])
            for word in range(s, end):
                tags[word] = 2 * kind - (word == s)
    return tags


def load(options):
    documents = []
    for one in options.data:
        corpus, features, gold = one.split(":")
        own = read_documents(features, gold, corpus)
        with open(gold, encoding="utf-8") as lines:
            for document, line in zip(own, lines):
                row = json.loads(line)
                document.tags = name_tags(row, document.tokens) if corpus == "worldwide" else None
        documents += own
        print(corpus, len(own), flush=True)
    units, news = data.read_units(options.news)
    by_document = [[] for _ in news]
    for unit in units:
        by_document[unit.document].append(unit)
    for row, own in zip(news, by_document):
        row["windows"] = [Window(w) for w in data.pack(own, data.WINDOW)]
    for document in documents:
        used = {document.mentions[at]["head"][0] for one in document.anaphors for at in (one.at, *one.candidates)}
        windows = [Window(w) for w in data.pack(document.units, data.WINDOW)]
        document.windows = [w for w in windows if document.kinds is not None or any(w.start <= t < w.end for t in used)]
    documents = [d for d in documents if d.windows]
    add_meaning(options.meaning, documents, news)
    return documents, news


def add_meaning(paths, documents, news):
    rows = {}
    for path in paths:
        for line in open(path, encoding="utf-8"):
            row = json.loads(line)
            rows.setdefault(row["id"], []).append(row)
    for row in news:
        row["claims"] = claims_of(rows.get(row["id"], []), row["tokens"])
    for document in documents:
        document.claims = claims_of(rows.get(document.id, []), document.tokens) if document.corpus == "worldwide" else []


def claims_of(rows, tokens):
    out, spans = [], Spans(tokens)
    for row in rows:
        parts = []
        for part in ("content", "cue", "source"):
            parts.append([t for s, e in row[part] or [] for t in range(*spans.range(s, e))])
        if not parts[0]:
            continue
        labels = {}
        for name, values in CLASSES.items():
            own = row[name] if isinstance(row[name], list) else [row[name]]
            own = [values.index(v) for v in own if v in values]
            if own and (row["ok"] or name == "ok"):
                labels[name] = own
        out.append((parts, labels))
    return out


def inside(claim, window):
    return all(window.start <= t < window.end for part in claim[0] for t in part)


def batches(documents, rng):
    order = [d for d in documents if d.anaphors or rng.random() < NAMES_SHARE]
    rng.shuffle(order)
    batch, words = [], 0
    for document in order:
        batch.append(document)
        words += sum(w.end - w.start for w in document.windows)
        if words >= WORDS:
            yield batch
            batch, words = [], 0
    if batch:
        yield batch
