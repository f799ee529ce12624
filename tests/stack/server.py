"""Starts and stops a local AWS, MiniStack or moto, on a free port of 127.0.0.1."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

from places import CREDENTIALS, REGION
from wait import TimedOut, until

# Passed on to the server, and by the server to the functions. Nothing else is passed on, so that a setting which the template
# forgets is not found in the environment of whoever runs the tests.
HANDED_ON = (
    "PATH", "HOME", "LANG", "SSL_CERT_FILE", "SSL_CERT_DIR",
    "HTTPS_PROXY", "https_proxy", "RUST_BACKTRACE",
)

# How each kind is started, and the path at which it answers once it is up. The words of the command line tell a server of ours
# from another program that has got its process id since.
KINDS = {
    "ministack": ([str(Path(__file__).resolve().with_name("local_aws.py")), "--calls", "{calls}"], "/_ministack/health"),
    "moto": (["-m", "moto.server", "-H", "127.0.0.1", "-p", "{port}"], "/moto-api/"),
}


def start(state, auth=True, kind="ministack", fresh=False, meter=False):
    """Starts a server whose files are in `state`; returns {"endpoint", "pid"} once it answers. With `fresh`, each invocation of a
    function has a process of its own; with `meter`, what AWS would bill is counted."""
    state.mkdir(parents=True, exist_ok=True)
    (state / "calls.ndjson").unlink(missing_ok=True)
    more = [*(["--fresh"] if fresh else []), *(["--meter"] if meter else [])]
    for _ in range(5):
        process, endpoint = _spawn(state, _free_port(), auth, kind, more)
        health = endpoint + KINDS[kind][1]
        if until(lambda: _answers(health) or process.poll() is not None, f"{kind} to answer", 60) and process.poll() is None:
            running = {"endpoint": endpoint, "pid": process.pid}
            (state / "server.json").write_text(json.dumps(running))
            return running
    # Another program may take the port between choosing and listening. Five times in a row has another cause.
    raise RuntimeError(f"{kind} does not start: {_tail(state / 'server.log')}")


def running(state):
    """{"endpoint", "pid"} of the server in `state`, or None."""
    try:
        found = json.loads((state / "server.json").read_text())
    except (OSError, ValueError):
        return None
    return found if _is_ours(found["pid"]) else None


def stop(state):
    """Ends the server in `state`, if one runs, and the functions that it started."""
    found = running(state)
    if found:
        # The server leads a process group of its own, which includes its functions.
        _signal_group(found["pid"], signal.SIGTERM)
        try:
            until(lambda: not _is_ours(found["pid"]), "the server to end", 5)
        except TimedOut:
            pass
        # This is also needed if the server ended by itself, because a function may have outlived it.
        _signal_group(found["pid"], signal.SIGKILL)
    (state / "server.json").unlink(missing_ok=True)
    shutil.rmtree(state / "tmp", ignore_errors=True)
    return found


def _spawn(state, port, auth, kind, more):
    endpoint = f"http://127.0.0.1:{port}"
    scratch = state / "tmp"
    scratch.mkdir(exist_ok=True)
    environment = {name: os.environ[name] for name in HANDED_ON if name in os.environ}
    environment |= CREDENTIALS | {
        "BIND_HOST": "127.0.0.1",  # the default is all interfaces
        "GATEWAY_PORT": str(port),
        "MINISTACK_HOST": "127.0.0.1",
        "MINISTACK_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ENDPOINT_URL": endpoint,  # function processes inherit it; nothing else tells them where AWS is
        "AUTH": "true" if auth else "false",
        "IOT_MTLS_ENABLED": "0",  # both would listen on all interfaces
        "SFTP_ENABLED": "0",
        "TMPDIR": str(scratch),
        "STATE_DIR": str(scratch / "state"),
        "S3_DATA_DIR": str(scratch / "s3"),
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
    }
    with open(state / "server.log", "ab") as log:
        process = subprocess.Popen(
            [sys.executable, *(word.format(port=port, calls=state / "calls.ndjson") for word in KINDS[kind][0]), *more],
            env=environment, cwd=scratch, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
        )
    _STARTED.append(process)
    return process, endpoint


# Servers outlive the code that started them. They are kept here so that Python does not complain.
_STARTED = []


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# The environment's proxy is for real CRMs, not for this machine.
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def _answers(url):
    try:
        with _DIRECT.open(url, timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


def _is_ours(pid):
    """Whether the process lives and is a server of ours; its id may belong to another program by now."""
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        pass
    shown = subprocess.run(["ps", "-o", "stat=,command=", "-p", str(pid)], capture_output=True, text=True).stdout
    return any(" ".join(words[:2]) in shown for words, _ in KINDS.values()) and not shown.startswith("Z")


def _signal_group(pid, number):
    try:
        os.killpg(pid, number)
    except (ProcessLookupError, PermissionError):
        pass


def _tail(path, lines=10):
    return "\n".join(path.read_text(errors="replace").splitlines()[-lines:]) if path.exists() else "no log"
