#!/bin/sh
# prune-packages.sh FOLDER: takes out of FOLDER/node_modules what only other systems, compilers and developers need.
# For the image, and for servers on Linux; `npm ci --omit=dev` brings everything back.
set -eu
cd "$1/node_modules"

case $(uname -m) in
  x86_64) arch=x64 ;;
  aarch64) arch=arm64 ;;
  *) echo "prune-packages.sh knows x86_64 and aarch64, and this is $(uname -m)" >&2; exit 1 ;;
esac

# Binaries for other systems.
for folder in onnxruntime-node/bin/napi-v6/*/*; do
  [ "$folder" = "onnxruntime-node/bin/napi-v6/linux/$arch" ] || rm -rf "$folder"
done
for file in better-sqlite3/prebuilds/*; do
  [ "$file" = "better-sqlite3/prebuilds/linux-$arch.node" ] || rm -f "$file"
done
for folder in @img/sharp-*; do
  [ "${folder%"-linux-$arch"}" != "$folder" ] || rm -rf "$folder"
done

# What compiling takes: SQLite's sources, Node's headers.
rm -rf better-sqlite3/deps better-sqlite3/src better-sqlite3/binding.gyp node-addon-api
rm -rf "node-linux-$arch/include" "node-linux-$arch/share" "node-linux-$arch/lib" "node-linux-$arch/CHANGELOG.md"

# Posters are lettered in one face of each font.
find dejavu-fonts-ttf/ttf -type f ! -name DejaVuSans-Bold.ttf -delete
rm -f dejavu-fonts-ttf/status.txt
find @expo-google-fonts/noto-emoji -type f -name '*.ttf' ! -name NotoEmoji_700Bold.ttf -delete
rm -f @fontsource/unifontex/files/*.woff2

# What browsers, editors and debuggers read.
rm -rf h5wasm/dist/esm h5wasm/dist/iife
find . -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.cts' -o -name '*.d.mts' \) -delete
find . -depth -type d -empty -delete

# npm 10 leaves this link out.
mkdir -p .bin
ln -sf "../node-linux-$arch/bin/node" .bin/node
