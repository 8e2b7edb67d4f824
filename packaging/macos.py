"""For macOS: what the application's bundle says of itself, its signature, and the disk image."""

import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
ENTITLEMENTS = HERE / "macos" / "entitlements.plist"
IDENTIFIER = "io.github.hitl-app.HitlApp"
"""By which macOS knows the application; it stays the same in all versions."""

IDENTITY = "HITL_APP_MACOS_IDENTITY"
"""Environment variable: the name of a "Developer ID Application" in the keychain. Without it, signatures are ad hoc."""

NOTARY_PROFILE = "HITL_APP_NOTARY_PROFILE"
"""Environment variable: a profile of `xcrun notarytool store-credentials`. Without it, Apple's notary is not asked."""

AD_HOC = "-"
MACH_O = {bytes.fromhex(magic) for magic in ("cafebabe", "cafebabf", "cefaedfe", "cffaedfe", "feedface", "feedfacf")}
"""How programs and libraries begin: for one or several processors, of either order of bytes."""


def make(folder: Path, out: Path, version: str, epoch: int) -> Path:
    """Sign the application, put it into a disk image, and have Apple's notary look at it.

    Args:
        folder: The packaged application; PyInstaller leaves the bundle `hitl-app.app` beside it.
        out: Folder that receives the disk image.
        version: For its name.
        epoch: Time of every file in it, in seconds since 1970.

    Returns:
        The disk image, for the kind of processor that this machine has.
    """
    _on_macos()
    app = folder.parent / f"{folder.name}.app"
    identity = os.environ.get(IDENTITY) or AD_HOC
    _add_what_is_beside_the_program(folder, app)
    sign(app, identity)
    image = out / f"hitl-app-{version}-macos-{platform.machine()}.dmg"
    _make_image(app, image, f"HITL desk {version}", epoch)
    if identity == AD_HOC:
        print(f"{image.name} has no Developer ID ({IDENTITY}): macOS opens it only after its user has said so.")
        return image
    _run("codesign", "--force", "--timestamp", "--sign", identity, str(image))
    if profile := os.environ.get(NOTARY_PROFILE, ""):
        _run("xcrun", "notarytool", "submit", str(image), "--keychain-profile", profile, "--wait")
        _run("xcrun", "stapler", "staple", str(image))
        _run("spctl", "--assess", "--type", "open", "--context", "context:primary-signature", str(image))
    else:
        print(f"{image.name} is signed, but Apple's notary was not asked ({NOTARY_PROFILE} is not set).")
    return image


def info_plist(version: str) -> dict[str, object]:
    """What PyInstaller adds to the bundle's Info.plist: its documents above all."""
    bundle = f"{IDENTIFIER}.bundle"
    return {
        "CFBundleName": "HITL desk",
        "CFBundleDisplayName": "HITL desk",
        "CFBundleVersion": version,
        "CFBundleDevelopmentRegion": "en",
        "CFBundleLocalizations": ["en", "zh-Hans"],
        "NSHumanReadableCopyright": "Apache License 2.0",
        "LSApplicationCategoryType": "public.app-category.developer-tools",
        "LSMinimumSystemVersion": "13.0",
        "NSHighResolutionCapable": True,
        "NSRequiresAquaSystemAppearance": False,
        "CFBundleDocumentTypes": [
            {
                "CFBundleTypeName": "HITL desk bundle",
                "CFBundleTypeIconFile": "hitl-app-bundle.icns",
                "CFBundleTypeRole": "Viewer",
                "LSHandlerRank": "Owner",
                "LSItemContentTypes": [bundle],
            }
        ],
        "UTExportedTypeDeclarations": [
            {
                "UTTypeIdentifier": bundle,
                "UTTypeDescription": "HITL desk bundle",
                "UTTypeIconFile": "hitl-app-bundle.icns",
                "UTTypeConformsTo": ["public.data"],
                "UTTypeTagSpecification": {
                    "public.filename-extension": ["hitl"],
                    "public.mime-type": ["application/vnd.hitl-app.bundle+zip"],
                },
            }
        ],
    }


def sign(app: Path, identity: str) -> None:
    """Sign a bundle from the inside out, each part before what holds it, and check the outcome.

    Args:
        app: The bundle.
        identity: A Developer ID, or `AD_HOC`.
    """
    hardened = [] if identity == AD_HOC else ["--options", "runtime", "--timestamp"]
    command = ("codesign", "--force", "--sign", identity, *hardened)
    if parts := parts_of(app):
        _run(*command, *map(str, parts))
    _run(*command, "--entitlements", str(ENTITLEMENTS), str(app))
    _run("codesign", "--verify", "--deep", "--strict", str(app))


def parts_of(app: Path) -> Sequence[Path]:
    """The libraries and frameworks of a bundle, in the order in which they are signed."""
    inside = [path for path in app.rglob("*") if not path.is_symlink()]
    libraries = [path for path in inside if path.parent != app / "Contents" / "MacOS" and _is_mach_o(path)]
    frameworks = [path for path in inside if path.suffix == ".framework" and path.is_dir()]
    return sorted([*libraries, *frameworks], key=lambda path: (-len(path.parts), path))


def _is_mach_o(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(4) in MACH_O


def _add_what_is_beside_the_program(folder: Path, app: Path) -> None:
    """Licences, for one, which PyInstaller does not know of: they go where a bundle has such things."""
    resources = app / "Contents" / "Resources"
    for path in folder.iterdir():
        if path.is_dir() and path.name != "_internal":
            shutil.copytree(path, resources / path.name, dirs_exist_ok=True)
        elif path.is_file() and path.name != folder.name:
            shutil.copyfile(path, resources / path.name)


def _make_image(app: Path, image: Path, title: str, epoch: int) -> None:
    """A disk image with the application and, to drag it there, a link to where applications are."""
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        shutil.copytree(app, root / app.name, symlinks=True)
        (root / "Applications").symlink_to("/Applications")
        for path in root.rglob("*"):
            os.utime(path, (epoch, epoch), follow_symlinks=False)
        named = ("-ov", "-format", "UDZO", "-volname", title)
        _run("hdiutil", "create", "-quiet", *named, "-srcfolder", str(root), str(image))


def _run(*command: str) -> None:
    subprocess.run(command, check=True)


def _on_macos() -> None:
    if platform.system() != "Darwin":
        sys.exit("The disk image for macOS is made on macOS, with Apple's codesign and hdiutil.")
    if subprocess.run(["xcode-select", "-p"], capture_output=True, check=False).returncode:
        sys.exit("The disk image needs Apple's command line tools: xcode-select --install.")
