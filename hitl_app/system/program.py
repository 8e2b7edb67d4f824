"""The program as it was started: from its source, installed as a package, or frozen into a folder of its own."""

import os
import runpy
import sys
from collections.abc import MutableMapping

from hitl_app.domain.errors import UserError

_MODULE = "--run-module"
_OURS = "hitl_app."
_SEARCH, _EARLIER_SEARCH = "LD_LIBRARY_PATH", "LD_LIBRARY_PATH_ORIG"
_LOCALES = ("LC_ALL", "LC_CTYPE", "LANG")
"""The variables that say in which encoding text is, the strongest first."""

_STARTERS = ("_PYI_", "QT_PLUGIN_PATH", "QML2_IMPORT_PATH")
"""What the variables begin with that the packaged application's starter sets for it."""


def is_frozen() -> bool:
    """Whether this is the packaged application, whose executable is no Python."""
    return bool(getattr(sys, "frozen", False))


def free_children(variables: MutableMapping[str, str] = os.environ) -> None:
    """In the packaged application: let no child find our libraries by the variables that led this process to them.

    Another Python, or a file manager that uses Qt, would load them and die. This process has them; and another one of
    ours sets the variables itself.
    """
    if not is_frozen():
        return
    for name in [name for name in variables if name.startswith(_STARTERS)]:
        del variables[name]
    variables.pop(_SEARCH, None)
    if _EARLIER_SEARCH in variables:
        variables[_SEARCH] = variables.pop(_EARLIER_SEARCH)


def use_utf8(variables: MutableMapping[str, str] = os.environ) -> None:
    """Where the system names no encoding: take UTF-8, as Qt would, which warns of it at each start."""
    chosen = next((name for name in _LOCALES if variables.get(name)), None)
    if sys.platform == "linux" and (chosen is None or variables[chosen] in ("C", "POSIX")):
        variables[chosen or "LC_CTYPE"] = "C.UTF-8"


def command_of(module: str) -> tuple[str, ...]:
    """The command line of a child process that runs one of our modules as a program."""
    if is_frozen():
        return (sys.executable, _MODULE, module)
    return (sys.executable, "-P", "-m", module)


def run_module_if_asked() -> bool:
    """In the packaged application: do what `command_of` asked this process for; whether it did.

    Raises:
        UserError: The module is not one of ours.
    """
    if not is_frozen() or sys.argv[1:2] != [_MODULE]:
        return False
    module = sys.argv[2] if len(sys.argv) > 2 else ""
    if not module.startswith(_OURS):
        raise UserError(f"{_MODULE} runs modules of hitl-app alone, not {module!r}")
    sys.argv[1:3] = []
    runpy.run_module(module, run_name="__main__", alter_sys=True)
    return True
