#!/bin/sh
# Installs the Debian packages that are missing: `venv` for the virtual environment, `qt` for the window and its tests,
# `build` for the packaged application and its packages.
# Needs root for that; says which packages to install where it has none.
set -eu

case "${1:-qt}" in
venv) wanted="python3-venv" ;;
build)
    [ "$(uname)" = Linux ] || exit 0
    wanted="binutils dpkg-dev squashfs-tools"
    ;;
qt)
    [ "$(uname)" = Linux ] || exit 0
    wanted="libegl1 libgl1 libxkbcommon0 libxkbcommon-x11-0 libdbus-1-3 libfontconfig1 libfreetype6 libglib2.0-0
        libx11-xcb1 libxcb1 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0
        libxcb-render-util0 libxcb-render0 libxcb-shape0 libxcb-shm0 libxcb-sync1 libxcb-util1 libxcb-xfixes0
        libxcb-xkb1 fonts-dejavu-core fonts-noto-cjk xvfb xdotool openbox"
    ;;
*)
    echo "usage: $0 venv|qt|build" >&2
    exit 2
    ;;
esac

if ! command -v dpkg-query >/dev/null 2>&1; then
    echo "This is not Debian: install your system's packages for: $wanted" >&2
    exit 0
fi

# A package that was renamed (libglib2.0-0t64) provides the old name.
installed=$(dpkg-query --show --showformat='${db:Status-Status} ${Package}, ${Provides}\n' |
    sed -n 's/^installed //p' | tr ',' '\n' | sed 's/ (.*//; s/ //g')
missing=""
for package in $wanted; do
    printf '%s\n' "$installed" | grep -Fxq "$package" || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then
    echo "Installing system packages:$missing"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    # shellcheck disable=SC2086  # a list of names
    apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
    echo "System packages are missing, and installing them needs root. Run this, then try again:" >&2
    echo "    sudo apt-get install --no-install-recommends$missing" >&2
    exit 1
fi
