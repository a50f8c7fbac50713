"""A linear-chain conditional random field (Lafferty et al. 2001) over BIO tags."""

import torch
from torch import nn

NEVER = -1e4


class Crf(nn.Module):
    """Transitions between tags. An inside tag may only follow its own begin or inside tag."""

    def __init__(self, tags):
        super().__init__()
        self.transitions = nn.Parameter(torch.zeros(tags, tags))
        forbidden = torch.zeros(tags, tags, dtype=torch.bool)
        for inside in range(2, tags, 2):
            forbidden[:, inside] = True
            forbidden[inside - 1, inside] = forbidden[inside, inside] = False
        self.register_buffer("forbidden", forbidden, persistent=False)

    def scores(self):
        return self.transitions.masked_fill(self.forbidden, NEVER)

    def first(self, emissions):
        """Emissions of the first word, which can be inside of nothing."""
        inside = torch.zeros(emissions.shape[-1], dtype=torch.bool)
        inside[2::2] = True
        return emissions[:, 0].masked_fill(inside, NEVER)

    def loss(self, emissions, mask, tags):
        """Negative log likelihood of each row's tags. Shapes: (rows, words, tags), (rows, words), (rows, words)."""
        return self.partition(emissions, mask) - self.path(emissions, mask, tags)

    def path(self, emissions, mask, tags):
        own = emissions.gather(2, tags[:, :, None])[:, :, 0]
        moves = self.scores()[tags[:, :-1], tags[:, 1:]]
        return (own * mask).sum(1) + (moves * mask[:, 1:]).sum(1)

    def partition(self, emissions, mask):
        """Log of the sum over all paths: products of matrices in the log semiring, pairwise, so log(words) deep."""
        rows, words, tags = emissions.shape
        first = self.first(emissions)
        if words == 1:
            return first.logsumexp(1)
        identity = torch.full((tags, tags), NEVER).fill_diagonal_(0.0)
        steps = self.scores()[None, None] + emissions[:, 1:, None, :]
        steps = torch.where(mask[:, 1:, None, None], steps, identity)
        while steps.shape[1] > 1:
            if steps.shape[1] % 2:
                steps = torch.cat([steps, identity.expand(rows, 1, tags, tags)], 1)
            steps = (steps[:, 0::2, :, :, None] + steps[:, 1::2, None, :, :]).logsumexp(3)
        return (first[:, :, None] + steps[:, 0]).logsumexp((1, 2))
