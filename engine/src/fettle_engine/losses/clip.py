"""Losses on image and text features: contrastive, sigmoid, forgetting and consistency.

Rows are items of a batch; row i of the images belongs to row i of the texts. Similarities A [n, m] are
temperature * unit image . unit text. Everything is differentiable and computed in the inputs' precision,
which callers make fp32.
"""

from __future__ import annotations

from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor

Form = Literal["kl", "reverse-kl", "symmetric-kl", "features"]


def unit(features: Tensor) -> Tensor:
    """[n, d] with rows of length 1."""
    return F.normalize(features, dim=-1)


def matched_cosine(images: Tensor, texts: Tensor) -> Tensor:
    """[n]: cosine of each image with its own text; any scale of the features."""
    return (unit(images) * unit(texts)).sum(-1)


def forgetting(images: Tensor, texts: Tensor, form: Literal["cosine", "dot", "margin"], margin: float = 0.0) -> Tensor:
    """CLIPErase's forgetting loss: the mean similarity of matched pairs, which training lowers.

    images, texts: raw features [n, d]. cosine: of unit features; dot: of the raw ones, as the paper writes it;
    margin: max(0, cosine - margin), which leaves pairs alone that are unlike enough. Without pairs it is 0.
    """
    if form == "dot":
        values = (images * texts).sum(-1)
    else:
        values = matched_cosine(images, texts)
        if form == "margin":
            values = (values - margin).clamp(min=0)
    return values.sum() / max(1, len(values))


def same(rows: Tensor, columns: Tensor) -> Tensor:
    """bool [n, m]: which rows and columns carry equal labels (here: equal texts)."""
    return rows[:, None] == columns[None, :]


def cross_entropy(logits: Tensor, positives: Tensor, smoothing: float = 0.0) -> Tensor:
    """Mean over rows of -sum_j t_ij log softmax_j(logits_i). logits, positives: [n, m].

    t is even over a row's positives, of which it has at least one; `smoothing` moves that share to all columns.
    """
    targets = positives.to(logits.dtype)
    targets = targets / targets.sum(1, keepdim=True)
    if smoothing > 0:
        targets = targets * (1 - smoothing) + smoothing / logits.shape[1]
    return -(targets * logits.log_softmax(1)).sum(1).mean()


def contrastive(logits: Tensor, positives: Tensor, rows: slice = slice(None), smoothing: float = 0.0) -> Tensor:
    """CLIP's symmetric contrastive loss (InfoNCE): the mean of the image-to-text and text-to-image directions.

    logits, positives: square [n, n]. Only `rows` are asked for their match, in both directions, among all columns.
    """
    return 0.5 * (
        cross_entropy(logits[rows], positives[rows], smoothing)
        + cross_entropy(logits.T[rows], positives.T[rows], smoothing)
    )


def sigmoid(logits: Tensor, positives: Tensor, rows: slice = slice(None)) -> Tensor:
    """SigLIP's loss: each pair is judged alone. Sum over columns, mean over rows, mean of both directions.

    logits: square [n, n], bias included. With all rows both directions are the same numbers.
    """
    signs = 2.0 * positives.to(logits.dtype) - 1.0
    losses = -F.logsigmoid(signs * logits)
    return 0.5 * (losses[rows].sum(1).mean() + losses.T[rows].sum(1).mean())


def divergence(teacher: Tensor, student: Tensor, form: Form) -> Tensor:
    """Mean over rows of a KL divergence between row softmaxes of logits [n, m].

    kl: KL(teacher || student); reverse-kl: KL(student || teacher); symmetric-kl: the mean of both.
    """
    of_teacher, of_student = teacher.log_softmax(1), student.log_softmax(1)
    difference = of_teacher - of_student
    if form == "kl":
        values = of_teacher.exp() * difference
    elif form == "reverse-kl":
        values = -of_student.exp() * difference
    else:
        values = 0.5 * (of_teacher.exp() - of_student.exp()) * difference
    return values.sum(1).mean()


def consistency(teacher: Tensor, student: Tensor, form: Form = "kl", rows: slice = slice(None)) -> Tensor:
    """CLIPErase's consistency loss on in-batch similarities [n, n]: the sum of both directions' divergence.

    Teacher and student are scaled by their own temperatures. Only `rows` count, over all columns.
    """
    return divergence(teacher[rows], student[rows], form) + divergence(teacher.T[rows], student.T[rows], form)


def feature_distance(teacher_images: Tensor, teacher_texts: Tensor, images: Tensor, texts: Tensor) -> Tensor:
    """Consistency by features: mean squared distance of unit features, images plus texts. All [n, d]."""
    return ((unit(teacher_images) - unit(images)) ** 2).sum(-1).mean() + ((unit(teacher_texts) - unit(texts)) ** 2).sum(
        -1
    ).mean()


def identity(count: int, device: torch.device) -> Tensor:
    """Positives where each row has its own text alone: bool [n, n]."""
    return torch.eye(count, dtype=torch.bool, device=device)
