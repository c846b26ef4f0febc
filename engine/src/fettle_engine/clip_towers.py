"""The two towers of a CLIP or SigLIP model as one module that maps batches to features."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn

LARGEST_LOG_SCALE = math.log(100)


class Towers(nn.Module):
    """Holds `model` (transformers' CLIPModel or SiglipModel) and computes raw features of both towers.

    Pixels come in as uint8 and are normalised here with the checkpoint's mean and deviation.
    """

    factor: Tensor
    offset: Tensor

    def __init__(self, model: Any, mean: tuple[float, ...], std: tuple[float, ...]) -> None:
        super().__init__()
        self.model = model
        self.is_siglip = model.config.model_type == "siglip"
        deviation = torch.tensor(std).view(1, 3, 1, 1)
        self.register_buffer("factor", 1 / (255 * deviation), persistent=False)
        self.register_buffer("offset", -torch.tensor(mean).view(1, 3, 1, 1) / deviation, persistent=False)
        self.largest_log_scale = max(LARGEST_LOG_SCALE, float(model.logit_scale.detach().max()))

    def forward(self, pixels: Tensor | None, tokens: Tensor | None) -> tuple[Tensor | None, Tensor | None]:
        """pixels [n, 3, S, S] (0 to 255), tokens int64 [u, t] → features [n, d] and [u, d] in fp32; None gives None."""
        return (
            None if pixels is None else self.images(pixels),
            None if tokens is None else self.texts(tokens),
        )

    def images(self, pixels: Tensor) -> Tensor:
        """Raw image features, fp32 [n, d]."""
        values = pixels.to(torch.float32) * self.factor + self.offset
        pooled = self.model.vision_model(pixel_values=values).pooler_output
        return pooled.float() if self.is_siglip else self._project(self.model.visual_projection, pooled)

    def texts(self, tokens: Tensor) -> Tensor:
        """Raw text features, fp32 [u, d]. What follows the end mark cannot reach it, so no mask is needed."""
        pooled = self.model.text_model(input_ids=tokens).pooler_output
        return pooled.float() if self.is_siglip else self._project(self.model.text_projection, pooled)

    def _project(self, projection: nn.Module, pooled: Tensor) -> Tensor:
        # In fp32: the features go into softmaxes of up to 100 times their products.
        with torch.autocast(pooled.device.type, enabled=False):
            return projection(pooled.float())

    @property
    def scale(self) -> Tensor:
        """exp of the temperature parameter, a scalar with gradient."""
        return self.model.logit_scale.float().reshape(()).exp()

    @property
    def bias(self) -> Tensor | None:
        """SigLIP's bias of the logits, a scalar with gradient."""
        return self.model.logit_bias.float().reshape(()) if self.is_siglip else None

    @torch.no_grad()
    def clamp(self) -> None:
        """Keeps the temperature at most ln 100, or at its start where a checkpoint began higher (SigLIP)."""
        self.model.logit_scale.clamp_(max=self.largest_log_scale)
