"""The one training loop: what all recipes share."""

from __future__ import annotations

import gc
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from .checkpoint import (
    Checkpoints,
    Snapshot,
    optimizer_tensors,
    put_optimizer,
    put_weights,
    weights_of,
)
from .errors import EngineError, classify
from .finite import require_finite_metrics, require_finite_step, require_finite_weights
from .history import History
from .identity import job_identity
from .jobs import Job
from .lifecycle import StopFlag
from .memory_advice import with_advice
from .recipe import Metrics, Recipe
from .result import write_model
from .runtime import Runtime
from .schedule import build_optimizer, learning_rate, set_learning_rate
from .stepper import Stepper, StepValues
from .wire import Events


@dataclass(frozen=True)
class Done:
    """The job has ended by itself."""

    summary: dict[str, Any]


@dataclass(frozen=True)
class Stopped:
    """The job was cancelled after `step` steps."""

    step: int
    checkpoint: str | None


@dataclass
class _State:
    step: int = 0
    resumed_from: int | None = None
    baseline: Metrics | None = None
    best: Metrics | None = None
    best_step: int | None = None
    best_weights: dict[str, Tensor] | None = None
    reason: str | None = None


def train(job: Job, recipe: Recipe, runtime: Runtime, events: Events, stop: StopFlag) -> Done | Stopped:
    """Carries a job to its end. Raises EngineError; memory errors come with advice in the job's own words."""
    loop = _Loop(job, recipe, runtime, events, stop)
    try:
        return loop.run()
    except Exception as error:
        raise with_advice(classify(error), job, loop.phase, loop.state.step, runtime.peak_bytes()) from error
    finally:
        loop.close()


class _Loop:
    def __init__(self, job: Job, recipe: Recipe, runtime: Runtime, events: Events, stop: StopFlag) -> None:
        self._job = job
        self._recipe = recipe
        self._runtime = runtime
        self._events = events
        self._stop = stop
        self.phase = "load"
        self.state = _State()
        self._out = Path(job.out)
        self._named: list[tuple[str, nn.Parameter]] = []
        self._history: History | None = None
        if runtime.device.type == "cuda":
            torch.cuda.reset_peak_memory_stats(runtime.device)

    def run(self) -> Done | Stopped:
        job, recipe, runtime, state = self._job, self._recipe, self._runtime, self.state
        started = time.monotonic()
        self._out.mkdir(parents=True, exist_ok=True)
        self._checkpoints = Checkpoints(self._out / "checkpoints", job.save.keep, job_identity(job))
        if job.resume == "never" and runtime.is_main:
            self._checkpoints.clear()
        runtime.barrier()
        snapshot = self._checkpoints.newest() if job.resume == "auto" else None
        recipe.prepare(runtime, self._events)
        self._named = [(name, p) for name, p in recipe.module.named_parameters() if p.requires_grad]
        if not self._named:
            raise EngineError(
                "bad_job", "trainable: no parameter is left to train.", "Choose full, lora or last-layers."
            )
        self._optimizer = build_optimizer(job.optimizer, self._named, runtime.device)
        if snapshot is not None:
            self._restore(snapshot)
        if runtime.is_main:
            self._history = History(self._out / "history.jsonl", state.step)
        self._stepper = Stepper(
            recipe,
            self._optimizer,
            [parameter for _, parameter in self._named],
            runtime,
            job.optimizer.clip,
            capture=not job.deterministic,
        )
        if job.evaluate is not None and state.baseline is None:
            state.baseline = self._evaluate(0)
        if state.baseline is not None:
            recipe.baseline(state.baseline)
        outcome = self._steps()
        if outcome is not None:
            return outcome
        return self._finish(time.monotonic() - started)

    def _steps(self) -> Stopped | None:
        job, state, runtime = self._job, self.state, self._runtime
        self.phase = "train"
        self._events.phase("train", state.step, job.steps)
        self._recipe.module.train()
        self._clock, self._clock_step = time.monotonic(), state.step
        while state.step < job.steps and state.reason is None:
            step = state.step + 1
            set_learning_rate(self._optimizer, learning_rate(job.optimizer, step, job.steps))
            runtime.seed_step(step)
            values = self._stepper.step(step)
            state.step = step
            last = step == job.steps
            if runtime.device.type == "cpu":
                self._check_finite(values)  # nothing to wait for there
            if last or step == 1 or step % job.log.every_steps == 0:
                self._log(values)
            if job.evaluate is not None and (last or step % job.evaluate.every_steps == 0):
                self._consider(self._evaluate(step))
            due = job.save.every_steps is not None and step % job.save.every_steps == 0 and not last
            stopping = runtime.any(bool(self._stop)) and not last and state.reason is None
            if due or stopping:
                path = self._save()
                if stopping:
                    return Stopped(step, str(path))
        self._check_finite()
        return None

    def _log(self, values: StepValues) -> None:
        """Reads the step's numbers, which waits for the device."""
        self._check_finite(values)
        names = list(values.losses)
        numbers = torch.stack([*(values.losses[name].float() for name in names), values.gradient_norm.float()]).tolist()
        losses = dict(zip(names, numbers, strict=False))
        step, now = self.state.step, time.monotonic()
        rate = (step - self._clock_step) / max(now - self._clock, 1e-9)
        self._clock, self._clock_step = now, step
        loss = losses.pop("loss")
        lr = learning_rate(self._job.optimizer, step, self._job.steps)
        self._events.progress(
            step=step,
            total=self._job.steps,
            loss=loss,
            losses=losses,
            gradient_norm=numbers[-1],
            learning_rate=lr,
            steps_per_second=rate,
            peak_bytes=self._runtime.peak_bytes(),
        )
        if self._history is not None:
            line = {
                "step": step,
                "loss": loss,
                "losses": losses,
                "gradientNorm": numbers[-1],
                "learningRate": lr,
            }
            self._history.add(line)

    def _check_finite(self, values: StepValues | None = None) -> None:
        losses = None if values is None else values.losses
        require_finite_step(self._stepper.first_bad, losses, self._runtime)

    @torch.no_grad()
    def _evaluate(self, step: int) -> Metrics:
        self.phase = "evaluate"
        paused = time.monotonic()
        self._events.phase("evaluate")
        self._recipe.module.eval()
        metrics = self._recipe.evaluate() or {}
        self._recipe.module.train()
        require_finite_metrics(metrics, step)
        self._events.metric(step, metrics)
        if self._history is not None:
            self._history.add({"step": step, "metrics": metrics})
        self.phase = "train"
        if step > 0:
            self._clock += time.monotonic() - paused  # steps per second are those of training
        return metrics

    def _consider(self, metrics: Metrics) -> None:
        state = self.state
        if self._recipe.better(metrics, state.best):
            self._check_finite()
            state.best, state.best_step = metrics, state.step
            state.best_weights = {name: p.detach().clone() for name, p in self._named}
        state.reason = self._recipe.finished(metrics)

    def _save(self) -> Path:
        self._check_finite()
        require_finite_weights(self._named, self.state.step, self._runtime)
        self.phase = "save"
        self._events.phase("save")
        path = self._checkpoints.folder / f"step-{self.state.step}"
        if self._runtime.is_main:
            if self._history is not None:
                self._history.sync()
            best = self.state.best_weights
            facts = {
                "best": self.state.best,
                "bestStep": self.state.best_step,
                "baseline": self.state.baseline,
            }
            snapshot = Snapshot(
                self.state.step,
                weights_of(self._named),
                optimizer_tensors(self._optimizer, self._named),
                None if best is None else {name: value.cpu() for name, value in best.items()},
                facts,
            )
            path = self._checkpoints.save(snapshot)
        self._runtime.barrier()
        self._events.checkpoint(self.state.step, str(path))
        self.phase = "train"
        return path

    def _restore(self, snapshot: Snapshot) -> None:
        state = self.state
        put_weights(self._named, snapshot.weights)
        put_optimizer(self._optimizer, self._named, snapshot.optimizer)
        state.step = state.resumed_from = snapshot.step
        state.baseline, state.best = snapshot.facts["baseline"], snapshot.facts["best"]
        state.best_step = snapshot.facts["bestStep"]
        if snapshot.best is not None:
            state.best_weights = {name: value.to(self._runtime.device) for name, value in snapshot.best.items()}
        self._events.log(f"Going on from step {snapshot.step}.")

    def _finish(self, seconds: float) -> Done:
        state = self.state
        if state.best_weights is not None:
            put_weights(self._named, state.best_weights)
        require_finite_weights(self._named, self.state.step, self._runtime)
        self.phase = "save"
        self._events.phase("save")
        folder = self._out / "model"
        if self._runtime.is_main:
            write_model(self._recipe, folder, self._events)
            self._checkpoints.clear()
        self._runtime.barrier()
        kept = state.step if state.best_step is None else state.best_step
        trained = sum(parameter.numel() for _, parameter in self._named)
        steps = state.step - (state.resumed_from or 0)
        return Done(
            {
                "steps": state.step,
                "resumedFrom": state.resumed_from,
                "seconds": seconds,
                "stepsPerSecond": steps / max(seconds, 1e-9),
                "peakBytes": self._runtime.peak_bytes(),
                "trainable": trained,
                "parameters": sum(p.numel() for p in self._recipe.module.parameters()),
                "model": str(folder),
                "kept": {"step": kept, "metrics": state.best},
                "reason": state.reason,
                "device": self._runtime.device_name(),
                "precision": self._runtime.precision_reason,
                "captured": self._stepper.captured,
                "notCaptured": self._stepper.not_captured,
                "processes": self._runtime.world,
            }
            | self._recipe.describe()
        )

    def close(self) -> None:
        if self._history is not None:
            self._history.close()
        # Graphs and optimizer state hold device memory that the next job of this process needs.
        for name in ("_stepper", "_optimizer", "_named", "_recipe"):
            self.__dict__.pop(name, None)
        self.state.best_weights = None
        gc.collect()
        if self._runtime.device.type == "cuda":
            torch.cuda.empty_cache()
