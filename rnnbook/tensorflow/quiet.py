"""Import TensorFlow without the lines that its C code writes to stderr, which Python cannot catch."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quiet_stderr() -> Iterator[None]:
    """Keep what is written to file descriptor 2 off the screen; show it after all if the block raises."""
    try:
        if sys.stderr is not None:
            sys.stderr.flush()
        screen = os.dup(2)
    except (OSError, ValueError):  # there is no stderr to keep quiet
        yield
        return
    with tempfile.TemporaryFile() as captured:
        os.dup2(captured.fileno(), 2)
        try:
            yield
        except BaseException:
            os.dup2(screen, 2)
            captured.seek(0)
            os.write(2, captured.read())
            raise
        finally:
            if sys.stderr is not None:
                sys.stderr.flush()
            os.dup2(screen, 2)
            os.close(screen)
