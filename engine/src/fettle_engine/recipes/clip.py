"""Contrastive training of an image-text model, from scratch or from a checkpoint."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from ..clip_models import create_checkpoint, load_checkpoint
from ..errors import EngineError
from ..jobs import ClipJob, ModelPath
from ..losses.clip import contrastive, identity, same, sigmoid
from ..order import Order, shard
from ..pairs import require_set
from ..recipe import Metrics
from ..runtime import Runtime
from ..wire import Events
from .image_text import CHANCE_FIELDS, Batch, ImageTextRecipe, open_data


class ClipRecipe(ImageTextRecipe):
    """CLIP's symmetric contrastive loss, rows with equal texts as positives of each other."""

    job: ClipJob

    def prepare(self, runtime: Runtime, events: Events) -> None:
        """Loads or makes the model; opens data and validation."""
        job = self.job
        events.phase("load")
        pairs, sets = open_data(job)
        rows = require_set(sets, "train")
        model = job.model
        if isinstance(model, ModelPath):
            checkpoint = load_checkpoint(model.path)
        else:
            used = sorted({text for row in rows for text in pairs.captions[row]})
            checkpoint = create_checkpoint(model.architecture, [pairs.texts[text] for text in used], job.seed)
        self.open(checkpoint, pairs, runtime, events)
        self.make_trainable()
        self._order = Order(rows, job.batch.items, job.seed, "train")
        count = len(shard(torch.arange(job.batch.items), runtime.rank, runtime.world, "batch.items"))
        self._batch = Batch(count, min(count, len(pairs.texts)), CHANCE_FIELDS, runtime)
        names = {"validation", job.stop_at.set} if job.stop_at is not None else {"validation"}
        if job.stop_at is not None:
            require_set(sets, job.stop_at.set)
        self._validation = self.validation({name: sets[name] for name in sorted(names) if sets.get(name)})
        if job.stop_at is not None and self._validation is None:
            raise EngineError("bad_job", "stopAt needs evaluate.", "Say in evaluate how often to measure.")

    def stage(self, step: int) -> None:
        """Puts the step's inputs in place. Chance is drawn for the global batch, then shared out."""
        rows = self._order.rows(step)
        place = shard(torch.arange(len(rows)), self.runtime.rank, self.runtime.world, "batch.items")
        chance = self.chance(self.job.augment, len(rows), step)
        self._batch.put(rows[place], self.texts_of(rows, step)[place], None if chance is None else chance[place])

    def accumulate(
        self, step: int, forward: Callable[..., Any], backward: Callable[[Tensor], None]
    ) -> dict[str, Tensor]:
        """The contrastive loss of the global batch."""
        batch, runtime = self._batch, self.runtime

        def objective(images: Tensor, texts: Tensor) -> dict[str, Tensor]:
            images, texts = runtime.gather(images), runtime.gather(texts)
            logits = self.logits(images, texts)
            labels = runtime.gather(batch.text_of)
            if self.job.positives == "multiple":
                positives = same(labels, labels)
            else:
                positives = identity(len(labels), labels.device)
            if self.towers.is_siglip:
                loss = sigmoid(logits, positives)
            else:
                loss = contrastive(logits, positives, smoothing=self.job.label_smoothing)
            return {"loss": loss, "contrastive": loss}

        return self.encode(batch, step, self.job.augment, forward, backward, objective)

    def evaluate(self) -> Metrics | None:
        """Accuracy or recall of the validation sets."""
        return None if self._validation is None else self._validation.measure(self.towers)

    def better(self, metrics: Metrics, best: Metrics | None) -> bool:
        """A higher figure on validation, where the best is kept."""
        if self.job.keep != "best" or "validation" not in metrics:
            return False
        return best is None or metrics["validation"] > best["validation"]

    def finished(self, metrics: Metrics) -> str | None:
        """Once `stopAt` is reached."""
        goal = self.job.stop_at
        if goal is None or metrics.get(goal.set, 0.0) < goal.accuracy:
            return None
        return f"the accuracy on {goal.set} reached {goal.accuracy:.3f}"


def build(job: ClipJob) -> ClipRecipe:
    """The recipe of a job."""
    return ClipRecipe(job)
