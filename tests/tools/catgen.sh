#!/bin/sh
# catgen.sh CATGEN: what a catalog may not be.
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"
tool=$(realpath "$1")
check() { "$tool" stamp dep catalog "$@"; }
meta() { # EDITION FROM UNTIL
	put "catalog/air/$1/META" 'title_zh: 空气' 'title_en: Air' 'source: a standard' "edition: $1" 'issued: 2012-02-29' \
		"in_force: $2" "until: $3" 'status: in_force' 'certainty: verified'
}
air() {
	put catalog/SCHEMA/air.tsv 'table¦column¦type¦required¦unique' 'FAMILY¦exclusive¦yes¦¦' 'FAMILY¦law¦yes¦¦' \
		'limits¦id¦text¦yes¦yes' 'limits¦value¦real:0..1000¦yes¦' 'limits¦period¦enum:hour|day¦no¦' 'limits¦from¦date¦no¦' \
		'limits¦of¦ref:limits/id¦no¦' 'limits¦source¦text¦yes¦' 'limits¦clause¦text¦yes¦'
	meta 2012 2016-01-01 ''
}
limits() { put catalog/air/2012/limits.tsv "$@"; }
H='id¦value¦source¦clause'

fresh
air
limits "$H" '# a comment' 'pm25¦75¦GB 3095¦4.1'
accepts 'a sound edition' check

fresh
air
limits "$H¦colour" 'pm25¦75¦GB 3095¦4.1¦red'
refuses 'an unknown column' "catalog/air/2012/limits.tsv:1: unknown column 'colour'" check

fresh
air
limits 'id¦value¦source' 'pm25¦75¦GB 3095'
refuses 'a column that is missing' "catalog/air/2012/limits.tsv:1: column 'clause' is missing" check

fresh
air
limits "$H" 'pm25¦75¦GB 3095¦4.1' 'pm10¦150¦¦4.1'
refuses 'a limit without its source' 'catalog/air/2012/limits.tsv:3: source is missing' check

fresh
air
limits "$H" 'pm25¦many¦GB 3095¦4.1'
refuses 'a number that is none' "catalog/air/2012/limits.tsv:2: value 'many' is not a number 0..1000" check

fresh
air
limits "$H" 'pm25¦1001¦GB 3095¦4.1'
refuses 'a number out of its range' "catalog/air/2012/limits.tsv:2: value '1001' is not a number 0..1000" check

fresh
air
limits "$H¦period" 'pm25¦75¦GB 3095¦4.1¦week'
refuses 'a word that is not in the list' "catalog/air/2012/limits.tsv:2: period 'week' is not one of hour|day" check

fresh
air
limits "$H¦from" 'pm25¦75¦GB 3095¦4.1¦2023-02-29'
refuses 'a day that never was' "catalog/air/2012/limits.tsv:2: from '2023-02-29' is not a date YYYY-MM-DD" check

fresh
air
limits "$H¦of" 'pm25¦75¦GB 3095¦4.1¦pm1'
refuses 'a reference to nothing' "catalog/air/2012/limits.tsv:2: of 'pm1' is not in limits/id" check

fresh
air
limits "$H" 'pm25¦75¦GB 3095¦4.1' 'pm25¦35¦GB 3095¦4.1'
refuses 'an id that stands twice' "catalog/air/2012/limits.tsv:3: 'pm25' stands in line 2 already" check

fresh
air
limits "$H" 'pm25¦75¦GB 3095'
refuses 'a row that is too short' 'catalog/air/2012/limits.tsv:2: another number of cells than there are columns' check

fresh
air
limits "$H" 'pm25¦75¦GB 3095¦4.1'
sed -i '/^source/d' catalog/air/2012/META
refuses 'an edition without a source' 'catalog/air/2012/META: source is missing' check

fresh
air
limits "$H" 'pm25¦75¦GB 3095¦4.1'
sed -i 's/^in_force.*/in_force: soon/' catalog/air/2012/META
refuses 'an edition in force since no day' "catalog/air/2012/META:6: in_force 'soon' is not a date YYYY-MM-DD" check

fresh
air
limits "$H" 'pm25¦75¦GB 3095¦4.1'
sed -i 's/^edition.*/edition: 2013/' catalog/air/2012/META
refuses 'an edition in the wrong folder' "catalog/air/2012/META: edition '2013' is not the name of its folder" check

fresh
air
limits "$H" 'pm25¦75¦GB 3095¦4.1'
echo 'color: red' >>catalog/air/2012/META
refuses 'a key that META does not know' "catalog/air/2012/META:10: unknown key 'color'" check

fresh
air
limits "$H" 'pm25¦75¦GB 3095¦4.1'
meta 2018 2018-09-01 ''
put catalog/air/2018/limits.tsv "$H" 'pm25¦75¦GB 3095¦4.1'
refuses 'two editions in force at once' 'catalog/air/2018: is in force at the same time as air/2012' check
meta 2012 2016-01-01 2018-08-31
count=$((count + 1))
accepts 'but not one after the other' check

fresh
air
refuses 'an edition without its table' 'catalog/air/2012: table limits.tsv is missing' check

fresh
air
limits "$H" 'pm25¦75¦GB 3095¦4.1'
put catalog/air/2012/other.tsv 'a' '1'
refuses 'a table that the schema does not know' \
	'catalog/air/2012/other.tsv: the schema of air knows no such table' check

fresh
air
limits "$H" 'pm25¦75¦GB 3095¦4.1'
put catalog/air/2012/notes.doc 'x'
refuses 'another file in an edition' 'catalog/air/2012/notes.doc: only META and tables (.tsv) stand in an edition' check

fresh
air
limits "$H" 'pm25¦75¦GB 3095¦4.1'
put catalog/air/x.tsv 'a' '1'
refuses 'a table outside an edition' 'catalog/air/x.tsv: no META stands beside it' check

fresh
meta 2012 2016-01-01 ''
refuses 'a family without a schema' 'catalog/air/2012/META: SCHEMA/air.tsv is missing' check

fresh
air
limits "$H" 'pm25¦75¦GB 3095¦4.1'
put catalog/SCHEMA/air.tsv 'table¦column' 'limits¦id' 'limits¦value' 'limits¦source' 'limits¦clause'
refuses 'a schema that says too little' "catalog/SCHEMA/air.tsv:1: column 'type' is missing" check

fresh
put catalog/SCHEMA/air.tsv 'table¦column¦type¦required¦unique' 'limits¦id¦number¦yes¦'
refuses 'a type that nobody knows' "catalog/SCHEMA/air.tsv:2: unknown type 'number'" check

fresh
put catalog/SCHEMA/air.tsv 'table¦column¦type¦required¦unique' 'FAMILY¦law¦yes¦¦' 'limits¦id¦text¦yes¦'
refuses 'law without source and clause' \
	'catalog/SCHEMA/air.tsv:3: table limits states law: it needs columns source and clause' check

fresh
air
put built.tsv "$H" 'pm25¦x¦GB 3095¦4.1'
refuses 'the same in a table that was built' "catalog/air/2012/limits.tsv:2: value 'x' is not a number 0..1000" \
	check air/2012/limits.tsv=built.tsv

finish
