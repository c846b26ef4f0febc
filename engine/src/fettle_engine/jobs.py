"""Jobs as frozen dataclasses: the fields of `src/engine/protocol/job.ts` with snake_case names.

`parse_job` checks a JSON value against the exported schema first (see schema.py), so that a dataclass is always whole.
"""

from __future__ import annotations

import re
import types
import typing
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Literal

from .schema import validate


@dataclass(frozen=True, kw_only=True)
class Data:
    """A pairs folder, and the JSON file that says which rows belong to which set."""

    pairs: str
    sets: str


@dataclass(frozen=True, kw_only=True)
class CompactClip:
    """Architecture of a CLIP from scratch."""

    image_size: int
    patch_size: int
    vision_width: int
    vision_layers: int
    vision_heads: int
    text_width: int
    text_layers: int
    text_heads: int
    text_length: int
    vocabulary: int
    embedding_width: int
    logit_scale: float


@dataclass(frozen=True, kw_only=True)
class Optimizer:
    """Adam or AdamW and its learning-rate curve."""

    name: Literal["adam", "adamw"]
    learning_rate: float
    betas: tuple[float, float]
    weight_decay: float
    clip: float | None
    warmup_steps: int
    schedule: Literal["constant", "cosine", "linear"]


@dataclass(frozen=True, kw_only=True)
class Full:
    """All parameters move."""

    kind: Literal["full"]


@dataclass(frozen=True, kw_only=True)
class Lora:
    """Low-rank adapters move."""

    kind: Literal["lora"]
    rank: int
    alpha: float
    dropout: float
    towers: Literal["both", "vision", "text"]
    modules: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class LastLayers:
    """The last blocks and the projections move."""

    kind: Literal["last-layers"]
    layers: int
    towers: Literal["both", "vision", "text"]


@dataclass(frozen=True, kw_only=True)
class Save:
    every_steps: int | None
    keep: int


@dataclass(frozen=True, kw_only=True)
class Log:
    every_steps: int


@dataclass(frozen=True, kw_only=True)
class Evaluate:
    """Validation while training; class names to rows of texts.jsonl."""

    every_steps: int
    class_texts: dict[str, tuple[int, ...]] | None
    max_items: int


@dataclass(frozen=True, kw_only=True)
class Job:
    """Fields that every training job has. `raw` is the whole valid job as JSON, defaults filled."""

    kind: str
    seed: int
    out: str
    resume: Literal["auto", "never"]
    data: Data
    steps: int
    optimizer: Optimizer
    trainable: Full | Lora | LastLayers
    train_logit_scale: bool
    precision: Literal["auto", "fp32", "bf16"]
    device: Literal["auto", "cpu", "cuda"]
    threads: int | None
    deterministic: bool
    micro_batches: int
    cache: str | None
    save: Save
    log: Log
    evaluate: Evaluate | None
    raw: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class ModelPath:
    path: str


@dataclass(frozen=True, kw_only=True)
class ModelArchitecture:
    architecture: CompactClip


@dataclass(frozen=True, kw_only=True)
class ClipBatch:
    items: int


@dataclass(frozen=True, kw_only=True)
class Augment:
    shift: int
    mirror: bool
    brightness: float
    contrast: float
    cutout: int


@dataclass(frozen=True, kw_only=True)
class StopAt:
    set: str
    accuracy: float


@dataclass(frozen=True, kw_only=True)
class ClipJob(Job):
    """Contrastive training, from scratch or from a checkpoint."""

    model: ModelPath | ModelArchitecture
    batch: ClipBatch
    augment: Augment
    label_smoothing: float
    positives: Literal["multiple", "single"]
    keep: Literal["best", "last"]
    stop_at: StopAt | None


@dataclass(frozen=True, kw_only=True)
class Forgetting:
    weight: float
    form: Literal["cosine", "dot", "margin", "negative-ce"]
    margin: float


@dataclass(frozen=True, kw_only=True)
class Retention:
    weight: float
    positives: Literal["multiple", "single"]
    negatives: Literal["retain", "all"]


@dataclass(frozen=True, kw_only=True)
class Consistency:
    weight: float
    form: Literal["kl", "reverse-kl", "symmetric-kl", "features"]
    columns: Literal["retain", "all"]


@dataclass(frozen=True, kw_only=True)
class CliperaseObjective:
    name: Literal["cliperase"]
    forgetting: Forgetting | None
    retention: Retention | None
    consistency: Consistency | None


@dataclass(frozen=True, kw_only=True)
class GradientAscent:
    name: Literal["gradient-ascent"]


@dataclass(frozen=True, kw_only=True)
class GradientDifference:
    name: Literal["gradient-difference"]
    forget_weight: float


@dataclass(frozen=True, kw_only=True)
class RetainOnly:
    name: Literal["retain-only"]


@dataclass(frozen=True, kw_only=True)
class RandomLabels:
    name: Literal["random-labels"]
    forget_weight: float


Objective = CliperaseObjective | GradientAscent | GradientDifference | RetainOnly | RandomLabels


@dataclass(frozen=True, kw_only=True)
class CliperaseBatch:
    forget: int
    retain: int
    sampling: Literal["balanced", "mixed"]


@dataclass(frozen=True, kw_only=True)
class StopRule:
    forget_at_most: float
    retain_at_least: float
    early: bool


@dataclass(frozen=True, kw_only=True)
class CliperaseJob(Job):
    """Unlearning of the forget set of a trained image-text model."""

    model: ModelPath
    objective: Objective
    batch: CliperaseBatch
    keep: Literal["validation", "last"]
    stop: StopRule


JOBS: dict[str, type[Job]] = {"clip": ClipJob, "cliperase": CliperaseJob}


def parse_job(value: Any) -> Job:
    """A job from JSON. Raises bad_job with the field's name; fills the schema's defaults."""
    whole = validate("job", value, "bad_job")
    return _build(JOBS[whole["kind"]], whole | {"raw": whole})


def _snake(name: str) -> str:
    return re.sub(r"[A-Z]", lambda letter: "_" + letter.group().lower(), name)


def _build(kind: Any, value: Any) -> Any:
    """A valid JSON value as the annotated type. Unions of dataclasses are told apart by their literal or their keys."""
    origin = typing.get_origin(kind)
    if is_dataclass(kind) and isinstance(kind, type):
        hints = typing.get_type_hints(kind)
        given = {_snake(key): item for key, item in value.items()}
        return kind(**{field.name: _build(hints[field.name], given[field.name]) for field in fields(kind)})
    if origin in (types.UnionType, typing.Union):
        options = typing.get_args(kind)
        if value is None or not isinstance(value, dict):
            return next((_build(option, value) for option in options if typing.get_origin(option) is tuple), value)
        chosen = [option for option in options if is_dataclass(option) and _fits(option, value)]
        if chosen:
            return _build(chosen[0], value)
        return _build(next(option for option in options if typing.get_origin(option) is dict), value)
    if origin is tuple:
        return tuple(value)
    if origin is dict:
        item = typing.get_args(kind)[1]
        return value if item is Any else {key: _build(item, part) for key, part in value.items()}
    return value


def _fits(kind: Any, value: dict[str, Any]) -> bool:
    hints = typing.get_type_hints(kind)
    if {field.name for field in fields(kind)} != {_snake(key) for key in value}:
        return False
    literals = [name for name in ("kind", "name") if name in hints and typing.get_origin(hints[name]) is Literal]
    return all(value[name] in typing.get_args(hints[name]) for name in literals)
