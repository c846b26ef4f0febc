"""The loop in this process: going on from checkpoints, cancelling, faults, validation and what is kept."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from tiny_training import CLASSES, World, history, losses, of, run, same_weights, weights, write_sets

from fettle_engine import stepper
from fettle_engine.errors import EngineError
from fettle_engine.file_hash import file_sha256
from fettle_engine.lifecycle import StopFlag

EVALUATE = {"everySteps": 2, "classTexts": {name: [index] for index, name in enumerate(CLASSES)}}


class Countdown(StopFlag):
    """Asks for a stop after some steps."""

    def __init__(self, steps: int) -> None:
        super().__init__()
        self.left = steps

    def __bool__(self) -> bool:
        self.left -= 1
        return self.left <= 0


def refused(job: dict[str, Any]) -> EngineError:
    with pytest.raises(EngineError) as caught:
        run(job)
    return caught.value


Maker = Callable[..., dict[str, Any]]


@pytest.fixture(params=["clip", "cliperase", "lora"])
def maker(request: pytest.FixtureRequest, world: World) -> Maker:
    """A job of each kind, with all that draws by chance."""
    shared: dict[str, Any] = {"evaluate": EVALUATE}
    if request.param == "clip":
        rate = {"learningRate": 1e-3, "schedule": "cosine", "warmupSteps": 2}
        shared |= {"augment": {"shift": 2, "mirror": True}, "optimizer": rate}
        return lambda out, **changes: world.clip(out, **(shared | changes))
    if request.param == "lora":
        shared["trainable"] = {"kind": "lora", "rank": 2, "dropout": 0.2}
    return lambda out, **changes: world.cliperase(out, **(shared | changes))


def test_a_cancelled_job_goes_on_as_if_nothing_had_been(maker: Maker, tmp_path: Path) -> None:
    whole = run(maker(tmp_path / "whole"))
    out = tmp_path / "cut"
    first = run(maker(out), Countdown(3))
    (stopped,) = of(first, "stopped")
    assert stopped["step"] == 3
    assert Path(stopped["checkpoint"]).is_dir()
    assert not (out / "model").exists()
    second = run(maker(out))
    (done,) = of(second, "done")
    assert done["summary"]["resumedFrom"] == 3
    assert losses(first) | losses(second) == losses(whole)
    assert losses(first).keys() & losses(second).keys() == set()
    assert history(out) == history(tmp_path / "whole")
    assert same_weights(weights(out / "model"), weights(tmp_path / "whole" / "model"))
    assert not (out / "checkpoints").exists()


def test_history_has_each_step_once(maker: Maker, out: Path) -> None:
    run(maker(out))
    lines = history(out)
    assert [line["step"] for line in lines if "loss" in line] == [1, 2, 3, 4, 5, 6]
    assert [line["step"] for line in lines if "metrics" in line] == [0, 2, 4, 6]
    assert lines == sorted(lines, key=lambda line: line["step"])


def test_equal_seeds_give_equal_runs_and_other_seeds_others(maker: Maker, tmp_path: Path) -> None:
    one, two = run(maker(tmp_path / "a", steps=3)), run(maker(tmp_path / "b", steps=3))
    assert losses(one) == losses(two)
    assert losses(one) != losses(run(maker(tmp_path / "c", steps=3, seed=1)))


def cut(job: dict[str, Any], steps: int) -> None:
    assert of(run(job, Countdown(steps)), "stopped")


@pytest.mark.parametrize(
    ("field", "value"), [("seed", 4), ("microBatches", 2), ("batch", {"forget": 2, "retain": 4}), ("steps", 3)]
)
def test_another_job_in_the_folder_is_refused(world: World, out: Path, field: str, value: Any) -> None:
    cut(world.cliperase(out), 4)
    error = refused(world.cliperase(out, **{field: value}))
    assert error.code == "other_job"
    assert error.details["fields"] == [field]
    assert field in error.message
    assert "never" in error.hint
    (done,) = of(run(world.cliperase(out, **{field: value}, resume="never")), "done")
    assert done["summary"]["resumedFrom"] is None


def test_other_sets_are_another_job(world: World, out: Path) -> None:
    sets = out.parent / "sets.json"
    data = {"pairs": str(world.pairs), "sets": str(write_sets(sets))}
    cut(world.cliperase(out, data=data), 2)
    write_sets(sets, forget_train=[0, 4])
    assert refused(world.cliperase(out, data=data)).details["fields"] == ["sets"]


def test_another_start_model_in_the_same_folder_is_another_job(world: World, out: Path) -> None:
    model = out.parent / "start"
    shutil.copytree(world.model, model)
    cut(world.cliperase(out, model={"path": str(model)}), 2)
    tensors = load_file(model / "model.safetensors")
    save_file(tensors | {"logit_scale": tensors["logit_scale"] + 1}, model / "model.safetensors", {"format": "pt"})
    error = refused(world.cliperase(out, model={"path": str(model)}))
    assert error.code == "other_job"
    assert error.details["fields"] == ["model"]


def test_a_model_and_pairs_that_moved_are_the_same_job(world: World, tmp_path: Path) -> None:
    whole, out = run(world.cliperase(tmp_path / "whole")), tmp_path / "out"
    cut(world.cliperase(out), 2)
    for name in ("model", "pairs"):
        shutil.copytree(getattr(world, name), tmp_path / f"moved-{name}")
    data = {"pairs": str(tmp_path / "moved-pairs"), "sets": str(world.sets)}
    again = run(world.cliperase(out, model={"path": str(tmp_path / "moved-model")}, data=data))
    assert of(again, "done")[0]["summary"]["resumedFrom"] == 2
    assert losses(again) == {step: loss for step, loss in losses(whole).items() if step > 2}


def test_what_changes_no_step_may_change(world: World, out: Path) -> None:
    cut(world.cliperase(out), 2)
    changes = {"log": {"everySteps": 2}, "save": {"everySteps": 3}, "cache": str(out / "cache"), "threads": 1}
    (done,) = of(run(world.cliperase(out, **changes)), "done")
    assert done["summary"]["resumedFrom"] == 2


def test_more_steps_are_the_same_job_at_a_constant_rate(world: World, tmp_path: Path) -> None:
    out = tmp_path / "out"
    cut(world.cliperase(out, steps=5), 4)
    longer = run(world.cliperase(out, steps=8))
    assert of(longer, "done")[0]["summary"]["resumedFrom"] == 4
    whole = run(world.cliperase(tmp_path / "whole", steps=8))
    assert losses(longer) == {step: loss for step, loss in losses(whole).items() if step > 4}
    assert same_weights(weights(out / "model"), weights(tmp_path / "whole" / "model"))


def test_more_steps_are_another_job_where_the_rate_was_planned(world: World, out: Path) -> None:
    rate = {"learningRate": 1e-3, "schedule": "cosine"}
    cut(world.cliperase(out, optimizer=rate), 4)
    assert refused(world.cliperase(out, optimizer=rate, steps=8)).details["fields"] == ["steps"]


def damage(folder: Path, how: str) -> None:
    if how == "cut":
        path = folder / "weights.safetensors"
        path.write_bytes(path.read_bytes()[:-8])
    elif how == "bit":
        path = folder / "optimizer.safetensors"
        content = bytearray(path.read_bytes())
        content[-5] ^= 1
        path.write_bytes(content)
    elif how == "missing":
        (folder / "weights.safetensors").unlink()
    else:
        (folder / "checkpoint.json").write_text('{"version": 1, "st')


@pytest.mark.parametrize("how", ["cut", "bit", "missing", "manifest"])
def test_a_damaged_checkpoint_is_passed_over(world: World, tmp_path: Path, how: str) -> None:
    out = tmp_path / "out"
    whole = run(world.cliperase(tmp_path / "whole"))
    cut(world.cliperase(out, save={"everySteps": 2}), 5)
    assert sorted(path.name for path in (out / "checkpoints").iterdir()) == ["step-4", "step-5"]
    damage(out / "checkpoints" / "step-5", how)
    again = run(world.cliperase(out))
    assert of(again, "done")[0]["summary"]["resumedFrom"] == 4
    assert losses(again) == {step: loss for step, loss in losses(whole).items() if step > 4}
    assert history(out) == history(tmp_path / "whole")


def test_older_checkpoints_are_forgotten(world: World, out: Path) -> None:
    cut(world.cliperase(out, save={"everySteps": 1, "keep": 3}), 5)
    assert sorted(path.name for path in (out / "checkpoints").iterdir()) == ["step-3", "step-4", "step-5"]


# Numbers that are none.


def poison(monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    """Makes the gradient of one step NaN, as an overflow would."""
    compute = stepper.Stepper._compute

    def broken(self: Any, step: int) -> Any:
        backward = self._backward
        if step == at:
            self._backward = lambda loss: backward(loss * float("nan"))
        try:
            return compute(self, step)
        finally:
            self._backward = backward

    monkeypatch.setattr(stepper.Stepper, "_compute", broken)


@pytest.mark.parametrize("every", [1, 100])
def test_a_step_that_is_not_finite_ends_the_job(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, every: int
) -> None:
    out = tmp_path / "out"
    job = world.cliperase(out, log={"everySteps": every}, save={"everySteps": 2})
    poison(monkeypatch, 4)
    error = refused(job)
    assert error.code == "non_finite"
    assert error.exit_code == 5
    assert error.details["step"] == 4
    assert "learningRate" in error.hint
    assert not (out / "model").exists()
    assert [path.name for path in (out / "checkpoints").iterdir()] == ["step-2"]
    monkeypatch.undo()
    whole, again = run(world.cliperase(tmp_path / "whole")), run(world.cliperase(out))
    assert of(again, "done")[0]["summary"]["resumedFrom"] == 2
    assert losses(again) == {step: loss for step, loss in losses(whole).items() if step > 2}


@pytest.mark.parametrize("rate", [1e30, 1e38])
@pytest.mark.parametrize("steps", [1, 6])
def test_a_rate_that_breaks_the_weights_leaves_no_model(world: World, out: Path, rate: float, steps: int) -> None:
    """One step gives weights that are large, or infinite; from the second on nothing is finite."""
    optimizer = {"learningRate": rate, "clip": None, "weightDecay": 10.0, "name": "adamw"}
    error = refused(world.cliperase(out, optimizer=optimizer, steps=steps, keep="last", evaluate=EVALUATE))
    assert error.code == "non_finite"
    assert not (out / "model").exists()


# Memory.


def test_memory_that_runs_out_brings_advice(world: World, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Any, step: int) -> Any:
        raise RuntimeError("[enforce fail at alloc_cpu.cpp:118] err == 0. DefaultCPUAllocator: can't allocate memory")

    monkeypatch.setattr(stepper.Stepper, "_compute", full)
    error = refused(world.cliperase(out, microBatches=2))
    assert error.code == "out_of_memory"
    assert error.exit_code == 4
    assert "microBatches to 4" in error.hint
    assert error.details["batch"] == {"forget": 4, "retain": 8, "sampling": "balanced"}
    assert error.details["phase"] == "train"
    monkeypatch.undo()
    assert of(run(world.cliperase(out)), "done")


def test_memory_that_runs_out_while_loading_is_no_broken_checkpoint(
    world: World, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from transformers import CLIPModel

    def full(*arguments: Any, **options: Any) -> Any:
        raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 8 bytes.")

    monkeypatch.setattr(CLIPModel, "from_pretrained", full)
    error = refused(world.cliperase(out))
    assert error.code == "out_of_memory"
    assert error.details["phase"] == "load"


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has a GPU")
def test_no_gpu(world: World, out: Path) -> None:
    error = refused(world.clip(out, device="cuda"))
    assert error.code == "no_gpu"
    assert error.exit_code == 2
    assert "cpu" in error.hint


# Validation.


def test_the_best_weights_on_validation_are_kept(world: World, tmp_path: Path) -> None:
    changes = {"evaluate": EVALUATE | {"everySteps": 1}, "optimizer": {"learningRate": 0.02}, "steps": 8}
    out = tmp_path / "out"
    events = run(world.clip(out, keep="best", model={"path": str(world.model)}, **changes))
    kept = of(events, "done")[0]["summary"]["kept"]
    figures = {event["step"]: event["metrics"]["validation"] for event in of(events, "metric")}
    assert figures[kept["step"]] == max(value for step, value in figures.items() if step > 0)
    assert kept["metrics"]["validation"] == figures[kept["step"]]
    short = run(world.clip(tmp_path / "short", model={"path": str(world.model)}, **(changes | {"steps": kept["step"]})))
    assert of(short, "done")
    assert same_weights(weights(out / "model"), weights(tmp_path / "short" / "model"))


def test_stop_at_ends_early(world: World, out: Path) -> None:
    stop = {"set": "validation", "accuracy": 0.0}
    (done,) = of(run(world.clip(out, evaluate=EVALUATE, stopAt=stop)), "done")
    assert done["summary"]["steps"] == 2
    assert "reached" in done["summary"]["reason"]


def test_the_rule_of_unlearning_prefers_both_targets(world: World) -> None:
    from fettle_engine.jobs import parse_job
    from fettle_engine.recipes import build_recipe

    job = world.cliperase(world.root, stop={"forgetAtMost": 0.1, "retainAtLeast": 0.9, "early": True})
    recipe = build_recipe(parse_job(job))
    recipe.baseline({"forget": 0.9, "retain": 0.8, "forget cosine": 0.3})
    known = {"forget": 0.5, "retain": 0.8, "forget cosine": 0.2}
    lost = {"forget": 0.0, "retain": 0.5, "forget cosine": -0.5}
    shallow = {"forget": 0.1, "retain": 0.75, "forget cosine": 0.1}
    deep = {"forget": 0.05, "retain": 0.74, "forget cosine": -0.1}
    order = [known, lost, shallow, deep]
    for index, metrics in enumerate(order):
        assert recipe.better(metrics, None)
        assert [recipe.better(metrics, other) for other in order] == [place < index for place in range(4)]
    assert [recipe.finished(metrics) is not None for metrics in order] == [False, False, True, True]


def test_a_model_folder_is_whole_or_absent(world: World, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from fettle_engine.recipes import image_text

    def full(*arguments: Any) -> None:
        (arguments[-1] / "half.txt").write_text("half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(image_text, "save_checkpoint", full)
    error = refused(world.cliperase(out, save={"everySteps": 2}))
    assert error.code == "disk"
    assert sorted(path.name for path in out.iterdir()) == ["checkpoints", "history.jsonl"]
    monkeypatch.undo()
    assert of(run(world.cliperase(out)), "done")[0]["summary"]["resumedFrom"] == 4
    facts = json.loads((out / "model" / "fettle.json").read_text())
    assert facts["kind"] == "cliperase"
    assert facts["sha256"] == {"model.safetensors": file_sha256(out / "model" / "model.safetensors")}
