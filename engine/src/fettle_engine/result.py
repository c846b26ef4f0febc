"""Writes what a job ends with: the model's folder, whole or not at all."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import torch

from .file_hash import file_sha256
from .recipe import Recipe
from .wire import Events


def write_model(recipe: Recipe, folder: Path, events: Events) -> None:
    """The recipe's result in `folder`, replacing what is there; each file of weights is told as an artifact."""
    part = folder.with_name(f".model.{os.getpid()}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        recipe.module.eval()
        with torch.no_grad():
            recipe.save(part)
        shutil.rmtree(folder, ignore_errors=True)
        part.rename(folder)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    for path in sorted(folder.rglob("*.safetensors")):
        events.artifact("weights", str(path), file_sha256(path), path.stat().st_size)
