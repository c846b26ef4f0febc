"""The optimizer in float64 against the formulas; the guard of its fused kernel; the learning rate's curve."""

from typing import Any, Literal

import pytest
import torch
from torch import nn

from fettle_engine.jobs import Optimizer
from fettle_engine.schedule import build_optimizer, learning_rate, set_learning_rate

CPU = torch.device("cpu")


def settings(**changes: Any) -> Optimizer:
    values: dict[str, Any] = {"name": "adam", "learning_rate": 0.1, "betas": (0.9, 0.98), "weight_decay": 0.0}
    values |= {"clip": None, "warmup_steps": 0, "schedule": "constant"}
    return Optimizer(**(values | changes))


@pytest.mark.parametrize("name", ["adam", "adamw"])
@pytest.mark.parametrize("decay", [0.0, 0.05])
def test_adam_by_its_formulas(name: Literal["adam", "adamw"], decay: float) -> None:
    matrix = nn.Parameter(torch.tensor([[0.5, -1.5]]))
    chosen = settings(name=name, weight_decay=decay)
    optimizer = build_optimizer(chosen, [("matrix", matrix)], CPU)
    value, first, second = matrix.detach().double().clone(), torch.zeros(1, 2), torch.zeros(1, 2)
    for step in range(1, 5):
        gradient = torch.tensor([[0.3 * step, -0.2]]).double()
        matrix.grad = gradient.float().clone()
        optimizer.step()
        if name == "adamw":
            value = value * (1 - 0.1 * decay)
        else:
            gradient = gradient + decay * value
        first = 0.9 * first + 0.1 * gradient
        second = 0.98 * second + 0.02 * gradient**2
        size = (second / (1 - 0.98**step)).sqrt() + 1e-8
        value = value - 0.1 * (first / (1 - 0.9**step)) / size
        torch.testing.assert_close(matrix.detach().double(), value, atol=1e-6, rtol=0)


def test_biases_and_the_temperature_do_not_decay() -> None:
    named = [("matrix", nn.Parameter(torch.ones(2, 2))), ("bias", nn.Parameter(torch.ones(2)))]
    named.append(("scale", nn.Parameter(torch.ones(()))))
    optimizer = build_optimizer(settings(name="adamw", weight_decay=0.5), named, CPU)
    for _, parameter in named:
        parameter.grad = torch.zeros_like(parameter)
    optimizer.step()
    assert [parameter.detach().mean().item() for _, parameter in named] == pytest.approx([0.95, 1, 1])


@pytest.mark.parametrize("name", ["adam", "adamw"])
@pytest.mark.parametrize("broken", [float("nan"), float("inf")])
def test_a_step_that_is_not_finite_changes_nothing(name: Literal["adam", "adamw"], broken: float) -> None:
    matrix = nn.Parameter(torch.tensor([[0.5, -1.5]]))
    optimizer: Any = build_optimizer(settings(name=name, weight_decay=0.05), [("matrix", matrix)], CPU)

    def step(gradient: list[float], bad: bool) -> None:
        matrix.grad = torch.tensor([gradient])
        optimizer.found_inf, optimizer.grad_scale = torch.tensor(float(bad)), None
        optimizer.step()

    step([0.3, -0.2], False)
    weight = matrix.detach().clone()
    state = {key: value.clone() for key, value in optimizer.state[matrix].items()}
    step([broken, 1.0], True)
    assert torch.equal(matrix, weight)
    assert all(torch.equal(value, optimizer.state[matrix][key]) for key, value in state.items())
    step([0.3, -0.2], False)
    assert not torch.equal(matrix, weight)
    assert optimizer.state[matrix]["step"].item() == 2


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ("constant", [0.5, 1, 1, 1, 1, 1]),
        ("linear", [0.5, 1, 1, 0.75, 0.5, 0.25]),
        ("cosine", [0.5, 1, 1, 0.8535534, 0.5, 0.1464466]),
    ],
)
def test_learning_rate(schedule: Any, expected: list[float]) -> None:
    chosen = settings(learning_rate=1.0, warmup_steps=2, schedule=schedule)
    assert [learning_rate(chosen, step, 6) for step in range(1, 7)] == pytest.approx(expected)


def test_the_rate_that_was_set_is_the_one_used() -> None:
    matrix = nn.Parameter(torch.zeros(1, 1))
    optimizer = build_optimizer(settings(), [("matrix", matrix)], CPU)
    matrix.grad = torch.ones(1, 1)
    set_learning_rate(optimizer, 0.025)
    optimizer.step()
    assert matrix.item() == pytest.approx(-0.025)
