"""The simulator of Dynamics 365, used through clients that others wrote: one from PyPI, one from npm."""

import json
import os
import subprocess
import sys
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "stack"))
import npm
from places import RELEASE


class DynamicsClients(unittest.TestCase):
    def setUp(self):
        self.process = subprocess.Popen([RELEASE / "simulator", "dynamics"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        self.addCleanup(self.end)
        self.url = json.loads(self.process.stdout.readline())["url"]

    def end(self):
        self.process.terminate()
        self.process.wait(timeout=30)
        self.process.stdout.close()

    def assert_agreement(self, *command, **environment):
        done = subprocess.run(
            [*command], env=os.environ | environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300
        )
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("\n0 disagreements\n", "\n" + done.stdout)

    def test_the_client_from_pypi_agrees_with_the_simulator(self):
        self.assert_agreement(sys.executable, HERE / "foreign_dynamics.py", "--url", self.url)

    def test_the_client_from_npm_agrees_with_the_simulator(self):
        self.assert_agreement(npm.node(), HERE / "dynamics_client/client.mjs", self.url, PACKAGES=str(npm.place("dynamics_client")))


if __name__ == "__main__":
    unittest.main()
