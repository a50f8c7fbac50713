"""Documents as `onrecord features --mentions` prints them, with the annotation of who is who."""

import json
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

import data

KIND_OF = {"Person": 1, "Organization": 2, "Location": 3, "Facility": 3, "NORP": 4, "Product": 5, "Misc": 5}
# How far back an antecedent is looked for, in sentences and in mentions, and how far ahead in the same sentence.
MAX_SENTENCES, MAX_MENTIONS, MAX_AHEAD = 12, 60, 5
RANKED = (4, 5, 6)
UNKNOWN = -1


@dataclass
class Anaphor:
    """A mention to rank antecedents for: its candidates, which of them are right, and whether nobody may be."""

    at: int
    candidates: list
    pairs: list
    right: list
    nobody: bool


@dataclass
class Document:
    id: str
    corpus: str
    tokens: list
    units: list
    mentions: list
    kinds: list = None  # of mentions, an index into KINDS; UNKNOWN for those that are no names
    anaphors: list = field(default_factory=list)


class Spans:
    """Finds tokens by characters, in a document's token list."""

    def __init__(self, tokens):
        self.starts = [s for s, _ in tokens]
        self.ends = [e for _, e in tokens]

    def range(self, start, end):
        return bisect_right(self.ends, start), bisect_left(self.starts, end)


def bucket(count):
    for index, most in enumerate((0, 1, 2, 4, 8)):
        if count <= most:
            return index
    return 5


def named_before(mentions):
    """For each mention how often its group was named up to it, in buckets of FEATURES."""
    counts, out = {}, []
    for mention in mentions:
        if mention["group"] is None:
            out.append(0)
            continue
        count = counts[mention["group"]] = counts.get(mention["group"], 0) + 1
        out.append(min(bucket(count), 4))
    return out


def first_in_sentence(mentions):
    return [at == 0 or mentions[at - 1]["sentence"] != own["sentence"] for at, own in enumerate(mentions)]


def last_before(mentions, a, holds):
    """The last mention before `a` of which `holds` is true."""
    return next((at for at in range(a - 1, -1, -1) if holds(mentions[at])), None)


def pairs(mentions, named, first, a, near):
    """The values of FEATURES of anaphor `a` and each of its candidates."""
    source = last_before(mentions, a, lambda m: m["source"])
    name = last_before(mentions, a, lambda m: m["form"] == 0)
    return [pair(mentions, named, first, a, c) + [
        min(abs(mentions[a]["block"] - mentions[c]["block"]), 2),
        (1 if c == source else 2) if mentions[a]["source"] else 0,
        int(name is None or c >= name),
    ] for c in near]


def pair(mentions, named, first, a, c):
    """The values of the FEATURES that need nothing but anaphor `a` and antecedent `c`."""
    own, other = mentions[a], mentions[c]
    steps = own["sentence"] - other["sentence"]
    ahead = c > a
    sentences = (6 if steps == 0 else 7) if ahead else bucket(steps)
    quotes = (own["quotation"], other["quotation"])
    quotation = (
        0 if quotes == (None, None) else 1 if quotes[0] == quotes[1] else 2 if quotes[0] is None
        else 3 if quotes[1] is None else 4
    )
    clash = own["gender"] and other["gender"] and own["gender"] != other["gender"]
    number = own["plural"] != other["plural"]
    same = other["form"] == 2 and other["pronoun"] == own["pronoun"]
    coargument = 2 * own["case"] + first[c] if steps == 0 and not ahead else 0
    return [
        sentences, bucket(abs(a - c)) - 1 if abs(a - c) < 9 else (4 if abs(a - c) <= 16 else 5), other["form"], int(bool(clash)), int(number), int(same),
        other["class"], int(other["source"]), int(first[c]), quotation, int(own["speaker"] == c), coargument,
        named[c], own["pronoun"],
    ]


def candidates(mentions, a):
    own = mentions[a]
    least = max(0, a - MAX_MENTIONS)
    before = [c for c in range(least, a) if own["sentence"] - mentions[c]["sentence"] <= MAX_SENTENCES]
    ahead = [c for c in range(a + 1, min(len(mentions), a + 1 + MAX_AHEAD)) if mentions[c]["sentence"] == own["sentence"]]
    return [c for c in before + ahead if mentions[c]["pronoun"] != 7]


def gold_cluster(gold, spans, mentions):
    """For each mention the cluster of the smallest annotated mention around or at its head; UNKNOWN without one."""
    ranges = []
    for one in gold:
        head = one.get("head")
        start, end = spans.range(one["start"], one["end"])
        ranges.append((end - start, start, end, spans.range(*head) if head else None, one["cluster"]))
    ranges.sort(key=lambda r: r[0])
    out = []
    for mention in mentions:
        s, e = mention["head"]
        found = UNKNOWN
        for _, start, end, head, cluster in ranges:
            hit = (head[0] < e and s < head[1]) if head else (start <= s and e <= end)
            if hit:
                found = cluster
                break
        out.append(found)
    return out


def is_ranked(mention):
    """Pronouns of the third person, and nouns for one person."""
    return mention["pronoun"] in RANKED or (mention["form"] == 1 and mention["class"] == 1 and not mention["plural"])


def by_clusters(document, clusters):
    mentions = document.mentions
    named, first = named_before(mentions), first_in_sentence(mentions)
    for a, own in enumerate(mentions):
        if not is_ranked(own) or clusters[a] == UNKNOWN:
            continue
        near = candidates(mentions, a)
        right = [clusters[c] == clusters[a] for c in near]
        if not near:
            continue
        document.anaphors.append(
            Anaphor(a, near, pairs(mentions, named, first, a, near), right, not any(right))
        )


def by_gap(document, row, spans):
    """One pronoun, and two names that it means or not. What else it may mean is not annotated."""
    mentions = document.mentions
    named, first = named_before(mentions), first_in_sentence(mentions)
    over = lambda span: [n for n, m in enumerate(mentions) if spans.range(*span)[0] < m["head"][1] and m["head"][0] < spans.range(*span)[1]]
    own = [n for n in over(row["pronoun"]) if mentions[n]["form"] == 2]
    if not own:
        return
    a = own[0]
    alike = lambda span: set(over(span)) | {n for n, m in enumerate(mentions) if m["group"] is not None and m["group"] in {mentions[x]["group"] for x in over(span)}}
    sides = {k: alike(row[k]["span"]) for k in "ab"}
    if not sides["a"] and not sides["b"]:
        return
    both = sides["a"] & sides["b"]
    near = [c for c in candidates(mentions, a) if mentions[c]["form"] < 2 and c not in both]
    marked = {k: row[k]["same"] for k in "ab"}
    if any(marked.values()):
        right = [any(marked[k] and c in sides[k] for k in "ab") for c in near]
        if not any(right):
            return
        nobody = False
    else:
        right = [c not in sides["a"] and c not in sides["b"] for c in near]
        nobody = True
    document.anaphors.append(Anaphor(a, near, pairs(mentions, named, first, a, near), right, nobody))


# Words of a reader's name for a speaker that tell nothing.
EMPTY = {"the", "of", "a", "an", "and", "for", "in", "mr", "mrs", "ms", "dr"}


def words_of(name):
    return {word.strip(".,") for word in name.lower().replace("’", "'").split()} - EMPTY


def by_speakers(document, row, spans):
    """Pronouns and nouns that are sources, and the speaker's name as a reader gave it; others are not annotated."""
    mentions, text = document.mentions, row["text"]
    named, first = named_before(mentions), first_in_sentence(mentions)
    label = {}
    for speaker in row["speakers"]:
        s, e = spans.range(*speaker["span"])
        for at, mention in enumerate(mentions):
            if mention["form"] and mention["source"] and s <= mention["head"][0] and mention["head"][1] <= e:
                label[at] = words_of(speaker["speaker"])
    words = [
        words_of(text[document.tokens[m["head"][0]][0] : document.tokens[m["head"][1] - 1][1]]) for m in mentions
    ]
    groups = lambda known: {m["group"] for m, own in zip(mentions, words) if m["form"] == 0 and own & known}
    for a, known in label.items():
        if not is_ranked(mentions[a]):
            continue
        alike = groups(known)
        # Whom an unlabelled pronoun means is not known.
        near = [c for c in candidates(mentions, a) if mentions[c]["form"] < 2 or c in label]
        if not near:
            continue
        right = [
            bool(label[c] & known) if c in label
            else mentions[c]["group"] in alike if mentions[c]["form"] == 0 else bool(words[c] & known)
            for c in near
        ]
        # Whom a noun means that nobody's name stands for is nobody named.
        if any(right) or mentions[a]["form"] == 1:
            nobody = not any(right)
            document.anaphors.append(Anaphor(a, near, pairs(mentions, named, first, a, near), right, nobody))


def name_kinds(row, spans, mentions):
    """For each name the kind of the annotated name that ends where it does, or else of the longest that it shares words with."""
    entities = [(*spans.range(e["start"], e["end"]), KIND_OF.get(e["entity"], 0)) for e in row["entities"]]
    kinds = []
    for mention in mentions:
        s, e = mention["head"]
        over = [(end == e, min(e, end) - max(s, start), kind) for start, end, kind in entities if start < e and s < end]
        kinds.append(UNKNOWN if mention["form"] else max(over)[2] if over else 0)
    return kinds


def read_documents(features, gold, corpus):
    """Documents of a corpus: `worldwide`, `gap`, or one with clusters."""
    documents = []
    with open(features, encoding="utf-8") as lines, open(gold, encoding="utf-8") as annotation:
        for line, other in zip(lines, annotation):
            row, own = json.loads(line), json.loads(other)
            assert row["id"] == own["id"]
            units = [data.make_unit(n, row, len(documents), *ends) for n, ends in enumerate(row["units"])]
            document = Document(row["id"], corpus, row["tokens"], units, row["mentions"])
            spans = Spans(row["tokens"])
            if corpus == "worldwide":
                document.kinds = name_kinds(own, spans, document.mentions)
            elif corpus == "news":
                by_speakers(document, own, spans)
            elif corpus == "gap":
                by_gap(document, own, spans)
            else:
                clusters = gold_cluster(own["mentions"], spans, document.mentions)
                by_clusters(document, clusters)
            documents.append(document)
    return documents
