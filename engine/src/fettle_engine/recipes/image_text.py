"""What the recipes of image-text models share: data on the device, staged batches, encoding, saving."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from ..adapters import apply_trainable, merged, save_adapter
from ..augment import FIELDS, augment, draw, is_active
from ..clip_models import Checkpoint, save_checkpoint
from ..clip_towers import Towers
from ..errors import EngineError
from ..jobs import Augment, CliperaseJob, ClipJob
from ..losses.clip import unit
from ..pairs import Pairs, read_pairs, read_sets
from ..recipe import Metrics
from ..runtime import Runtime, seed_of
from ..wire import Events
from ..zero_shot import Validation

_LOW_RATE = 1e-7


@dataclass
class Encoded:
    """Raw features [n, d] of this rank's items, and their text rows."""

    images: Tensor
    texts: Tensor


class Batch:
    """Inputs of a step in buffers that stay in place, so that a captured step reads what was put there last.

    rows, text_of, inverse: int64 [n] of this rank's items; distinct: int64 [u], the texts that the text tower sees.
    """

    def __init__(self, items: int, distinct: int, fields: int, runtime: Runtime) -> None:
        self._runtime = runtime
        self._items = items
        self._distinct = distinct
        self._whole = torch.zeros(3 * items + distinct, dtype=torch.int64, device=runtime.device)
        self.rows, self.text_of, self.inverse, self.distinct = self._whole.split([items, items, items, distinct])
        self.chance = torch.zeros(items, fields, device=runtime.device)
        self.host_rows = torch.zeros(items, dtype=torch.int64)

    def put(self, rows: Tensor, text_of: Tensor, chance: Tensor | None) -> None:
        """One copy to the device. Fewer distinct texts than places are filled up with the first of them."""
        distinct, inverse = torch.unique(text_of, return_inverse=True)
        if self._runtime.device.type == "cpu":
            self.distinct = distinct  # shapes may vary where nothing is captured
            self.rows, self.text_of, self.inverse = rows, text_of, inverse
        else:
            filled = distinct[:1].repeat(self._distinct)
            filled[: len(distinct)] = distinct
            self._whole.copy_(torch.cat([rows, text_of, inverse, filled]).pin_memory(), non_blocking=True)
        if chance is not None:
            self.chance.copy_(chance if self._runtime.device.type == "cpu" else chance.pin_memory(), non_blocking=True)
        self.host_rows = rows


class ImageTextRecipe:
    """Base of the recipes; implements what they share of the Recipe protocol."""

    module: nn.Module

    def __init__(self, job: ClipJob | CliperaseJob) -> None:
        self.job = job
        self.before: Metrics | None = None
        self._cache = {"hits": 0, "misses": 0}

    # Preparation ------------------------------------------------------------------------------------------------

    def open(self, checkpoint: Checkpoint, pairs: Pairs, runtime: Runtime, events: Events) -> None:
        """Places model and data. The pairs' pictures must have the size that the model takes."""
        if pairs.image_size != checkpoint.image_size:
            raise EngineError(
                "bad_data",
                f"The pairs hold pictures of {pairs.image_size} pixels; the model takes {checkpoint.image_size}.",
                "Prepare the pairs for the model's size.",
            )
        if self.job.optimizer.learning_rate < _LOW_RATE:
            events.warning(
                "low_learning_rate",
                f"optimizer.learningRate is {self.job.optimizer.learning_rate}: in 32-bit numbers, weights near 1 do "
                "not move by steps that small.",
            )
        self.runtime = runtime
        self.checkpoint = checkpoint
        self.pairs = pairs
        self.tokens = checkpoint.tokenize(list(pairs.texts)).to(runtime.device)
        model = checkpoint.model.to(runtime.device)
        self.towers = Towers(model, checkpoint.mean, checkpoint.std).to(runtime.device)
        self.module = self.towers
        self._pixels = self._place_pixels()
        first = [captions[0] for captions in pairs.captions]
        self._first_text = torch.tensor(first, dtype=torch.int64)
        self._single = all(len(captions) == 1 for captions in pairs.captions)

    def make_trainable(self) -> None:
        """After frozen outputs were computed: adapters change the module."""
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed_of(self.job.seed, "adapters"))  # adapters start at random, equal on all ranks
            self._adapter = apply_trainable(self.checkpoint.model, self.job.trainable, self.job.train_logit_scale)

    def _place_pixels(self) -> Tensor:
        """On the GPU where they fit in a quarter of its free memory, else as they are."""
        pixels = self.pairs.pixels
        if self.runtime.device.type != "cuda":
            return pixels
        free, _ = torch.cuda.mem_get_info(self.runtime.device)
        return pixels.to(self.runtime.device) if pixels.numel() < free // 4 else pixels

    def validation(self, sets: dict[str, tuple[int, ...]]) -> Validation | None:
        """An evaluation of the sets that have items; None where the job asks for none."""
        evaluate = self.job.evaluate
        if evaluate is None or not sets:
            return None
        return Validation(
            self.pairs,
            self.tokens,
            sets,
            evaluate.class_texts,
            evaluate.max_items,
            self.pixels,
            self.runtime,
        )

    # A step -----------------------------------------------------------------------------------------------------

    def pixels(self, rows: Tensor) -> Tensor:
        """uint8 [n, 3, S, S] on the device."""
        if self._pixels.device == self.runtime.device:
            return self._pixels[rows.to(self.runtime.device)]
        return self.runtime.to_device(self._pixels[rows])

    @property
    def fixed_shapes(self) -> bool:
        """Pictures must be on the device, and micro-batches draw seeds of their own on the host."""
        return self.pixels_on_device and self.job.micro_batches == 1

    @property
    def pixels_on_device(self) -> bool:
        """Whether a captured step can gather pictures by itself."""
        return self._pixels.device == self.runtime.device

    def texts_of(self, rows: Tensor, step: int) -> Tensor:
        """int64 [n]: one text of each item; of several, one by chance."""
        if self._single:
            return self._first_text[rows]
        generator = self.runtime.generator("texts", step)
        chance = torch.rand(len(rows), generator=generator).tolist()
        chosen = []
        for row, share in zip(rows.tolist(), chance, strict=True):
            captions = self.pairs.captions[row]
            chosen.append(captions[int(share * len(captions))])
        return torch.tensor(chosen, dtype=torch.int64)

    def chance(self, settings: Augment, count: int, step: int) -> Tensor | None:
        """What augmentation draws for the `count` items of this step."""
        if not is_active(settings):
            return None
        generator = self.runtime.generator("augment", step)
        return draw(settings, count, self.pairs.image_size, generator)

    def encode(
        self,
        batch: Batch,
        step: int,
        settings: Augment | None,
        forward: Callable[..., Any],
        backward: Callable[[Tensor], None],
        objective: Callable[[Tensor, Tensor], dict[str, Tensor]],
    ) -> dict[str, Tensor]:
        """Features, objective and backward pass of this rank's items.

        objective(images [n, d], texts [n, d]) gives the terms with "loss". With micro-batches, features are computed
        first without gradient; the objective's gradient at the features is then carried through the towers part by
        part. The gradient is the same, and only one part's activations are in memory.
        """

        def picture(part: Tensor, chance: Tensor) -> Tensor:
            values = self.pixels(part)
            return values if settings is None or not is_active(settings) else augment(values, chance, settings)

        parts = self.job.micro_batches
        rows = batch.rows if self.pixels_on_device else batch.host_rows
        if parts == 1:
            images, texts = forward(picture(rows, batch.chance), self.tokens[batch.distinct])
            terms = objective(images, texts[batch.inverse])
            backward(terms["loss"])
            return {name: value.detach() for name, value in terms.items()}

        row_parts = rows.chunk(parts)
        chance_parts = batch.chance.chunk(parts)
        text_parts = batch.distinct.chunk(parts)

        def image_part(index: int) -> Tensor:
            torch.manual_seed(seed_of(self.runtime.seed, "images", step, index, self.runtime.rank))
            return forward(picture(row_parts[index], chance_parts[index]), None)[0]

        def text_part(index: int) -> Tensor:
            torch.manual_seed(seed_of(self.runtime.seed, "texts", step, index, self.runtime.rank))
            return forward(None, self.tokens[text_parts[index]])[1]

        with torch.no_grad():
            images = torch.cat([image_part(index) for index in range(len(row_parts))])
            texts = torch.cat([text_part(index) for index in range(len(text_parts))])
        images.requires_grad_()
        texts.requires_grad_()
        terms = objective(images, texts[batch.inverse])
        backward(terms["loss"])
        assert images.grad is not None
        for index, gradient in enumerate(images.grad.chunk(parts)):
            backward((image_part(index) * gradient).sum())
        if texts.grad is not None:
            for index, gradient in enumerate(texts.grad.split([len(part) for part in text_parts])):
                backward((text_part(index) * gradient).sum())
        return {name: value.detach() for name, value in terms.items()}

    def logits(self, images: Tensor, texts: Tensor) -> Tensor:
        """Similarities [n, m] times the temperature, plus SigLIP's bias; raw features in."""
        values = self.towers.scale * unit(images) @ unit(texts).T
        return values if self.towers.bias is None else values + self.towers.bias

    def after_step(self) -> None:
        """The temperature's bound."""
        self.towers.clamp()

    # The end ----------------------------------------------------------------------------------------------------

    def baseline(self, metrics: Metrics) -> None:
        """Kept for the rules that compare with what was."""
        self.before = metrics

    def save(self, folder: Path) -> None:
        """The model with adapters merged; the adapter beside it."""
        provenance = {
            "kind": self.job.kind,
            "job": self.job.raw,
            "source": {"path": self.checkpoint.path, "sha256": self.checkpoint.sha256},
            "pairs": self.pairs.sha256,
        }
        model = merged(self.checkpoint.model, self._adapter)
        save_checkpoint(model, self.checkpoint.tokenizer, self.checkpoint.preprocessor, provenance, folder)
        if self._adapter is not None:
            save_adapter(self._adapter, folder / "adapter")

    def describe(self) -> dict[str, Any]:
        """For the summary."""
        return {"cache": self._cache}


def open_data(job: ClipJob | CliperaseJob) -> tuple[Pairs, dict[str, tuple[int, ...]]]:
    """The pairs and sets that a job names."""
    pairs = read_pairs(job.data.pairs)
    return pairs, read_sets(job.data.sets, len(pairs.ids))


CHANCE_FIELDS = FIELDS
