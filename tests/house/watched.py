"""Runs a program and records each address that the program, or one of its threads or children, connects to or sends a datagram to.
Nothing is missed and nothing is changed: the kernel stops the call, tells another process of it (seccomp's user notification,
Linux 5.5), and lets it continue. No privilege is needed, and the program does not notice."""

import array
import ctypes
import errno
import fcntl
import ipaddress
import json
import os
import platform
import select
import socket
import struct
import sys

# connect, sendto, sendmsg, sendmmsg
CALLS = {"x86_64": (42, 44, 46, 307), "aarch64": (203, 206, 211, 269)}
SECCOMP = {"x86_64": 317, "aarch64": 277}
MACHINE = platform.machine()

SET_MODE_FILTER, NEW_LISTENER = 1, 1 << 3
NO_NEW_PRIVS, SET_PTRACER = 38, 0x59616D61
RECEIVE, SEND, CONTINUE = 0xC0502100, 0xC0182101, 1
LOAD, JUMP_EQUAL, RETURN = 0x20, 0x15, 0x06
ALLOW, NOTIFY = 0x7FFF0000, 0x7FC00000
# The descriptor by which the listener is passed on; the sendmsg that passes it on has to be let through.
HANDOVER = 900
# msghdr and mmsghdr on 64-bit machines.
MESSAGE, MESSAGES = 56, 64


def can_watch():
    """Whether this kernel supports it."""
    try:
        with open("/proc/sys/kernel/seccomp/actions_avail") as available:
            return MACHINE in CALLS and "user_notif" in available.read().split()
    except OSError:
        return False


def script(program, log, environment=None):
    """The text of a script that runs `program` watched, with additions to its environment. `log` gets a line of JSON per call."""
    return "\n".join([
        f"#!{sys.executable}",
        "import sys",
        f"sys.path.insert(0, {os.path.dirname(os.path.abspath(__file__))!r})",
        "import watched",
        f"watched.run({str(program)!r}, {str(log)!r}, {environment or {}!r})",
        "",
    ])


def run(program, log, environment):
    """Becomes the program; a child process watches it."""
    ours, theirs = socket.socketpair()
    runtime = os.environ.get("AWS_LAMBDA_RUNTIME_API")
    watcher = os.fork()
    if watcher == 0:
        ours.close()
        _watch(theirs, log, {"runtime": runtime})
        os._exit(0)
    theirs.close()
    libc = ctypes.CDLL(None, use_errno=True)
    # If only parents may look into a process, this allows the child to do so, too.
    libc.prctl(SET_PTRACER, watcher, 0, 0, 0)
    os.dup2(ours.fileno(), HANDOVER, inheritable=False)
    listener = _listener(libc)
    with socket.socket(fileno=HANDOVER) as handover:
        socket.send_fds(handover, [b"x"], [listener])
    os.close(listener)
    ours.close()
    os.execve(program, [program], os.environ | environment)


def _listener(libc):
    """Sets the filter for this process and everything it becomes; returns the descriptor that reports its calls."""
    connect, sendto, sendmsg, sendmmsg = CALLS[MACHINE]
    argument = lambda n: 16 + 8 * n  # the low half of the argument, on little-endian machines
    steps = [
        (LOAD, 0, 0, 0),
        (JUMP_EQUAL, 8, 0, connect),
        (JUMP_EQUAL, 7, 0, sendmmsg),
        (JUMP_EQUAL, 1, 0, sendto),
        (JUMP_EQUAL, 2, 4, sendmsg),
        (LOAD, 0, 0, argument(5)),
        (JUMP_EQUAL, 2, 3, 0),  # sendto without an address goes to the peer that it is connected to
        (LOAD, 0, 0, argument(0)),
        (JUMP_EQUAL, 0, 1, HANDOVER),
        (RETURN, 0, 0, ALLOW),
        (RETURN, 0, 0, NOTIFY),
    ]
    filters = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    program = ctypes.create_string_buffer(struct.pack("HxxxxxxQ", len(steps), ctypes.addressof(filters)))
    if libc.prctl(NO_NEW_PRIVS, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "no_new_privs")
    listener = libc.syscall(SECCOMP[MACHINE], SET_MODE_FILTER, NEW_LISTENER, program)
    if listener < 0:
        raise OSError(ctypes.get_errno(), "seccomp")
    return listener


def _watch(handover, log, first):
    """Records each call until no process is left that could make one."""
    null = os.open(os.devnull, os.O_RDWR)
    for standard in range(3):
        os.dup2(null, standard)  # readers of the program's output wait until its last writer closes it
    _, (listener,), _, _ = socket.recv_fds(handover, 1, 1)
    with open(log, "a", buffering=1) as lines:
        lines.write(json.dumps(first) + "\n")
        poll = select.poll()
        poll.register(listener, select.POLLIN)
        while True:
            [(_, events)] = poll.poll()
            if not events & select.POLLIN:
                return
            told = array.array("B", bytes(80))
            try:
                fcntl.ioctl(listener, RECEIVE, told)
            except OSError as error:
                if error.errno in (errno.ENOENT, errno.EINTR):
                    continue  # the process that made the call is gone
                return
            call, pid, _, number, _, _, *arguments = struct.unpack("QIIiIQ6Q", told.tobytes())
            for address in _addresses(pid, number, arguments):
                lines.write(json.dumps({"pid": pid, "to": address}) + "\n")
            try:
                fcntl.ioctl(listener, SEND, array.array("B", struct.pack("QqiI", call, 0, 0, CONTINUE)))
            except OSError as error:
                if error.errno != errno.ENOENT:
                    return


def _addresses(pid, number, arguments):
    """The addresses that a call names."""
    connect, sendto, sendmsg, sendmmsg = CALLS[MACHINE]
    try:
        with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
            places = {
                connect: lambda: [(arguments[1], arguments[2])],
                sendto: lambda: [(arguments[4], arguments[5])],
                sendmsg: lambda: [_named(memory, arguments[1])],
                sendmmsg: lambda: [_named(memory, arguments[1] + n * MESSAGES) for n in range(arguments[2])],
            }[number]()
            found = (_address(_read(memory, place, size)) for place, size in places if place and size)
            return [address for address in found if address]
    except (OSError, struct.error) as error:
        return [f"unreadable: {error}"]


def _named(memory, place):
    return struct.unpack("QI", _read(memory, place, 12))


def _read(memory, place, size):
    memory.seek(place)
    return memory.read(min(size, 128))


def _address(raw):
    """`host:port`; None if the address leads to no host."""
    family = struct.unpack_from("H", raw)[0]
    if family == socket.AF_INET:
        return f"{ipaddress.IPv4Address(raw[4:8])}:{struct.unpack_from('!H', raw, 2)[0]}"
    if family == socket.AF_INET6:
        return f"[{ipaddress.IPv6Address(raw[8:24])}]:{struct.unpack_from('!H', raw, 2)[0]}"
    # A connection that was given up, or a socket in this machine's file system, which leads to no host.
    return None if family in (socket.AF_UNSPEC, socket.AF_UNIX) else f"family {family}"
