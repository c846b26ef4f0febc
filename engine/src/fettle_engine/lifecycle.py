"""How a process is told to end: cancel requests, signals, and the death of its parent."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time

_PR_SET_PDEATHSIG = 1


class StopFlag:
    """Set from any thread; read by the loop after each step."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def set(self) -> None:
        """Asks for a stop at the next step boundary."""
        self._event.set()

    def __bool__(self) -> bool:
        return self._event.is_set()


class Signals:
    """SIGTERM and SIGINT stop the running job with a checkpoint; a second one ends the process at once."""

    def __init__(self) -> None:
        self.flag: StopFlag | None = None
        self.ended = StopFlag()

    def install(self) -> None:
        """After the heavy imports and in the main thread: libraries set handlers of their own."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._handle)

    def _handle(self, number: int, frame: object) -> None:
        if self.ended:
            os._exit(128 + number)
        self.ended.set()
        if self.flag is not None:
            self.flag.set()
        else:
            raise SystemExit(128 + number)


def end_with_parent() -> None:
    """Ends this process soon after its parent, also where no signal reaches it (a killed launcher)."""
    parent = os.getppid()
    told = sys.platform == "linux" and ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM) == 0

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        if not told:  # a second signal would end the process before its checkpoint is written
            os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(30)
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="parent-watch").start()
