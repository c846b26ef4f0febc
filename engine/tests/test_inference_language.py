"""Replies and log-likelihoods of tiny language and vision-language models."""

from pathlib import Path
from typing import Any

import pytest
import tiny_models
import torch
from PIL import Image

from fettle_engine.errors import EngineError
from fettle_engine.inference_generate import generate
from fettle_engine.inference_loglikelihood import loglikelihood
from fettle_engine.inference_models import OpenModel, OpenModels

torch.set_num_threads(1)


def silent(done: int, total: int) -> None:
    """Progress that nobody reads."""


@pytest.fixture(scope="module", params=["llama", "gpt2"])
def model(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> OpenModel:
    folder = tiny_models.language(tmp_path_factory.mktemp(request.param), request.param)
    return OpenModels().load(str(folder), "cpu", "auto", False)


@pytest.fixture(scope="module")
def seeing(tmp_path_factory: pytest.TempPathFactory) -> OpenModel:
    folder = tiny_models.vision_language(tmp_path_factory.mktemp("llava"))
    return OpenModels().load(str(folder), "cpu", "auto", False)


def picture(folder: Path, name: str, colour: tuple[int, int, int]) -> str:
    path = folder / name
    Image.new("RGB", (20, 24), colour).save(path)
    return str(path)


def ask(text: Any, **settings: Any) -> dict[str, Any]:
    defaults = {"raw": True, "maxTokens": 8, "temperature": 0, "topP": None, "topK": None}
    rest = {"stop": [], "seed": None, "logprobs": None}
    return {"messages": [{"role": "user", "content": text}], **defaults, **rest, **settings}


TEXTS = ["a", "a photo of an apple and a red car", "the answer is", "question: what is this? a dog"]


def test_a_batch_answers_as_its_prompts_alone(model: OpenModel) -> None:
    asked = [ask(text, logprobs=2) for text in TEXTS]
    together = generate(model, asked, silent)
    alone = [generate(model, [one], silent)[0] for one in asked]
    assert [one["text"] for one in together] == [one["text"] for one in alone]
    for a, b in zip(together, alone, strict=True):
        assert (a["inputTokens"], a["outputTokens"], a["finishReason"]) == (
            b["inputTokens"],
            b["outputTokens"],
            b["finishReason"],
        )
        for x, y in zip(a["logprobs"], b["logprobs"], strict=True):
            assert x["logprob"] == pytest.approx(y["logprob"], abs=1e-4)


def test_greedy_replies_are_those_of_plain_steps(model: OpenModel) -> None:
    ids = list(model.bos) + model.tokenizer("the answer is", add_special_tokens=False)["input_ids"]
    start = len(ids)
    with torch.inference_mode():
        for _ in range(6):
            token = int(model.model(torch.tensor([ids])).logits[0, -1].argmax())
            if token in model.eos:
                break
            ids.append(token)
    output = generate(model, [ask("the answer is", maxTokens=6)], silent)[0]
    assert output["text"] == model.tokenizer.decode(ids[start:], skip_special_tokens=True)
    assert (output["inputTokens"], output["outputTokens"]) == (start, len(ids) - start)


def test_a_seed_decides_draws_whatever_runs_beside(model: OpenModel) -> None:
    asked = ask("a photo", temperature=1.5, seed=7, maxTokens=12)
    alone = generate(model, [asked], silent)[0]["text"]
    beside = generate(model, [ask(TEXTS[1], temperature=1.0, seed=3), asked, ask("a")], silent)[1]["text"]
    others = {generate(model, [{**asked, "seed": seed}], silent)[0]["text"] for seed in range(5)}
    assert beside == alone
    assert len(others) > 1


def test_top_k_of_one_and_a_tiny_top_p_are_greedy(model: OpenModel) -> None:
    greedy = generate(model, [ask("a dog")], silent)[0]["text"]
    narrow = [ask("a dog", temperature=2.0, topK=1, seed=1), ask("a dog", temperature=1.0, topP=1e-9, seed=1)]
    assert [one["text"] for one in generate(model, narrow, silent)] == [greedy, greedy]


def test_a_stop_string_ends_and_is_cut_off(model: OpenModel) -> None:
    whole = generate(model, [ask("a dog", maxTokens=20, temperature=2.0, seed=4)], silent)[0]["text"]
    stop = whole[6:9]
    output = generate(model, [ask("a dog", maxTokens=20, temperature=2.0, seed=4, stop=[stop])], silent)[0]
    assert output["text"] == whole[: whole.index(stop)]
    assert output["finishReason"] == "stop"


def test_alternatives_come_with_their_logprobs(model: OpenModel) -> None:
    output = generate(model, [ask("a", logprobs=3)], silent)[0]
    assert len(output["logprobs"]) == output["outputTokens"]
    for entry in output["logprobs"]:
        values = [one["logprob"] for one in entry["top"]]
        assert len(values) == 3
        assert values == sorted(values, reverse=True)
        assert entry["logprob"] == pytest.approx(values[0], abs=1e-6)


def test_a_prompt_that_is_too_long_fails_alone(model: OpenModel) -> None:
    good, bad = generate(model, [ask("a"), ask("apple " * 200)], silent)
    assert good["outputTokens"] > 0
    assert bad["error"]["code"] == "context_overflow"


def test_a_reply_is_bounded_by_the_room_left(model: OpenModel) -> None:
    length = 128 - len(model.bos) - 3
    output = generate(model, [ask("z" * length, maxTokens=50, temperature=3.0, seed=1)], silent)[0]
    assert output["outputTokens"] <= 3


def test_a_language_model_refuses_images(model: OpenModel, tmp_path: Path) -> None:
    parts = [{"type": "image", "image": picture(tmp_path, "a.png", (255, 0, 0))}]
    assert generate(model, [ask(parts)], silent)[0]["error"]["code"] == "images_unsupported"


def plain_logprob(model: OpenModel, ids: list[int], start: int) -> float:
    """The slow way: one text, all logits."""
    with torch.inference_mode():
        logprobs = model.model(torch.tensor([ids])).logits[0].double().log_softmax(-1)
    return sum(float(logprobs[i - 1, ids[i]]) for i in range(start, len(ids)))


def test_loglikelihoods_are_those_of_one_text_at_a_time(model: OpenModel) -> None:
    cases = [
        ("the answer is", [" B", " a dog", " a red car and an apple", ""]),
        ("a photo of", [" an apple", "x"]),
    ]
    asked = [
        {"messages": [{"role": "user", "content": text}], "continuations": continuations, "raw": True}
        for text, continuations in cases
    ]
    outputs = loglikelihood(model, asked, silent)
    for (text, continuations), output in zip(cases, outputs, strict=True):
        before = list(model.bos) + model.tokenizer(text, add_special_tokens=False)["input_ids"]
        for continuation, scored in zip(continuations, output["continuations"], strict=True):
            ids = list(model.bos) + model.tokenizer(text + continuation, add_special_tokens=False)["input_ids"]
            start = 0
            while start < min(len(ids), len(before)) and ids[start] == before[start]:
                start += 1
            assert scored["tokens"] == len(ids) - start
            assert scored["logprob"] == pytest.approx(plain_logprob(model, ids, start), abs=1e-4)


def test_greedy_flag_is_true_for_the_models_own_reply(model: OpenModel) -> None:
    ids = list(model.bos) + model.tokenizer("the answer is", add_special_tokens=False)["input_ids"]
    with torch.inference_mode():
        best = int(model.model(torch.tensor([ids])).logits[0, -1].argmax())
    text = model.tokenizer.decode([best])
    asked = {
        "messages": [{"role": "user", "content": "the answer is"}],
        "raw": True,
        "continuations": [text, " qz"],
    }
    own, other = loglikelihood(model, [asked], silent)[0]["continuations"]
    if own["tokens"] == 1 and "�" not in text:
        assert own["greedy"]
    assert not other["greedy"]


def test_chat_templates_end_where_the_reply_begins(model: OpenModel) -> None:
    output = generate(model, [ask("a dog", raw=False)], silent)[0]
    rendered = "[user]a dog\n[assistant]"
    assert output["inputTokens"] == len(model.tokenizer(rendered, add_special_tokens=False)["input_ids"])


def test_images_change_replies_and_batches_do_not(seeing: OpenModel, tmp_path: Path) -> None:
    red, blue = picture(tmp_path, "r.png", (255, 0, 0)), picture(tmp_path, "b.png", (0, 0, 255))

    def about(path: str, text: str) -> dict[str, Any]:
        return ask([{"type": "image", "image": path}, {"type": "text", "text": text}], raw=False, logprobs=0)

    asked = [
        about(red, "what is this?"),
        about(blue, "what is this?"),
        about(red, "a dog"),
        ask("a", raw=False),
    ]
    together = generate(seeing, asked, silent)
    alone = [generate(seeing, [one], silent)[0] for one in asked]
    assert [one["text"] for one in together] == [one["text"] for one in alone]
    first, second = (one["logprobs"][0]["logprob"] for one in together[:2])
    assert abs(first - second) > 1e-4
    # 16 x 16 pixels in patches of 8 are four tokens where the text has one placeholder.
    text = len(seeing.tokenizer("[user]<image>what is this?\n[assistant]", add_special_tokens=False)["input_ids"])
    assert together[0]["inputTokens"] == text + 3


def test_loglikelihood_with_images_is_that_of_one_text(seeing: OpenModel, tmp_path: Path) -> None:
    red = picture(tmp_path, "r.png", (255, 0, 0))
    content = [{"type": "image", "image": red}, {"type": "text", "text": "what is this?"}]
    asked = {
        "messages": [{"role": "user", "content": content}],
        "raw": False,
        "continuations": [" a dog", " B"],
    }
    scored = loglikelihood(seeing, [asked], silent)[0]["continuations"]
    before = "[user]<image>what is this?\n[assistant]"
    for continuation, score in zip(asked["continuations"], scored, strict=True):
        whole = seeing.processor(
            text=[before + continuation],
            images=[[Image.open(red)]],
            add_special_tokens=False,
            return_tensors="pt",
        )
        ids = whole["input_ids"][0]
        with torch.inference_mode():
            logprobs = seeing.model(**whole).logits[0].double().log_softmax(-1)
        count = score["tokens"]
        expected = sum(float(logprobs[i - 1, ids[i]]) for i in range(len(ids) - count, len(ids)))
        assert score["logprob"] == pytest.approx(expected, abs=1e-4)


def test_a_broken_image_fails_alone(seeing: OpenModel, tmp_path: Path) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"\x89PNG\r\n\x1a\nnonsense")
    good = ask([{"type": "image", "image": picture(tmp_path, "g.png", (0, 255, 0))}], raw=False)
    bad = ask([{"type": "image", "image": str(broken)}], raw=False)
    first, second = generate(seeing, [bad, good], silent)
    assert first["error"]["code"] == "bad_data"
    assert "text" in second


def test_text_that_poses_as_an_image_is_refused(seeing: OpenModel) -> None:
    output = generate(seeing, [ask("look: <image>", raw=False)], silent)[0]
    assert output["error"]["code"] == "bad_request"


def test_pickles_are_refused(tmp_path: Path) -> None:
    folder = tiny_models.language(tmp_path / "model")
    (folder / "model.safetensors").unlink()
    (folder / "pytorch_model.bin").write_bytes(b"pickle")
    with pytest.raises(EngineError, match="pickle"):
        OpenModels().load(str(folder), "cpu", "auto", False)


def test_missing_weights_are_refused(tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    folder = tiny_models.language(tmp_path / "model")
    weights = load_file(folder / "model.safetensors")
    del weights["model.norm.weight"]
    save_file(weights, folder / "model.safetensors", {"format": "pt"})
    with pytest.raises(EngineError, match=r"model\.norm\.weight"):
        OpenModels().load(str(folder), "cpu", "auto", False)


def test_hub_names_need_leave() -> None:
    with pytest.raises(EngineError) as caught:
        OpenModels().load("nobody/nothing-of-this-name", "cpu", "auto", False)
    assert caught.value.code == "hub_not_allowed"


def test_inspect_tells_what_load_would_open(tmp_path: Path) -> None:
    folder = tiny_models.language(tmp_path / "model")
    models = OpenModels()
    found = models.inspect(str(folder), "cpu", "auto", False)
    assert found == {"kind": "language", "device": "cpu", "dtype": "fp32", "folder": str(folder), "commit": None}
    with pytest.raises(EngineError, match="not open"):
        models.get(str(folder))


def test_the_hub_prefix_never_means_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tiny_models.language(tmp_path / "nobody" / "nothing-of-this-name")
    monkeypatch.chdir(tmp_path)
    assert OpenModels().inspect("nobody/nothing-of-this-name", "cpu", "auto", False)["kind"] == "language"
    with pytest.raises(EngineError) as caught:
        OpenModels().inspect("hub:nobody/nothing-of-this-name", "cpu", "auto", False)
    assert caught.value.code == "hub_not_allowed"
