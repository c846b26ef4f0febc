"""The event writer: one JSON object a line, numbered without gaps, and never a bare NaN."""

from __future__ import annotations

import json
import math
import threading
import time
from typing import Any, Protocol

from .errors import EngineError

VERSION = 1
PHASES = ("load", "cache", "train", "evaluate", "save", "export", "embed")
_PHASE_SECONDS = 0.2


class Stream(Protocol):
    """What the wire writes to: a text file."""

    def write(self, text: str, /) -> Any: ...

    def flush(self) -> None: ...


def finite(value: Any) -> Any:
    """The same JSON value with NaN and infinities as null, which JSON can say."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [finite(item) for item in value]
    return value


class Wire:
    """Writes events of all requests to one stream; safe to use from several threads.

    A wire without a stream is silent: processes other than rank 0 have one.
    """

    def __init__(self, stream: Stream | None) -> None:
        self._stream = stream
        self._lock = threading.Lock()
        self._seq = 0
        self._start = time.monotonic()
        self.broken = False

    @property
    def silent(self) -> bool:
        """Whether nobody reads it."""
        return self._stream is None

    def write(self, request: str | None, event: str, fields: dict[str, Any]) -> None:
        """Writes one event. A reader that has gone away sets `broken` and is no error here."""
        if self._stream is None or self.broken:
            return
        with self._lock:
            line = {
                "v": VERSION,
                "id": request,
                "seq": self._seq,
                "t": time.monotonic() - self._start,
                "event": event,
            }
            text = json.dumps(line | finite(fields), ensure_ascii=False, allow_nan=False)
            self._seq += 1
            try:
                # A lone surrogate from a hostile file name cannot be encoded; it is shown as "?".
                self._stream.write(text.encode("utf-8", "replace").decode("utf-8") + "\n")
                self._stream.flush()
            except (BrokenPipeError, ValueError):
                self.broken = True

    def events(self, request: str | None) -> Events:
        """A writer of the events of one request."""
        return Events(self, request)


class Events:
    """Events of one request. It must end with exactly one of result, done, stopped and error."""

    def __init__(self, wire: Wire, request: str | None) -> None:
        self.wire = wire
        self.request = request
        self._last_phase: tuple[str, float] = ("", 0.0)

    def ready(self, fields: dict[str, Any]) -> None:
        """Versions, device, devices and number of processes."""
        self.wire.write(self.request, "ready", fields)

    def phase(self, phase: str, done: int | None = None, total: int | None = None, note: str | None = None) -> None:
        """What the engine is at. May be called often: repeats within 0.2 s are left out unless done == total."""
        assert phase in PHASES, phase
        now = time.monotonic()
        name, then = self._last_phase
        if name == phase and now - then < _PHASE_SECONDS and not (done is not None and done == total):
            return
        self._last_phase = (phase, now)
        fields: dict[str, Any] = {"phase": phase, "done": done, "total": total}
        self.wire.write(self.request, "phase", fields if note is None else fields | {"note": note})

    def progress(
        self,
        *,
        step: int,
        total: int,
        loss: float,
        losses: dict[str, float],
        gradient_norm: float,
        learning_rate: float,
        steps_per_second: float,
        peak_bytes: int,
    ) -> None:
        """A training step that was logged; step counts optimiser steps done, from 1."""
        fields = {
            "step": step,
            "total": total,
            "loss": loss,
            "losses": losses,
            "gradientNorm": gradient_norm,
            "learningRate": learning_rate,
            "stepsPerSecond": steps_per_second,
            "peakBytes": peak_bytes,
        }
        self.wire.write(self.request, "progress", fields)

    def metric(self, step: int, metrics: dict[str, float]) -> None:
        """Validation metrics, accuracies from 0 to 1."""
        self.wire.write(self.request, "metric", {"step": step, "metrics": metrics})

    def checkpoint(self, step: int, path: str) -> None:
        """A whole checkpoint lies at path."""
        self.wire.write(self.request, "checkpoint", {"step": step, "path": path})

    def artifact(self, kind: str, path: str, sha256: str, bytes: int) -> None:
        """A finished file or folder."""
        self.wire.write(self.request, "artifact", {"kind": kind, "path": path, "sha256": sha256, "bytes": bytes})

    def log(self, text: str, level: str = "info") -> None:
        """A line for people; level is debug, info or warn."""
        self.wire.write(self.request, "log", {"level": level, "text": text})

    def warning(self, code: str, message: str) -> None:
        """Something to know that does not stop the work."""
        self.wire.write(self.request, "warning", {"code": code, "message": message})

    def result(self, result: dict[str, Any]) -> None:
        """The answer to a request other than `run`."""
        self.wire.write(self.request, "result", {"result": result})

    def done(self, summary: dict[str, Any]) -> None:
        """The end of training."""
        self.wire.write(self.request, "done", {"summary": summary})

    def stopped(self, step: int, checkpoint: str | None) -> None:
        """The end of cancelled work."""
        self.wire.write(self.request, "stopped", {"step": step, "checkpoint": checkpoint})

    def error(self, error: EngineError) -> None:
        """The end of failed work."""
        fields = {
            "code": error.code,
            "message": error.message,
            "hint": error.hint,
            "details": error.details,
            "retryable": error.retryable,
        }
        self.wire.write(self.request, "error", fields)
