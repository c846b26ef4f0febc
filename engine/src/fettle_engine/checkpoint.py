"""Checkpoints: folders that are whole or not there, safetensors and JSON. The one place that writes training state."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from .errors import EngineError
from .file_hash import file_sha256

_MANIFEST = "checkpoint.json"
# A job may go on although these differ: they change neither the weights of a step nor which step comes next.
_HARMLESS = {"out", "resume", "save", "log", "threads", "cache"}


@dataclass(frozen=True)
class Snapshot:
    """Training state after `step` optimiser steps, on the CPU."""

    step: int
    weights: dict[str, Tensor]
    optimizer: dict[str, Tensor]
    best: dict[str, Tensor] | None
    facts: dict[str, Any]
    """JSON: best step and metrics, the baseline's metrics."""


def job_differences(before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """Fields in which two jobs differ so that one cannot go on from the other."""
    names = sorted((before.keys() | now.keys()) - _HARMLESS)
    return [name for name in names if before.get(name) != now.get(name)]


class Checkpoints:
    """`step-N` folders of one job; the newest whole one counts."""

    def __init__(self, folder: Path, keep: int, job: dict[str, Any]) -> None:
        self.folder = folder
        self._keep = keep
        self._job = job

    def save(self, snapshot: Snapshot) -> Path:
        """Writes beside, syncs, renames; then forgets older ones."""
        self.folder.mkdir(parents=True, exist_ok=True)
        part = self.folder / f".step-{snapshot.step}.{os.getpid()}.part"
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir()
        try:
            parts = {"weights": snapshot.weights, "optimizer": snapshot.optimizer, "best": snapshot.best}
            files: dict[str, Any] = {}
            for name, tensors in parts.items():
                if tensors is None:
                    continue
                path = part / f"{name}.safetensors"
                save_file({key: value.contiguous() for key, value in tensors.items()}, path)
                _sync(path)
                files[path.name] = {"bytes": path.stat().st_size, "sha256": file_sha256(path)}
            manifest = {
                "version": 1,
                "step": snapshot.step,
                "job": self._job,
                "facts": snapshot.facts,
                "files": files,
            }
            path = part / _MANIFEST
            path.write_text(json.dumps(manifest, allow_nan=False))
            _sync(path)
            target = self.folder / f"step-{snapshot.step}"
            shutil.rmtree(target, ignore_errors=True)
            part.rename(target)
            _sync(self.folder)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise
        for _, old in self._found()[self._keep :]:
            shutil.rmtree(old, ignore_errors=True)
        return target

    def newest(self) -> Snapshot | None:
        """The newest whole checkpoint, damaged ones passed over. Raises other_job where it belongs to another job."""
        for step, folder in self._found():
            manifest = _whole(folder)
            if manifest is None:
                continue
            differences = job_differences(manifest["job"], self._job)
            # More steps than before is a wish, not another job, unless the learning rate was planned by their number.
            planned = self._job["optimizer"]["schedule"] != "constant"
            if differences == ["steps"] and not planned and self._job["steps"] >= step:
                differences = []
            if differences:
                raise EngineError(
                    "other_job",
                    f"{folder} belongs to another job: {', '.join(differences)} differ.",
                    "Set resume to never to start anew, or name another folder in out.",
                    {"fields": differences, "checkpoint": str(folder)},
                )
            best = folder / "best.safetensors"
            return Snapshot(
                step=step,
                weights=load_file(folder / "weights.safetensors"),
                optimizer=load_file(folder / "optimizer.safetensors"),
                best=load_file(best) if best.is_file() else None,
                facts=manifest["facts"],
            )
        return None

    def clear(self) -> None:
        """Removes all of them: the job has ended, or starts anew."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _found(self) -> list[tuple[int, Path]]:
        if not self.folder.is_dir():
            return []
        found = [(name.removeprefix("step-"), self.folder / name) for name in os.listdir(self.folder)]
        return sorted(((int(step), path) for step, path in found if step.isdigit()), reverse=True)


def _whole(folder: Path) -> dict[str, Any] | None:
    try:
        manifest = json.loads((folder / _MANIFEST).read_text())
        for name, facts in manifest["files"].items():
            path = folder / name
            if path.stat().st_size != facts["bytes"] or file_sha256(path) != facts["sha256"]:
                return None
        return manifest
    except (OSError, ValueError, KeyError, TypeError, SafetensorError):
        return None


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def weights_of(named: list[tuple[str, nn.Parameter]]) -> dict[str, Tensor]:
    """Copies of the trained parameters on the CPU."""
    return {name: parameter.detach().to("cpu", copy=True) for name, parameter in named}


def put_weights(named: list[tuple[str, nn.Parameter]], weights: dict[str, Tensor]) -> None:
    """Writes weights into the parameters, in place."""
    with torch.no_grad():
        for name, parameter in named:
            parameter.copy_(weights[name])


def optimizer_tensors(optimizer: torch.optim.Optimizer, named: list[tuple[str, nn.Parameter]]) -> dict[str, Tensor]:
    """The optimizer's state by name of parameter: `exp_avg.NAME`, `exp_avg_sq.NAME`, `step.NAME`."""
    return {
        f"{key}.{name}": value.detach().to("cpu", copy=True)
        for name, parameter in named
        for key, value in optimizer.state[parameter].items()
        if isinstance(value, Tensor)
    }


def put_optimizer(
    optimizer: torch.optim.Optimizer, named: list[tuple[str, nn.Parameter]], tensors: dict[str, Tensor]
) -> None:
    """The reverse of `optimizer_tensors`."""
    for name, parameter in named:
        optimizer.state[parameter] = {
            key: tensors[f"{key}.{name}"].to(parameter.device, copy=True) for key in ("step", "exp_avg", "exp_avg_sq")
        }
