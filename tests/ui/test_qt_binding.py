"""The binding that is installed is one that does not abort."""

import subprocess
import sys

LOOP = """
from PySide6.QtWidgets import QApplication, QLabel
app = QApplication([])
label = QLabel()
for number in range(200_000):
    label.setText(str(number))
"""


def test_a_label_takes_its_text_200000_times() -> None:
    """PySide6 6.12.0 drops a reference to None at each void call on Python 3.11, and aborts in this loop."""
    result = subprocess.run([sys.executable, "-c", LOOP], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")
