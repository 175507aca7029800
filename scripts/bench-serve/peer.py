"""sentence-transformers' side of the serving benchmark, written as people write it.

peer.py versions
peer.py encode MODEL [--int8 FOLDER] [--runs N]   sentences on stdin; after each run a JSON line with its seconds
peer.py serve MODEL                               a FastAPI server on a free port, which it prints as a JSON line
"""

import argparse
import json
import os
import sys
import time
from importlib.metadata import PackageNotFoundError, version

parser = argparse.ArgumentParser()
parser.add_argument("--threads", type=int, default=2)
commands = parser.add_subparsers(dest="command", required=True)
commands.add_parser("versions")
encode = commands.add_parser("encode")
encode.add_argument("model")
encode.add_argument("--int8", help="a folder for the ONNX model in int8, which is made when it is not there")
encode.add_argument("--runs", type=int, default=1)
serve = commands.add_parser("serve")
serve.add_argument("model")
options = parser.parse_args()


def print_versions():
    names = ["sentence-transformers", "transformers", "torch", "optimum-onnx", "onnxruntime", "fastapi", "uvicorn"]
    found = {}
    for name in names:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            pass
    print(json.dumps(found))


def load():
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(options.threads)
    return SentenceTransformer(options.model, device="cpu")


def load_int8():
    """The fastest of the settings that sentence-transformers' page on efficiency has for processors."""
    from sentence_transformers import SentenceTransformer, export_dynamic_quantized_onnx_model

    file = os.path.join("onnx", "model_qint8_avx512_vnni.onnx")
    if not os.path.exists(os.path.join(options.int8, file)):
        model = SentenceTransformer(options.model, device="cpu", backend="onnx")
        model.save_pretrained(options.int8)
        export_dynamic_quantized_onnx_model(model, "avx512_vnni", options.int8)
    return SentenceTransformer(options.int8, device="cpu", backend="onnx", model_kwargs={"file_name": file})


def run_encode():
    model = load() if options.int8 is None else load_int8()
    sentences = sys.stdin.read().splitlines()
    model.encode(sentences[:64], normalize_embeddings=True)
    for _ in range(options.runs):
        started = time.perf_counter()
        model.encode(sentences, normalize_embeddings=True)
        seconds = time.perf_counter() - started
        print(json.dumps({"type": "encoded", "seconds": seconds, "sentences": len(sentences)}), flush=True)


def run_serve():
    import socket

    import uvicorn
    from fastapi import FastAPI
    from pydantic import BaseModel

    model = load()
    app = FastAPI()

    class Body(BaseModel):
        inputs: list[str]

    @app.post("/embed")
    def embed(body: Body) -> list[list[float]]:
        return model.encode(body.inputs, normalize_embeddings=True).tolist()

    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(128)
    print(json.dumps({"type": "listening", "port": listener.getsockname()[1]}), flush=True)
    uvicorn.Server(uvicorn.Config(app, log_level="warning")).run(sockets=[listener])


{"versions": print_versions, "encode": run_encode, "serve": run_serve}[options.command]()
