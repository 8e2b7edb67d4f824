"""The least that a packaged window is: what the packaged desk is compared with."""

from PySide6.QtWidgets import QApplication, QLabel, QMainWindow

app = QApplication([])
window = QMainWindow()
window.setCentralWidget(QLabel("A bare window"))
window.resize(1600, 1000)
window.show()
app.exec()
