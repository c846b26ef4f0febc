"""Which weights move: all, low-rank adapters, the last layers; and what is saved of adapters."""

from pathlib import Path
from typing import Any

import pytest
import tiny_models
import torch
from safetensors.torch import load_file
from tiny_training import World, of, open_towers, run, weights

from fettle_engine.adapters import apply_trainable, lora_modules, merged
from fettle_engine.errors import EngineError
from fettle_engine.jobs import Lora


def moved(world: World, out: Path, trainable: dict[str, Any], **changes: Any) -> set[str]:
    """Names of the saved weights that differ from the original's after three steps."""
    run(world.cliperase(out, trainable=trainable, steps=3, optimizer={"learningRate": 1e-3}, **changes))
    before, after = weights(world.model), weights(out / "model")
    assert before.keys() == after.keys()
    return {name for name in before if not torch.equal(before[name], after[name])}


def test_full_training_moves_everything_that_has_a_gradient(world: World, out: Path) -> None:
    still = weights(world.model).keys() - moved(world, out, {"kind": "full"})
    assert still == set()


@pytest.mark.parametrize("towers", ["both", "vision", "text"])
def test_adapters_move_the_named_layers_of_the_towers_alone(world: World, out: Path, towers: str) -> None:
    trainable = {"kind": "lora", "rank": 2, "towers": towers, "modules": ["q_proj", "v_proj"]}
    names = moved(world, out, trainable, trainLogitScale=False)
    chosen = ["vision", "text"] if towers == "both" else [towers]
    expected = {
        f"{tower}_model.encoder.layers.{block}.self_attn.{name}.weight"
        for tower in chosen
        for block in (0, 1)
        for name in ("q_proj", "v_proj")
    }
    assert names == expected
    adapter = load_file(out / "model" / "adapter" / "adapter_model.safetensors")
    assert len(adapter) == 2 * len(expected)


def test_the_temperature_moves_with_adapters_where_asked(world: World, out: Path) -> None:
    trainable = {"kind": "lora", "rank": 2, "modules": ["q_proj"], "towers": "text"}
    assert "logit_scale" in moved(world, out, trainable)


@pytest.mark.parametrize(("layers", "towers"), [(0, "both"), (1, "vision"), (2, "text")])
def test_last_layers_move_alone(world: World, out: Path, layers: int, towers: str) -> None:
    names = moved(world, out, {"kind": "last-layers", "layers": layers, "towers": towers}, trainLogitScale=False)
    parts = {
        "vision": ("visual_projection", "vision_model.post_layernorm"),
        "text": ("text_projection", "text_model.final_layer_norm"),
    }
    allowed: list[str] = []
    for tower in ["vision", "text"] if towers == "both" else [towers]:
        projection, norm = parts[tower]
        allowed += [projection] if layers == 0 else [projection, norm]
        allowed += [f"{tower}_model.encoder.layers.{block}." for block in range(2 - layers, 2)]
    assert all(name.startswith(tuple(allowed)) for name in names)
    assert all(any(name.startswith(part) for name in names) for part in allowed)


def test_base_weights_stay_bit_equal_under_adapters(world: World) -> None:
    _, checkpoint = open_towers(world.model)
    before = {name: p.detach().clone() for name, p in checkpoint.model.named_parameters()}
    settings = Lora(kind="lora", rank=2, alpha=4, dropout=0, towers="both", modules=("q_proj",))
    wrapper = apply_trainable(checkpoint.model, settings, False)
    trained = [p for p in wrapper.parameters() if p.requires_grad]
    optimizer = torch.optim.Adam(trained, lr=0.1)
    for _ in range(3):
        optimizer.zero_grad()
        sum((p + 1).square().sum() for p in trained).backward()  # type: ignore[union-attr]
        optimizer.step()
    after = {
        name.replace(".base_layer", ""): p for name, p in checkpoint.model.named_parameters() if "lora_" not in name
    }
    assert before.keys() == after.keys()
    assert all(torch.equal(before[name], after[name]) for name in before)


@torch.no_grad()
def test_the_merged_model_has_the_features_of_the_unmerged(world: World) -> None:
    towers, checkpoint = open_towers(world.model)
    settings = Lora(kind="lora", rank=2, alpha=4, dropout=0, towers="both", modules=("q_proj", "fc1", "out_proj"))
    pixels = torch.randint(0, 256, (5, 3, 16, 16), generator=torch.Generator().manual_seed(0), dtype=torch.uint8)
    tokens = checkpoint.tokenize(["a photo of an ant.", "bees"])
    plain = towers(pixels, tokens)
    wrapper = apply_trainable(checkpoint.model, settings, True)
    for name, parameter in wrapper.named_parameters():
        if "lora_" in name:
            parameter.copy_(0.3 * torch.randn(parameter.shape, generator=torch.Generator().manual_seed(len(name))))
    adapted = towers(pixels, tokens)
    assert not torch.allclose(adapted[0], plain[0], atol=1e-2)
    towers.model = merged(checkpoint.model, wrapper)
    for one, other in zip(towers(pixels, tokens), adapted, strict=True):
        torch.testing.assert_close(one, other, atol=1e-4, rtol=1e-4)
    assert not any("lora_" in name for name, _ in towers.named_parameters())
    assert any("lora_" in name for name, _ in wrapper.named_parameters()), "training may go on"


@pytest.mark.parametrize(("modules", "nearest"), [(("q_proj", "q_prj"), "q_prj"), (("head",), "head")])
def test_a_name_without_layer_is_refused(world: World, modules: tuple[str, ...], nearest: str) -> None:
    _, checkpoint = open_towers(world.model)
    settings = Lora(kind="lora", rank=2, alpha=4, dropout=0, towers="both", modules=modules)
    with pytest.raises(EngineError, match=f"no layer of the both tower is named {nearest}") as caught:
        lora_modules(checkpoint.model, settings)
    assert caught.value.code == "bad_job"
    assert "q_proj" in caught.value.hint


def test_too_many_layers_are_refused(world: World, out: Path) -> None:
    with pytest.raises(EngineError, match="more than the 2 blocks") as caught:
        run(world.cliperase(out, trainable={"kind": "last-layers", "layers": 3}))
    assert caught.value.code == "bad_job"


def test_adapters_of_siglip_leave_its_pooling_head_alone(tmp_path: Path) -> None:
    _, checkpoint = open_towers(tiny_models.dual_encoder(tmp_path / "siglip", "siglip"))
    settings = Lora(kind="lora", rank=2, alpha=4, dropout=0, towers="both", modules=("q_proj", "out_proj"))
    names = lora_modules(checkpoint.model, settings)
    assert len(names) == 8
    assert not any("head.attention" in name for name in names)


def test_the_summary_counts_what_is_trained(world: World, out: Path) -> None:
    trainable = {"kind": "lora", "rank": 2, "towers": "text", "modules": ["q_proj"]}
    (done,) = of(run(world.cliperase(out, trainable=trainable, steps=1, trainLogitScale=False)), "done")
    assert done["summary"]["trainable"] == 2 * 2 * (16 + 16)
    total = sum(value.numel() for value in weights(world.model).values())
    assert done["summary"]["parameters"] == total + 128
