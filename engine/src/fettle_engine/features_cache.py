"""Features of the frozen original model: computed once per content and kept on disk between jobs."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from .clip_towers import Towers
from .losses.clip import unit
from .pairs import Pairs
from .runtime import Runtime
from .wire import Events

# Part of the key: raise it when what is computed here changes.
_VERSION = 1
_BATCH = 256


@dataclass(frozen=True)
class FrozenFeatures:
    """Unit features of some images and texts, fp32 on the device, found by row."""

    images: Tensor
    """[n, d]"""
    texts: Tensor
    """[m, d]"""
    image_place: Tensor
    """int64 [N]: where an item's feature stands in `images`; -1 for items that were not asked for."""
    text_place: Tensor
    scale: Tensor
    """exp of the temperature, a scalar."""
    bias: Tensor | None
    hits: int
    misses: int

    def of_images(self, rows: Tensor) -> Tensor:
        """[len(rows), d] of rows of items.jsonl."""
        return self.images[self.image_place[rows]]

    def of_texts(self, rows: Tensor) -> Tensor:
        """[len(rows), d] of rows of texts.jsonl."""
        return self.texts[self.text_place[rows]]


def frozen_features(
    towers: Towers,
    model_sha256: str,
    pairs: Pairs,
    tokens: Tensor,
    rows: list[int],
    texts: list[int],
    folder: str | None,
    runtime: Runtime,
    events: Events,
) -> FrozenFeatures:
    """Computes them in fp32 and eval mode, or reads them where the same content was computed before."""
    key = {
        "version": _VERSION,
        "model": model_sha256,
        "pixels": pairs.sha256["pixels.safetensors"],
        "texts": pairs.sha256["texts.jsonl"],
        "tokens": hashlib.sha256(tokens.cpu().numpy().tobytes()).hexdigest(),
        "rows": rows,
        "textRows": texts,
        "mean": [round(float(value), 8) for value in towers.factor.flatten().tolist()],
    }
    name = hashlib.sha256(json.dumps(key, sort_keys=True).encode()).hexdigest()
    path = None if folder is None else Path(folder) / f"features-{name[:32]}.safetensors"
    found = None if path is None else _read(path)
    hits = 0 if found is None else len(rows) + len(texts)
    if found is None:
        found = _compute(towers, pairs, tokens, rows, texts, runtime, events)
        if path is not None and runtime.is_main:
            _write(path, found)
    runtime.barrier()
    device = runtime.device
    return FrozenFeatures(
        images=found["images"].to(device),
        texts=found["texts"].to(device),
        image_place=_places(rows, len(pairs.ids)).to(device),
        text_place=_places(texts, len(pairs.texts)).to(device),
        scale=towers.scale.detach().clone(),
        bias=None if towers.bias is None else towers.bias.detach().clone(),
        hits=hits,
        misses=len(rows) + len(texts) - hits,
    )


@torch.no_grad()
def _compute(
    towers: Towers,
    pairs: Pairs,
    tokens: Tensor,
    rows: list[int],
    texts: list[int],
    runtime: Runtime,
    events: Events,
) -> dict[str, Tensor]:
    was_training = towers.training
    towers.eval()
    images = []
    for start in range(0, len(rows), _BATCH):
        part = torch.tensor(rows[start : start + _BATCH])
        images.append(unit(towers.images(runtime.to_device(pairs.pixels[part]))).cpu())
        events.phase("cache", min(start + _BATCH, len(rows)), len(rows))
    captions = [
        unit(towers.texts(tokens[torch.tensor(texts[start : start + _BATCH], device=tokens.device)])).cpu()
        for start in range(0, len(texts), _BATCH)
    ]
    towers.train(was_training)
    return {"images": torch.cat(images), "texts": torch.cat(captions)}


def _places(rows: list[int], size: int) -> Tensor:
    places = torch.full((size,), -1, dtype=torch.int64)
    places[torch.tensor(rows)] = torch.arange(len(rows))
    return places


def _read(path: Path) -> dict[str, Tensor] | None:
    try:
        tensors: dict[str, Any] = load_file(path)
    except (OSError, SafetensorError):
        return None  # not there, or damaged: it is computed anew
    return tensors if tensors.keys() >= {"images", "texts"} else None


def _write(path: Path, tensors: dict[str, Tensor]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        save_file(tensors, part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
