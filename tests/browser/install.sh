#!/usr/bin/env bash
# Makes sure that a Chromium and a Chinese font are there for the browser tests.
set -euo pipefail

find_browser() { command -v chromium || command -v chromium-browser || command -v google-chrome; }

if find_browser >/dev/null && fc-list :lang=zh 2>/dev/null | grep -q .; then
  exit 0
fi
as_root=()
if [ "$(id -u)" -ne 0 ]; then as_root=(sudo -n); fi
if ! command -v apt-get >/dev/null; then
  echo "The browser tests need Chromium and a Chinese font; install them with your system's packages." >&2
  exit 1
fi
echo "installing Chromium and fonts for the browser tests"
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk fontconfig >/dev/null
find_browser >/dev/null
