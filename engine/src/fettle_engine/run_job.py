"""One training job from JSON to its last event; used by both ways to start the engine."""

from __future__ import annotations

from typing import Any

from .jobs import parse_job
from .lifecycle import StopFlag
from .loop import Done, Stopped, train
from .recipes import build_recipe
from .runtime import open_runtime
from .wire import Events


def run_job(value: Any, events: Events, stop: StopFlag) -> Done | Stopped:
    """Trains and reports `done` or `stopped`. Raises EngineError, which the caller reports."""
    job = parse_job(value)
    runtime = open_runtime(job.device, job.precision, job.seed, job.deterministic, job.threads)
    outcome = train(job, build_recipe(job), runtime, events, stop)
    if isinstance(outcome, Done):
        events.done(outcome.summary)
    else:
        events.stopped(outcome.step, outcome.checkpoint)
    return outcome
