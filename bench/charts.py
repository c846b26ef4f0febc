"""MultiChartQA's reference rules in Python, written from their description: times them, and checks ours against them.

Reads [[id, type, gold, reply], ...] as JSON on stdin, prints {"seconds": ..., "scores": {id: score or null}}.
"""

import json
import re
import sys
import time

MARKERS = ["answer: ", "could be ", "so ", "is ", "thus ", "therefore ", "final ", "answer ", "result "]
PATTERNS = [
    re.compile(r"-?\b\d{1,3}(?:,\d{3})+\b"),
    re.compile(r"-?\d+(?:\.\d+)?[eE][+-]?\d+"),
    re.compile(r"-?(?:\d+\.\d+|\.\d+|\d+\b)(?![eE][+-]?\d+)(?![,\d])"),
]


def to_float(text):
    try:
        return float(text)
    except ValueError:
        return None


def normalize(text):
    text = text.strip()
    value = to_float(text.replace(",", ""))
    return text.lower() if value is None else round(value, 2)


def key_text(line, last):
    shortest = None
    for marker in MARKERS + (["="] if last else []):
        if marker in line:
            tail = line.split(marker)[-1].strip()
            if not shortest or len(tail) < len(shortest):
                shortest = tail
    return shortest if shortest and shortest not in list(":,.!?;'") else None


def predictions(reply):
    text = reply.strip().strip(".").lower()
    lines = text.split("\n")
    keys = [key_text(line, i == len(lines) - 1) for i, line in enumerate(lines)]
    keys = [key for key in keys if key] or [text]
    numbers = [number for key in keys for pattern in PATTERNS for number in pattern.findall(key)]
    return set(normalize(raw) for raw in keys + numbers)


def relaxed(target, prediction):
    def value(text):
        if not text.endswith("%"):
            return to_float(text)
        number = to_float(text.rstrip("%"))
        return None if number is None else number / 100

    p, t = value(prediction), value(target)
    if p is not None and t:
        return abs(p - t) / abs(t) <= 0.05
    return prediction.lower() == target.lower()


def matches(part, found):
    gold = normalize(part)
    for prediction in found:
        if isinstance(prediction, str):
            if isinstance(gold, str) and gold in prediction:
                return True
        elif relaxed(str(gold), str(prediction)):
            return True
    return False


def open_score(gold, reply):
    found = predictions(reply)
    if matches(gold, found):
        return 1.0
    parts = [part.strip() for part in gold.split(";")]
    return sum(matches(part, found) for part in parts) / len(parts)


def choice_score(gold, reply):
    text = reply
    for mark in ",.!?;:'":
        text = text.strip(mark)
    text = " " + text.replace("\n", " ") + " "
    for form, place in (("({})", "({})"), (" {} ", " {} "), ("{}.", " {} ")):
        found = [letter for letter in "ABCD" if form.format(letter) in text]
        if found:
            break
    if not found and len(text.split()) > 5:
        text, place = text.lower(), "answer: {}"
        found = [letter for letter in "ABCD" if place.format(letter.lower()) in text]
        spots = [text.rfind(place.format(letter.lower())) for letter in found]
    else:
        spots = [text.rfind(place.format(letter)) for letter in found]
    if not found:
        return None
    golds = [part.strip() for part in gold.split(";")]
    return (found[spots.index(max(spots))] in golds) / len(golds)


rows = json.load(sys.stdin)
seconds = []
for _ in range(15):
    begin = time.perf_counter()
    scores = {
        name: choice_score(gold, reply) if kind == "multiple-choice" else open_score(gold, reply)
        for name, kind, gold, reply in rows
    }
    seconds.append(time.perf_counter() - begin)
print(json.dumps({"seconds": min(seconds), "scores": scores}))
