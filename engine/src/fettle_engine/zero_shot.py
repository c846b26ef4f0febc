"""Validation while training: zero-shot accuracy, or recall where items have captions alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch
from torch import Tensor

from .clip_towers import Towers
from .losses.clip import unit
from .pairs import Pairs
from .runtime import Runtime

_BATCH = 512
RECALL_AT = 10


class Validation:
    """Some sets of items with what their evaluation needs, made once."""

    def __init__(
        self,
        pairs: Pairs,
        tokens: Tensor,
        sets: Mapping[str, tuple[int, ...]],
        class_texts: Mapping[str, tuple[int, ...]] | None,
        max_items: int,
        pixels_of: Callable[[Tensor], Tensor],
        runtime: Runtime,
    ) -> None:
        self._tokens = tokens
        self._pixels_of = pixels_of
        self._rows: dict[str, Tensor] = {}
        for name, rows in sets.items():
            chosen = torch.tensor(rows)
            if len(chosen) > max_items:
                drawn = torch.randperm(len(chosen), generator=runtime.generator("validation", name))
                chosen = chosen[drawn[:max_items].sort().values]
            self._rows[name] = chosen
        device = runtime.device
        self._classes: tuple[Tensor, Tensor] | None = None
        if class_texts is not None:
            names = list(class_texts)
            texts = [text for name in names for text in class_texts[name]]
            owner = [place for place, name in enumerate(names) for _ in class_texts[name]]
            self._classes = torch.tensor(texts).to(device), torch.tensor(owner).to(device)
            self._count = len(names)
            place = {name: index for index, name in enumerate(names)}
            known = [place.get(name, -1) for name in pairs.classes or ()]
            labels = torch.tensor([-1 if label is None else known[label] for label in pairs.labels])
            self._labels = {name: labels[rows].to(device) for name, rows in self._rows.items()}
        else:
            asked = {
                name: [(text, row) for row in rows.tolist() for text in pairs.captions[row]]
                for name, rows in self._rows.items()
            }
            self._queries = {
                name: (torch.tensor([text for text, _ in items]), [row for _, row in items])
                for name, items in asked.items()
            }

    def measure(self, towers: Towers) -> dict[str, float]:
        """By set: accuracy (ties to the first class), or recall at 10 of texts among the images of all sets.

        `SET cosine` is the mean cosine of an image and its class, or of a text and its image.
        """
        return self._accuracy(towers) if self._classes is not None else self._recall(towers)

    def _images(self, towers: Towers, rows: Tensor) -> Tensor:
        return torch.cat([unit(towers.images(self._pixels_of(part)).float()) for part in rows.split(_BATCH)])

    def _texts(self, towers: Towers, rows: Tensor) -> Tensor:
        rows = rows.to(self._tokens.device)
        return torch.cat([unit(towers.texts(self._tokens[part]).float()) for part in rows.split(_BATCH)])

    def _accuracy(self, towers: Towers) -> dict[str, float]:
        assert self._classes is not None
        texts, owner = self._classes
        features = self._texts(towers, texts)
        classes = torch.zeros(self._count, features.shape[1], device=features.device)
        classes = unit(classes.index_add_(0, owner, features))
        metrics = {}
        for name, rows in self._rows.items():
            labels = self._labels[name]
            similarity = self._images(towers, rows) @ classes.T
            metrics[name] = (similarity.argmax(1) == labels).float().mean().item()
            own = similarity.gather(1, labels.clamp(min=0)[:, None])
            metrics[f"{name} cosine"] = own.mean().item()
        return metrics

    def _recall(self, towers: Towers) -> dict[str, float]:
        names = list(self._rows)
        gallery = torch.cat([self._images(towers, self._rows[name]) for name in names])
        place = {row: index for index, row in enumerate(r for name in names for r in self._rows[name].tolist())}
        metrics = {}
        for name in names:
            texts, rows = self._queries[name]
            similarity = self._texts(towers, texts) @ gallery.T
            own = torch.tensor([place[row] for row in rows], device=similarity.device)
            right = similarity.gather(1, own[:, None])
            rank = 1 + (similarity > right).sum(1)
            metrics[name] = (rank <= RECALL_AT).float().mean().item()
            metrics[f"{name} cosine"] = right.mean().item()
        return metrics
