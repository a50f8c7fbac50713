"""The network: an encoder, a tagger of all parts, and a reader of one attribution, given its cue."""

import torch
import torch.nn.functional as F
from torch import nn

from crf import Crf

WIDTH, HEADS, LAYERS = 384, 12, 6
VOCABULARY, POSITIONS = 30522, 192
CASES, QUOTES, PLACES = 6, 6, 14
ROLE_WIDTH, ROLE_HEADS, ROLE_LAYERS = 192, 6, 2
DISTANCES = 35
TAGS = 7


class Layer(nn.Module):
    """A transformer layer, normalised behind each part (Vaswani et al. 2017)."""

    def __init__(self, width, heads, dropout):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.norm1 = nn.LayerNorm(width, 1e-12)
        self.up = nn.Linear(width, 4 * width)
        self.down = nn.Linear(4 * width, width)
        self.norm2 = nn.LayerNorm(width, 1e-12)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x, mask):
        rows, length, width = x.shape
        q, k, v = self.qkv(x).view(rows, length, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        attended = F.scaled_dot_product_attention(q, k, v, attn_mask=mask[:, None, None, :])
        x = self.norm1(x + self.dropout(self.out(attended.transpose(1, 2).reshape(rows, length, width))))
        return self.norm2(x + self.dropout(self.down(F.gelu(self.up(x)))))


class Encoder(nn.Module):
    """all-MiniLM-L6-v2 with three more embeddings: letter case, quotation marks, kind of block."""

    def __init__(self, dropout=0.1):
        super().__init__()
        self.word = nn.Embedding(VOCABULARY, WIDTH)
        self.position = nn.Embedding(POSITIONS, WIDTH)
        self.case = nn.Embedding(CASES, WIDTH)
        self.quote = nn.Embedding(QUOTES, WIDTH)
        self.place = nn.Embedding(PLACES, WIDTH)
        for embedding in (self.case, self.quote, self.place):
            nn.init.normal_(embedding.weight, std=0.02)
        self.norm = nn.LayerNorm(WIDTH, 1e-12)
        self.layers = nn.ModuleList(Layer(WIDTH, HEADS, dropout) for _ in range(LAYERS))
        self.dropout = nn.Dropout(dropout)

    def load_pretrained(self, tensors):
        """Takes over a BERT checkpoint's tensors; its token type 0 is added to the positions."""
        get = lambda name: tensors[name] if name in tensors else tensors["bert." + name]
        self.word.weight.data.copy_(get("embeddings.word_embeddings.weight"))
        positions = get("embeddings.position_embeddings.weight")[:POSITIONS]
        self.position.weight.data.copy_(positions + get("embeddings.token_type_embeddings.weight")[0])
        copy_linear(self.norm, get, "embeddings.LayerNorm")
        for index, layer in enumerate(self.layers):
            base = f"encoder.layer.{index}."
            for part in ("weight", "bias"):
                heads = [get(f"{base}attention.self.{name}.{part}") for name in ("query", "key", "value")]
                getattr(layer.qkv, part).data.copy_(torch.cat(heads))
            copy_linear(layer.out, get, base + "attention.output.dense")
            copy_linear(layer.norm1, get, base + "attention.output.LayerNorm")
            copy_linear(layer.up, get, base + "intermediate.dense")
            copy_linear(layer.down, get, base + "output.dense")
            copy_linear(layer.norm2, get, base + "output.LayerNorm")

    def embed(self, ids, case, quote, place):
        x = self.word(ids) + self.position.weight[: ids.shape[1]]
        x = x + self.case(case) + self.quote(quote) + self.place(place)
        return self.dropout(self.norm(x))

    def forward(self, ids, case, quote, place, mask):
        x = self.embed(ids, case, quote, place)
        for layer in self.layers:
            x = layer(x, mask)
        return x

    def each_layer(self, batch):
        """What each layer gives, from below."""
        x = self.embed(batch.ids, batch.case, batch.quote, batch.place)
        for layer in self.layers:
            x = layer(x, batch.mask)
            yield x


def copy_linear(module, get, name):
    module.weight.data.copy_(get(name + ".weight"))
    module.bias.data.copy_(get(name + ".bias"))


def distances(starts, ends, length):
    """Buckets of how far each word stands from a cue: 0 in it, 1..17 before, 18..34 behind, by powers of √2."""
    word = torch.arange(length)[None]
    before, behind = (starts[:, None] - word).clamp(min=0), (word - ends[:, None] + 1).clamp(min=0)
    bucket = lambda steps: (2 * (steps.float() + 1).log2()).round().long().clamp(max=18) - 1
    return torch.where(before > 0, bucket(before), torch.where(behind > 0, bucket(behind) + 17, 0))


class RoleReader(nn.Module):
    """Reads a unit once more for one cue, and tags the words of its source, its content and the rest of the cue."""

    def __init__(self):
        super().__init__()
        self.word = nn.Linear(WIDTH, ROLE_WIDTH)
        self.cue = nn.Linear(WIDTH, ROLE_WIDTH)
        self.distance = nn.Embedding(DISTANCES, ROLE_WIDTH)
        self.norm = nn.LayerNorm(ROLE_WIDTH, 1e-12)
        self.layers = nn.ModuleList(Layer(ROLE_WIDTH, ROLE_HEADS, 0.1) for _ in range(ROLE_LAYERS))
        self.tag = nn.Linear(ROLE_WIDTH, TAGS)
        self.crf = Crf(TAGS)

    def forward(self, words, mask, starts, ends):
        """Emissions. `words` (cues, length, WIDTH) are the vectors of each cue's unit."""
        near = distances(starts, ends, words.shape[1])
        inside = ((near == 0) & mask).float()
        mean = (words * inside[:, :, None]).sum(1) / inside.sum(1, keepdim=True)
        x = self.norm(self.word(words) + self.cue(mean)[:, None] + self.distance(near))
        for layer in self.layers:
            x = layer(x, mask)
        return self.tag(x)


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = Encoder()
        self.hidden = nn.Linear(WIDTH, WIDTH)
        self.tag = nn.Linear(WIDTH, TAGS)
        self.crf = Crf(TAGS)
        self.roles = RoleReader()

    def read(self, batch):
        """The vectors of all words, unit by unit, and the tagger's emissions."""
        x = self.encoder(batch.ids, batch.case, batch.quote, batch.place, batch.mask)
        words = x.view(-1, WIDTH)[batch.words]
        return words, self.tag(F.gelu(self.hidden(words)))
