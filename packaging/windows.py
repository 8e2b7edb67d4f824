"""For Windows: what its executables carry, the installer, and the portable zip."""

import os
import platform
import re
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
CERTIFICATE = "HITL_APP_WINDOWS_CERTIFICATE"
"""Environment variable with the SHA-1 thumbprint of a certificate in the user's store; without it nothing is signed."""

TIME_SERVER = "http://timestamp.digicert.com"
"""Says when something was signed, so that it stays valid after the certificate."""

INNO_SETUP = ("Inno Setup 7", "Inno Setup 6")
OLDEST_TIME = 315532800
"""The first that a zip can hold, 1980."""

EXECUTABLES = {"hitl-app": "HITL desk (command line)", "hitl-desk": "HITL desk"}
"""The command line, which has a console, and the desk, which has none: with the words that Windows shows for them."""


def make(folder: Path, out: Path, version: str, epoch: int) -> Path:
    """Make the installer; sign it and the executables where there is a certificate.

    Args:
        folder: The packaged application.
        out: Folder that receives the installer.
        version: For its name, and for Windows to compare.
        epoch: Time of every file in it, in seconds since 1970.

    Returns:
        The installer.
    """
    _on_windows()
    compiler = _compiler()
    sign = _sign_command()
    if sign:
        subprocess.run([*sign, *(str(folder / f"{name}.exe") for name in EXECUTABLES)], check=True)
    installer = out / f"hitl-app-{version}-windows-x64-setup.exe"
    script = [str(HERE / "windows" / "hitl-app.iss"), *definitions(folder, installer, version, epoch)]
    if sign:
        # $q and $f are quotation mark and file, which Inno Setup fills in.
        script += ["/DSigned", "/Ssigntool=" + " ".join(_quoted(word) for word in sign) + " $f"]
    subprocess.run([str(compiler), "/Qp", *script], check=True)
    return installer


def make_zip(folder: Path, out: Path, version: str, epoch: int) -> Path:
    """Make the zip of the packaged application, for those who may not install anything.

    Args:
        folder: The packaged application.
        out: Folder that receives the zip.
        version: For its name.
        epoch: Time of every file in it, in seconds since 1970.

    Returns:
        The zip.
    """
    name = f"hitl-app-{version}-windows-x64"
    with zipfile.ZipFile(out / f"{name}.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                place = f"{name}/{path.relative_to(folder).as_posix()}"
                entry = zipfile.ZipInfo(place, time.gmtime(max(epoch, OLDEST_TIME))[:6])
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, path.read_bytes())
    return out / f"{name}.zip"


def options_of(executable: str, version: str, work: Path) -> dict[str, str]:
    """What PyInstaller puts into an executable: icon, manifest and version.

    Args:
        executable: One of `EXECUTABLES`.
        version: Of the application.
        work: Folder with the icons, which receives the description of the version.

    Returns:
        Options of PyInstaller's `EXE`.
    """
    described = work / f"{executable}-version.txt"
    described.write_text(version_resource(executable, version), "utf-8")
    return {
        "icon": str(work / "icons" / "hitl-app.ico"),
        "manifest": str(HERE / "windows" / "hitl-app.manifest"),
        "version": str(described),
    }


def version_resource(executable: str, version: str) -> str:
    """What the executable's properties say, in the words of PyInstaller's version files."""
    numbers = tuple(int(number) for number in version_numbers(version).split("."))
    strings = {
        "CompanyName": "The hitl-app authors",
        "FileDescription": EXECUTABLES[executable],
        "FileVersion": version,
        "InternalName": executable,
        "LegalCopyright": "Apache License 2.0",
        "OriginalFilename": f"{executable}.exe",
        "ProductName": "HITL desk",
        "ProductVersion": version,
    }
    table = ", ".join(f"StringStruct({key!r}, {value!r})" for key, value in strings.items())
    # 040904B0 and 1033, 1200: English in Unicode. The file is for Windows NT, and an application.
    return (
        f"VSVersionInfo(ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}, mask=0x3F, flags=0, OS=0x40004, "
        f"fileType=1, subtype=0, date=(0, 0)), kids=[StringFileInfo([StringTable('040904B0', [{table}])]), "
        "VarFileInfo([VarStruct('Translation', [1033, 1200])])])\n"
    )


def version_numbers(version: str) -> str:
    """The four numbers by which Windows compares versions: `0.2.0rc1` is 0.2.0.0."""
    release = re.match(r"\d+(?:\.\d+){0,3}", version)
    if release is None:
        sys.exit(f"The version {version!r} does not begin with a number, which Windows needs.")
    return ".".join([*release[0].split("."), "0", "0", "0"][:4])


def definitions(folder: Path, installer: Path, version: str, epoch: int) -> list[str]:
    """What the installer's script is told, as arguments of Inno Setup's compiler."""
    moment = time.gmtime(epoch)
    values = {
        "Version": version,
        "VersionNumbers": version_numbers(version),
        "Folder": folder,
        "Output": installer.parent,
        "Name": installer.stem,
        "License": ROOT / "LICENSE",
        "Icons": ROOT / "build" / "icons",
        "Date": time.strftime("%Y-%m-%d", moment),
        "Time": time.strftime("%H:%M:%S", moment),
    }
    return [f"/D{name}={value}" for name, value in values.items()]


def _compiler() -> Path:
    on_path = shutil.which("ISCC")
    folders = [Path(os.environ[name]) for name in ("PROGRAMFILES(X86)", "PROGRAMFILES") if name in os.environ]
    installed = [folder / name / "ISCC.exe" for folder in folders for name in INNO_SETUP]
    compiler = on_path or next((place for place in installed if place.is_file()), None)
    if compiler is None:
        sys.exit("The installer needs Inno Setup 6.3 or newer, and there is no ISCC.exe here.")
    return Path(compiler)


def _sign_command() -> list[str]:
    """The command that signs the files named after it; empty where there is no certificate."""
    certificate = os.environ.get(CERTIFICATE, "")
    if not certificate:
        return []
    tool = shutil.which("signtool")
    kits = Path(os.environ.get("PROGRAMFILES(X86)", "")) / "Windows Kits" / "10" / "bin"
    newest = max(kits.glob("*/x64/signtool.exe"), default=None)
    if tool is None and newest is None:
        sys.exit(f"{CERTIFICATE} is set, but signtool is not here; the Windows SDK brings it.")
    return [tool or str(newest), "sign", "/sha1", certificate, "/fd", "sha256", "/tr", TIME_SERVER, "/td", "sha256"]


def _quoted(word: str) -> str:
    return f"$q{word}$q" if " " in word else word


def _on_windows() -> None:
    if platform.system() != "Windows":
        sys.exit("The installer for Windows is made on Windows; the portable zip can be made from its folder anywhere.")
