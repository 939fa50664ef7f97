"""Cuts the network for every Python process whose PYTHONPATH begins with this folder.

Python imports `sitecustomize` at its start, so notebook kernels are cut off too. The machine itself can still
be reached, because Jupyter and its kernels speak over it.
"""

import sys

HERE = ("", "localhost", "127.0.0.1", "::1", "0.0.0.0")


def cut(event: str, arguments: tuple) -> None:
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else ""  # else a socket in the file system
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0] or ""
    else:
        return
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host not in HERE:
        raise OSError(f"the network is cut, and {event} wants {host}")


sys.addaudithook(cut)
