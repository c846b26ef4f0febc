"""Refuses to go on with numbers that are none. Every rank must call each check at the same place."""

from __future__ import annotations

import math

from torch import Tensor, nn

from .errors import EngineError
from .recipe import Metrics
from .runtime import Runtime


def require_finite_step(first_bad: Tensor, losses: dict[str, Tensor] | None, runtime: Runtime) -> None:
    """Raises non_finite where `first_bad` names a step; `losses` are those of the step just done."""
    bad = int(first_bad.item())
    if not runtime.any(bad != 0):
        return
    terms = {} if losses is None else {name: value.item() for name, value in losses.items()}
    named = [name for name, value in terms.items() if not math.isfinite(value) and name != "loss"]
    what = f"the term {named[0]}" if named else "the loss or its gradient"
    raise EngineError(
        "non_finite",
        f"Step {bad}: {what} is not a finite number. No weight was changed by it.",
        "Lower optimizer.learningRate, set optimizer.clip, or set precision to fp32. Older checkpoints are kept.",
        {"step": bad, "terms": {name: str(value) for name, value in terms.items()}},
    )


def require_finite_weights(named: list[tuple[str, nn.Parameter]], step: int, runtime: Runtime) -> None:
    """Raises non_finite for weights: a step with finite loss and gradient can still overflow them."""
    bad = [name for name, parameter in named if not bool(parameter.isfinite().all())]
    if not runtime.any(bool(bad)):
        return
    raise EngineError(
        "non_finite",
        f"After step {step} the weights {', '.join(bad[:3])} are not finite numbers.",
        "Lower optimizer.learningRate. Older checkpoints are kept.",
        {"step": step, "weights": bad[:20]},
    )


def require_finite_metrics(metrics: Metrics, step: int) -> None:
    """Raises non_finite for an evaluation."""
    bad = [name for name, value in metrics.items() if not math.isfinite(value)]
    if not bad:
        return
    raise EngineError(
        "non_finite",
        f"After step {step} the model's features are no finite numbers: {', '.join(bad)} cannot be measured.",
        "Lower optimizer.learningRate. Older checkpoints are kept.",
        {"step": step, "metrics": bad},
    )
