"""What is refused: pairs, sets, checkpoints and jobs that do not fit; order, history and augmentation."""

import json
from pathlib import Path
from typing import Any

import pytest
import tiny_models
import torch
from tiny_training import CLASSES, World, history, open_towers, run, write_manifest, write_pairs, write_sets

from fettle_engine.augment import augment, draw
from fettle_engine.clip_models import load_checkpoint
from fettle_engine.errors import EngineError
from fettle_engine.history import History
from fettle_engine.jobs import Augment, parse_job
from fettle_engine.order import Order, shard
from fettle_engine.pairs import read_pairs
from fettle_engine.wire import Wire
from fettle_engine.zero_shot import Validation


def refused(code: str, action: Any, *arguments: Any) -> EngineError:
    with pytest.raises(EngineError) as caught:
        action(*arguments)
    assert caught.value.code == code, caught.value.message
    assert caught.value.hint
    return caught.value


# Sets.


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"forget_train": [0, 4], "retain_train": [1, 4, 8, 0]}, "share 2 items"),
        ({"forget_train": []}, "forget-train is empty"),
        ({"retain_train": []}, "retain-train is empty"),
        ({"forget_train": [0, 48]}, "names row 48"),
        ({"forget_train": [-1]}, "names row -1"),
        ({"forget_train": [0, 0]}, "a row twice"),
        ({"forget_train": [0, 1.5]}, "not a list of row numbers"),
        ({"forget_train": [True]}, "not a list of row numbers"),
    ],
)
def test_sets_that_do_not_fit(world: World, out: Path, changes: Any, says: str) -> None:
    sets = write_sets(out.with_name("sets.json"), **changes)
    error = refused("bad_data", run, world.cliperase(out, data={"pairs": str(world.pairs), "sets": str(sets)}))
    assert says in error.message


def test_a_missing_set_is_named(world: World, out: Path) -> None:
    sets = out.with_name("sets.json")
    sets.write_text('{"train": [1, 2]}')
    error = refused("bad_data", run, world.cliperase(out, data={"pairs": str(world.pairs), "sets": str(sets)}))
    assert "forget-train" in error.message


# Pairs.


def test_pairs_are_checked_against_their_hashes(tmp_path: Path) -> None:
    folder = write_pairs(tmp_path / "pairs")
    assert len(read_pairs(folder).ids) == 48
    (folder / "items.jsonl").write_text((folder / "items.jsonl").read_text().replace("p3", "p4"))
    assert "items.jsonl" in refused("bad_data", read_pairs, folder).message


@pytest.mark.parametrize(
    ("item", "says"),
    [
        ({"texts": []}, "line 48 needs texts"),
        ({"texts": [4]}, "line 48 needs texts"),
        ({"texts": [0], "class": 4}, "line 48 has a class"),
        ([], "line 48 is not an object"),
    ],
)
def test_items_that_do_not_fit(tmp_path: Path, item: Any, says: str) -> None:
    folder = write_pairs(tmp_path / "pairs")
    lines = (folder / "items.jsonl").read_text().splitlines()
    (folder / "items.jsonl").write_text("\n".join([*lines[:-1], json.dumps(item)]) + "\n")
    write_manifest(folder, 48, 4, 16)
    assert says in refused("bad_data", read_pairs, folder).message


def test_counts_and_sizes_that_do_not_fit(tmp_path: Path) -> None:
    folder = write_pairs(tmp_path / "pairs")
    write_manifest(folder, 47, 4, 16)
    assert "47 items" in refused("bad_data", read_pairs, folder).message
    write_manifest(folder, 48, 4, 32)
    assert "uint8" in refused("bad_data", read_pairs, folder).message


def test_pictures_of_another_size_than_the_models(world: World, out: Path, tmp_path: Path) -> None:
    pairs = write_pairs(tmp_path / "pairs", 32)
    job = world.cliperase(out, data={"pairs": str(pairs), "sets": str(world.sets)})
    assert "32 pixels" in refused("bad_data", run, job).message


# Checkpoints.


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return tiny_models.dual_encoder(tmp_path / "model")


def test_a_pickle_is_refused(model: Path) -> None:
    (model / "model.safetensors").rename(model / "pytorch_model.bin")
    error = refused("checkpoint_pickle", load_checkpoint, model)
    assert "pytorch_model.bin" in error.message


def rewrite(path: Path, **changes: Any) -> None:
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def test_checkpoints_that_are_none(model: Path, tmp_path: Path) -> None:
    assert "no folder" in refused("checkpoint_invalid", load_checkpoint, tmp_path / "nowhere").message
    (tmp_path / "empty").mkdir()
    assert "no weights" in refused("checkpoint_invalid", load_checkpoint, tmp_path / "empty").message
    rewrite(model / "config.json", model_type="bert")
    assert "bert" in refused("checkpoint_invalid", load_checkpoint, model).message


def test_weights_that_do_not_fit(model: Path) -> None:
    rewrite(model / "config.json", projection_dim=12)
    refused("checkpoint_invalid", load_checkpoint, model)


def test_weights_that_are_missing_cut_or_no_numbers(model: Path) -> None:
    from safetensors.torch import load_file, save_file

    path = model / "model.safetensors"
    whole = load_file(path)
    save_file({name: value for name, value in whole.items() if name != "logit_scale"}, path, {"format": "pt"})
    assert "logit_scale" in refused("checkpoint_invalid", load_checkpoint, model).message
    save_file(whole | {"logit_scale": torch.tensor(float("nan"))}, path, {"format": "pt"})
    assert "not finite" in refused("checkpoint_invalid", load_checkpoint, model).message
    path.write_bytes(path.read_bytes()[:1000])
    assert "broken file" in refused("checkpoint_invalid", load_checkpoint, model).message


# Jobs.


@pytest.mark.parametrize(
    ("changes", "field", "hint"),
    [
        ({"learningrate": 1}, "learningrate", ""),
        ({"stepz": 1}, "stepz", "Did you mean steps?"),
        ({"optimizer": {"learningRte": 1, "learningRate": 1}}, "optimizer.learningRte", "learningRate?"),
        ({"kind": "cliperas"}, "kind", "Did you mean cliperase?"),
        ({"objective": {"name": "gradient-descent"}}, "objective.name", "gradient-"),
        ({"steps": 0}, "steps", ""),
        ({"steps": "6"}, "steps", ""),
        ({"precision": "fp16"}, "precision", "bf16"),
        ({"batch": {"forget": 0}}, "batch.forget", ""),
    ],
)
def test_jobs_that_do_not_fit(world: World, out: Path, changes: Any, field: str, hint: str) -> None:
    error = refused("bad_job", parse_job, world.cliperase(out) | changes)
    assert error.details["field"] == field
    assert field in error.message
    assert hint in error.hint


def test_a_width_that_heads_cannot_share(world: World, out: Path) -> None:
    architecture = world.clip(out)["model"]["architecture"] | {"visionHeads": 3}
    error = refused("bad_job", run, world.clip(out, model={"architecture": architecture}))
    assert "visionWidth" in error.message


# Order.


def test_an_epoch_shows_each_row_once() -> None:
    order = Order(list(range(100, 110)), 3, 0, "x")
    assert order.steps_per_epoch == 3
    first = torch.cat([order.rows(step) for step in (1, 2, 3)]).tolist()
    assert len(set(first)) == 9
    second = torch.cat([order.rows(step) for step in (4, 5, 6)]).tolist()
    assert len(set(second)) == 9
    assert first != second
    again = Order(list(range(100, 110)), 3, 0, "x")
    assert again.rows(5).tolist() == second[3:6], "any step can be asked for first"
    assert Order(list(range(100, 110)), 3, 1, "x").rows(1).tolist() != first[:3]


def test_a_small_set_is_repeated() -> None:
    rows = Order([5, 6, 7], 8, 0, "x").rows(2).tolist()
    assert sorted(rows[:3]) == sorted(rows[3:6]) == [5, 6, 7]
    assert len(rows) == 8


def test_ranks_share_a_batch_in_order() -> None:
    rows = torch.arange(8)
    assert torch.cat([shard(rows, rank, 4, "batch.items") for rank in range(4)]).tolist() == rows.tolist()
    assert "batch.items" in refused("bad_job", shard, rows, 0, 3, "batch.items").message


# History.


def test_history_drops_what_is_trained_again_and_cut_lines(out: Path) -> None:
    first = History(out / "history.jsonl", 0)
    for step in range(1, 6):
        first.add({"step": step, "loss": float("nan") if step == 2 else 1.0})
    first.close()
    with (out / "history.jsonl").open("a") as file:
        file.write('{"step": 3, "lo')
    second = History(out / "history.jsonl", 3)
    second.add({"step": 4, "loss": 2.0})
    second.close()
    assert [line["step"] for line in history(out)] == [1, 2, 3, 4]
    assert history(out)[1]["loss"] is None
    assert history(out)[3]["loss"] == 2.0


# Augmentation.


def settings(**changes: Any) -> Augment:
    values: dict[str, Any] = {"shift": 0, "mirror": False, "brightness": 0.0, "contrast": 0.0, "cutout": 0}
    return Augment(**(values | changes))


PICTURES = torch.randint(0, 256, (40, 3, 8, 8), generator=torch.Generator().manual_seed(1), dtype=torch.uint8)


def changed(**changes: Any) -> tuple[torch.Tensor, torch.Tensor]:
    chosen = settings(**changes)
    drawn = draw(chosen, 40, 8, torch.Generator().manual_seed(2))
    return augment(PICTURES, drawn, chosen), drawn


def test_no_augmentation_changes_nothing() -> None:
    assert torch.equal(changed()[0], PICTURES.float())


def test_mirror_flips_about_half() -> None:
    found, drawn = changed(mirror=True)
    for picture, original, mirrored in zip(found, PICTURES.float(), drawn[:, 2], strict=True):
        assert torch.equal(picture, original.flip(2) if mirrored else original)
    assert 8 < drawn[:, 2].sum() < 32


def test_shift_moves_pictures_both_ways() -> None:
    found, drawn = changed(shift=2)
    assert set(drawn[:, 0].tolist()) == {0, 1, 2, 3, 4}
    for picture, original, (down, right) in zip(found, PICTURES.float(), drawn[:, :2].int().tolist(), strict=True):
        whole = torch.nn.functional.pad(original[None], (2, 2, 2, 2), mode="reflect")[0]
        assert torch.equal(picture, whole[:, down : down + 8, right : right + 8])


def test_colour_and_cut_out() -> None:
    found, drawn = changed(brightness=0.5)
    torch.testing.assert_close(found, PICTURES.float() * drawn[:, 3].view(-1, 1, 1, 1))
    assert 0.5 <= drawn[:, 3].min() < drawn[:, 3].max() <= 1.5
    found, _ = changed(contrast=0.5)
    means = PICTURES.float().mean((1, 2, 3))
    torch.testing.assert_close(found.mean((1, 2, 3)), means)
    found, _ = changed(cutout=4)
    same = (found == means.view(-1, 1, 1, 1)).all(1).sum((1, 2))
    assert int(same.max()) <= 16
    assert int(same.min()) >= 2


# Validation.


@torch.no_grad()
def test_accuracy_and_recall_by_hand(world: World, tmp_path: Path) -> None:
    towers, checkpoint = open_towers(world.model)
    pairs = read_pairs(write_pairs(tmp_path / "pairs", captions=2))
    tokens = checkpoint.tokenize(list(pairs.texts))
    sets = {"a": tuple(range(0, 40)), "b": tuple(range(40, 48))}
    from tiny_training import cpu_runtime

    def normal(values: torch.Tensor) -> torch.Tensor:
        return values / values.norm(dim=1, keepdim=True)

    images, texts = normal(towers.images(pairs.pixels)), normal(towers.texts(tokens))
    class_texts = {name: (index, index + 4) for index, name in enumerate(CLASSES)}
    by_class = Validation(pairs, tokens, sets, class_texts, 2000, lambda rows: pairs.pixels[rows], cpu_runtime())
    prototypes = normal(texts[:4] + texts[4:8])
    for name, rows in sets.items():
        right = sum(int((images[row] @ prototypes.T).argmax()) == row % 4 for row in rows)
        cosine = sum(float(images[row] @ prototypes[row % 4]) for row in rows) / len(rows)
        found = by_class.measure(towers)
        assert found[name] == pytest.approx(right / len(rows))
        assert found[f"{name} cosine"] == pytest.approx(cosine, abs=1e-5)
    by_text = Validation(pairs, tokens, sets, None, 2000, lambda rows: pairs.pixels[rows], cpu_runtime())
    for name, rows in sets.items():
        hits = []
        for row in rows:
            for text in pairs.captions[row]:
                values = images @ texts[text]
                hits.append(int((values > values[row]).sum()) < 10)
        assert by_text.measure(towers)[name] == pytest.approx(sum(hits) / len(hits), abs=0.03)
    few = Validation(pairs, tokens, sets, None, 5, lambda rows: pairs.pixels[rows], cpu_runtime())
    assert few.measure(towers).keys() == by_text.measure(towers).keys()


def test_events_never_hold_bare_nan() -> None:
    import io

    stream = io.StringIO()
    Wire(stream).events("x").metric(1, {"a": float("nan"), "b": float("inf")})
    assert json.loads(stream.getvalue())["metrics"] == {"a": None, "b": None}
