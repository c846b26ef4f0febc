"""Losses against slow loops in NumPy, hand-made numbers, and finite differences."""

from typing import Any, Literal

import numpy as np
import pytest
import torch
from slow_losses import (
    features,
    slow_contrastive,
    slow_cosine,
    slow_kl,
    slow_sigmoid,
)

from fettle_engine.losses import clip

DOUBLE = torch.float64


def tensor(rows: Any) -> torch.Tensor:
    return torch.tensor(rows, dtype=DOUBLE)


LABELS = torch.tensor([0, 0, 1, 2, 1, 0])
ROWS = [(slice(None), range(6)), (slice(2, None), range(2, 6)), (slice(0, 2), range(2))]


@pytest.mark.parametrize(("rows", "counted"), ROWS)
@pytest.mark.parametrize("smoothing", [0.0, 0.1])
@pytest.mark.parametrize("several", [True, False])
def test_contrastive_is_the_slow_one(rows: slice, counted: range, smoothing: float, several: bool) -> None:
    logits = 3 * features(1) @ features(2).T
    positives = clip.same(LABELS, LABELS) if several else clip.identity(6, logits.device)
    found = clip.contrastive(logits, positives, rows, smoothing).item()
    expected = slow_contrastive(logits.numpy(), positives.double().numpy(), counted, smoothing)
    assert found == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(("rows", "counted"), ROWS)
def test_sigmoid_is_the_slow_one(rows: slice, counted: range) -> None:
    logits, positives = 3 * features(1) @ features(2).T - 2, clip.same(LABELS, LABELS)
    expected = slow_sigmoid(logits.numpy(), positives.double().numpy(), counted)
    assert clip.sigmoid(logits, positives, rows).item() == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(("rows", "counted"), ROWS)
@pytest.mark.parametrize("form", ["kl", "reverse-kl", "symmetric-kl"])
def test_consistency_is_the_slow_one(rows: slice, counted: range, form: clip.Form) -> None:
    teacher, student = 2 * features(1) @ features(2).T, 3 * features(3) @ features(4).T
    expected = slow_kl(teacher.numpy(), student.numpy(), counted, form)
    assert clip.consistency(teacher, student, form, rows).item() == pytest.approx(expected, abs=1e-12)
    assert clip.consistency(teacher, teacher, form, rows).item() == pytest.approx(0, abs=1e-15)


@pytest.mark.parametrize("form", ["cosine", "dot", "margin"])
def test_forgetting_is_the_slow_one(form: Literal["cosine", "dot", "margin"]) -> None:
    images, texts = features(1), features(2)
    cosines = [slow_cosine(a, b) for a, b in zip(images.numpy(), texts.numpy(), strict=True)]
    dots = [float(a @ b) for a, b in zip(images.numpy(), texts.numpy(), strict=True)]
    above = [max(0.0, value - 0.1) for value in cosines]
    assert 0 < sum(value > 0 for value in above) < 6, "the margin should spare some pairs and not others"
    expected = {"cosine": cosines, "dot": dots, "margin": above}[form]
    assert clip.forgetting(images, texts, form, 0.1).item() == pytest.approx(sum(expected) / 6, abs=1e-12)


def test_forgetting_without_pairs_is_zero_with_a_gradient() -> None:
    images = features(1).requires_grad_()
    value = clip.forgetting(images[:0], features(2)[:0], "cosine")
    value.backward()
    assert value.item() == 0
    assert images.grad is not None
    assert torch.equal(images.grad, torch.zeros_like(images))


def test_feature_distance_is_the_slow_one() -> None:
    values = [features(seed) for seed in range(4)]
    expected = 0.0
    for before, now in ((values[0], values[2]), (values[1], values[3])):
        for a, b in zip(before.numpy(), now.numpy(), strict=True):
            expected += float((((a / np.sqrt(a @ a)) - (b / np.sqrt(b @ b))) ** 2).sum()) / 6
    assert clip.feature_distance(*values).item() == pytest.approx(expected, abs=1e-12)


# Numbers worked out by hand from the formulas.

TEACHER, STUDENT = [[10, 6], [0, 8]], [[8, 6], [2, 8]]


def test_forgetting_by_hand() -> None:
    images, texts = tensor([[1, 0], [0.6, 0.8]]), tensor([[0.8, 0.6], [0, 1]])
    assert clip.matched_cosine(images, texts).tolist() == pytest.approx([0.8, 0.8], abs=1e-12)
    assert clip.forgetting(images, texts, "cosine").item() == pytest.approx(0.8, abs=1e-12)


def test_retention_by_hand() -> None:
    logits = 10 * clip.unit(tensor([[1, 0], [0, 1]])) @ clip.unit(tensor([[1, 0], [0.6, 0.8]])).T
    assert logits.flatten().tolist() == pytest.approx([10, 6, 0, 8], abs=1e-12)
    positives = clip.identity(2, logits.device)
    assert clip.cross_entropy(logits, positives).item() == pytest.approx(0.009242667, abs=1e-6)
    assert clip.cross_entropy(logits.T, positives).item() == pytest.approx(0.063486705, abs=1e-6)
    assert clip.contrastive(logits, positives).item() == pytest.approx(0.036364686, abs=1e-6)


def test_consistency_by_hand() -> None:
    teacher, student = tensor(TEACHER), tensor(STUDENT)
    rows = [clip.divergence(teacher[i : i + 1], student[i : i + 1], "kl").item() for i in range(2)]
    assert rows == pytest.approx([0.07280566, 0.00146958], abs=1e-6)
    assert clip.consistency(teacher, student).item() == pytest.approx(0.038261968, abs=1e-6)


def test_several_positives_by_hand() -> None:
    logits, labels = tensor([[4, 4, 1], [3, 3, 0], [0, 0, 5]]), torch.tensor([0, 0, 1])
    positives = clip.same(labels, labels)
    assert clip.cross_entropy(logits, positives).item() == pytest.approx(0.482952580, abs=1e-6)
    assert clip.cross_entropy(logits.T, positives).item() == pytest.approx(0.559290058, abs=1e-6)
    assert clip.contrastive(logits, positives).item() == pytest.approx(0.521121319, abs=1e-6)


def test_several_positives_of_distinct_texts_are_single_ones() -> None:
    logits, labels = features(1) @ features(2).T, torch.arange(6)
    single = clip.contrastive(logits, clip.identity(6, logits.device))
    assert torch.equal(clip.contrastive(logits, clip.same(labels, labels)), single)


# Gradients by finite differences.


@pytest.mark.parametrize(
    "loss",
    [
        lambda a, b: clip.forgetting(a, b, "cosine"),
        lambda a, b: clip.forgetting(a, b, "dot"),
        lambda a, b: clip.forgetting(a, b, "margin", 0.1),
        lambda a, b: clip.contrastive(a @ b.T, clip.same(LABELS, LABELS), slice(1, None), 0.1),
        lambda a, b: clip.sigmoid(a @ b.T - 1, clip.same(LABELS, LABELS), slice(1, None)),
        lambda a, b: clip.consistency(features(7) @ features(8).T, a @ b.T, "kl", slice(1, None)),
        lambda a, b: clip.consistency(features(7) @ features(8).T, a @ b.T, "reverse-kl"),
        lambda a, b: clip.consistency(features(7) @ features(8).T, a @ b.T, "symmetric-kl"),
        lambda a, b: clip.feature_distance(features(7), features(8), a, b),
    ],
    ids=["cosine", "dot", "margin", "contrastive", "sigmoid", "kl", "reverse-kl", "symmetric-kl", "features"],
)
def test_gradients(loss: Any) -> None:
    assert torch.autograd.gradcheck(loss, (features(1).requires_grad_(), features(2).requires_grad_()))
