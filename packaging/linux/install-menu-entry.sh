#!/bin/sh
# Puts the desk into your desktop's menu, for you alone; with --remove, takes it out again.
set -eu

case "${1-}" in
"" | --remove) ;;
*)
    echo "usage: $0 [--remove]" >&2
    exit 2
    ;;
esac

here=$(cd "$(dirname "$0")" && pwd)
case "$here" in
*[\"\`\$\\%\|\&]*)
    echo "The menu cannot start a program from $here: move it to a folder without any of \" \` \$ \\ % | & in its name." >&2
    exit 1
    ;;
esac

share=${XDG_DATA_HOME:-$HOME/.local/share}
cd "$here/share"
find applications icons mime -type f | while read -r file; do
    if [ "${1-}" = --remove ]; then
        rm -f "$share/$file"
        continue
    fi
    mkdir -p "$share/$(dirname "$file")"
    sed -e "s|^Exec=hitl-app|Exec=\"$here/hitl-app\"|" -e "s|^TryExec=.*|TryExec=$here/hitl-app|" "$file" >"$share/$file"
done

# Where one of these is not there, the desktop looks itself.
if command -v update-desktop-database >/dev/null; then update-desktop-database "$share/applications"; fi
if command -v update-mime-database >/dev/null; then update-mime-database "$share/mime"; fi
if command -v gtk-update-icon-cache >/dev/null; then gtk-update-icon-cache -q -t -f "$share/icons/hicolor" || true; fi

if [ "${1-}" = --remove ]; then
    echo "The menu entry is removed. Your work is still in $share/hitl-app."
else
    echo "HITL desk is in the menu, and opens bundles (*.hitl). To take that back: $0 --remove"
fi
