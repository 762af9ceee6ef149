"""Runs a program on a terminal of its own, and prints what it has written there."""

import fcntl
import os
import pty
import struct
import sys
import termios

LINES, COLUMNS = 40, 400

child, terminal = pty.fork()
if child == 0:
    size = struct.pack("HHHH", LINES, COLUMNS, 0, 0)
    fcntl.ioctl(sys.stdout.fileno(), termios.TIOCSWINSZ, size)
    os.environ["TERM"] = "xterm-256color"
    os.execvp(sys.argv[1], sys.argv[1:])
while True:
    try:
        text = os.read(terminal, 65536)
    except OSError:  # The other end is closed.
        break
    if not text:
        break
    sys.stdout.buffer.write(text)
sys.stdout.flush()
_, status = os.waitpid(child, 0)
sys.exit(os.waitstatus_to_exitcode(status))
