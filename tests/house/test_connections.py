"""During a run the process connects only to the integration's CRM hosts and to AWS. The kernel records every connection of the
deployed sync function; nothing is sampled."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import unittest
from urllib.parse import urlsplit

import watched
from world import OBJECTS, RELEASE, World, until, verdicts


@unittest.skipUnless(watched.can_watch(), "this kernel tells nobody of a program's calls (Linux 5.5 on)")
class Connections(unittest.TestCase):
    def world(self, name, environment=None):
        programs = lambda path: {"sync": watched.script(RELEASE / "sync", path / "sync.calls", environment)}
        world = World(name, programs=programs)
        self.addCleanup(lambda: self.assertEqual(world.end(), [], "found in clear"))
        return world

    def lines(self, world):
        log = world.path / "sync.calls"
        return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []

    def strangers(self, world):
        """The addresses that belong neither to the CRM nor to AWS."""
        return {line["to"] for line in self.lines(world) if "to" in line} - self.crm(world) - self.aws(world)

    def crm(self, world):
        return {urlsplit(organisation.url).netloc for organisation in world.organisations.values()}

    def aws(self, world):
        """The addresses of the local AWS and of its Lambda, which delivers the events."""
        return {urlsplit(world.stack.endpoint).netloc} | {line["runtime"] for line in self.lines(world) if "runtime" in line}

    def test_a_run_talks_to_the_crm_and_to_aws_and_to_nobody_else(self):
        world = self.world("connections")
        self.assertEqual(verdicts(world.sync()["acme"]), dict.fromkeys(OBJECTS, "VERIFIED"))
        world.organisation().control("expire_access_tokens")
        self.assertEqual(verdicts(world.sync()["acme"]), dict.fromkeys(OBJECTS, "VERIFIED"))
        met = {line["to"] for line in self.lines(world) if "to" in line}
        self.assertTrue(met & self.crm(world) and met & self.aws(world), f"it was watched: {met}")
        self.assertEqual(self.strangers(world), set())

    def test_whoever_else_it_would_talk_to_would_be_seen(self):
        with socket.socket() as stranger:
            stranger.bind(("127.0.0.1", 0))
            stranger.listen()
            address = "%s:%d" % stranger.getsockname()
            # The same program, with a different address for one service only.
            world = self.world("stranger", {"AWS_ENDPOINT_URL_KMS": f"http://{address}"})
            world.stack.fire("daily")
            until(lambda: self.strangers(world), "the stranger to be met", 60)
            self.assertEqual(self.strangers(world), {address})


@unittest.skipUnless(watched.can_watch(), "this kernel tells nobody of a program's calls (Linux 5.5 on)")
class Watched(unittest.TestCase):
    def test_connections_datagrams_and_questions_for_names_are_all_written_down(self):
        program = f"""#!{sys.executable}
import socket, threading
def meet():
    socket.socket().connect_ex(("127.0.0.1", 1))
threading.Thread(target=meet).start()
datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
datagrams.sendto(b"x", ("127.0.0.2", 53))
datagrams.sendmsg([b"x"], [], 0, ("127.0.0.3", 53))
datagrams.connect(("127.0.0.4", 53))
datagrams.send(b"x")
"""
        with tempfile.TemporaryDirectory() as folder:
            inner, outer, log = (os.path.join(folder, name) for name in ("inner", "outer", "log"))
            for path, text in ((inner, program), (outer, watched.script(inner, log))):
                with open(path, "w") as file:
                    file.write(text)
                os.chmod(path, 0o755)
            done = subprocess.run([outer], capture_output=True, text=True, stdin=subprocess.DEVNULL)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            with open(log) as lines:
                met = {json.loads(line).get("to") for line in lines} - {None}
        self.assertEqual(met, {"127.0.0.1:1", "127.0.0.2:53", "127.0.0.3:53", "127.0.0.4:53"})


if __name__ == "__main__":
    unittest.main()
