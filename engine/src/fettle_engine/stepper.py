"""One optimiser step: forward, backward, clipping, a guard against numbers that are none, the update.

On a GPU, small models spend their time launching kernels. A recipe that stages its inputs in fixed buffers has the
whole step captured once as a CUDA graph and replayed, which launches it as one piece.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from .recipe import Recipe
from .runtime import Runtime

_EAGER_STEPS = 3


@dataclass
class StepValues:
    """What a step came to, still on the device."""

    losses: dict[str, Tensor]
    gradient_norm: Tensor


class Stepper:
    """Carries out steps of one recipe.

    A step whose loss or gradient is not finite changes no weight: the fused optimizers skip it when `found_inf` is set,
    which costs no wait for the device. `first_bad` remembers it until the loop looks.
    """

    def __init__(
        self,
        recipe: Recipe,
        optimizer: torch.optim.Optimizer,
        parameters: list[nn.Parameter],
        runtime: Runtime,
        clip: float | None,
        capture: bool,
    ) -> None:
        self._recipe = recipe
        self._optimizer: Any = optimizer
        self._parameters = parameters
        self._runtime = runtime
        self._clip = clip
        self._stage = recipe.stage
        self._capture = capture and recipe.fixed_shapes and runtime.device.type == "cuda" and runtime.world == 1
        self._graph: torch.cuda.CUDAGraph | None = None
        self._values: StepValues | None = None
        self._eager = 0
        self.not_captured: str | None = None
        """Why a step could not be captured."""
        self._step = torch.zeros((), device=runtime.device)
        self.first_bad = torch.zeros((), device=runtime.device)
        """0, or the step whose numbers were not finite."""
        self._found_inf = torch.zeros((), device=runtime.device)

    @property
    def captured(self) -> bool:
        """Whether steps are replayed."""
        return self._graph is not None

    def step(self, step: int) -> StepValues:
        """Step 1, 2, …. The values are overwritten by the next step."""
        self._step.fill_(step)
        self._stage(step)
        if self._graph is not None:
            self._graph.replay()
            assert self._values is not None
            return self._values
        if self._capture and self._eager >= _EAGER_STEPS:
            return self._record(step)
        self._eager += 1
        if not self._capture:
            return self._compute(step)
        # What is captured later must have run on a side stream before, so that lazily made handles exist.
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            values = self._compute(step)
        torch.cuda.current_stream().wait_stream(side)
        return values

    def _record(self, step: int) -> StepValues:
        graph = torch.cuda.CUDAGraph()
        try:
            with torch.cuda.graph(graph):
                values = self._compute(step)
        except RuntimeError as error:
            # Some model waits for the device in its forward pass: slower, but as right.
            self._capture = False
            self.not_captured = str(error).strip().splitlines()[0]
            torch.cuda.synchronize()
            return self._compute(step)
        self._graph, self._values = graph, values
        graph.replay()  # recording computes nothing
        return values

    def _compute(self, step: int) -> StepValues:
        for parameter in self._parameters:
            parameter.grad = None
        losses = self._recipe.accumulate(step, self._forward, self._backward)
        self._average_gradients()
        gradients = [p.grad for p in self._parameters if p.grad is not None]
        norm = torch.nn.utils.get_total_norm(gradients)
        if self._clip is not None:
            torch.nn.utils.clip_grads_with_norm_(self._parameters, self._clip, norm)
        finite = torch.isfinite(norm) & torch.isfinite(losses["loss"])
        self.first_bad.copy_(torch.where((self.first_bad == 0) & ~finite, self._step, self.first_bad))
        # Once a step was bad no later one changes a weight either, until the loop looks and ends.
        self._found_inf.copy_(self.first_bad != 0)
        self._optimizer.found_inf = self._found_inf
        self._optimizer.grad_scale = None
        self._optimizer.step()
        with torch.no_grad():
            self._recipe.after_step()
        return StepValues(losses, norm)

    def _forward(self, *args: Any, **kwargs: Any) -> Any:
        with self._runtime.autocast():
            return self._recipe.module(*args, **kwargs)

    @staticmethod
    def _backward(loss: Tensor) -> None:
        loss.backward()

    def _average_gradients(self) -> None:
        """One all-reduce of all gradients in a row; a parameter without gradient counts as zero."""
        world = self._runtime.world
        if world == 1:
            return
        for parameter in self._parameters:
            if parameter.grad is None:
                parameter.grad = torch.zeros_like(parameter)
        gradients = [p.grad for p in self._parameters if p.grad is not None]
        flat = torch.cat([gradient.reshape(-1) for gradient in gradients])
        flat = self._runtime.reduce_sum(flat) / world
        place = 0
        for gradient in gradients:
            gradient.copy_(flat[place : place + gradient.numel()].view_as(gradient))
            place += gradient.numel()
