"""Each objective and option against the slow losses, over a batch whose first pairs are to be forgotten."""

from typing import Any

import pytest
import torch
from slow_losses import features, slow_contrastive, slow_cosine, slow_kl, slow_sigmoid

from fettle_engine import jobs
from fettle_engine.losses.objectives import BatchView, Teacher, objective_terms

LABELS = torch.tensor([0, 0, 1, 2, 1, 3, 3])
FORGET, COUNT = 3, 7
ALL, FORGOTTEN, KEPT = range(COUNT), range(FORGET), range(FORGET, COUNT)


def view(siglip: bool = False, forget: int = FORGET) -> BatchView:
    images, texts = features(1, COUNT), features(2, COUNT)
    logits = 2 * images @ texts.T - (1 if siglip else 0)
    return BatchView(images, texts, LABELS, forget, logits, siglip)


def teacher(columns: str) -> Teacher:
    start = FORGET if columns == "retain" else 0
    images, texts = features(3, COUNT), features(4, COUNT)
    return Teacher(images[start:], texts[start:], (3 * images @ texts.T)[start:, start:])


def match(rows: range, several: bool = True) -> Any:
    labels = LABELS[rows.start : rows.stop]
    found = labels[:, None] == labels[None, :] if several else torch.eye(len(labels)).bool()
    return found.double().numpy()


def block(logits: torch.Tensor, rows: range) -> Any:
    return logits[rows.start : rows.stop, rows.start : rows.stop].numpy()


def aligned(one: BatchView, rows: range, columns: range, several: bool = True) -> float:
    """The slow loss of `rows` among `columns`."""
    within = range(rows.start - columns.start, rows.stop - columns.start)
    logits, positives = block(one.logits, columns), match(columns, several)
    return slow_sigmoid(logits, positives, within) if one.siglip else slow_contrastive(logits, positives, within)


def cliperase(
    forgetting: jobs.Forgetting | None = None,
    retention: jobs.Retention | None = None,
    consistency: jobs.Consistency | None = None,
) -> jobs.CliperaseObjective:
    return jobs.CliperaseObjective(
        name="cliperase", forgetting=forgetting, retention=retention, consistency=consistency
    )


def numbers(objective: jobs.Objective, one: BatchView, original: Teacher | None = None) -> dict[str, float]:
    return {name: value.item() for name, value in objective_terms(objective, one, original).items()}


def near(value: float) -> Any:
    return pytest.approx(value, abs=1e-10)


def test_the_whole_by_hand() -> None:
    logits = torch.zeros(4, 4, dtype=torch.float64)
    logits[2:, 2:] = torch.tensor([[8, 6], [2, 8]])
    images = torch.tensor([[1, 0], [0.6, 0.8], [1, 0], [1, 0]], dtype=torch.float64)
    texts = torch.tensor([[0.8, 0.6], [0, 1], [1, 0], [1, 0]], dtype=torch.float64)
    student = BatchView(images, texts, torch.tensor([0, 0, 1, 2]), 2, logits, False)
    original = Teacher(images[2:], texts[2:], torch.tensor([[10, 6], [0, 8]], dtype=torch.float64))
    objective = cliperase(
        jobs.Forgetting(weight=3, form="cosine", margin=0),
        jobs.Retention(weight=1, positives="multiple", negatives="retain"),
        jobs.Consistency(weight=3, form="kl", columns="retain"),
    )
    found = numbers(objective, student, original)
    assert found["forgetting"] == pytest.approx(0.8, abs=1e-6)
    assert found["retention"] == pytest.approx(0.064701848, abs=1e-6)
    assert found["consistency"] == pytest.approx(0.038261968, abs=1e-6)
    assert found["loss"] == pytest.approx(2.579487753, abs=1e-6)


@pytest.mark.parametrize("siglip", [False, True])
@pytest.mark.parametrize("form", ["cosine", "dot", "margin", "negative-ce"])
def test_forgetting_alone(form: Any, siglip: bool) -> None:
    one = view(siglip)
    cosines = [slow_cosine(one.images[i].numpy(), one.texts[i].numpy()) for i in FORGOTTEN]
    expected = {
        "cosine": sum(cosines) / FORGET,
        "dot": sum(float(one.images[i] @ one.texts[i]) for i in FORGOTTEN) / FORGET,
        "margin": sum(max(0, value + 0.2) for value in cosines) / FORGET,
        "negative-ce": -aligned(one, FORGOTTEN, ALL),
    }[form]
    found = numbers(cliperase(jobs.Forgetting(weight=2, form=form, margin=-0.2)), one)
    assert found == {"loss": near(2 * expected), "forgetting": near(expected)}


@pytest.mark.parametrize("siglip", [False, True])
@pytest.mark.parametrize("positives", ["multiple", "single"])
@pytest.mark.parametrize("negatives", ["retain", "all"])
def test_retention_alone(positives: Any, negatives: Any, siglip: bool) -> None:
    one = view(siglip)
    expected = aligned(one, KEPT, KEPT if negatives == "retain" else ALL, positives == "multiple")
    found = numbers(cliperase(None, jobs.Retention(weight=2, positives=positives, negatives=negatives)), one)
    assert found == {"loss": near(2 * expected), "retention": near(expected)}


@pytest.mark.parametrize("columns", ["retain", "all"])
@pytest.mark.parametrize("form", ["kl", "reverse-kl", "symmetric-kl", "features"])
def test_consistency_alone(form: Any, columns: Any) -> None:
    one, original = view(), teacher(columns)
    start = FORGET if columns == "retain" else 0
    if form == "features":
        expected = 0.0
        for before, now in ((features(3, COUNT), one.images), (features(4, COUNT), one.texts)):
            expected += sum(2 - 2 * slow_cosine(before[i].numpy(), now[i].numpy()) for i in KEPT) / len(KEPT)
    else:
        rows = range(FORGET - start, COUNT - start)
        expected = slow_kl(original.logits.numpy(), one.logits[start:, start:].numpy(), rows, form)
    found = numbers(cliperase(None, None, jobs.Consistency(weight=2, form=form, columns=columns)), one, original)
    assert found == {"loss": near(2 * expected), "consistency": near(expected)}


@pytest.mark.parametrize("siglip", [False, True])
def test_baselines(siglip: bool) -> None:
    one = view(siglip)
    forgotten, kept = aligned(one, FORGOTTEN, ALL), aligned(one, KEPT, ALL)
    assert numbers(jobs.GradientAscent(name="gradient-ascent"), one)["loss"] == near(-forgotten)
    difference = jobs.GradientDifference(name="gradient-difference", forget_weight=0.5)
    assert numbers(difference, one)["loss"] == near(kept - 0.5 * forgotten)
    assert numbers(jobs.RetainOnly(name="retain-only"), one)["loss"] == near(aligned(one, KEPT, KEPT))
    wrong = jobs.RandomLabels(name="random-labels", forget_weight=0.5)
    assert numbers(wrong, one)["loss"] == near(kept + 0.5 * forgotten)


OBJECTIVES = [
    cliperase(
        jobs.Forgetting(weight=3, form="cosine", margin=0),
        jobs.Retention(weight=1, positives="multiple", negatives="all"),
        jobs.Consistency(weight=3, form="kl", columns="all"),
    ),
    cliperase(jobs.Forgetting(weight=1, form="negative-ce", margin=0)),
    jobs.GradientAscent(name="gradient-ascent"),
    jobs.GradientDifference(name="gradient-difference", forget_weight=1),
    jobs.RetainOnly(name="retain-only"),
    jobs.RandomLabels(name="random-labels", forget_weight=1),
]


@pytest.mark.parametrize("objective", OBJECTIVES, ids=lambda one: one.name)
@pytest.mark.parametrize("forget", [0, FORGET, COUNT])
def test_a_batch_of_one_kind_alone_is_finite(objective: jobs.Objective, forget: int) -> None:
    """Mixed sampling draws batches without a forget pair, or without a retain pair."""
    one = view(forget=forget)
    values = numbers(objective, one, Teacher(one.images, one.texts, one.logits))
    assert all(abs(value) < 1e6 for value in values.values()), values


@pytest.mark.parametrize("siglip", [False, True])
@pytest.mark.parametrize("objective", OBJECTIVES, ids=lambda one: one.name)
def test_gradients(objective: jobs.Objective, siglip: bool) -> None:
    def loss(images: torch.Tensor, texts: torch.Tensor, scale: torch.Tensor) -> torch.Tensor:
        one = BatchView(images, texts, LABELS, FORGET, scale * images @ texts.T, siglip)
        return objective_terms(objective, one, teacher("all"))["loss"]

    inputs = (features(1, COUNT), features(2, COUNT), torch.tensor(2.0, dtype=torch.float64))
    assert torch.autograd.gradcheck(loss, tuple(one.requires_grad_() for one in inputs))
