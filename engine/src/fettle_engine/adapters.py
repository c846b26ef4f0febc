"""Which parameters of an image-text model move: all, low-rank adapters, or the last layers."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

from torch import nn

from .errors import EngineError
from .jobs import Full, LastLayers, Lora

_TOWERS = {"vision": ("vision_model", "visual_projection"), "text": ("text_model", "text_projection")}


def apply_trainable(model: Any, trainable: Full | Lora | LastLayers, train_logit_scale: bool) -> Any:
    """Sets requires_grad, adding adapters where asked. Returns PEFT's wrapper for LoRA, else None.

    With LoRA the model's layers are replaced in place; the bias of SigLIP's logits moves with its temperature.
    """
    wrapper = None
    if isinstance(trainable, Full):
        model.requires_grad_(True)
    else:
        model.requires_grad_(False)
        if isinstance(trainable, Lora):
            wrapper = _add_lora(model, trainable)
        else:
            for name in _chosen(trainable.towers):
                _train_last(model, name, trainable.layers)
    for name in ("logit_scale", "logit_bias"):
        if hasattr(model, name):
            getattr(model, name).requires_grad_(train_logit_scale)
    return wrapper


def lora_modules(model: nn.Module, trainable: Lora) -> list[str]:
    """Full names of the linear layers whose last part is one of `modules`, in the chosen towers.

    Raises bad_job for a name that matches none: PEFT itself says nothing where another name matches. Layers inside
    torch's MultiheadAttention are left out, because it reads their weights itself and an adapter would have no effect.
    """
    towers = tuple(f"{name}" for tower in _chosen(trainable.towers) for name in _TOWERS[tower])
    inside = [name for name, module in model.named_modules() if isinstance(module, nn.MultiheadAttention)]
    names = [
        name
        for name, module in model.named_modules()
        if isinstance(module, nn.Linear)
        and name.split(".")[0] in towers
        and not any(name.startswith(f"{parent}.") for parent in inside)
    ]
    for wanted in trainable.modules:
        if not any(name.split(".")[-1] == wanted for name in names):
            known = sorted({name.split(".")[-1] for name in names})
            raise EngineError(
                "bad_job",
                f"trainable.modules: no layer of the {trainable.towers} tower is named {wanted}.",
                f"Layers there are named {', '.join(known)}.",
            )
    return [name for name in names if name.split(".")[-1] in trainable.modules]


def merged(model: Any, wrapper: Any) -> Any:
    """The model with adapters added into its weights; a copy, so that training may go on."""
    if wrapper is None:
        return model
    return copy.deepcopy(wrapper).merge_and_unload()


def save_adapter(wrapper: Any, folder: Path) -> None:
    """The adapter alone (safetensors), to be put on the base model again."""
    wrapper.save_pretrained(folder)


def _add_lora(model: Any, trainable: Lora) -> Any:
    from peft import LoraConfig, get_peft_model

    config = LoraConfig(
        r=trainable.rank,
        lora_alpha=trainable.alpha,  # type: ignore[arg-type]
        lora_dropout=trainable.dropout,
        target_modules=lora_modules(model, trainable),
        bias="none",
    )
    return get_peft_model(model, config)


def _train_last(model: Any, tower: str, layers: int) -> None:
    body, projection = (getattr(model, name, None) for name in _TOWERS[tower])
    assert body is not None
    if projection is not None:
        projection.requires_grad_(True)
    elif getattr(body, "head", None) is not None:
        body.head.requires_grad_(True)
    if layers == 0:
        return
    blocks = body.encoder.layers
    if layers > len(blocks):
        raise EngineError(
            "bad_job",
            f"trainable.layers: {layers} is more than the {len(blocks)} blocks of the {tower} tower.",
            "Ask for fewer, or for trainable kind full.",
        )
    for block in blocks[len(blocks) - layers :]:
        block.requires_grad_(True)
    for name in ("post_layernorm", "final_layer_norm"):
        if hasattr(body, name):
            getattr(body, name).requires_grad_(True)


def _chosen(towers: str) -> tuple[str, ...]:
    return ("vision", "text") if towers == "both" else (towers,)
