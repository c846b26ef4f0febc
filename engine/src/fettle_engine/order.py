"""Which rows a step uses: a pure function of (seed, name, step), so that nothing of the order needs saving."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from .errors import EngineError
from .runtime import seed_of


class Order:
    """Endless shuffled batches of `per_step` rows of one set, the same on every rank.

    Each epoch is a new permutation of which the part that fills no whole batch is left out, so that a batch never
    holds a row twice. A set smaller than a batch is repeated, shuffled anew each time.
    """

    def __init__(self, rows: Sequence[int], per_step: int, seed: int, name: str) -> None:
        if len(rows) == 0:
            raise EngineError("bad_data", f"The set {name} is empty.", "Choose sets with at least one item each.")
        self._rows = torch.tensor(list(rows), dtype=torch.int64)
        self._per_step = per_step
        self._seed = seed
        self._name = name
        self._cached: tuple[int, Tensor] = (-1, self._rows)

    @property
    def steps_per_epoch(self) -> int:
        """Whole batches of an epoch, at least 1."""
        return max(1, len(self._rows) // self._per_step)

    def rows(self, step: int) -> Tensor:
        """int64 [per_step] of step 1, 2, …: rows of items.jsonl."""
        assert step >= 1, step
        index = step - 1
        if len(self._rows) < self._per_step:
            rounds = -(-self._per_step // len(self._rows))
            parts = [self._permutation(index * rounds + part) for part in range(rounds)]
            return torch.cat(parts)[: self._per_step]
        epoch, place = divmod(index, self.steps_per_epoch)
        start = place * self._per_step
        return self._permutation(epoch)[start : start + self._per_step]

    def _permutation(self, epoch: int) -> Tensor:
        if self._cached[0] != epoch:
            generator = torch.Generator().manual_seed(seed_of(self._seed, "order", self._name, epoch))
            self._cached = (epoch, self._rows[torch.randperm(len(self._rows), generator=generator)])
        return self._cached[1]


def shard(rows: Tensor, rank: int, world: int, field: str) -> Tensor:
    """The rank's slice of a step's rows, in order, so that gathering by rank restores the batch.

    Raises bad_job, naming the job's field, where the processes cannot share the batch equally.
    """
    if len(rows) % world != 0:
        raise EngineError(
            "bad_job",
            f"{field}: {len(rows)} items cannot be shared equally by {world} processes.",
            f"Make {field} a multiple of {world}, or run fewer processes.",
        )
    size = len(rows) // world
    return rows[rank * size : (rank + 1) * size]
