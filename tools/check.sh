#!/bin/sh
# Slower looks at the same sources: another compiler, the sanitizers, the layers, the catalogs.
set -eu
build=${1:-build}
cd "$(dirname "$0")/.."
step() { echo "==> $*"; }

step "layers and catalogs"
ninja -C "$build" --quiet
"$build/bihuan" catalog check

configure() {
	dir=$1
	shift
	[ -f "$dir/build.ninja" ] || CC=clang meson setup "$dir" "$@" >"$dir.log" 2>&1 || { cat "$dir.log"; exit 1; }
	rm -f "$dir.log"
	ninja -C "$dir" --quiet
}

step "clang, warnings are errors"
configure build-clang --werror --buildtype=debugoptimized

step "address and undefined behaviour"
configure build-asan --buildtype=debug -Db_sanitize=address,undefined -Db_lundef=false
ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 \
	meson test -C build-asan --no-rebuild --print-errorlogs --timeout-multiplier 4

step "threads"
configure build-tsan --buildtype=debug -Db_sanitize=thread -Db_lundef=false
TSAN_OPTIONS=halt_on_error=1 meson test -C build-tsan --no-rebuild --print-errorlogs --timeout-multiplier 8
