"""What a checkpoint answers, computed plainly with transformers, one prompt at a time and without the engine.

Reads from stdin { "language": FOLDER, "chats": [{ "content", "continuations" }], "tokens": n,
"texts": [...], "textEncoder": FOLDER }; writes { "scores": [[...]], "replies": [...], "vectors": [[...]] }.
"""

import json
import sys

import torch
import transformers

transformers.utils.logging.set_verbosity_error()
transformers.utils.logging.disable_progress_bar()
torch.set_num_threads(1)
asked = json.load(sys.stdin)


def language():
    tokenizer = transformers.AutoTokenizer.from_pretrained(asked["language"], local_files_only=True)
    model = transformers.AutoModelForCausalLM.from_pretrained(
        asked["language"], dtype=torch.float32, local_files_only=True
    ).eval()
    scores, replies = [], []
    for chat in asked["chats"]:
        messages = [{"role": "user", "content": chat["content"]}]
        text = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
        prompt = tokenizer(text, add_special_tokens=False)["input_ids"]
        row = []
        for continuation in chat["continuations"]:
            ids = tokenizer(text + continuation, add_special_tokens=False)["input_ids"]
            start = next((i for i in range(len(prompt)) if ids[i] != prompt[i]), len(prompt))
            logprobs = model(torch.tensor([ids])).logits[0].double().log_softmax(-1)
            row.append(sum(logprobs[i - 1, ids[i]].item() for i in range(start, len(ids))))
        scores.append(row)
        for _ in range(asked["tokens"]):
            token = int(model(torch.tensor([prompt])).logits[0, -1].argmax())
            if token == tokenizer.eos_token_id:
                break
            prompt.append(token)
        start = len(tokenizer(text, add_special_tokens=False)["input_ids"])
        replies.append(tokenizer.decode(prompt[start:], skip_special_tokens=True, clean_up_tokenization_spaces=False))
    return scores, replies


def vectors():
    tokenizer = transformers.AutoTokenizer.from_pretrained(asked["textEncoder"], local_files_only=True)
    model = transformers.AutoModel.from_pretrained(
        asked["textEncoder"], dtype=torch.float32, local_files_only=True
    ).eval()
    rows = []
    for text in asked["texts"]:
        ids = tokenizer(text, truncation=True, max_length=64, return_tensors="pt")["input_ids"]
        mean = model(input_ids=ids).last_hidden_state[0].mean(0)
        rows.append((mean / mean.norm()).tolist())
    return rows


with torch.no_grad():
    scores, replies = language()
    print(json.dumps({"scores": scores, "replies": replies, "vectors": vectors()}))
