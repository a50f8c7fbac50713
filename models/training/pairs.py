"""The judge of two claims: one encoder reads both, and a head says how the second stands to the first."""

import json
from collections import Counter

import torch
import torch.nn.functional as F
from torch import nn

from data import CLASSIFY, SEPARATE
from model import POSITIONS, WIDTH, Encoder

LABELS = ("REPEATS", "CONTRADICTS", "OTHER")
HIDDEN = 128
# So many pieces of either claim are read.
PIECES = 94


class PairJudge(nn.Module):
    def __init__(self, dropout=0.1):
        super().__init__()
        self.encoder = Encoder(dropout)
        self.hidden = nn.Linear(3 * WIDTH, HIDDEN)
        self.labels = nn.Linear(HIDDEN, len(LABELS))
        self.dropout = nn.Dropout(dropout)

    def forward(self, batch):
        """Scores of LABELS, of pairs as collate() gives them."""
        x = self.encoder(batch["ids"], batch["same"], batch["side"], torch.zeros_like(batch["ids"]), batch["mask"])
        first, second = (mean(x, batch["own"][:, side]) for side in (0, 1))
        seen = torch.cat([x[:, 0], (first - second).abs(), first * second], -1)
        return self.labels(self.dropout(F.gelu(self.hidden(self.dropout(seen)))))


def mean(x, own):
    own = own.float()
    return torch.einsum("pl,plw->pw", own, x) / own.sum(1, keepdim=True).clamp(min=1)


class Pieces:
    """The word pieces of texts, each text cut once."""

    def __init__(self, vocabulary):
        from tokenizers import BertWordPieceTokenizer

        self.cut, self.known = BertWordPieceTokenizer(str(vocabulary), lowercase=True), {}

    def of(self, text):
        if text not in self.known:
            self.known[text] = self.cut.encode(text, add_special_tokens=False).ids[:PIECES]
        return self.known[text]


def collate(pairs, pieces):
    """Pairs (a, b) side by side: an opening piece, the first claim, a separator, the second claim, a separator.

    `side` is 1 for the pieces of the second claim, `same` 1 for a piece that the other claim has, too.
    """
    read = [(pieces.of(a), pieces.of(b)) for a, b in pairs]
    length = max(len(a) + len(b) for a, b in read) + 3
    assert length <= POSITIONS
    batch = {name: torch.zeros(len(pairs), length, dtype=torch.long) for name in ("ids", "same", "side")}
    batch["mask"] = torch.zeros(len(pairs), length, dtype=torch.bool)
    batch["own"] = torch.zeros(len(pairs), 2, length, dtype=torch.bool)
    for row, (a, b) in enumerate(read):
        middle, end = len(a) + 1, len(a) + len(b) + 2
        batch["ids"][row, : end + 1] = torch.tensor([CLASSIFY, *a, SEPARATE, *b, SEPARATE])
        batch["same"][row, 1:middle] = torch.tensor([int(piece in b) for piece in a])
        batch["same"][row, middle + 1 : end] = torch.tensor([int(piece in a) for piece in b])
        batch["side"][row, middle + 1 : end] = 1
        batch["mask"][row, : end + 1] = True
        batch["own"][row, 0, 1:middle] = batch["own"][row, 1, middle + 1 : end] = True
    return batch


def read_pairs(path):
    """Pairs (a, b, label, group): pairs of one group share a claim. Two partners of one claim stand to each other, too."""
    pairs, groups = [], {}
    with open(path, encoding="utf-8") as rows:
        for row in map(json.loads, rows):
            group = row["id"].rstrip("rco")
            pairs.append((row["a"], row["b"], LABELS.index(row["label"]), group))
            groups.setdefault(group, {})[row["label"]] = row["b"]
    for group, partners in groups.items():
        if len(partners) == 3:
            same = partners["REPEATS"]
            pairs += [(same, partners[label], LABELS.index(label), group) for label in ("CONTRADICTS", "OTHER")]
    return pairs


def scores_of(judge, pairs, pieces):
    """The probabilities of LABELS for each pair."""
    judge.eval()
    out = []
    with torch.no_grad():
        for first in range(0, len(pairs), 64):
            batch = collate([pair[:2] for pair in pairs[first : first + 64]], pieces)
            with torch.autocast("cpu", torch.bfloat16):
                out += judge(batch).float().softmax(-1).tolist()
    return out


def decided(scores, threshold):
    """The label of a pair: REPEATS only from a probability on."""
    if scores[0] >= threshold:
        return 0
    return 1 if scores[1] > scores[2] else 2


def report(name, pairs, scores, threshold):
    found = Counter((pair[2], decided(own, threshold)) for pair, own in zip(pairs, scores))
    count = lambda keep: sum(n for pair, n in found.items() if keep(*pair))
    f1 = []
    for label in range(len(LABELS)):
        both, either = found[label, label], count(lambda gold, own: (gold == label) != (own == label))
        f1.append(200 * both / max(2 * both + either, 1))
    said = max(count(lambda _, own: own == 0), 1)
    precision = 100 * found[0, 0] / said
    shares = " ".join(f"{label} {one:.1f}" for label, one in zip(LABELS, f1))
    print(f"{name} from {threshold}: macro F1 {sum(f1) / 3:.1f} ({shares}), precision of REPEATS {precision:.1f} (n={len(pairs)})", flush=True)
