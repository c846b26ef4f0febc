"""Which module builds the recipe of each kind of job; its imports are paid only by jobs of that kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..jobs import CliperaseJob, ClipJob, Job
    from ..recipe import Recipe


def _clip(job: ClipJob) -> Recipe:
    from .clip import build

    return build(job)


def _cliperase(job: CliperaseJob) -> Recipe:
    from .cliperase import build

    return build(job)


RECIPES: dict[str, Callable[..., Recipe]] = {"clip": _clip, "cliperase": _cliperase}


def build_recipe(job: Job) -> Recipe:
    """The recipe of a valid job. Loads nothing yet: `prepare` does."""
    return RECIPES[job.kind](job)
