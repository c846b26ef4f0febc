"""Unit vectors of texts and images, by dual encoders (CLIP, SigLIP) and text encoders.

Shapes: B texts or images of a batch, T tokens, D width, S image size.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor

from .errors import EngineError
from .images import open_image
from .inference_files import read_json
from .inference_models import OpenModel, answering
from .pairs import open_pixels

DECODING_THREADS = 4


def embed(model: OpenModel, request: dict[str, Any], progress: Any) -> dict[str, Any]:
    """Answers an `embed` request: vectors go into a new file of the folder `out`, named in the result."""
    texts, images, size = request["texts"], request["images"], request["batch"]
    if images is not None and model.kind != "dual-encoder":
        raise EngineError(
            "images_unsupported",
            f"The model {model.name} places no images in its space of texts",
            hint="Take a dual encoder: CLIP or SigLIP",
        )
    if model.kind not in ("dual-encoder", "text-encoder"):
        raise EngineError(
            "model_unsupported",
            f"{model.name} is a {model.kind} model and gives no embeddings",
            hint="Take a dual encoder or a text encoder",
        )
    loaders = image_batches(model, images, size) if images is not None else None
    count = 0 if loaders is None else loaders[0]
    total, width = len(texts) + count, embedding_width(model)
    text_rows: list[Tensor] = []
    with answering(model, f"a batch of {size} texts"):
        for rows in text_batches(model, texts, size):
            text_rows.append(rows)
            progress(sum(map(len, text_rows)), total)
    image_rows: list[Tensor] = []
    with answering(model, f"a batch of {size} images"):
        for pixels in loaders[1] if loaders is not None else ():
            image_rows.append(image_vectors(model, pixels).cpu())
            progress(len(texts) + sum(map(len, image_rows)), total)
    tokens = token_counts(model, texts)
    result: dict[str, Any] = {"width": width, "texts": len(texts), "images": count}
    result |= {"inputTokens": sum(tokens), "textTokens": tokens}
    if model.kind == "dual-encoder":
        result |= scale_and_bias(model)
    tensors = {"texts": joined(model, text_rows, width, "text"), "images": joined(model, image_rows, width, "image")}
    return result | {"vectors": str(write_vectors(Path(request["out"]), tensors))}


def joined(model: OpenModel, parts: list[Tensor], width: int, what: str) -> Tensor:
    """[n, D] of all batches. Raises non_finite where a vector holds no numbers."""
    vectors = torch.cat(parts) if parts else torch.zeros(0, width)
    bad = (~vectors.isfinite().all(-1)).nonzero().flatten().tolist()
    if bad:
        raise EngineError(
            "non_finite",
            f"{model.name} gives no finite vector for {len(bad)} of {len(vectors)} {what}s, the first at {bad[0]}",
            hint="Check the checkpoint's weights, or ask with dtype fp32",
        )
    return vectors


def write_vectors(folder: Path, tensors: dict[str, Tensor]) -> Path:
    """A safetensors file of a new name in `folder`, whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"vectors-{uuid.uuid4().hex}.safetensors"
    temporary = path.with_suffix(".tmp")
    try:
        save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, temporary)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    return path


def embedding_width(model: OpenModel) -> int:
    """D."""
    config = model.model.config
    if model.kind == "text-encoder":
        return int(config.hidden_size)
    if config.model_type == "clip":
        return int(config.projection_dim)
    return int(config.text_config.projection_size)


def scale_and_bias(model: OpenModel) -> dict[str, float | None]:
    """What similarities are multiplied with, and what is added (SigLIP alone)."""
    bias = model.model.logit_bias.item() if model.model.config.model_type == "siglip" else None
    return {"scale": model.model.logit_scale.exp().item(), "bias": bias}


def image_size(model: OpenModel) -> int:
    """S."""
    return int(model.model.config.vision_config.image_size)


def text_tokens(model: OpenModel, texts: list[str], padding: str | bool) -> dict[str, Tensor]:
    """input_ids and attention_mask [B, T], too long texts cut with their end mark kept."""
    batch = model.tokenizer(
        texts,
        padding=padding,
        truncation=True,
        max_length=model.max_tokens,
        padding_side="right",
        return_attention_mask=True,
        return_tensors="pt",
    )
    return {name: value.to(model.device) for name, value in batch.items() if name != "token_type_ids"}


def token_counts(model: OpenModel, texts: list[str]) -> list[int]:
    """Tokens read of each text, marks included."""
    if not texts:
        return []
    rows = model.tokenizer(texts, truncation=True, max_length=model.max_tokens)["input_ids"]
    return [len(row) for row in rows]


def text_batches(model: OpenModel, texts: list[str], size: int) -> Iterator[Tensor]:
    """Unit vectors [B, D] of texts, batch by batch in order. Padding is masked: batches do not change a vector."""
    # SigLIP is trained on texts filled up to one length, without a mask; it must be asked likewise.
    padding = "max_length" if model.model.config.model_type == "siglip" else True
    for start in range(0, len(texts), size):
        yield text_vectors(model, text_tokens(model, texts[start : start + size], padding)).cpu()


def text_vectors(model: OpenModel, tokens: dict[str, Tensor]) -> Tensor:
    """Unit vectors [B, D] of tokens [B, T]."""
    if model.kind == "dual-encoder":
        if model.model.config.model_type == "siglip":
            tokens = {"input_ids": tokens["input_ids"]}
        rows = model.model.get_text_features(**tokens).pooler_output
    else:
        hidden = model.model(**tokens).last_hidden_state.float()
        rows = pooled(hidden, tokens["attention_mask"], pooling_of(model))
    return torch.nn.functional.normalize(rows.float(), dim=-1)


def pooling_of(model: OpenModel) -> str:
    """How token vectors become one: what the checkpoint's pooling file says, else the mean."""
    path = model.folder / "1_Pooling" / "config.json"
    if not path.is_file():
        return "mean"
    settings = read_json(path)
    names = {"pooling_mode_mean_tokens": "mean", "pooling_mode_cls_token": "first", "pooling_mode_lasttoken": "last"}
    chosen = [
        name for key, value in settings.items() if value is True and key.startswith("pooling_mode") for name in [key]
    ]
    if len(chosen) == 1 and chosen[0] in names:
        return names[chosen[0]]
    raise EngineError(
        "model_unsupported",
        f"{path} asks for a pooling that the engine does not have: {', '.join(chosen) or 'none'}",
        hint=f"It has {', '.join(names)}",
    )


def pooled(hidden_BTD: Tensor, mask_BT: Tensor, pooling: str) -> Tensor:
    """[B, D]: the mean over tokens, the first, or the last token of each text."""
    if pooling == "first":
        return hidden_BTD[:, 0]
    if pooling == "last":
        return hidden_BTD[torch.arange(len(hidden_BTD), device=hidden_BTD.device), mask_BT.sum(-1) - 1]
    weights = mask_BT[:, :, None].to(hidden_BTD.dtype)
    return (hidden_BTD * weights).sum(1) / weights.sum(1).clamp(min=1)


def image_vectors(model: OpenModel, pixels: Tensor) -> Tensor:
    """Unit vectors [B, D] of normalised pixels [B, 3, S, S]."""
    rows = model.model.get_image_features(pixel_values=pixels.to(model.device, model.dtype)).pooler_output
    return torch.nn.functional.normalize(rows.float(), dim=-1)


def image_batches(model: OpenModel, images: dict[str, Any], size: int) -> tuple[int, Iterator[Tensor]]:
    """How many images there are, and their normalised pixels [B, 3, S, S] batch by batch."""
    if "paths" in images:
        return len(images["paths"]), path_batches(model, images["paths"], size)
    pixels = pair_pixels(Path(images["pairs"]), image_size(model))
    rows = images["rows"] if images["rows"] is not None else list(range(len(pixels)))
    outside = next((row for row in rows if row >= len(pixels)), None)
    if outside is not None:
        raise EngineError(
            "bad_data",
            f"The pairs folder {images['pairs']} has {len(pixels)} items, and row {outside} is asked for",
            hint="Rows count from 0",
        )
    return len(rows), row_batches(model, pixels, rows, size)


def path_batches(model: OpenModel, paths: list[str], size: int) -> Iterator[Tensor]:
    """Pixels of image files as the checkpoint's image processor makes them."""
    with ThreadPoolExecutor(DECODING_THREADS) as pool:
        for start in range(0, len(paths), size):
            pictures = list(pool.map(open_image, paths[start : start + size]))
            yield model.processor.image_processor(images=pictures, return_tensors="pt")["pixel_values"]


def row_batches(model: OpenModel, pixels: Tensor, rows: list[int], size: int) -> Iterator[Tensor]:
    """Pixels of a pairs folder, which are resized already: only the checkpoint's mean and deviation are applied."""
    processor = model.processor.image_processor
    mean, deviation = (
        torch.tensor(values)[None, :, None, None] for values in (processor.image_mean, processor.image_std)
    )
    for start in range(0, len(rows), size):
        yield (pixels[rows[start : start + size]].float() / 255 - mean) / deviation


def pair_pixels(folder: Path, size: int) -> Tensor:
    """The memory-mapped uint8 pixels [N, 3, S, S] of a pairs folder."""
    path = folder / "pixels.safetensors"
    pixels = open_pixels(path)
    if pixels.dtype != torch.uint8 or pixels.ndim != 4 or tuple(pixels.shape[1:]) != (3, size, size):
        raise EngineError(
            "bad_data",
            f"{path} holds {pixels.dtype} {list(pixels.shape)}, and the model reads images of {size} x {size}",
            hint="Prepare the pairs with the model's image size",
        )
    return pixels
