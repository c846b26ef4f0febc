"""The losses once more, one number at a time as the formulas are written: what the fast ones are checked against."""

import math
from typing import Any

import numpy as np
import torch

Array = np.ndarray[Any, np.dtype[np.float64]]


def features(seed: int, count: int = 6, width: int = 5) -> torch.Tensor:
    """float64 [count, width]."""
    return torch.randn(count, width, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def log_softmax(row: Array) -> list[float]:
    """Of one row."""
    whole = math.log(sum(math.exp(value) for value in row))
    return [value - whole for value in row]


def slow_cross_entropy(logits: Array, positives: Array, rows: range, smoothing: float = 0) -> float:
    """Mean over `rows`."""
    total = 0.0
    for i in rows:
        logs, count = log_softmax(logits[i]), positives[i].sum()
        for j, value in enumerate(logs):
            share = positives[i][j] / count * (1 - smoothing) + smoothing / len(logs)
            total -= share * value
    return total / len(rows)


def slow_contrastive(logits: Array, positives: Array, rows: range, smoothing: float = 0) -> float:
    """Both directions."""
    there = slow_cross_entropy(logits, positives, rows, smoothing)
    return (there + slow_cross_entropy(logits.T, positives.T, rows, smoothing)) / 2


def slow_sigmoid(logits: Array, positives: Array, rows: range) -> float:
    """SigLIP's."""
    total = 0.0
    for matrix, match in ((logits, positives), (logits.T, positives.T)):
        for i in rows:
            for j in range(len(matrix)):
                sign = 1 if match[i][j] else -1
                total += math.log(1 + math.exp(-sign * matrix[i][j]))
    return total / (2 * len(rows))


def slow_kl(teacher: Array, student: Array, rows: range, form: str) -> float:
    """Sum of both directions."""
    total = 0.0
    for matrix, other in ((teacher, student), (teacher.T, student.T)):
        for i in rows:
            p, q = log_softmax(matrix[i]), log_softmax(other[i])
            forward = sum(math.exp(a) * (a - b) for a, b in zip(p, q, strict=True))
            reverse = sum(math.exp(b) * (b - a) for a, b in zip(p, q, strict=True))
            total += {"kl": forward, "reverse-kl": reverse, "symmetric-kl": (forward + reverse) / 2}[form]
    return total / len(rows)


def slow_cosine(image: Array, text: Array) -> float:
    """Of two vectors."""
    return float(image @ text) / math.sqrt(float(image @ image) * float(text @ text))
