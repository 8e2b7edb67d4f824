"""The bill of materials of the packaged application, in CycloneDX's format: each part, each file, each licence.

Run with the Python of the environment that it was packaged in:
`python packaging/sbom.py FOLDER OUT --version VERSION --epoch SECONDS`.
"""

import argparse
import json
import platform
import subprocess
import sys
import uuid
from datetime import UTC, datetime
from importlib.metadata import version as version_of
from pathlib import Path

from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import LicenseExpression
from cyclonedx.model.tool import ToolRepository
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

from attribution import Inner, inside, licence_of
from contents import APPLICATION, Origin, Part, digest, normalized, parts_of

TOOL = "cyclonedx-bom"


def make(folder: Path, out: Path, *, version: str, epoch: int) -> Path:
    """Write the bill of materials.

    Args:
        folder: The packaged application, made in the running environment.
        out: Folder that receives it.
        version: Of the application.
        epoch: Its time, in seconds since 1970.

    Returns:
        The file.

    Raises:
        SystemExit: A file belongs to no known part, or the bill is not valid.
    """
    parts = parts_of(folder)
    installed = _installed()
    described = {normalized(component.name): component for component in installed.components}
    needs = _needs(installed)
    components = {part.origin: _component(part, folder, described) for part in parts}
    root = next(component for origin, component in components.items() if origin.kind == "application")
    root.type = ComponentType.APPLICATION
    others = [component for component in components.values() if component is not root]
    bom = Bom(
        components=others,
        metadata=BomMetaData(
            component=root,
            timestamp=datetime.fromtimestamp(epoch, UTC),
            tools=ToolRepository(components=[_tool()]),
        ),
    )
    _depend(bom, needs, {origin.name: component for origin, component in components.items()}, root)
    # A bill of the same contents has the same number.
    bom.serial_number = uuid.UUID(int=0)
    bom.serial_number = uuid.uuid5(uuid.NAMESPACE_URL, _text(bom))
    file = out / f"{APPLICATION}-{version}.cdx.json"
    file.write_text(_validated(_text(bom)), "utf-8", newline="\n")
    return file


def _installed() -> Bom:
    """What CycloneDX's own tool says of the running environment."""
    said = subprocess.run(
        [sys.executable, "-m", "cyclonedx_py", "environment", "--output-reproducible", sys.executable],
        stdout=subprocess.PIPE,
        check=True,
    )
    bom: Bom = Bom.from_json(json.loads(said.stdout))  # type: ignore[attr-defined]  # the library makes it at run time
    return bom


def _component(part: Part, folder: Path, described: dict[str, Component]) -> Component:
    """A part with its files and what is compiled into it."""
    origin = part.origin
    component = Component(name=origin.name, version=origin.version, purl=_purl(origin))
    if origin.kind == "python-package":
        component = described[origin.name]
    component.bom_ref.value = str(origin)
    component.licenses = [LicenseExpression(licence_of(origin))]
    if part.modules:
        component.properties.add(Property(name=f"{APPLICATION}:modules-in-executable", value=str(part.modules)))
    component.components = [
        *(_file(folder, place) for place in part.files),
        *(_inner(one, origin) for one in inside(part, folder)),
    ]
    return component


def _file(folder: Path, place: str) -> Component:
    return Component(
        name=place,
        type=ComponentType.FILE,
        bom_ref=place,
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest(folder / place))],
    )


def _inner(one: Inner, within: Origin) -> Component:
    return Component(
        name=one.name,
        version=one.version or None,
        bom_ref=f"{one} in {within}",
        licenses=[LicenseExpression(one.licence)],
        copyright=one.copyright or None,
        purl=PackageURL.from_string(one.purl) if one.purl else None,
    )


def _purl(origin: Origin) -> PackageURL | None:
    """Under which name scanners for vulnerabilities know a part."""
    if origin.kind == "debian":
        system = platform.freedesktop_os_release()
        qualifiers = {"distro": f"{system['ID']}-{system['VERSION_ID']}"}
        return PackageURL("deb", system["ID"], origin.name, origin.version, qualifiers)
    if origin.kind in {"python-package", "bootloader"}:
        return PackageURL("pypi", None, normalized(origin.name), origin.version)
    return None if origin.kind == "application" else PackageURL("generic", None, origin.name.lower(), origin.version)


def _tool() -> Component:
    return Component(name=TOOL, version=version_of(TOOL), type=ComponentType.APPLICATION, bom_ref=TOOL)


def _needs(installed: Bom) -> dict[str, set[str]]:
    """Which Python package needs which others."""
    names = {component.bom_ref.value: normalized(component.name) for component in installed.components}
    return {
        names[one.ref.value]: {names[needed.ref.value] for needed in one.dependencies}
        for one in installed.dependencies
        if one.ref.value in names
    }


def _depend(bom: Bom, needs: dict[str, set[str]], components: dict[str, Component], root: Component) -> None:
    """Say who needs whom; what is no Python package, the application needs."""
    for name, component in components.items():
        wanted = needs.get(name, set())
        if component is root:
            wanted = wanted | {*components} - {*needs} - {name}
        bom.register_dependency(component, [components[one] for one in sorted(wanted) if one in components])


def _text(bom: Bom) -> str:
    return JsonV1Dot6(bom).output_as_string(indent=2) + "\n"


def _validated(text: str) -> str:
    if wrong := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        sys.exit(f"the bill of materials is not valid: {wrong}")
    return text


def main() -> None:
    """Write the bill of what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="the packaged application")
    parser.add_argument("out", type=Path, help="folder that receives the bill")
    parser.add_argument("--version", required=True, help="of the application")
    parser.add_argument("--epoch", required=True, type=int, help="its time, in seconds since 1970")
    arguments = parser.parse_args()
    print(make(arguments.folder, arguments.out, version=arguments.version, epoch=arguments.epoch))


if __name__ == "__main__":
    main()
