"""The optimizer, and the learning rate of each step."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn

from .jobs import Optimizer as Settings


def learning_rate(settings: Settings, step: int, steps: int) -> float:
    """The rate of step 1, 2, …, steps: a linear rise over `warmup_steps`, then the schedule down to 0 at the end."""
    if step <= settings.warmup_steps:
        return settings.learning_rate * step / settings.warmup_steps
    share = (step - 1 - settings.warmup_steps) / max(1, steps - settings.warmup_steps)
    if settings.schedule == "cosine":
        return settings.learning_rate * 0.5 * (1 + math.cos(math.pi * share))
    if settings.schedule == "linear":
        return settings.learning_rate * (1 - share)
    return settings.learning_rate


def parameter_groups(named: list[tuple[str, nn.Parameter]], weight_decay: float) -> list[dict[str, Any]]:
    """Weights of matrices decay; biases, gains, and scalars such as the temperature do not."""
    if weight_decay == 0:
        return [{"params": [parameter for _, parameter in named], "weight_decay": 0.0}]
    decayed = [parameter for _, parameter in named if parameter.ndim >= 2]
    kept = [parameter for _, parameter in named if parameter.ndim < 2]
    groups = [{"params": decayed, "weight_decay": weight_decay}, {"params": kept, "weight_decay": 0.0}]
    return [group for group in groups if group["params"]]


def build_optimizer(
    settings: Settings, named: list[tuple[str, nn.Parameter]], device: torch.device
) -> torch.optim.Optimizer:
    """Adam or AdamW in one fused kernel. On a GPU the rate is a tensor, so that a captured step reads it anew."""
    on_gpu = device.type == "cuda"
    rate: Any = torch.tensor(settings.learning_rate, device=device) if on_gpu else settings.learning_rate
    kind = torch.optim.AdamW if settings.name == "adamw" else torch.optim.Adam
    return kind(
        parameter_groups(named, settings.weight_decay),
        lr=rate,
        betas=settings.betas,
        fused=True,
        capturable=on_gpu,
    )


def set_learning_rate(optimizer: torch.optim.Optimizer, rate: float) -> None:
    """Sets the rate of all groups; on a GPU in place."""
    for group in optimizer.param_groups:
        if isinstance(group["lr"], Tensor):
            group["lr"].fill_(rate)
        else:
            group["lr"] = rate
