"""ONNX files of an image-text model, checked against PyTorch, for use without Python."""

from __future__ import annotations

import json
import os
import shutil
import warnings
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from .clip_models import Checkpoint, load_checkpoint
from .clip_towers import Towers
from .errors import EngineError
from .file_hash import file_sha256
from .losses.clip import unit
from .runtime import Runtime
from .wire import Events

_BATCHES = (1, 3)


class _Vision(nn.Module):
    """pixel_values [n, 3, S, S], normalised → unit vectors [n, d]."""

    def __init__(self, towers: Towers) -> None:
        super().__init__()
        self.model = towers.model
        self.projection = None if towers.is_siglip else towers.model.visual_projection

    def forward(self, pixel_values: Tensor) -> Tensor:
        """One row an image."""
        pooled = self.model.vision_model(pixel_values=pixel_values).pooler_output
        return unit(pooled if self.projection is None else self.projection(pooled))


class _Text(nn.Module):
    """input_ids [n, t] → unit vectors [n, d]. What is padded cannot reach the end mark, so there is no mask."""

    def __init__(self, towers: Towers) -> None:
        super().__init__()
        self.model = towers.model
        self.projection = None if towers.is_siglip else towers.model.text_projection

    def forward(self, input_ids: Tensor) -> Tensor:
        """One row a text."""
        pooled = self.model.text_model(input_ids=input_ids).pooler_output
        return unit(pooled if self.projection is None else self.projection(pooled))


@torch.no_grad()
def handle(request: dict[str, Any], runtime: Runtime, events: Events) -> dict[str, Any]:
    """Writes vision.onnx, text.onnx, clip.json and the tokenizer into `out`, which appears whole or not at all."""
    del runtime  # exported on the CPU, where the files are to be used
    checkpoint = load_checkpoint(request["model"])
    towers = Towers(checkpoint.model, checkpoint.mean, checkpoint.std).eval()
    out = Path(request["out"])
    part = out.with_name(f".{out.name}.{os.getpid()}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        size, length = checkpoint.image_size, checkpoint.max_tokens
        events.phase("export", 0, 2)
        pixels = torch.rand(2, 3, size, size, generator=torch.Generator().manual_seed(0)) * 4 - 2
        _write(_Vision(towers), part / "vision.onnx", "pixel_values", "image_embeds", pixels)
        events.phase("export", 1, 2)
        tokens = _sample_tokens(checkpoint, length)
        _write(_Text(towers), part / "text.onnx", "input_ids", "text_embeds", tokens[:2])
        events.phase("export", 2, 2)
        largest = max(
            _difference(part / "vision.onnx", "pixel_values", _Vision(towers), pixels),
            _difference(part / "text.onnx", "input_ids", _Text(towers), tokens),
        )
        if not largest <= request["tolerance"]:
            raise EngineError(
                "export_mismatch",
                f"The exported model differs from PyTorch by {largest:.2g}, more than {request['tolerance']:.2g}.",
                "Raise tolerance if that is near enough for you; else report it with the model's configuration.",
                {"largestDifference": largest},
            )
        checkpoint.tokenizer.save_pretrained(part)
        facts = _facts(checkpoint, towers, part)
        (part / "clip.json").write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
        shutil.rmtree(out, ignore_errors=True)
        part.rename(out)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return {"files": sorted(str(path) for path in out.iterdir()), "largestDifference": largest}


def _facts(checkpoint: Checkpoint, towers: Towers, folder: Path) -> dict[str, Any]:
    """What a reader needs beside the files."""
    bias = towers.bias
    return {
        "version": 1,
        "kind": checkpoint.model.config.model_type,
        "imageSize": checkpoint.image_size,
        "mean": list(checkpoint.mean),
        "std": list(checkpoint.std),
        "resample": "bicubic",
        "width": int(_Text(towers)(_sample_tokens(checkpoint, checkpoint.max_tokens)[:1]).shape[1]),
        "scale": float(towers.scale),
        "bias": None if bias is None else float(bias),
        "maxTokens": checkpoint.max_tokens,
        "padToken": int(checkpoint.tokenizer.pad_token_id),
        "padding": "max_length",
        "source": checkpoint.sha256,
        "sha256": {name: file_sha256(folder / name) for name in ("vision.onnx", "text.onnx", "tokenizer.json")},
    }


def _sample_tokens(checkpoint: Checkpoint, length: int) -> Tensor:
    texts = ["a photo of a cat.", "", "seven red stars over a long and winding road " * 8]
    return checkpoint.tokenizer(texts, padding="max_length", truncation=True, max_length=length, return_tensors="pt")[
        "input_ids"
    ]


def _write(module: nn.Module, path: Path, name: str, output: str, example: Tensor) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module.eval(),
            (example,),
            str(path),
            dynamo=True,
            input_names=[name],
            output_names=[output],
            dynamic_shapes={name: {0: torch.export.Dim("batch", min=1, max=1 << 16)}},
            external_data=False,
            verbose=False,
        )


def _difference(path: Path, name: str, module: nn.Module, example: Tensor) -> float:
    """Largest difference of onnxruntime and PyTorch over batches of several sizes."""
    import onnxruntime

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    largest = 0.0
    for count in _BATCHES:
        rows = example.repeat(2, *[1] * (example.ndim - 1))[:count]
        found = torch.from_numpy(session.run(None, {name: rows.numpy()})[0])
        largest = max(largest, float((found - module(rows)).abs().max()))
    return largest
