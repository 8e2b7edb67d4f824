"""What the packages for Windows and macOS say of themselves, as far as it can be judged on any machine."""

import ast
import plistlib
import re
import sys
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

import pytest

import macos
import windows

PACKAGING = Path(__file__).parents[2] / "packaging"
MACH_O = bytes.fromhex("cffaedfe")


@pytest.mark.parametrize("name", windows.EXECUTABLES)
def test_the_properties_of_an_executable_say_its_name_and_version(name: str) -> None:
    resource = ast.parse(windows.version_resource(name, "1.20.3"), mode="eval")
    calls = [node for node in ast.walk(resource) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    pairs = [[ast.literal_eval(word) for word in call.args] for call in calls if _name(call) == "StringStruct"]
    strings = dict(pairs)
    assert (strings["FileVersion"], strings["OriginalFilename"]) == ("1.20.3", f"{name}.exe")
    fixed = next(call for call in calls if _name(call) == "FixedFileInfo")
    assert {word.arg: ast.literal_eval(word.value) for word in fixed.keywords}["filevers"] == (1, 20, 3, 0)


@pytest.mark.parametrize(
    ("version", "numbers"), [("0.1.0", "0.1.0.0"), ("2.0rc1", "2.0.0.0"), ("1.2.3.4.post1", "1.2.3.4")]
)
def test_windows_compares_versions_by_four_numbers(version: str, numbers: str) -> None:
    assert windows.version_numbers(version) == numbers


def test_executables_ask_windows_for_sharp_text_and_long_paths_and_for_no_administrator() -> None:
    manifest = ET.parse(PACKAGING / "windows" / "hitl-app.manifest").getroot()  # noqa: S314  # ours
    settings = {element.tag.rpartition("}")[2]: element for element in manifest.iter()}
    assert settings["dpiAwareness"].text == "PerMonitorV2"
    assert settings["longPathAware"].text == "true"
    assert settings["requestedExecutionLevel"].get("level") == "asInvoker"


def test_the_installer_uses_what_is_defined_for_it_and_says_everything_in_both_languages() -> None:
    script = (PACKAGING / "windows" / "hitl-app.iss").read_text("utf-8")
    chinese = (PACKAGING / "windows" / "chinese.isl").read_text("utf-8-sig")
    installer = Path("out") / "setup.exe"
    defined = [
        word.split("=")[0].removeprefix("/D") for word in windows.definitions(Path("app"), installer, "0.1.0", 0)
    ]
    assert set(re.findall(r"\{#(\w+)\}", script)) == {*defined, "Application"}
    assert set(re.findall(r"^english\.(\w+)=", script, re.MULTILINE)) <= set(
        re.findall(r"^(\w+)=", chinese, re.MULTILINE)
    )


def test_the_zip_for_windows_is_the_same_whenever_it_is_made(tmp_path: Path) -> None:
    app = tmp_path / "app"
    (app / "_internal").mkdir(parents=True)
    (app / "hitl-app.exe").write_bytes(b"program")
    (app / "_internal" / "part").write_bytes(b"part")
    first = windows.make_zip(app, tmp_path, "0.1.0", 1_700_000_000)
    bytes_of_first = first.read_bytes()
    (app / "hitl-app.exe").touch()
    assert windows.make_zip(app, tmp_path, "0.1.0", 1_700_000_000).read_bytes() == bytes_of_first
    with zipfile.ZipFile(first) as archive:
        top = "hitl-app-0.1.0-windows-x64"
        assert archive.namelist() == [f"{top}/_internal/part", f"{top}/hitl-app.exe"]


def test_macos_opens_our_files_with_the_desk_and_knows_what_it_needs() -> None:
    said = plistlib.loads(plistlib.dumps(macos.info_plist("0.1.0")))
    exported, shown = said["UTExportedTypeDeclarations"][0], said["CFBundleDocumentTypes"][0]
    assert exported["UTTypeTagSpecification"]["public.filename-extension"] == ["hitl"]
    assert shown["LSItemContentTypes"] == [exported["UTTypeIdentifier"]]
    assert (said["LSMinimumSystemVersion"], said["NSHighResolutionCapable"]) == ("13.0", True)
    assert re.fullmatch(r"[A-Za-z0-9.-]+", macos.IDENTIFIER)


def test_the_hardened_runtime_is_loosened_for_nothing_but_functions_that_are_made_while_it_runs() -> None:
    assert plistlib.loads(macos.ENTITLEMENTS.read_bytes()) == {
        "com.apple.security.cs.allow-jit": True,
        "com.apple.security.cs.allow-unsigned-executable-memory": True,
    }


def test_parts_of_an_application_are_signed_before_what_holds_them(tmp_path: Path) -> None:
    contents = tmp_path / "hitl-app.app" / "Contents"
    framework = contents / "Frameworks" / "Python.framework"
    for place in ("Frameworks/Python.framework/Versions/3.11/Python", "Frameworks/b.dylib", "MacOS/hitl-app"):
        (contents / place).parent.mkdir(parents=True, exist_ok=True)
        (contents / place).write_bytes(MACH_O + b"code")
    (contents / "Frameworks" / "notes.txt").write_text("no code")
    (contents / "Frameworks" / "a.dylib").symlink_to("b.dylib")
    assert macos.parts_of(contents.parent) == [
        framework / "Versions" / "3.11" / "Python",
        framework,
        contents / "Frameworks" / "b.dylib",
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="the packages can be made on the other systems")
def test_packages_that_need_another_system_say_so(tmp_path: Path) -> None:
    for module in (windows, macos):
        with pytest.raises(SystemExit, match="is made on"):
            module.make(tmp_path, tmp_path, "0.1.0", 0)


def _name(call: ast.Call) -> str:
    assert isinstance(call.func, ast.Name)
    return call.func.id
