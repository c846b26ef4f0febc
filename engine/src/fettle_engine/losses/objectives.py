"""Objectives of unlearning: sums of the losses in clip.py over a batch whose forget pairs come first."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from ..jobs import (
    CliperaseObjective,
    GradientAscent,
    GradientDifference,
    Objective,
    RandomLabels,
    RetainOnly,
)
from .clip import (
    consistency,
    contrastive,
    feature_distance,
    forgetting,
    identity,
    same,
    sigmoid,
)


@dataclass(frozen=True)
class BatchView:
    """A global batch of n pairs, the first `forget` of them to be forgotten."""

    images: Tensor
    """Raw features [n, d]."""
    texts: Tensor
    labels: Tensor
    """int64 [n]: equal where texts are equal."""
    forget: int
    logits: Tensor
    """[n, n]: temperature times cosine, plus bias."""
    siglip: bool


@dataclass(frozen=True)
class Teacher:
    """The original model's unit features and logits for the retain pairs of a batch, or for all of it."""

    images: Tensor
    texts: Tensor
    logits: Tensor


def _alignment(view: BatchView, rows: slice, columns: slice, positives: str = "multiple") -> Tensor:
    """The model's own training loss for the pairs `rows`, against the texts and images of `columns`.

    Both slices end at the batch's end; `columns` starts at or before `rows`.
    """
    labels = view.labels[columns]
    match = same(labels, labels) if positives == "multiple" else identity(len(labels), labels.device)
    start, stop, _ = rows.indices(len(view.labels))
    offset = columns.indices(len(view.labels))[0]
    within = slice(start - offset, stop - offset)
    if stop <= start:
        return view.logits.sum() * 0
    logits = view.logits[columns, columns]
    return sigmoid(logits, match, within) if view.siglip else contrastive(logits, match, within)


def objective_terms(objective: Objective, view: BatchView, teacher: Teacher | None) -> dict[str, Tensor]:
    """Unweighted terms by name, and their weighted sum under "loss".

    CLIPErase: L = w_F L_FM + w_R L_RM + w_C L_CM (paper: 3, 1, 3). Gradient ascent lowers minus the model's own loss on
    forget pairs, with retain pairs of the batch as negatives: forget pairs of one class alone have no contrast.
    """
    whole, forget, retain = slice(0, None), slice(0, view.forget), slice(view.forget, None)
    match objective:
        case CliperaseObjective():
            return _cliperase(objective, view, teacher)
        case GradientAscent():
            ascent = -_alignment(view, forget, whole)
            return {"loss": ascent, "forget ascent": ascent}
        case GradientDifference():
            ascent, kept = -_alignment(view, forget, whole), _alignment(view, retain, whole)
            return {
                "loss": kept + objective.forget_weight * ascent,
                "forget ascent": ascent,
                "retention": kept,
            }
        case RetainOnly():
            kept = _alignment(view, retain, retain)
            return {"loss": kept, "retention": kept}
        case RandomLabels():
            wrong, kept = _alignment(view, forget, whole), _alignment(view, retain, whole)
            return {"loss": kept + objective.forget_weight * wrong, "random labels": wrong, "retention": kept}


def _cliperase(objective: CliperaseObjective, view: BatchView, teacher: Teacher | None) -> dict[str, Tensor]:
    forget, retain = slice(0, view.forget), slice(view.forget, None)
    loss = view.logits.sum() * 0
    terms: dict[str, Tensor] = {}
    if (settings := objective.forgetting) is not None:
        if settings.form == "negative-ce":
            value = -_alignment(view, forget, slice(0, None))
        else:
            value = forgetting(view.images[forget], view.texts[forget], settings.form, settings.margin)
        terms["forgetting"] = value
        loss = loss + settings.weight * value
    if (settings := objective.retention) is not None:
        columns = retain if settings.negatives == "retain" else slice(0, None)
        value = _alignment(view, retain, columns, settings.positives)
        terms["retention"] = value
        loss = loss + settings.weight * value
    if (settings := objective.consistency) is not None:
        assert teacher is not None
        start = view.forget if settings.columns == "retain" else 0
        skip = view.forget - start
        if view.forget == len(view.labels):
            value = view.logits.sum() * 0  # mixed batches may hold no retain pair
        elif settings.form == "features":
            value = feature_distance(
                teacher.images[skip:], teacher.texts[skip:], view.images[retain], view.texts[retain]
            )
        else:
            logits = view.logits[start:, start:]
            value = consistency(teacher.logits, logits, settings.form, slice(skip, None))
        terms["consistency"] = value
        loss = loss + settings.weight * value
    return {"loss": loss, **terms}
