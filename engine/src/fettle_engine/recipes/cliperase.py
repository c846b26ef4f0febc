"""Unlearning of the forget set of a trained image-text model: CLIPErase, its ablation, and the baselines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from ..clip_models import load_checkpoint
from ..features_cache import FrozenFeatures, frozen_features
from ..jobs import CliperaseJob, CliperaseObjective, RandomLabels
from ..losses.objectives import BatchView, Teacher, objective_terms
from ..order import Order, shard
from ..pairs import refuse_overlap, require_set
from ..recipe import Metrics
from ..runtime import Runtime
from ..wire import Events
from .image_text import Batch, ImageTextRecipe, open_data


class CliperaseRecipe(ImageTextRecipe):
    """Forget and retain pairs in each step; which sums of their losses is the objective's matter."""

    job: CliperaseJob

    def prepare(self, runtime: Runtime, events: Events) -> None:
        """Loads the model, computes or reads the original's features, opens validation."""
        job = self.job
        events.phase("load")
        pairs, sets = open_data(job)
        forget, retain = require_set(sets, "forget-train"), require_set(sets, "retain-train")
        refuse_overlap(sets, "forget-train", "retain-train")
        self.open(load_checkpoint(job.model.path), pairs, runtime, events)
        self._frozen = self._teacher(forget, retain, runtime, events)
        self.make_trainable()
        sizes = job.batch
        self._mixed = sizes.sampling == "mixed"
        self._forget = Order(forget, sizes.forget, job.seed, "forget")
        self._retain = Order(retain, sizes.retain, job.seed, "retain")
        self._both = Order([*forget, *retain], sizes.forget + sizes.retain, job.seed, "mixed")
        self._is_forget = set(forget)
        count = len(shard(torch.arange(sizes.forget), runtime.rank, runtime.world, "batch.forget"))
        count += len(shard(torch.arange(sizes.retain), runtime.rank, runtime.world, "batch.retain"))
        self._batch = Batch(count, min(count, len(pairs.texts)), 0, runtime)
        self._count = sizes.forget // runtime.world
        validated = {"forget": "forget-validation", "retain": "retain-validation"}
        self._validation = self.validation({name: sets[full] for name, full in validated.items() if sets.get(full)})

    def _teacher(
        self, forget: tuple[int, ...], retain: tuple[int, ...], runtime: Runtime, events: Events
    ) -> FrozenFeatures | None:
        objective = self.job.objective
        if not isinstance(objective, CliperaseObjective) or objective.consistency is None:
            return None
        rows = sorted(retain if objective.consistency.columns == "retain" else {*forget, *retain})
        texts = sorted({text for row in rows for text in self.pairs.captions[row]})
        frozen = frozen_features(
            self.towers,
            self.checkpoint.sha256,
            self.pairs,
            self.tokens,
            rows,
            texts,
            self.job.cache,
            runtime,
            events,
        )
        self._cache = {"hits": frozen.hits, "misses": frozen.misses}
        return frozen

    def stage(self, step: int) -> None:
        """Puts the step's inputs in place, forget pairs first. Chance is drawn for the global batch, then shared."""
        rank, world = self.runtime.rank, self.runtime.world
        if self._mixed:
            rows = self._both.rows(step)
            marked = torch.tensor([row in self._is_forget for row in rows.tolist()])
            rows = torch.cat([rows[marked], rows[~marked]])
            forget = int(marked.sum())
            place = shard(torch.arange(len(rows)), rank, world, "batch")
            self._count = int((place < forget).sum())
        else:
            rows = torch.cat([self._forget.rows(step), self._retain.rows(step)])
            forget = self.job.batch.forget
            every = torch.arange(len(rows))
            own = shard(every[:forget], rank, world, "batch.forget")
            place = torch.cat([own, shard(every[forget:], rank, world, "batch.retain")])
        texts = self.texts_of(rows, step)
        if isinstance(self.job.objective, RandomLabels):
            texts = self._with_random_labels(texts, forget, step)
        self._batch.put(rows[place], texts[place], None)

    def _with_random_labels(self, texts: Tensor, forget: int, step: int) -> Tensor:
        """Forget pairs get the texts of retain pairs of the batch, drawn by chance."""
        others = texts[forget:]
        if len(others) == 0:
            return texts  # a mixed batch without retain pairs
        drawn = torch.randint(len(others), (forget,), generator=self.runtime.generator("labels", step))
        return torch.cat([others[drawn], others])

    @property
    def fixed_shapes(self) -> bool:
        """Whether all steps have the same shapes, so that one can be captured."""
        return not self._mixed and super().fixed_shapes

    def accumulate(
        self, step: int, forward: Callable[..., Any], backward: Callable[[Tensor], None]
    ) -> dict[str, Tensor]:
        """The objective over the global batch."""
        batch, runtime, count = self._batch, self.runtime, self._count

        def whole(values: Tensor) -> tuple[Tensor, int]:
            """All ranks' rows, forget pairs first."""
            if runtime.world == 1:
                return values, count
            if self._mixed:
                # Ranks hold consecutive parts of one list whose forget pairs come first.
                total = int(runtime.reduce_sum(torch.tensor(float(count), device=runtime.device)).item())
                return runtime.gather(values), total
            parts = runtime.gather(values[:count]), runtime.gather(values[count:])
            return torch.cat(parts), len(parts[0])

        def objective(images: Tensor, texts: Tensor) -> dict[str, Tensor]:
            all_images, forget = whole(images)
            all_texts, _ = whole(texts)
            rows, _ = whole(batch.rows)
            labels, _ = whole(batch.text_of)
            view = BatchView(
                images=all_images,
                texts=all_texts,
                labels=labels,
                forget=forget,
                logits=self.logits(all_images, all_texts),
                siglip=self.towers.is_siglip,
            )
            return objective_terms(self.job.objective, view, self._view_of_teacher(rows, labels, forget))

        return self.encode(batch, step, None, forward, backward, objective)

    def _view_of_teacher(self, rows: Tensor, labels: Tensor, forget: int) -> Teacher | None:
        frozen, objective = self._frozen, self.job.objective
        if frozen is None:
            return None
        assert isinstance(objective, CliperaseObjective)
        assert objective.consistency is not None
        start = forget if objective.consistency.columns == "retain" else 0
        images, texts = frozen.of_images(rows[start:]), frozen.of_texts(labels[start:])
        logits = frozen.scale * images @ texts.T
        return Teacher(images, texts, logits if frozen.bias is None else logits + frozen.bias)

    def evaluate(self) -> Metrics | None:
        """Accuracy or recall on the validation parts of both sets."""
        return None if self._validation is None else self._validation.measure(self.towers)

    def better(self, metrics: Metrics, best: Metrics | None) -> bool:
        """Both targets met: the deepest forgetting. Only forgetting met: the most retained. Else: the least known."""
        if self.job.keep != "validation" or "forget" not in metrics:
            return False
        return best is None or self._rank(metrics) > self._rank(best)

    def _rank(self, metrics: Metrics) -> tuple[int, float]:
        retain = metrics.get("retain", 0.0)
        if metrics["forget"] > self.job.stop.forget_at_most:
            return 0, -metrics["forget"]
        if self.before is not None and retain < self.job.stop.retain_at_least * self.before.get("retain", 0.0):
            return 1, retain
        return 2, -metrics["forget cosine"]

    def finished(self, metrics: Metrics) -> str | None:
        """Once both targets hold on validation, where the job may end early."""
        if not self.job.stop.early or "forget" not in metrics or self._rank(metrics)[0] < 2:
            return None
        return "both targets hold on validation"


def build(job: CliperaseJob) -> CliperaseRecipe:
    """The recipe of a job."""
    return CliperaseRecipe(job)
