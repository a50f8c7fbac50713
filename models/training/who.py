"""The heads that read who is who: names, what they name, and a ranker of the mentions that a mention may stand for.

They read two layers of their own over the words of a window, on what three layers of the encoder give.
"""

import torch.nn.functional as F
from torch import nn

from model import WIDTH, Layer

# The encoder's layers whose vectors are read, side by side.
LAYERS_READ = (2, 4, 6)
WHO_WIDTH, WHO_HEADS, WHO_LAYERS = 256, 8, 2
# What capitals may name; the first is no name.
KINDS = ("nothing", "person", "organization", "place", "people", "other")
RANK_WIDTH = 128
# What a pair shows beside its words: (name, number of values).
FEATURES = (
    ("sentences", 8),  # how far apart: same, 1, 2, 3 to 4, 5 to 8, more; and behind in the same sentence, later
    ("mentions", 6),  # how many mentions apart: 1, 2, 3 to 4, 5 to 8, 9 to 16, more
    ("form", 3),  # name, nominal, pronoun
    ("clash", 2),  # a known gender that differs from a known gender
    ("number", 2),  # one stands for several, the other for one
    ("same", 2),  # both are the same kind of pronoun
    ("class", 3),  # a noun for nobody known, a person, a body
    ("source", 2),  # is the source of an attribution
    ("first", 2),  # is the first mention of its sentence
    ("quotation", 5),  # neither quoted, both in one, only the antecedent, only the anaphor, in two
    ("speaker", 2),  # speaks the quotation around the anaphor
    ("coargument", 10),  # in the same sentence: the anaphor's case, and whether the antecedent is the first mention
    ("named", 5),  # how often the name was named before: not a name, 1, 2, 3 to 4, more
    ("pronoun", 8),  # the anaphor's pronoun
    ("block", 3),  # in the anaphor's paragraph, in the one before, further off
    ("spoke", 3),  # the anaphor is no source; the antecedent is the last source before it; it is not
    ("last", 2),  # no name stands between the two
)


class Who(nn.Module):
    def __init__(self, dropout=0.1):
        super().__init__()
        self.word = nn.Linear(len(LAYERS_READ) * WIDTH, WHO_WIDTH)
        self.norm = nn.LayerNorm(WHO_WIDTH, 1e-12)
        self.layers = nn.ModuleList(Layer(WHO_WIDTH, WHO_HEADS, dropout) for _ in range(WHO_LAYERS))
        self.kind = nn.Linear(WHO_WIDTH, len(KINDS))
        # Of each word: outside of names, and begin and inside of each kind but the first.
        self.names = nn.Linear(WHO_WIDTH, 2 * len(KINDS) - 1)
        self.anaphor = nn.Linear(WHO_WIDTH, RANK_WIDTH)
        self.antecedent = nn.Linear(WHO_WIDTH, RANK_WIDTH)
        self.left = nn.Linear(WHO_WIDTH, RANK_WIDTH)
        self.right = nn.Linear(WHO_WIDTH, RANK_WIDTH)
        self.features = nn.ModuleDict({name: nn.Embedding(size, RANK_WIDTH) for name, size in FEATURES})
        for embedding in self.features.values():
            nn.init.normal_(embedding.weight, std=0.1)
        self.score = nn.Linear(RANK_WIDTH, 1)
        # That nobody before is meant.
        self.nobody = nn.Linear(RANK_WIDTH, 1)
        self.dropout = nn.Dropout(dropout)

    def read(self, words, mask):
        """Vectors of the words of windows side by side: (windows, length, WHO_WIDTH)."""
        x = self.dropout(self.norm(self.word(words)))
        for layer in self.layers:
            x = layer(x, mask)
        return x

    def rank(self, mentions, anaphors, antecedents, pairs):
        """Scores of pairs and of nobody.

        `mentions` (mentions, WHO_WIDTH); `anaphors` and `antecedents` are indices into it, one a pair; `pairs` holds the
        values of FEATURES, one column a feature.
        """
        known = sum(embedding(pairs[:, at]) for at, embedding in enumerate(self.features.values()))
        own, other = self.anaphor(mentions), self.antecedent(mentions)
        product = self.left(mentions)[anaphors] * self.right(mentions)[antecedents]
        return self.score(F.gelu(own[anaphors] + other[antecedents] + product + known))[:, 0]

    def none(self, mentions):
        return self.nobody(F.gelu(self.anaphor(mentions)))[:, 0]
