"""The tracker's peer: an MLflow server on a Postgres, spoken to over HTTP as Frostline is.

peer.py versions             prints the versions of what is measured
peer.py ROW                  starts a server on the empty database BENCH_DATABASE_URL, does the row's work, and prints
                             {"value": ..., "details": {...}}
"""

import http.client
import importlib.metadata
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

BATCH = 1000  # the most that MLflow takes in a call
SECONDS = float(os.environ.get("BENCH_SECONDS", "10"))


class Connection:
    """One HTTP connection that stays open."""

    def __init__(self, port):
        self.http = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

    def send(self, path, body):
        try:
            answer = self.post(path, body)
        except (BrokenPipeError, ConnectionResetError, http.client.RemoteDisconnected):
            self.http.close()  # the server closes connections that said nothing for some seconds
            answer = self.post(path, body)
        text = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path}: status {answer.status}: {text[:500]!r}")
        return json.loads(text)

    def post(self, path, body):
        self.http.request("POST", f"/api/2.0/mlflow/{path}", body, {"content-type": "application/json"})
        return self.http.getresponse()

    def call(self, path, **fields):
        return self.send(path, json.dumps(fields))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start_server(database_url, folder):
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "mlflow", "server", "--backend-store-uri", database_url,
         "--default-artifact-root", folder, "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL, stderr=open(os.path.join(folder, "log"), "wb"), cwd=folder,
        start_new_session=True,
    )
    for _ in range(600):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/health")
            if connection.getresponse().status == 200:
                return process, port
        except OSError:
            pass
        if process.poll() is not None:
            break
        time.sleep(0.2)
    stop_server(process)
    with open(os.path.join(folder, "log"), encoding="utf8", errors="replace") as log:
        raise RuntimeError(f"mlflow server did not come up:\n{log.read()[-2000:]}")


def stop_server(process):
    try:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    except ProcessLookupError:
        pass


def start_run(connection, experiment):
    answer = connection.call("runs/create", experiment_id=experiment, start_time=int(time.time() * 1000))
    return answer["run"]["info"]["run_id"]


def measure_rate(connections, seconds, work):
    """How often `work(connection, turn)` ran in a second, on so many threads."""
    end = time.perf_counter() + seconds
    done, failures = [0] * connections, []

    def loop(index):
        try:
            turn = 0
            while time.perf_counter() < end:
                work(index, turn)
                done[index] += 1
                turn += 1
        except Exception as error:  # noqa: BLE001
            failures.append(error)

    start = time.perf_counter()
    threads = [threading.Thread(target=loop, args=(index,)) for index in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return sum(done) / (time.perf_counter() - start)


def batches(port, experiment):
    details = {}
    for connections in (1, 4):
        own = [Connection(port) for _ in range(connections)]
        runs = [start_run(connection, experiment) for connection in own]

        def log(index, turn):
            own[index].send("runs/log-batch", bodies[index][turn % len(bodies[index])])

        # Bodies are made before the clock starts, more of them than can be sent meanwhile.
        now = int(time.time() * 1000)
        bodies = [
            [
                json.dumps({"run_id": run, "metrics": [
                    {"key": "loss", "value": random.random(), "timestamp": now + step, "step": step}
                    for step in range(call * BATCH, (call + 1) * BATCH)
                ]})
                for call in range(int(40 * SECONDS / connections))
            ]
            for run in runs
        ]
        rate = measure_rate(connections, SECONDS, log)
        details[f"points/s on {connections} connections"] = round(rate * BATCH)
    return max(details.values()), details


def singles(port, experiment):
    own = [Connection(port) for _ in range(16)]
    runs = [start_run(connection, experiment) for connection in own]

    def log(index, turn):
        own[index].call("runs/log-metric", run_id=runs[index], key="loss", value=random.random(),
                        timestamp=int(time.time() * 1000), step=turn)

    measure_rate(16, 0.5, lambda index, turn: log(index, 1_000_000 + turn))
    return measure_rate(16, SECONDS, log), {}


def starts(port, experiment):
    own = [Connection(port) for _ in range(16)]

    def work(index, _turn):
        run = start_run(own[index], experiment)
        now = int(time.time() * 1000)
        own[index].call("runs/log-batch", run_id=run, params=[{"key": "lr", "value": str(random.random())}], metrics=[
            {"key": f"metric {number}", "value": random.random(), "timestamp": now, "step": 1} for number in range(10)
        ])

    return measure_rate(16, SECONDS, work), {}


def main(row):
    database_url = os.environ["BENCH_DATABASE_URL"].replace("postgresql://", "postgresql+psycopg2://", 1)
    with tempfile.TemporaryDirectory() as folder:
        process, port = start_server(database_url, folder)
        try:
            experiment = Connection(port).call("experiments/create", name="bench")["experiment_id"]
            value, details = {"batches": batches, "singles": singles, "starts": starts}[row](port, experiment)
        finally:
            stop_server(process)
    print(json.dumps({"value": value, "details": details}))


if __name__ == "__main__":
    if sys.argv[1] == "versions":
        print(json.dumps({"python": sys.version.split()[0], "mlflow": importlib.metadata.version("mlflow")}))
    else:
        main(*sys.argv[1:])
