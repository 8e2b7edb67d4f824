"""Starts of the desk beside each other, in processes of their own."""

import json
import os
import subprocess
import sys
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalSocket
from PySide6.QtWidgets import QApplication

from hitl_app.domain.store_file import STORE
from hitl_app.ui.single_instance import DeskClaim, DeskServer

PATIENCE = 60.0
"""Seconds until one start has found the other: generous, because machines are."""

STARTS = 3

START = f"""
import os
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from hitl_app.ui.single_instance import DeskClaim, DeskServer, Request, take_or_hand_over

store, folder, file = map(Path, sys.argv[1:])
claim = DeskClaim(store, folder, "ann")
if not take_or_hand_over(claim, Request((file,)), {PATIENCE}):
    sys.exit()
app, files = QCoreApplication([]), [file]
server = DeskServer(claim, app)
def take():
    knock = server.knocks.popleft()
    assert knock.take()
    files.extend(knock.request.files)
    if len(files) == {STARTS}:
        print(os.getpid(), *files, flush=True)
server.knocked.connect(take)
app.exec()
"""


def test_starts_in_one_instant_are_one_desk_and_what_it_leaves_when_killed_is_in_nobodys_way(
    qapp: QApplication, tmp_path: Path
) -> None:
    files = [str(tmp_path / str(number)) for number in range(STARTS)]
    command = [sys.executable, "-c", START, str(tmp_path / STORE), str(tmp_path)]
    reading, writing = os.pipe()
    starts = [subprocess.Popen([*command, file], stdout=writing) for file in files]
    os.close(writing)
    with os.fdopen(reading) as pipe:
        number, *opened = pipe.readline().split()
    assert sorted(opened) == files
    (desk,) = (each for each in starts if each.pid == int(number))
    assert [each.wait(PATIENCE) for each in starts if each is not desk] == [0] * (STARTS - 1)
    desk.kill()
    desk.wait()

    claim = DeskClaim(tmp_path / STORE, tmp_path, "ann")
    assert len(list(tmp_path.iterdir())) == 2
    assert claim.take()
    server, socket = DeskServer(claim, qapp), QLocalSocket()
    socket.connectToServer(claim.address)
    assert socket.waitForConnected()
    server.close()
    claim.release()
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_a_second_start_of_the_desk_hands_its_files_over_and_says_so(tmp_path: Path) -> None:
    file, session, data_dir = tmp_path / "runs.json", tmp_path / "s", tmp_path / "desk"
    file.write_text(json.dumps({"messages": [{"role": "user", "content": "Hi"}]}))
    session.mkdir(0o700)
    variables = os.environ | {"QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": str(session)}
    command = [sys.executable, "-m", "hitl_app", "--data-dir", str(data_dir), "open", str(file)]
    with ThreadPoolExecutor() as threads:
        starts = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=variables) for _ in range(2)]
        talks = {threads.submit(each.communicate): each for each in starts}
        try:
            (handed_over,), _ = wait(talks, PATIENCE, FIRST_COMPLETED)
        finally:
            for each in starts:
                each.kill()
    said = f"hitl-app: the desk on {data_dir / STORE} is open already, and took 1 to open\n"
    assert (handed_over.result()[1], talks[handed_over].returncode) == (said, 0)
