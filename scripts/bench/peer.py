"""PyTorch's side of the benchmark: the same work as Frostline's commands, written as people write it.

peer.py versions
peer.py train MODEL CSV --freeze full|partial|head-only [--bf16 …]   one JSON object an epoch, then the result, as `frostline train --json`
peer.py embed MODEL [--bf16]                                         sentences on stdin, JSON arrays on stdout, seconds on stderr
"""

import argparse
import csv
import json
import os
import platform
import sys
import time

parser = argparse.ArgumentParser()
parser.add_argument("--threads", type=int, default=2)
commands = parser.add_subparsers(dest="command", required=True)
commands.add_parser("versions")
train = commands.add_parser("train")
train.add_argument("model", help="a folder; without weights in it they are drawn at random")
train.add_argument("data")
train.add_argument("--freeze", choices=["full", "partial", "head-only"], default="full")
train.add_argument("--epochs", type=int, default=1)
train.add_argument("--batch-size", type=int, default=32)
train.add_argument("--learning-rate", type=float, default=2e-5)
train.add_argument("--max-length", type=int, default=64)
train.add_argument("--seed", type=int, default=0)
train.add_argument("--bf16", action="store_true", help="bfloat16 autocast and fused Adam, PyTorch's fastest setting")
embed = commands.add_parser("embed")
embed.add_argument("model")
embed.add_argument("--bf16", action="store_true", help="weights and arithmetic in bfloat16")
options = parser.parse_args()


def print_versions():
    from importlib.metadata import version

    packages = ["torch", "transformers", "sentence-transformers"]
    print(json.dumps({"python": platform.python_version(), **{name: version(name) for name in packages}}))


def run_embed():
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(options.threads)
    model = SentenceTransformer(options.model, device="cpu")
    if options.bf16:
        model = model.bfloat16()
    sentences = sys.stdin.read().splitlines()
    started = time.perf_counter()
    embeddings = model.encode(sentences, normalize_embeddings=True, show_progress_bar=False)
    seconds = time.perf_counter() - started
    sys.stdout.write("".join(json.dumps(row.tolist()) + "\n" for row in embeddings))
    print(json.dumps({"type": "encoded", "seconds": seconds, "sentences": len(sentences)}), file=sys.stderr)


def run_train():
    import torch
    from torch import nn
    from torch.nn.functional import cross_entropy
    from transformers import AutoConfig, AutoModel, AutoTokenizer

    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    tokenizer = AutoTokenizer.from_pretrained(options.model)
    if os.path.exists(os.path.join(options.model, "model.safetensors")):
        backbone = AutoModel.from_pretrained(options.model)
    else:
        backbone = AutoModel.from_config(AutoConfig.from_pretrained(options.model))

    with open(options.data, encoding="utf8", newline="") as file:
        rows = list(csv.DictReader(file))
    tasks = [column for column in rows[0] if column not in ("sentence", "split")]
    classes = {task: sorted({row[task] for row in rows if row[task]}) for task in tasks}
    training, validation = ([row for row in rows if row["split"] == split] for split in ("train", "validation"))

    hidden = backbone.config.hidden_size
    heads = nn.ModuleList(
        nn.Sequential(nn.Linear(hidden, 256), nn.ReLU(), nn.Dropout(0.1), nn.Linear(256, len(classes[task])))
        for task in tasks
    )
    layers = backbone.encoder.layer if hasattr(backbone, "encoder") else backbone.transformer.layer
    frozen = {"full": [], "head-only": [backbone], "partial": [backbone.embeddings, *layers[: len(layers) // 2]]}
    for module in frozen[options.freeze]:
        module.requires_grad_(False)
    trainable = [p for p in [*backbone.parameters(), *heads.parameters()] if p.requires_grad]
    optimizer = torch.optim.Adam(trainable, lr=options.learning_rate, fused=options.bf16)

    def batches(selected, size):
        for start in range(0, len(selected), size):
            group = selected[start : start + size]
            inputs = tokenizer(
                [row["sentence"] for row in group],
                padding=True,
                truncation=True,
                max_length=options.max_length,
                return_tensors="pt",
            )
            yield inputs, [
                torch.tensor([classes[task].index(row[task]) if row[task] else -100 for row in group]) for task in tasks
            ]

    def logits_of(inputs):
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=options.bf16):
            states = backbone(**inputs).last_hidden_state
            mask = inputs["attention_mask"].unsqueeze(-1)
            pooled = (states * mask).sum(1) / mask.sum(1)
            return [head(pooled).float() for head in heads]

    def evaluate():
        backbone.eval()
        heads.eval()
        right, labelled = [0] * len(tasks), [0] * len(tasks)
        with torch.no_grad():
            for inputs, labels in batches(validation, 64):
                for index, logits in enumerate(logits_of(inputs)):
                    known = labels[index] >= 0
                    right[index] += (logits.argmax(-1)[known] == labels[index][known]).sum().item()
                    labelled[index] += known.sum().item()
        return {task: {"accuracy": right[index] / max(1, labelled[index])} for index, task in enumerate(tasks)}

    started = time.perf_counter()
    for epoch in range(1, options.epochs + 1):
        epoch_started = time.perf_counter()
        backbone.train()
        heads.train()
        order = torch.randperm(len(training)).tolist()
        loss_sum = 0.0
        for inputs, labels in batches([training[row] for row in order], options.batch_size):
            optimizer.zero_grad()
            losses = [cross_entropy(l, y) for l, y in zip(logits_of(inputs), labels) if (y >= 0).any()]
            loss = sum(losses)
            loss.backward()
            optimizer.step()
            loss_sum += loss.item()
        seconds = time.perf_counter() - epoch_started
        line = {"type": "epoch", "epoch": epoch, "lossSum": loss_sum, "seconds": seconds}
        if validation:
            line["validation"] = evaluate()
        print(json.dumps(line), flush=True)
    print(json.dumps({"type": "result", "seconds": time.perf_counter() - started}), flush=True)


{"versions": print_versions, "train": run_train, "embed": run_embed}[options.command]()
