"""The resident mode: requests from stdin, one after another, in one process."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Callable, Iterable
from typing import Any

from .errors import EngineError, classify
from .lifecycle import Signals, StopFlag
from .runtime import Runtime, open_runtime
from .schema import validate
from .wire import Events, Wire

Handler = Callable[[dict[str, Any], Runtime, Events], dict[str, Any]]


def _inference(request: dict[str, Any], runtime: Runtime, events: Events) -> dict[str, Any]:
    from .inference import handle

    return handle(request, runtime, events)


def _export(request: dict[str, Any], runtime: Runtime, events: Events) -> dict[str, Any]:
    from .export import handle

    return handle(request, runtime, events)


HANDLERS: dict[str, Handler] = {
    "inspect": _inference,
    "load": _inference,
    "generate": _inference,
    "loglikelihood": _inference,
    "embed": _inference,
    "unload": _inference,
    "export": _export,
}


class Server:
    """Reads requests in a thread, so that `cancel` is heard while a job runs; answers them in order in this one."""

    def __init__(self, lines: Iterable[str], wire: Wire, signals: Signals) -> None:
        self._lines = lines
        self._wire = wire
        self._signals = signals
        self._waiting: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._flags: dict[str, StopFlag] = {}
        self._runtime: Runtime | None = None

    def run(self) -> None:
        """Until `shutdown` or a signal; at the end of stdin, what was accepted is finished first."""
        threading.Thread(target=self._read, daemon=True, name="requests").start()
        while not self._signals.ended:
            request = self._waiting.get()
            if request is None:
                return
            self._answer(request)

    def _read(self) -> None:
        try:
            for line in self._lines:
                if line.strip():
                    self._take(line)
        finally:
            self._waiting.put(None)

    def _take(self, line: str) -> None:
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:  # the latter for brackets nested too deep
            fault = EngineError("bad_request", f"A line on stdin is not JSON: {error}.", "Write one object a line.")
            self._wire.events(None).error(fault)
            return
        given = value.get("id") if isinstance(value, dict) else None
        name = given if isinstance(given, str) else None
        try:
            request = validate("request", value, "bad_request")
        except (EngineError, RecursionError) as error:
            if not isinstance(error, EngineError):
                error = EngineError("bad_request", "The request is nested too deep.", "Write one object a line.")
            self._wire.events(name).error(error)
            return
        if request["id"] in self._flags:
            fault = EngineError("bad_request", f"id: {request['id']} is in use.", "Give each request its own id.")
            self._wire.events(None).error(fault)
        elif request["op"] == "cancel":
            flag = self._flags.get(request["target"])
            if flag is not None:
                flag.set()
            self._wire.events(request["id"]).result({"found": flag is not None})
        elif request["op"] == "shutdown":
            self._wire.events(request["id"]).result({})
            self._end()
        else:
            self._flags[request["id"]] = StopFlag()
            self._waiting.put(request)

    def _end(self) -> None:
        """At `shutdown`: what runs is stopped with a checkpoint, what waits is not begun."""
        for flag in list(self._flags.values()):
            flag.set()
        self._waiting.put(None)

    def _answer(self, request: dict[str, Any]) -> None:
        events = self._wire.events(request["id"])
        flag = self._flags[request["id"]]
        try:
            if flag:
                events.stopped(0, None)
            elif request["op"] == "run":
                from .run_job import run_job

                self._signals.flag = flag
                run_job(request["job"], events, flag)
            else:
                self._runtime = self._runtime or open_runtime()
                events.result(HANDLERS[request["op"]](request, self._runtime, events))
        except Exception as error:
            events.error(classify(error))
        finally:
            self._signals.flag = None
            self._flags.pop(request["id"], None)
