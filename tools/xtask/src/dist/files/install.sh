#!/bin/sh
# このパソコンの、今の利用者だけに入れます。管理者の権限は要りません。
# Installs for this user alone; no administrator is needed.
#   ./install.sh            入れる / install
#   ./install.sh --remove   取り除く / remove
set -eu

here=$(cd "$(dirname "$0")" && pwd)
data=${XDG_DATA_HOME:-"$HOME/.local/share"}
programs="$HOME/.local/lib/irefuda"
link="$HOME/.local/bin/irefuda-booth"
desktop="$data/applications/irefuda.desktop"
mime="$data/mime/packages/irefuda.xml"
icon="$data/icons/hicolor/scalable/apps/irefuda.svg"

refresh() {
    if command -v update-mime-database >/dev/null; then
        update-mime-database "$data/mime" || true
    fi
    if command -v update-desktop-database >/dev/null; then
        update-desktop-database "$data/applications" || true
    fi
}

case "${1:-}" in
"") ;;
--remove)
    rm -rf "$programs"
    rm -f "$link" "$desktop" "$mime" "$icon"
    refresh
    echo "取り除きました / removed"
    exit 0
    ;;
*)
    echo "install.sh [--remove]" >&2
    exit 2
    ;;
esac

# The old files go only after all of the new ones are there.
half="$programs.new"
rm -rf "$half"
mkdir -p "$half"
cp -R "$here/irefuda-booth" "$here/irefuda-face-worker" "$here/booth.toml" "$here/models" \
    "$here/LICENSE" "$here/NOTICE" "$here/README.txt" "$half/"
rm -rf "$programs"
mv "$half" "$programs"

mkdir -p "$(dirname "$link")" "$(dirname "$desktop")" "$(dirname "$mime")" "$(dirname "$icon")"
ln -sf "$programs/irefuda-booth" "$link"
cp "$here/share/irefuda.svg" "$icon"
cp "$here/share/irefuda.xml" "$mime"
# The path between quotation marks, as desktop entries want names with blanks.
awk -v exec="\"$programs/irefuda-booth\"" '{ at = index($0, "@EXEC@"); if (at) $0 = substr($0, 1, at - 1) exec substr($0, at + 6); print }' \
    "$here/share/irefuda.desktop" >"$desktop"
refresh
if command -v xdg-mime >/dev/null; then
    xdg-mime default irefuda.desktop application/x-irefuda || true
fi
echo "入れました。投票認証ファイル（名前の終わりが .irefuda）を開いてください。"
echo "Installed in $programs. Open the start file (*.irefuda)."
