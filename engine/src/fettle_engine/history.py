"""`history.jsonl` of a job: logged steps and validation metrics, without gaps or doubles after a resumed start."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from .wire import finite


class History:
    """A line per logged step or evaluation: { step, loss, losses, … } or { step, metrics }."""

    def __init__(self, path: Path, from_step: int) -> None:
        """Keeps lines of steps up to `from_step`; what came after is trained again."""
        path.parent.mkdir(parents=True, exist_ok=True)
        kept = []
        if path.is_file() and from_step > 0:
            for line in path.read_text().splitlines():
                try:
                    if json.loads(line)["step"] <= from_step:
                        kept.append(line)
                except (ValueError, KeyError, TypeError):
                    continue  # a line that was cut by a kill
        part = path.with_suffix(".part")
        part.write_text("".join(f"{line}\n" for line in kept))
        part.replace(path)
        self._file = path.open("a", encoding="utf-8")

    def add(self, line: dict[str, Any]) -> None:
        """Appends one line."""
        self._file.write(json.dumps(finite(line), allow_nan=False) + "\n")

    def sync(self) -> None:
        """Before a checkpoint: what it goes on from must be on disk."""
        self._file.flush()
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Flushes and closes."""
        self._file.close()
