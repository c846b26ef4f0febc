"""The engine's entry: `serve`, `run --job FILE`, or `probe`. Events on stdout, everything else on stderr."""

from __future__ import annotations

import os
import sys

# Before any import that might print: whatever writes to stdout, C code too, goes to stderr from here on.
_events_fd = os.dup(1)
os.dup2(2, 1)

import argparse  # noqa: E402
import json  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import TYPE_CHECKING, TextIO  # noqa: E402

if TYPE_CHECKING:
    from .wire import Wire

os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")


def main() -> int:
    """Runs one mode and gives the process's exit code."""
    parser = argparse.ArgumentParser(prog="fettle_engine", description=__doc__)
    modes = parser.add_subparsers(dest="mode", required=True)
    modes.add_parser("serve", help="answer requests from stdin")
    modes.add_parser("probe", help="tell versions and devices")
    modes.add_parser("run", help="run one training job").add_argument("--job", type=Path, required=True)
    arguments = parser.parse_args()

    from .wire import Wire

    rank = int(os.environ.get("RANK", "0"))
    stream: TextIO = os.fdopen(_events_fd, "w", buffering=1, encoding="utf-8")
    wire = Wire(stream if rank == 0 else None)
    try:
        return _run(arguments, wire)
    finally:
        stream.flush()


def _run(arguments: argparse.Namespace, wire: Wire) -> int:
    from .errors import EXIT_DONE, EXIT_STOPPED, EngineError, classify
    from .lifecycle import Signals, StopFlag, end_with_parent

    signals = Signals()
    name = None if arguments.mode != "run" else "job"
    events = wire.events(name)
    try:
        from transformers.utils import logging

        from .probe import probe

        logging.set_verbosity_error()
        if arguments.mode != "probe":
            end_with_parent()
            signals.install()
        ready = probe()
        ready["processes"] = int(os.environ.get("WORLD_SIZE", "1"))
        events.ready(ready)
        if arguments.mode == "probe":
            return EXIT_DONE
        if arguments.mode == "serve":
            from .serve import Server

            Server(sys.stdin, wire, signals).run()
            return EXIT_DONE
        from .loop import Stopped
        from .run_job import run_job

        signals.flag = StopFlag()
        outcome = run_job(_read_job(arguments.job), events, signals.flag)
        return EXIT_STOPPED if isinstance(outcome, Stopped) else EXIT_DONE
    except Exception as error:
        fault = classify(error)
        if wire.silent:
            # Other ranks have no wire; the launcher shows what they say here.
            print(f"{fault.code}: {fault.message} {fault.hint}", file=sys.stderr)
        events.error(fault)
        return fault.exit_code if isinstance(fault, EngineError) else 1


def _read_job(path: Path) -> object:
    from .errors import EngineError

    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise EngineError("bad_job", f"{path} cannot be read as JSON: {error}", "Name a job file.") from error


if __name__ == "__main__":
    sys.exit(main())
