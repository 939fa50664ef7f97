"""JupyterLab on a copy of the chapters."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

from rnnbook.course.edition import writing
from tests.execute import CHAPTERS

SOUND = ("06-applications/08-speech-synthesis.ipynb", "06-applications/09-music.ipynb")


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """The address of a JupyterLab that shows a copy of the chapters, as a newcomer has it, in Chinese too."""
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(CHAPTERS, folder / "chapters")
    writing.write(folder / "chapters" / "zh", "zh_CN")
    own = {name: str(folder / name) for name in ("workspaces", "config", "data", "runtime")}
    settings = folder / "settings" / "@jupyterlab" / "notebook-extension"
    settings.mkdir(parents=True)
    # All cells in the page at once: a test looks for cells far below the window.
    (settings / "tracker.jupyterlab-settings").write_text('{"windowingMode": "none"}', encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {
        "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": own["workspaces"],
        "JUPYTER_CONFIG_DIR": own["config"],
        "JUPYTER_DATA_DIR": own["data"],
        "JUPYTER_RUNTIME_DIR": own["runtime"],
    }
    # JupyterLab shows no player of a notebook that it does not trust: what the menu's 'Trust Notebook' does.
    heard = [str(folder / "chapters" / name) for name in SOUND]
    subprocess.run(
        [sys.executable, "-m", "jupyter", "trust", *heard], env=environment, check=True, capture_output=True
    )
    server = subprocess.Popen(
        [
            sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root",
            "--ip=127.0.0.1", f"--port={port}", "--IdentityProvider.token=",
            f"--ServerApp.root_dir={folder / 'chapters'}",
        ],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(120):
            assert server.poll() is None, "JupyterLab did not start"
            try:
                urllib.request.urlopen(address + "/api", timeout=1).close()
                break
            except OSError:
                time.sleep(0.5)
        yield address
    finally:
        server.terminate()
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:  # it asks once more while kernels run
            server.kill()
