"""Batches of about equal length, and their padded tensors. Shapes: B rows, T tokens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

import torch
from PIL import Image
from torch import Tensor

from .errors import EngineError
from .inference_models import OpenModel, first_line

Content = TypeVar("Content")

# Rows of a batch, and tokens with padding and the room for replies. Bounds of memory, not of speed: a CPU gains
# little from more rows, a GPU is full before these.
MAX_ROWS = {"cpu": 16, "cuda": 128}
MAX_TOKENS = {"cpu": 16_384, "cuda": 131_072}


@dataclass(frozen=True)
class Sized(Generic[Content]):
    """Something to put into a batch: its place in the request, and what it takes."""

    index: int
    length: int
    images: int
    content: Content
    reply: int = 0


def batches_of(items: list[Sized[Content]], device: torch.device) -> Iterator[list[Sized[Content]]]:
    """Batches by length, longest first so that too little memory shows at once. With and without images stay apart."""
    rows, tokens = MAX_ROWS.get(device.type, 16), MAX_TOKENS.get(device.type, 16_384)
    batch: list[Sized[Content]] = []
    longest = 0
    for item in sorted(items, key=lambda one: (one.images, one.length + one.reply, one.index), reverse=True):
        size = max(longest, item.length + item.reply)
        full = len(batch) >= rows or size * (len(batch) + 1) > tokens
        if batch and (full or batch[0].images != item.images):
            yield batch
            batch, size = [], item.length + item.reply
        batch.append(item)
        longest = size
    if batch:
        yield batch


def pad_left(model: OpenModel, rows: list[tuple[int, ...]]) -> dict[str, Tensor]:
    """input_ids, attention_mask and position_ids [B, T] for generation: replies begin in one column.

    Positions are counted from each row's first token, which absolute embeddings would otherwise get wrong.
    """
    longest = max(map(len, rows))
    ids = torch.tensor([[model.pad] * (longest - len(row)) + list(row) for row in rows])
    mask = torch.tensor([[0] * (longest - len(row)) + [1] * len(row) for row in rows])
    positions = (mask.cumsum(-1) - 1).clamp(min=0)
    tensors = {"input_ids": ids, "attention_mask": mask, "position_ids": positions}
    if model.kind == "vision-language":
        # These models number positions themselves, in several dimensions where there are images.
        del tensors["position_ids"]
    return {name: tensor.to(model.device) for name, tensor in tensors.items()}


def pad_right(model: OpenModel, rows: list[tuple[int, ...]]) -> dict[str, Tensor]:
    """input_ids and attention_mask [B, T] for scoring: positions are the columns."""
    longest = max(map(len, rows))
    ids = torch.tensor([list(row) + [model.pad] * (longest - len(row)) for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows])
    return {"input_ids": ids.to(model.device), "attention_mask": mask.to(model.device)}


def processed(
    model: OpenModel,
    texts: list[tuple[str, bool]],
    images: list[tuple[Image.Image, ...]],
    side: Literal["left", "right"],
) -> dict[str, Any]:
    """What a model takes for texts (each with whether it is raw) with their images; tensors on its device."""
    begin = model.tokenizer.decode(list(model.bos)) if model.bos else ""
    whole = [begin + text if raw and not text.startswith(begin) else text for text, raw in texts]
    try:
        batch = model.processor(
            text=whole,
            images=[list(row) for row in images],
            padding=True,
            padding_side=side,
            add_special_tokens=False,
            return_tensors="pt",
        )
    except (ValueError, TypeError, KeyError, IndexError, RuntimeError) as error:
        raise EngineError(
            "bad_request",
            f"The processor of {model.name} refuses texts with images: {first_line(error)}",
            hint="Check that the model takes this many images in a prompt",
        ) from error
    inputs = {}
    for name, value in batch.items():
        if isinstance(value, Tensor):
            value = value.to(model.device, model.dtype if value.is_floating_point() else None)
        inputs[name] = value
    return inputs
