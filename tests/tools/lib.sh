# Cases for build tools: each is a small tree in a folder of its own, a call, and what it must say.
# TAP on stdout. A test file sources this, calls the functions below and ends with `finish`.
set -u
LC_ALL=C
export LC_ALL
TAB=$(printf '\t')
count=0
failed=0
top=$(mktemp -d)
trap 'rm -rf "$top"' EXIT

# An empty folder to work in.
fresh() {
	count=$((count + 1))
	work=$top/$count
	mkdir -p "$work"
	cd "$work" || exit 2
}

# put FILE LINE…: writes lines, in which ¦ stands for a tab.
put() {
	file=$1
	shift
	mkdir -p "$(dirname "$file")"
	printf '%s\n' "$@" | sed "s/¦/$TAB/g" >"$file"
}

verdict() {
	if [ "$1" = ok ]; then
		echo "ok $count - $name"
	else
		failed=$((failed + 1))
		echo "not ok $count - $name"
		echo "# $2"
		sed 's/^/#   /' "$work/.said"
	fi
}

# refuses NAME 'the one line' COMMAND…: exit code 1 and exactly this on stderr.
refuses() {
	name=$1
	want=$2
	shift 2
	"$@" >/dev/null 2>"$work/.said"
	code=$?
	if [ "$code" = 1 ] && [ "$(cat "$work/.said")" = "$want" ]; then
		verdict ok
	else
		verdict bad "exit code $code, wanted 1 and: $want; said:"
	fi
}

# accepts NAME COMMAND…: exit code 0 and nothing on stderr.
accepts() {
	name=$1
	shift
	"$@" >/dev/null 2>"$work/.said"
	code=$?
	if [ "$code" = 0 ] && [ ! -s "$work/.said" ]; then
		verdict ok
	else
		verdict bad "exit code $code, wanted 0 and silence; said:"
	fi
}

# holds NAME FILE TEXT: the file that the tool wrote has the text in it.
holds() {
	count=$((count + 1))
	name=$1
	cp "$2" "$work/.said"
	if grep -qF -- "$3" "$2"; then
		verdict ok
	else
		verdict bad "$2 lacks: $3; it holds:"
	fi
}

finish() {
	echo "1..$count"
	[ "$failed" = 0 ]
}
