"""All heads on one encoder, whose lower layers do not learn."""

import torch
import torch.nn.functional as F
from torch import nn

import data
from meaning import CLASSES
from model import WIDTH
from who import LAYERS_READ, WHO_WIDTH, Who

# So many layers from below stay as they are, and run once for all passes.
FROZEN = 2


class Window:
    """Units that are read at once, with what the lower layers give for them."""

    def __init__(self, units):
        self.units = units
        self.start = units[0].first_token
        self.end = units[-1].first_token + len(units[-1].first_pieces)
        self.low = None


class Sense(nn.Module):
    """What a claim means, from the vectors of its content, cue and source: only for what learning it does to the encoder.

    The heads that the program has are those of meaning.py.
    """

    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(4 * WIDTH, 256)
        self.dropout = nn.Dropout(0.3)
        self.labels = nn.ModuleDict({name: nn.Linear(256, len(values)) for name, values in CLASSES.items()})

    def forward(self, x):
        x = self.dropout(F.gelu(self.hidden(self.dropout(x))))
        return {name: label(x) for name, label in self.labels.items()}


class Joint(nn.Module):
    """The network of the words' heads, and the heads of who is who and a simple one of what claims mean."""

    def __init__(self, network, dropout):
        super().__init__()
        self.network = network
        self.who = Who(dropout)
        self.sense = Sense()

    def upper(self, x, mask):
        """What the layers give that the heads read, from layer FROZEN on."""
        kept = [x]
        for number, layer in enumerate(self.network.encoder.layers[FROZEN:], FROZEN + 1):
            x = layer(x, mask)
            if number in LAYERS_READ:
                kept.append(x)
        return kept


@torch.no_grad()
def read_low(network, windows):
    """Runs the frozen layers once."""
    windows = sorted(windows, key=lambda w: sum(len(u.ids) for u in w.units))
    for first in range(0, len(windows), 24):
        group = windows[first : first + 24]
        batch = data.collate([w.units for w in group])
        for number, x in enumerate(network.encoder.each_layer(batch), 1):
            if number == FROZEN:
                break
        for row, window in enumerate(group):
            window.low = x[row, : int(batch.mask[row].sum())].half().clone()


def forward(joint, documents):
    """Reads documents, given as (number of tokens, windows).

    Gives the batch, the last layer's vectors of the words of each unit, the vectors of all layers that the heads read for all words
    of the documents, one after the other (a word of no window has zeros), and where each document begins among these.
    """
    windows = [w for _, own in documents for w in own]
    batch = data.collate([w.units for w in windows])
    x = torch.zeros((*batch.ids.shape, WIDTH))
    for row, window in enumerate(windows):
        x[row, : len(window.low)] = window.low.float()
    with torch.autocast("cpu", torch.bfloat16):
        layers = joint.upper(x, batch.mask)
    layers = [x.float().reshape(-1, WIDTH)[batch.words] for x in layers]
    offsets, total, rows = [], 0, []
    for count, own in documents:
        offsets.append(total)
        for window in own:
            for one in window.units:
                first = total + one.first_token
                rows.append(torch.arange(first, first + len(one.first_pieces)))
        total += count
    values = torch.cat(layers, -1)[batch.word_mask]
    table = torch.zeros((total, values.shape[1])).index_copy(0, torch.cat(rows), values)
    return batch, layers[-1], table, offsets


def read_who(who, table, offsets, documents):
    """The vectors of the heads of who is who, for the same words as in `table`."""
    spans = [(o + w.start, o + w.end) for o, (_, own) in zip(offsets, documents) for w in own]
    width = max(e - s for s, e in spans)
    words = torch.zeros((len(spans), width), dtype=torch.long)
    mask = torch.zeros((len(spans), width), dtype=torch.bool)
    for row, (s, e) in enumerate(spans):
        words[row, : e - s] = torch.arange(s, e)
        mask[row, : e - s] = True
    with torch.autocast("cpu", torch.bfloat16):
        x = who.read(table[words], mask)
    return torch.zeros((len(table), WHO_WIDTH)).index_copy(0, words[mask], x[mask].float())


def sense_of(joint, table, claims):
    """Logits of claims, given as (offset, parts)."""
    last = table[:, -WIDTH:]
    mean = lambda tokens: last[tokens].mean(0) if len(tokens) else torch.zeros(WIDTH)
    rows = []
    for offset, parts in claims:
        content, cue, source = ([offset + t for t in part] for part in parts)
        rows.append(torch.cat([mean(content), mean(cue), mean(source), last[content[0]]]))
    return joint.sense(torch.stack(rows))
