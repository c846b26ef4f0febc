"""What a recipe gives to the training loop. A recipe is a loss over batches; the loop does all the rest."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from torch import Tensor, nn

    from .runtime import Runtime
    from .wire import Events

Metrics = dict[str, float]


class Recipe(Protocol):
    """One objective on one model. Built by `build(job) -> Recipe` of its module in `recipes/`.

    Several processes: the module is not wrapped. Each rank runs forward and backward on its own slice of the global
    batch, and the loop averages the gradients over ranks after `accumulate`. A loss over the global batch gathers
    features with `runtime.gather`, whose gradient is the sum over ranks; then the average is the gradient that one
    process would have had, also for parameters that the loss uses directly, as the temperature.
    """

    module: nn.Module
    """Holds all that is trained; valid and on `runtime.device` after `prepare`. Trainable = requires_grad."""

    def prepare(self, runtime: Runtime, events: Events) -> None:
        """Once before step 1: loads model and data, places the module, computes or reads caches of frozen outputs."""
        ...

    @property
    def fixed_shapes(self) -> bool:
        """Whether every step has the same shapes and reads its inputs from places that `stage` fills: then the loop may
        capture a step on a GPU once and replay it. `accumulate` must not touch the host in that case."""
        ...

    def stage(self, step: int) -> None:
        """Puts the inputs of a step where `accumulate` reads them. All that the host does for a step is done here."""
        ...

    def accumulate(
        self, step: int, forward: Callable[..., Any], backward: Callable[[Tensor], None]
    ) -> dict[str, Tensor]:
        """Forward and backward of one optimiser step (from 1), micro-batches included.

        `forward(...)` calls the module under autocast (features may be bf16: cast to fp32 before losses);
        `backward(loss)` adds gradients, as often as wanted. Returns detached scalar tensors on the device, the whole
        objective under "loss" and each unweighted term under its name, over the global batch (equal on every rank),
        with the same names at each step. Never reads them (no `.item()`). Which items are used is a pure function of
        (seed, step, rank, world); torch's generators are seeded for (seed, step, rank) by the loop just before.
        """
        ...

    def after_step(self) -> None:
        """After each optimiser step, without gradient: clamps such as the temperature's. May do nothing."""
        ...

    def evaluate(self) -> Metrics | None:
        """Validation metrics of the module as it is, the same on every rank. The loop has set eval mode and no_grad."""
        ...

    def baseline(self, metrics: Metrics) -> None:
        """The metrics before step 1, from this run or from the checkpoint that it goes on from."""
        ...

    def better(self, metrics: Metrics, best: Metrics | None) -> bool:
        """Whether weights with these metrics are kept instead of those of `best`. False where `keep` is `last`."""
        ...

    def finished(self, metrics: Metrics) -> str | None:
        """A reason to stop early, in words for the report, or None."""
        ...

    def save(self, folder: Path) -> None:
        """Writes the result as a checkpoint folder. The loop has made `folder`, empty, and renames it when whole."""
        ...

    def describe(self) -> dict[str, Any]:
        """Additions to the summary: at least cache: { hits, misses }."""
        ...
