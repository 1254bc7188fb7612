#!/bin/sh
# Replays every corpus; one test a file. A crash is a failure.
build=${1:-build}
cd "$(dirname "$0")/../.."
passed=0 failed=0
for corpus in tests/fuzz/corpus/*/; do
	name=$(basename "$corpus")
	out=$("$build/tests/fuzz/replay_$name" "$corpus" 2>&1)
	code=$?
	n=$(printf '%s\n' "$out" | grep -c '^ok ')
	passed=$((passed + n))
	if [ $code != 0 ]; then
		failed=$((failed + 1))
		printf 'not ok - %s\n    exit %s after %s files: %s\n' "$name" $code "$n" "$(printf '%s' "$out" | tail -n 2 | tr '\n' ' ')"
	fi
done
echo "fuzz: $passed passed, $failed failed, 0 skipped"
[ $failed = 0 ] && [ $passed -gt 0 ]
