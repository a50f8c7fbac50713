"""The heads that read what a claim means: its words once more, with what each is to the claim and what the rules made of it."""

import torch
import torch.nn.functional as F
from torch import nn

from model import WIDTH, Layer
from who import LAYERS_READ

MEANING_WIDTH, MEANING_HEADS, MEANING_LAYERS = 128, 4, 1
GLANCES, HIDDEN = 4, 128
# What a word is to a claim: around it, its cue, its content, its source, the content's first word.
PARTS = 5
CUE, CONTENT, OPENING = 1, 2, 4
# What a reader says of a claim: the labels of semantics/*.jsonl, in the order of the outputs.
CLASSES = {
    "kind": (
        "ASSERTION", "EVALUATION", "DEMAND", "PREDICTION", "INTENTION", "BELIEF", "QUESTION", "COMMITMENT", "NO_COMMENT", "DENIAL",
    ),
    "certainty": ("CERTAIN", "PROBABLE", "POSSIBLE", "UNCOMMITTED"),
    "polarity": ("POSITIVE", "NEGATIVE", "UNKNOWN"),
    "sourceClass": ("NAMED", "ROLE", "COLLECTIVE", "ANONYMOUS", "DOCUMENT", "ARTICLE"),
    "ok": (True, False),
}
# What the rules made of a claim: (name, number of values), as src/extract/semantics/shown.rs has them.
FEATURES = (
    ("kind", 11), ("kind_rule", 23), ("certainty", 4), ("polarity", 3), ("commitment_rule", 23), ("class", 7), ("class_rule", 23),
    ("quote_type", 3),
)


class Meaning(nn.Module):
    def __init__(self, dropout=0.25):
        super().__init__()
        self.word = nn.Linear(len(LAYERS_READ) * WIDTH, MEANING_WIDTH)
        self.parts = nn.Embedding(PARTS, MEANING_WIDTH)
        nn.init.normal_(self.parts.weight, std=0.3)
        self.norm = nn.LayerNorm(MEANING_WIDTH, 1e-12)
        self.layers = nn.ModuleList(Layer(MEANING_WIDTH, MEANING_HEADS, dropout) for _ in range(MEANING_LAYERS))
        self.glances = nn.Linear(MEANING_WIDTH, GLANCES)
        self.hidden = nn.Linear((GLANCES + 2) * MEANING_WIDTH, HIDDEN)
        self.features = nn.ModuleDict({name: nn.Embedding(size, HIDDEN) for name, size in FEATURES})
        for embedding in self.features.values():
            nn.init.normal_(embedding.weight, std=0.05)
        self.labels = nn.Linear(HIDDEN, sum(map(len, CLASSES.values())))
        self.dropout, self.word_dropout = nn.Dropout(dropout), nn.Dropout(0.2)

    def forward(self, words, parts, mask, features):
        """Outputs by the names of CLASSES.

        `words` (claims, length, len(LAYERS_READ) * WIDTH) are what the encoder's layers give for the claims' words, `parts`
        and `mask` (claims, length); `features` (claims, len(FEATURES)).
        """
        x = self.norm(self.word(self.word_dropout(words)) + self.parts(parts))
        for layer in self.layers:
            x = layer(x, mask)
        shares = self.glances(x).masked_fill(~mask[:, :, None], -1e9).softmax(1)
        glances = torch.einsum("clg,clw->cgw", shares, x).flatten(1)
        pooled = torch.cat([glances, mean(x, mask & (parts == CUE)), mean(x, mask & ((parts == CONTENT) | (parts == OPENING)))], -1)
        known = sum(self.dropout(embedding(features[:, at])) for at, embedding in enumerate(self.features.values()))
        outputs = self.labels(self.dropout(F.gelu(self.hidden(self.dropout(pooled)) + known)))
        return dict(zip(CLASSES, outputs.split([len(values) for values in CLASSES.values()], -1)))


def mean(x, own):
    own = own.float()
    return torch.einsum("cl,clw->cw", own, x) / own.sum(1, keepdim=True).clamp(min=1)
