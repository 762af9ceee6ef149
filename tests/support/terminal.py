"""Runs a program on a terminal of its own, and prints what it has written there.

terminal.py COLUMNS stay|leave PROGRAM [ARGUMENT…]

With `leave`, the terminal is closed as soon as a bar was drawn, which the program may survive.
"""

import fcntl
import os
import pty
import signal
import struct
import sys
import termios

LINES = 40

columns, how, program = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
signal.signal(signal.SIGHUP, signal.SIG_IGN)
child, terminal = pty.fork()
if child == 0:
    size = struct.pack("HHHH", LINES, columns, 0, 0)
    fcntl.ioctl(sys.stdout.fileno(), termios.TIOCSWINSZ, size)
    os.environ["TERM"] = "xterm-256color"
    os.execvp(program[0], program)
while True:
    try:
        text = os.read(terminal, 65536)
    except OSError:  # The other end is closed.
        break
    if not text:
        break
    sys.stdout.buffer.write(text)
    if how == "leave" and "█".encode() in text:
        os.close(terminal)
        break
sys.stdout.flush()
_, status = os.waitpid(child, 0)
sys.exit(os.waitstatus_to_exitcode(status))
