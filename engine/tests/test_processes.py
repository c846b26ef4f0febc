"""The engine as a process: kill -9, signals, several processes, the resident mode, exit codes."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import torch
from tiny_training import (
    CLASSES,
    World,
    environment,
    finish,
    history,
    losses,
    of,
    run,
    same_weights,
    start,
    weights,
    write_job,
)

EVALUATE = {"everySteps": 10, "classTexts": {name: [index] for index, name in enumerate(CLASSES)}}


def until(process: subprocess.Popen[str], event: str, **fields: Any) -> list[dict[str, Any]]:
    """Reads events up to the first of a kind with the fields."""
    assert process.stdout is not None
    seen = []
    for line in process.stdout:
        seen.append(json.loads(line))
        if seen[-1]["event"] == event and all(seen[-1].get(name) == value for name, value in fields.items()):
            return seen
    raise AssertionError(f"no {event} {fields}: {seen[-3:]} {process.stderr.read() if process.stderr else ''}")


def gone(pid: int, seconds: float = 15) -> bool:
    """Whether a process that is no child of ours ends; a zombie has ended."""
    for _ in range(int(seconds * 10)):
        try:
            if Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z":
                return True
        except OSError:
            return True
        time.sleep(0.1)
    return False


@pytest.fixture(scope="module", autouse=True)
def refused(world: World, tmp_path_factory: pytest.TempPathFactory) -> dict[str, subprocess.Popen[str]]:
    """Jobs that cannot be done, each in a process; started first, since starting takes longest."""
    folder = tmp_path_factory.mktemp("codes")
    rate = {"learningRate": 1e38, "clip": None, "name": "adamw", "weightDecay": 10.0}
    jobs = {
        "non_finite": world.cliperase(folder / "a", optimizer=rate),
        "bad_job": world.cliperase(folder / "b", stepz=3),
    }
    return {name: start("run", "--job", write_job(folder / f"{name}.json", job)) for name, job in jobs.items()}


def test_a_killed_job_goes_on(world: World, tmp_path: Path) -> None:
    out = tmp_path / "out"
    job = world.cliperase(out, steps=60, save={"everySteps": 10}, evaluate=EVALUATE, microBatches=2)
    path = write_job(tmp_path / "job.json", job)
    process = start("run", "--job", path)
    first = until(process, "checkpoint", step=20)
    process.kill()
    assert process.wait() == -signal.SIGKILL
    assert not (out / "model").exists()
    code, second, _ = finish(start("run", "--job", path))
    assert code == 0
    resumed = of(second, "done")[0]["summary"]["resumedFrom"]
    assert resumed >= 20
    whole = run(job | {"out": str(tmp_path / "whole")})
    assert losses(first) == {step: loss for step, loss in losses(whole).items() if step in losses(first)}
    assert losses(second) == {step: loss for step, loss in losses(whole).items() if step > resumed}
    lines = history(out)
    assert [line["step"] for line in lines if "loss" in line] == list(range(1, 61))
    assert lines == history(tmp_path / "whole")
    assert same_weights(weights(out / "model"), weights(tmp_path / "whole" / "model"))


def test_a_term_signal_stops_with_a_checkpoint(world: World, tmp_path: Path) -> None:
    path = write_job(tmp_path / "job.json", world.cliperase(tmp_path / "out", steps=100000))
    process = start("run", "--job", path)
    until(process, "progress", step=5)
    process.send_signal(signal.SIGTERM)
    code, events, _ = finish(process)
    assert code == 3
    (stopped,) = of(events, "stopped")
    assert Path(stopped["checkpoint"], "checkpoint.json").is_file()


def test_two_processes_train_as_one(world: World, tmp_path: Path) -> None:
    # Adam makes steps of full size of gradients that are rounding alone, so a small rate keeps both runs together.
    rate = {"steps": 4, "optimizer": {"learningRate": 1e-4}}
    shared = {**rate, "augment": {"shift": 2, "mirror": True}}
    jobs = {
        "clip": lambda name: world.clip(tmp_path / name, **shared),
        "cliperase": lambda name: world.cliperase(tmp_path / name, evaluate=EVALUATE, **rate),
    }
    started = {
        kind: start("run", "--job", write_job(tmp_path / f"{kind}.json", make(f"{kind}-two")), processes=2)
        for kind, make in jobs.items()
    }
    for kind, process in started.items():
        code, events, said = finish(process, 90)
        assert code == 0, said[-2000:]
        one = run(jobs[kind](f"{kind}-one"))
        assert of(events, "done")[0]["summary"]["processes"] == 2
        assert len(of(events, "ready")) == 1
        assert [event["seq"] for event in events] == list(range(len(events)))
        assert losses(events) == pytest.approx(losses(one), abs=1e-5)
        for event, other in zip(of(events, "metric"), of(one, "metric"), strict=True):
            assert event["metrics"] == pytest.approx(other["metrics"], abs=1e-4)
        other = weights(tmp_path / f"{kind}-one" / "model")
        for name, value in weights(tmp_path / f"{kind}-two" / "model").items():
            torch.testing.assert_close(value, other[name], atol=1e-3, rtol=0)


def test_the_launcher_stops_both_processes_with_a_checkpoint(world: World, tmp_path: Path) -> None:
    job = world.cliperase(tmp_path / "out", steps=100000)
    process = start("run", "--job", write_job(tmp_path / "job.json", job), processes=2)
    until(process, "progress", step=3)
    process.send_signal(signal.SIGTERM)
    code, events, _ = finish(process)
    assert code != 0, "the launcher's own code"
    (stopped,) = of(events, "stopped")
    assert Path(stopped["checkpoint"], "checkpoint.json").is_file()


def test_the_death_of_the_parent_stops_with_a_checkpoint(world: World, tmp_path: Path) -> None:
    job = world.cliperase(tmp_path / "out", steps=100000, batch={"forget": 64, "retain": 512}, microBatches=1)
    path = write_job(tmp_path / "job.json", job)
    code = (
        "import subprocess, sys, time\n"
        f"child = subprocess.Popen([sys.executable, '-m', 'fettle_engine', 'run', '--job', {path!r}])\n"
        "print(child.pid, file=sys.stderr, flush=True)\n"
        "time.sleep(60)\n"
    )
    pipe = subprocess.PIPE
    parent = subprocess.Popen([sys.executable, "-c", code], env=environment(), stdout=pipe, stderr=pipe, text=True)
    assert parent.stderr is not None
    child = int(parent.stderr.readline())
    until(parent, "progress", step=3)
    parent.kill()
    parent.wait()
    assert gone(child)
    assert parent.stdout is not None
    assert [json.loads(line)["event"] for line in parent.stdout][-1] == "stopped"
    assert list((tmp_path / "out" / "checkpoints").glob("step-*/checkpoint.json"))


@pytest.mark.parametrize(("name", "code"), [("non_finite", 5), ("bad_job", 2)])
def test_exit_codes(refused: dict[str, subprocess.Popen[str]], name: str, code: int) -> None:
    found, events, _ = finish(refused[name])
    assert found == code
    assert [event["event"] for event in events if event["event"] in ("error", "done", "stopped")] == ["error"]
    assert events[-1]["code"] == name
    if name == "bad_job":
        assert "stepz" in events[-1]["message"]
        assert "Did you mean steps?" in events[-1]["hint"]


class Resident:
    """`serve`, asked line by line."""

    def __init__(self) -> None:
        self.process = start("serve")

    def say(self, line: Any) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write((line if isinstance(line, str) else json.dumps(line)) + "\n")
        self.process.stdin.flush()

    def until(self, event: str, **fields: Any) -> list[dict[str, Any]]:
        return until(self.process, event, **fields)


def test_the_resident_engine(world: World, tmp_path: Path) -> None:
    """Broken lines, a job that is cancelled and goes on, a refused one, the end by request."""
    engine = Resident()
    engine.until("ready")
    engine.say("{ not json")
    assert engine.until("error")[-1]["code"] == "bad_request"
    engine.say({"v": 1, "id": "x", "op": "lod"})
    assert engine.until("error", id="x")[-1]["code"] == "bad_request"
    for depth in (600, 100000):
        engine.say('{"v":1,"id":"y","op":' + "[" * depth + "]" * depth + "}")
        assert engine.until("error")[-1]["code"] == "bad_request"

    out = tmp_path / "out"
    job = world.cliperase(out, steps=100000)
    engine.say({"v": 1, "id": "one", "op": "run", "job": job})
    engine.say({"v": 1, "id": "two", "op": "run", "job": job})
    engine.until("progress", id="one", step=3)
    engine.say({"v": 1, "id": "one", "op": "run", "job": job})
    assert "in use" in engine.until("error")[-1]["message"]
    engine.say({"v": 1, "id": "c", "op": "cancel", "target": "two"})
    assert engine.until("result", id="c")[-1]["result"] == {"found": True}
    engine.say({"v": 1, "id": "c", "op": "cancel", "target": "one"})
    stopped = engine.until("stopped", id="one")[-1]
    assert (out / "checkpoints" / f"step-{stopped['step']}").is_dir()
    assert engine.until("stopped", id="two")[-1]["step"] == 0
    engine.say({"v": 1, "id": "c", "op": "cancel", "target": "one"})
    assert engine.until("result", id="c")[-1]["result"] == {"found": False}

    engine.say({"v": 1, "id": "three", "op": "run", "job": job | {"steps": stopped["step"] + 3}})
    done = engine.until("done", id="three")[-1]
    assert done["summary"]["resumedFrom"] == stopped["step"]
    engine.say({"v": 1, "id": "four", "op": "run", "job": world.cliperase(tmp_path / "no", model={"path": "/no"})})
    assert engine.until("error", id="four")[-1]["code"] == "checkpoint_invalid"

    engine.say({"v": 1, "id": "five", "op": "run", "job": world.cliperase(tmp_path / "five", steps=100000)})
    engine.until("progress", id="five", step=2)
    engine.say({"v": 1, "id": "end", "op": "shutdown"})
    code, events, _ = finish(engine.process)
    assert code == 0
    assert events[-1]["event"] == "stopped"
    assert list((tmp_path / "five" / "checkpoints").glob("step-*/checkpoint.json"))


def test_what_was_accepted_is_finished_at_the_end_of_stdin(world: World, tmp_path: Path) -> None:
    engine = Resident()
    engine.until("ready")
    for name in ("one", "two"):
        engine.say({"v": 1, "id": name, "op": "run", "job": world.cliperase(tmp_path / name)})
    code, events, _ = finish(engine.process)  # closes stdin
    assert code == 0
    assert [event["id"] for event in events if event["event"] == "done"] == ["one", "two"]
    assert all((tmp_path / name / "model").is_dir() for name in ("one", "two"))


def test_an_idle_resident_engine_ends_on_a_signal() -> None:
    engine = Resident()
    engine.until("ready")
    os.kill(engine.process.pid, signal.SIGTERM)
    code, events, _ = finish(engine.process)
    assert code == 128 + signal.SIGTERM
    assert events == []
