#!/bin/sh
# Fuzzes every target for some seconds each; what is found lands in build-fuzz/.
set -eu
seconds=${1:-60}
cd "$(dirname "$0")/../.."
[ -f build-fuzz/build.ninja ] || CC=clang meson setup build-fuzz --buildtype=debugoptimized -Dfuzz=true \
	-Db_sanitize=address,undefined -Db_lundef=false -Dc_args=-fsanitize=fuzzer-no-link -Dc_link_args=-fsanitize=fuzzer-no-link
for f in tests/fuzz/fuzz_*.c; do
	name=$(basename "$f" .c)
	name=${name#fuzz_}
	ninja -C build-fuzz --quiet "tests/fuzz/fuzz_$name"
	mkdir -p "build-fuzz/found/$name"
	echo "==> $name, $seconds s"
	"build-fuzz/tests/fuzz/fuzz_$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
		-artifact_prefix="build-fuzz/found/$name-" "build-fuzz/found/$name" "tests/fuzz/corpus/$name"
done
