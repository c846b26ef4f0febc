"""Steps of the recipes on tiny models: cached teacher, micro-batches, sampling, positives, gradients of the whole."""

from pathlib import Path
from typing import Any

import pytest
import tiny_models
import torch
from slow_losses import slow_contrastive, slow_sigmoid
from tiny_training import World, cliperase_objective, cpu_runtime, of, open_towers, run, terms, write_pairs

from fettle_engine.jobs import parse_job
from fettle_engine.losses.clip import unit
from fettle_engine.recipes import build_recipe
from fettle_engine.wire import Wire

OBJECTIVES: list[dict[str, Any]] = [
    cliperase_objective({}, {}, {}),
    cliperase_objective({"form": "margin"}, {"negatives": "all"}, {"form": "features", "columns": "all"}),
    cliperase_objective({"form": "negative-ce"}, {"positives": "single"}, {"form": "reverse-kl", "columns": "all"}),
    cliperase_objective({"form": "dot"}, None, {"form": "symmetric-kl"}),
    {"name": "gradient-ascent"},
    {"name": "gradient-difference"},
    {"name": "retain-only"},
    {"name": "random-labels"},
]


class Step:
    """A recipe as the loop would hold it, ready for single steps."""

    def __init__(self, job: dict[str, Any]) -> None:
        self.recipe: Any = build_recipe(parse_job(job))
        self.recipe.prepare(cpu_runtime(job.get("seed", 0)), Wire(None).events("test"))
        self.recipe.module.train()

    def terms(self, step: int = 1) -> dict[str, float]:
        """Those of a step; gradients are left in the parameters."""
        self.recipe.module.zero_grad()
        self.recipe.stage(step)
        found = self.recipe.accumulate(step, self.recipe.module, lambda loss: loss.backward())
        return {name: value.item() for name, value in found.items()}

    def parameters(self) -> dict[str, torch.nn.Parameter]:
        return {name: p for name, p in self.recipe.module.named_parameters() if p.requires_grad}

    def gradients(self) -> dict[str, torch.Tensor]:
        return {name: p.grad.clone() for name, p in self.parameters().items() if p.grad is not None}


@pytest.mark.parametrize("columns", ["retain", "all"])
def test_cached_teacher_is_the_live_one(world: World, out: Path, columns: str) -> None:
    objective = cliperase_objective({}, {}, {"columns": columns})
    step = Step(world.cliperase(out, objective=objective, cache=str(out / "cache")))
    towers, _ = open_towers(world.model)
    step.recipe.stage(1)
    batch, forget = step.recipe._batch, 0 if columns == "all" else 4
    with torch.no_grad():
        images = unit(towers.images(step.recipe.pairs.pixels[batch.rows]))[forget:]
        texts = unit(towers.texts(step.recipe.tokens[batch.text_of]))[forget:]
        live = towers.scale * images @ texts.T
    cached = step.recipe._view_of_teacher(batch.rows, batch.text_of, 4)
    torch.testing.assert_close(cached.images, images, atol=1e-6, rtol=0)
    torch.testing.assert_close(cached.texts, texts, atol=1e-6, rtol=0)
    torch.testing.assert_close(cached.logits, live, atol=2e-5, rtol=0)
    # Before any step the model is its own teacher.
    assert step.terms()["consistency"] == pytest.approx(0, abs=1e-6)


def test_a_second_job_hits_the_cache(world: World, out: Path) -> None:
    cache = str(out / "cache")
    first = of(run(world.cliperase(out / "a", cache=cache, steps=3)), "done")[0]["summary"]
    second = of(run(world.cliperase(out / "b", cache=cache, steps=3, seed=1)), "done")[0]["summary"]
    assert first["cache"] == {"hits": 0, "misses": 27 + 3}
    assert second["cache"] == {"hits": 27 + 3, "misses": 0}


def test_a_damaged_cache_is_computed_anew(world: World, out: Path) -> None:
    job = world.cliperase(out, cache=str(out / "cache"))
    fresh = Step(job).terms()
    (file,) = (out / "cache").iterdir()
    file.write_bytes(file.read_bytes()[:100])
    again = Step(job)
    assert again.recipe.describe()["cache"]["hits"] == 0
    assert again.terms() == fresh
    assert Step(job).recipe.describe()["cache"]["misses"] == 0


def assert_same_gradients(found: dict[str, torch.Tensor], expected: dict[str, torch.Tensor]) -> None:
    """Against the size of the whole, since some (the bias of keys) are rounding alone."""
    assert found.keys() == expected.keys()
    size = torch.stack([gradient.norm() for gradient in expected.values()]).norm()
    assert size > 0
    for name, gradient in expected.items():
        assert (found[name] - gradient).norm() <= 1e-5 * size, name


@pytest.mark.parametrize("objective", OBJECTIVES, ids=lambda one: one["name"])
def test_micro_batches_have_the_same_gradient(world: World, out: Path, objective: dict[str, Any]) -> None:
    whole = Step(world.cliperase(out, objective=objective))
    parts = Step(world.cliperase(out, objective=objective, microBatches=4))
    for step in (1, 2):
        assert parts.terms(step) == pytest.approx(whole.terms(step), abs=1e-6)
        assert_same_gradients(parts.gradients(), whole.gradients())


def test_micro_batches_with_augmentation(world: World, out: Path) -> None:
    changes = {"augment": {"shift": 2, "mirror": True, "cutout": 4}, "model": {"path": str(world.model)}}
    whole, parts = Step(world.clip(out, **changes)), Step(world.clip(out, microBatches=4, **changes))
    assert parts.terms() == pytest.approx(whole.terms(), abs=1e-6)
    assert_same_gradients(parts.gradients(), whole.gradients())


@pytest.mark.parametrize("objective", OBJECTIVES, ids=lambda one: one["name"])
def test_the_gradient_is_the_slope_of_the_whole(world: World, out: Path, objective: dict[str, Any]) -> None:
    """Moves all weights of both towers a little along the gradient, and against it."""
    step = Step(world.cliperase(out, objective=objective))
    step.terms()
    gradients, parameters = step.gradients(), step.parameters()
    slope = torch.sqrt(sum((gradient.double() ** 2).sum() for gradient in gradients.values())).item()  # type: ignore[union-attr]
    if objective["name"] != "cliperase":
        assert slope > 1e-3
    values = []
    size = min(2e-3, 1e-2 / slope)
    for sign in (1, -2):
        with torch.no_grad():
            for name, gradient in gradients.items():
                parameters[name].add_(gradient, alpha=sign * size / slope)
        values.append(step.terms()["loss"])
    assert (values[0] - values[1]) / (2 * size) == pytest.approx(slope, rel=0.03)


def test_balanced_batches_hold_both_kinds(world: World, out: Path) -> None:
    step = Step(world.cliperase(out))
    forget = set(range(0, 36, 4))
    for number in range(1, 8):
        step.recipe.stage(number)
        rows = step.recipe._batch.rows.tolist()
        assert len(set(rows)) == 12
        assert [row in forget for row in rows] == [True] * 4 + [False] * 8


def test_mixed_batches_hold_what_the_stream_brings(world: World, out: Path) -> None:
    batch = {"forget": 2, "retain": 4, "sampling": "mixed"}
    step = Step(world.cliperase(out, batch=batch))
    forget, seen, counts = set(range(0, 36, 4)), [], set()
    for number in range(1, 7):
        terms = step.terms(number)
        rows = step.recipe._batch.rows.tolist()
        marks = [row in forget for row in rows]
        assert marks == sorted(marks, reverse=True), "forget pairs come first"
        assert step.recipe._count == sum(marks)
        assert all(abs(value) < 1e6 for value in terms.values())
        counts.add(sum(marks))
        seen += rows
    assert sorted(seen) == sorted(forget | {row for row in range(36) if row % 4}), "an epoch has each pair once"
    assert len(counts) > 1


@pytest.mark.parametrize("objective", OBJECTIVES, ids=lambda one: one["name"])
def test_mixed_batches_train_with_each_objective(world: World, out: Path, objective: dict[str, Any]) -> None:
    batch = {"forget": 1, "retain": 2, "sampling": "mixed"}
    events = run(world.cliperase(out, objective=objective, batch=batch, optimizer={"learningRate": 1e-5}, steps=12))
    assert len(of(events, "done")) == 1


@pytest.mark.parametrize("positives", ["single", "multiple"])
def test_positives_where_texts_repeat(world: World, out: Path, siglip: dict[str, Any], positives: str) -> None:
    """With equal texts the contrastive loss is the same for both; SigLIP's, which judges each pair alone, is not."""
    step = Step(world.clip(out, model={"path": str(world.model)}, positives=positives))
    loss, labels = step.terms()["loss"], step.recipe._batch.text_of
    assert len(set(labels.tolist())) < 8
    match = labels[:, None] == labels[None, :] if positives == "multiple" else torch.eye(8).bool()
    assert loss == pytest.approx(slow_contrastive(logits_of(step), match.double().numpy(), range(8)), abs=1e-5)
    other = Step(
        world.clip(out, model=siglip["model"], data=siglip["data"] | {"sets": str(world.sets)}, positives=positives)
    )
    loss = other.terms()["loss"]
    assert torch.equal(other.recipe._batch.text_of, labels)
    assert loss == pytest.approx(slow_sigmoid(logits_of(other), match.double().numpy(), range(8)), abs=1e-5)


def logits_of(step: Step) -> Any:
    """float64 [n, n] of the staged batch, with a text for each item."""
    batch, recipe = step.recipe._batch, step.recipe
    with torch.no_grad():
        images, texts = recipe.towers(recipe.pairs.pixels[batch.rows], recipe.tokens[batch.text_of])
        return recipe.logits(images, texts).double().numpy()


def test_an_image_of_several_captions_shows_each(world: World, out: Path, tmp_path: Path) -> None:
    pairs = write_pairs(tmp_path / "captions", captions=3)
    data = {"pairs": str(pairs), "sets": str(world.sets)}
    step = Step(world.clip(out, data=data, model={"path": str(world.model)}))
    shown = set()
    for number in range(1, 150):
        step.recipe.stage(number)
        for row, text in zip(step.recipe._batch.rows.tolist(), step.recipe._batch.text_of.tolist(), strict=True):
            assert text in step.recipe.pairs.captions[row]
            shown.add(text)
    assert shown == {text for row in range(40) for text in step.recipe.pairs.captions[row]}


@pytest.fixture(scope="module")
def siglip(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("siglip")
    tiny_models.dual_encoder(folder / "model", "siglip")
    write_pairs(folder / "pairs", 32)
    return {"model": {"path": str(folder / "model")}, "data": {"pairs": str(folder / "pairs")}}


@pytest.mark.parametrize("objective", [None, *OBJECTIVES], ids=lambda one: "clip" if one is None else one["name"])
def test_siglip_trains(world: World, out: Path, siglip: dict[str, Any], objective: dict[str, Any] | None) -> None:
    changes = {"model": siglip["model"], "data": siglip["data"] | {"sets": str(world.sets)}, "steps": 3}
    # Temperature and bias of a checkpoint are far from their best on other data, so a first step lowers any loss.
    changes["optimizer"] = {"learningRate": 1e-3}
    job = world.clip(out, **changes) if objective is None else world.cliperase(out, objective=objective, **changes)
    events = run(job)
    assert all(abs(value) < 1e6 for step in terms(events).values() for value in step.values())
    before, after = open_towers(siglip["model"]["path"])[1], open_towers(out / "model")[1]
    moved = [
        name
        for (name, one), (_, other) in zip(before.model.named_parameters(), after.model.named_parameters(), strict=True)
        if not torch.equal(one, other)
    ]
    assert any(name.startswith("vision_model") for name in moved)
    assert any(name.startswith("text_model") for name in moved)
    if objective is None or objective["name"] != "cliperase" or objective["retention"] is not None:
        assert {"logit_scale", "logit_bias"} <= set(moved)
