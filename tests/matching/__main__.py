"""Precision, recall and speed of matching: make match-bench [COMPANIES= RECORDS= TRUTH=] [WORLDS=] [BESIDE=splink]. Writes target/match.json."""
import json
import os
import pathlib
import subprocess
import sys
import venv

import worlds

ROOT = pathlib.Path(__file__).parents[2]
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
OUT = ROOT / "target" / "match.json"
REQUIREMENTS = pathlib.Path(__file__).with_name("splink-requirements.txt")


def own():
    """The figures of Abgleich."""
    build = ["cargo", "build", "--quiet", "--release", "--locked", "-p", "matching", "--example", "match_bench"]
    subprocess.run(build, cwd=ROOT, check=True)
    OUT.parent.mkdir(exist_ok=True)
    files = [path for path in map(os.environ.get, ("COMPANIES", "RECORDS", "TRUTH")) if path]
    if len(files) not in (0, 3):
        sys.exit("COMPANIES, RECORDS and TRUTH go together")
    subprocess.run([TARGET / "release/examples/match_bench", OUT, *files], check=True)
    return json.loads(OUT.read_text(encoding="utf-8"))


def splink(files):
    """The figures of Splink on the same files, in a virtual environment of its own."""
    place = ROOT / "target" / "splink"
    python, stamp = place / "bin/python", place / "made-from"
    wanted = REQUIREMENTS.read_text(encoding="ascii")
    if not stamp.exists() or stamp.read_text(encoding="ascii") != wanted:
        venv.create(place, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", REQUIREMENTS], check=True)
        stamp.write_text(wanted, encoding="ascii")
    out = place / "figures.json"
    subprocess.run([python, REQUIREMENTS.with_name("splink_beside.py"), *files, out], check=True)
    return json.loads(out.read_text(encoding="utf-8"))


def main():
    beside = os.environ.get("BESIDE", "")
    if beside not in ("", "splink"):
        sys.exit("BESIDE can be splink")
    report = own()
    if folders := os.environ.get("WORLDS", "").split():
        made = pathlib.Path(report["files"][0]).parent
        report["worlds"] = worlds.table(TARGET / "release/examples/match_bench", [made, *folders], ROOT / "target" / "worlds", splink if beside else None)
        OUT.write_text(json.dumps(report, indent=2, ensure_ascii=False), encoding="utf-8")
    if beside:
        report["splink"] = splink(report["files"])
        print(f"{'splink':<26}{json.dumps(report['splink'])}")
        OUT.write_text(json.dumps(report, indent=2, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
