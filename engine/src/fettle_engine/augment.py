"""Random changes of training pictures. Chance is drawn on the CPU and applied on the device, equal on every device."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from .jobs import Augment

FIELDS = 7
"""Numbers a picture: shift down and right, mirror, brightness, contrast, centre of the cut-out."""


def is_active(settings: Augment) -> bool:
    """Whether anything is changed."""
    return bool(settings.shift or settings.mirror or settings.brightness or settings.contrast or settings.cutout)


def draw(settings: Augment, count: int, size: int, generator: torch.Generator) -> Tensor:
    """[count, FIELDS] on the CPU."""
    chance = torch.rand(count, FIELDS, generator=generator)
    shift = (chance[:, :2] * (2 * settings.shift + 1)).floor().clamp(max=2 * settings.shift)
    mirror = (chance[:, 2:3] < 0.5).float() * float(settings.mirror)
    brightness = 1 + settings.brightness * (2 * chance[:, 3:4] - 1)
    contrast = 1 + settings.contrast * (2 * chance[:, 4:5] - 1)
    centre = (chance[:, 5:] * size).floor()
    return torch.cat([shift, mirror, brightness, contrast, centre], dim=1)


def augment(pixels: Tensor, drawn: Tensor, settings: Augment) -> Tensor:
    """pixels [n, 3, S, S] from 0 to 255 → fp32 of the same shape and range, but for brightness and contrast.

    Shifted pictures are continued by reflection; a cut-out is filled with the picture's mean.
    """
    count, _, size, _ = pixels.shape
    device = pixels.device
    values = pixels.to(torch.float32)
    place = torch.arange(size, device=device)
    if settings.mirror:
        values = torch.where(drawn[:, 2].view(-1, 1, 1, 1) > 0.5, values.flip(3), values)
    if settings.shift:
        padded = F.pad(values, (settings.shift,) * 4, mode="reflect")
        down = drawn[:, 0].long()[:, None] + place
        right = drawn[:, 1].long()[:, None] + place
        item = torch.arange(count, device=device).view(-1, 1, 1, 1)
        channel = torch.arange(3, device=device).view(1, 3, 1, 1)
        values = padded[item, channel, down.view(count, 1, size, 1), right.view(count, 1, 1, size)]
    if settings.brightness or settings.contrast:
        values = values * drawn[:, 3].view(-1, 1, 1, 1)
        mean = values.mean((1, 2, 3), keepdim=True)
        values = (values - mean) * drawn[:, 4].view(-1, 1, 1, 1) + mean
    if settings.cutout:
        half = settings.cutout / 2
        down = (place.view(1, 1, size, 1) - drawn[:, 5].view(-1, 1, 1, 1)).abs() < half
        right = (place.view(1, 1, 1, size) - drawn[:, 6].view(-1, 1, 1, 1)).abs() < half
        values = torch.where(down & right, values.mean((1, 2, 3), keepdim=True), values)
    return values
