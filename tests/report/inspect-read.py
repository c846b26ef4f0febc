"""Reads a log with inspect_ai as a user of it would, and prints what it found as one JSON document."""

import json
import sys

from inspect_ai.log import (
    read_eval_log,
    read_eval_log_sample,
    read_eval_log_sample_summaries,
    read_eval_log_samples,
)

path, sample_id = sys.argv[1], sys.argv[2]
header = read_eval_log(path, header_only=True)
whole = read_eval_log(path)
summaries = read_eval_log_sample_summaries(path)
sample = read_eval_log_sample(path, id=sample_id, epoch=1, resolve_attachments=True)
streamed = [s.id for s in read_eval_log_samples(path, all_samples_required=False)]


def first_score(sample):
    scores = list((sample.scores or {}).values())
    return scores[0].value if scores else None


print(
    json.dumps(
        {
            "version": header.version,
            "status": header.status,
            "task": header.eval.task,
            "model": header.eval.model,
            "epochs": header.eval.config.epochs,
            "scores": {
                score.name: {name: metric.value for name, metric in score.metrics.items()}
                for score in header.results.scores
            },
            "usage": {
                model: [usage.input_tokens, usage.output_tokens]
                for model, usage in header.stats.model_usage.items()
            },
            "samples": [
                {
                    "id": s.id,
                    "epoch": s.epoch,
                    "task": s.metadata.get("task"),
                    "original": s.metadata.get("id"),
                    "value": first_score(s),
                    "error": s.error.message if s.error else None,
                    "completion": s.output.completion,
                    "events": [event.event for event in s.events],
                    "output_tokens": {m: u.output_tokens for m, u in s.model_usage.items()},
                }
                for s in whole.samples
            ],
            "summaries": len(summaries),
            "streamed": len(streamed),
            "reductions": [len(r.samples) for r in (whole.reductions or [])],
            "sample": {
                "messages": [m.role for m in sample.messages],
                "input": [
                    m.content if isinstance(m.content, str) else [c.model_dump(exclude_none=True) for c in m.content]
                    for m in sample.input
                ],
                "target": sample.target,
                "model_events": [
                    {
                        "model": e.model,
                        "max_tokens": e.config.max_tokens,
                        "stop_reason": e.output.stop_reason,
                        "completion": e.output.completion,
                    }
                    for e in sample.events
                    if e.event == "model"
                ],
            },
        }
    )
)
