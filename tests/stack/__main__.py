"""The local stack's command line: `python tests/stack COMMAND [--name N]`; `--help` lists the commands.

Without `--name` a command works on the stack that the variable STACK names, or on the demo's. Answers are JSON on stdout, except for
`token` and `environment`; an error is one line on stderr, with exit code 1.
"""

import argparse
import json
import os
import shlex
import sys
from pathlib import Path

from issuer import SCOPES
from stack import Stack, as_json


def main():
    args = _parser().parse_args()
    stack = Stack(args.name, **{key: getattr(args, key) for key in ("programs", "template_file") if getattr(args, key, None)})
    try:
        return globals()[f"_{args.command}"](stack, args)
    except Exception as error:  # whatever it is: one line rather than a traceback of this script
        if args.trace:
            raise
        print(f"{args.command}: {type(error).__name__}: {' '.join(str(error).split())}", file=sys.stderr)
        return 1


def _up(stack, args):
    stack.up(auth=not args.no_auth, kind=args.kind)
    print(as_json({"endpoint": stack.endpoint, "state_dir": str(stack.state), "pid": stack.pid}))


def _deploy(stack, args):
    print(as_json(stack.deploy(dict(pair.split("=", 1) for pair in args.parameter))))


def _outputs(stack, _):
    print(as_json(stack.outputs()))


def _api(stack, _):
    print(as_json({"url": stack.api_url()}))


def _token(stack, args):
    print(stack.token(args.tenant, args.scopes, user=args.user, expires_in=args.expires_in))


def _settings(stack, args):
    print(as_json(stack.settings(args.function)))


def _environment(stack, _):
    # The operator's program works with the tables, keys and bus of sync.
    ours = stack.environment(stack.settings("sync"))
    for name, value in sorted(ours.items()):
        if os.environ.get(name) != value:
            print(f"export {name}={shlex.quote(value)}")


def _put(stack, args):
    stack.client("s3").upload_file(str(args.file), stack.settings("companies")["BUCKET_REFERENCE"], args.key)


def _logs(stack, args):
    for line in stack.logs(args.function):
        print(as_json(line))


def _events(stack, _):
    for event in stack.events():
        print(as_json(event))


def _fire(stack, args):
    print(as_json(stack.fire(args.rule)))


def _scan(stack, args):
    strings = [line for line in args.strings_file.read_text().splitlines() if line.strip()]
    if not strings:
        raise ValueError(f"{args.strings_file} lists no strings")
    found = stack.scan(strings, except_buckets=["deploy", *args.except_bucket])
    print(json.dumps({"looked_for": len(strings), "found": found}, ensure_ascii=False))
    return 1 if found else 0


def _down(stack, _):
    print(as_json({"was_up": stack.down() is not None}))


def _parser():
    parser = argparse.ArgumentParser(prog="python tests/stack", description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)

    def command(name, told):
        made = commands.add_parser(name, help=told)
        made.add_argument("--name", default=os.environ.get("STACK", "demo"), help="the stack; the demo's by default")
        made.add_argument("--trace", action="store_true", help="on an error, print the whole traceback")
        return made

    up = command("up", "starts an empty AWS; a stack of the same name is ended first")
    up.add_argument("--no-auth", action="store_true", help="let every function do everything")
    up.add_argument("--kind", choices=["ministack", "moto"], default="ministack", help="moto: for its S3 and KMS; nothing can be deployed in it")
    deploy = command("deploy", "deploys the template, or updates what is deployed; prints the outputs")
    deploy.add_argument("--parameter", action="append", default=[], metavar="K=V")
    command("outputs", "prints the outputs")
    command("api", "prints the URL of the HTTP API")
    token = command("token", "prints a token for the API")
    token.add_argument("--tenant", required=True)
    token.add_argument("--scopes", default=SCOPES)
    token.add_argument("--user", default="user-1")
    token.add_argument("--expires-in", type=int, default=3600, metavar="SECONDS")
    settings = command("settings", "prints the environment that the template gives to a function")
    settings.add_argument("function")
    command("environment", "prints the environment of the operator's program, for `eval`")
    put = command("put", "puts a file into the bucket for reference data")
    put.add_argument("file", type=Path)
    put.add_argument("key", help="e.g. incoming/companies.csv")
    logs = command("logs", "prints log lines, one JSON object each")
    logs.add_argument("--function")
    command("events", "prints the bus's events, one JSON object each")
    command("fire", "fires a schedule's rule").add_argument("rule", choices=["daily", "hourly"])
    scan = command("scan", "looks for strings in clear; exits with 1 and prints the places when it finds any")
    scan.add_argument("--strings-file", type=Path, required=True, help="one string per line")
    scan.add_argument("--except-bucket", action="append", default=[])
    command("down", "ends the stack")
    deploy.add_argument("--template-file", type=lambda path: Path(path).resolve(), help="default: this checkout's template.yaml")
    deploy.add_argument("--programs", type=lambda path: Path(path).resolve(), help="the folder of the built programs")
    return parser


if __name__ == "__main__":
    sys.exit(main())
