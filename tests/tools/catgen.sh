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
printf 'limits\tnote\ttext\tno\t\nlimits\tnote_zh\ttext\tno\t\n' >> catalog/SCHEMA/air.tsv
limits "$H¦note¦note_zh" 'pm25¦75¦GB 3095¦4.1¦at night only¦'
refuses 'words in one language only' 'catalog/air/2012/limits.tsv:2: note_zh and note: both or neither' check

fresh
air
limits "$H" 'pm25¦75¦GB 3095¦4.1'
printf 'META\tsource_zh\ttext\tno\t\nMETA\tnote_zh\ttext\tno\t\n' >> catalog/SCHEMA/air.tsv
echo 'source_zh: 某标准' >> catalog/air/2012/META
echo 'note: not read' >> catalog/air/2012/META
refuses 'a note in English only' 'catalog/air/2012/META: note_zh and note: both or neither' check

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

# ---- criteria, checklists and risk tables: what their form cannot say

root=$(cd "$here/../.." && pwd)
hazard() { # BRANCH EDITION FROM: an edition without items
	put "catalog/hazard/$1/$2/META" 'title_zh: 标准' 'title_en: Criteria' 'source: a standard' 'source_zh: 某标准' "edition: $2" "in_force: $3" \
		'until:' 'status: in_force' 'certainty: verified' 'branch_zh: 燃气' 'branch_en: Gas' 'number: 1' 'issuer_zh: 部' \
		'issuer_en: Ministry' 'sectors: gas' 'form: article' 'dates: verified' 'items: 2'
	put "catalog/hazard/$1/$2/groups.tsv" 'id¦zh¦en' 'all¦全部¦All'
}
I='id¦clause¦group¦kind¦zh¦en¦pre_zh¦pre_en¦from¦certainty¦replaces'
items() { # EDITION ROW…
	edition=$1
	shift
	put "catalog/hazard/gas/$edition/items.tsv" "$I" "$@"
}
house() {
	put catalog/checklist/house/2026/META 'title_zh: 检查表' 'title_en: Lists' 'source: house' 'edition: 2026' \
		'in_force: 2026-01-01' 'until:' 'status: house' 'certainty: engineering'
}
Q='id¦types¦group_zh¦group_en¦zh¦en¦answer¦finding¦photo¦weight¦criterion¦show_if¦lo¦certainty¦source'
ask() { # ID ANSWER FINDING CRITERION SHOW_IF LO
	printf '%s¦*¦组¦G¦问¦Ask¦%s¦%s¦0¦1¦%s¦%s¦%s¦engineering¦house' "$@"
}
questions() { put catalog/checklist/house/2026/items.tsv "$Q" "$@"; }
types() { put catalog/checklist/house/2026/types.tsv 'type¦branch¦group¦show_if' "$@"; }
law() {
	fresh
	mkdir -p catalog/SCHEMA
	cp "$root/catalog/SCHEMA/hazard.tsv" "$root/catalog/SCHEMA/checklist.tsv" "$root/catalog/SCHEMA/risk.tsv" \
		"$root/catalog/SCHEMA/sector.tsv" catalog/SCHEMA/
	cp -r "$root/catalog/sector" catalog/sector
	hazard gas 2023 2023-01-01
	items 2023 'gas-2023-1¦1(1)¦all¦direct¦甲¦a¦¦¦¦verified¦' 'gas-2023-2¦1(2)¦all¦unknown¦乙¦b¦¦¦¦memory-low¦'
}
G=catalog/hazard/gas/2023/items.tsv
H=catalog/checklist/house/2026/items.tsv

law
accepts 'sound criteria' check

law
I="$I¦source¦source_zh" items 2023 'gas-2023-1¦1(1)¦all¦direct¦甲¦a¦¦¦¦verified¦¦page 7¦'
refuses 'a source in one language' "$G:2: source_zh and source: both or neither" check

law
hazard gas 2023 ''
refuses 'an edition without its first day' 'catalog/hazard/gas/2023/META: in_force is missing' check

law
items 2023 'gas-2023-1¦1(1)¦all¦direct¦甲¦a¦¦¦2022-12-31¦verified¦'
refuses 'a row that begins before its edition' "$G:2: from lies outside the edition's days" check

law
items 2023 'gas-1¦1(1)¦all¦direct¦甲¦a¦¦¦¦verified¦'
refuses 'a name that is not of its edition' "$G:2: id 'gas-1' must begin with 'gas-2023-' and hold a-z 0-9 - only" check

law
items 2023 'gas-2023-1¦Art 1¦all¦direct¦甲¦a¦¦¦¦verified¦'
refuses 'a clause that is none' "$G:2: clause 'Art 1' is not like 4(1), 5(4.1) or 20" check

law
items 2023 'gas-2023-1¦1(1)¦all¦direct¦甲¦a¦前提¦¦¦verified¦'
refuses 'a precondition in one language' "$G:2: pre_zh and pre_en: both or neither" check

law
items 2023 'gas-2023-1¦1(1)¦all¦direct¦甲¦a¦¦¦¦verified¦' 'gas-2023-2¦1(2)¦all¦direct¦乙¦b¦¦¦¦verified¦' \
	'gas-2023-3¦1(3)¦all¦direct¦丙¦c¦¦¦¦verified¦'
refuses 'more items than the standard has' "$G: holds 3 items, more than the standard's 2" check

law
items 2023 'gas-2023-1¦1(1)¦all¦direct¦甲¦a¦¦¦¦verified¦gas-2010-1'
refuses 'a row that replaces nothing' "$G:2: replaces 'gas-2010-1', which is no row of another edition" check

law
house
questions "$(ask a choice no '' '' '')" "$(ask b choice yes gas-2023-1 'a = no' '')"
types 'gas-station¦gas¦all¦a = yes'
accepts 'a sound checklist' check

law
house
questions "$(ask a choice yes gas-2023-9 '' '')"
refuses 'a dangling criterion' "$H:2: criterion 'gas-2023-9' is not in the catalog" check

law
house
questions "$(ask a choice yes gas-2023-2 '' '')"
refuses 'a criterion without text' "$H:2: criterion 'gas-2023-2' only says that its text is not known" check

law
house
questions "$(ask a choice no '' 'a ~ yes' '')"
refuses 'an expression that is none' "$H:2: show_if is not understood at '~ yes'" check

law
house
questions "$(ask a choice no '' 'z = yes' '')"
refuses 'an expression that names no item' "$H:2: show_if names 'z', which is no item" check

law
house
questions "$(ask a choice no '' '' '')" "$(ask b choice no '' 'a > 3' '')"
refuses 'a choice compared with a number' "$H:3: show_if compares 'a' with a value of the wrong kind" check

law
house
questions "$(ask a choice no '' 'b = yes' '')" "$(ask b choice no '' '' '')"
refuses 'an item that asks for a later one' "$H:2: show_if asks for 'b', which comes later" check

law
house
questions "$(ask a choice no '' 'a = yes' '')"
refuses 'an item that is shown because of itself' "$H:2: show_if goes round in a circle at 'a'" check

law
house
questions "$(ask a number outside '' '' '')"
refuses 'a number without bounds' "$H:2: lo or hi stand exactly with finding 'outside'" check

law
house
questions "$(ask a choice no '' '' '')"
types 'gas-station¦steam¦¦'
refuses 'a branch without criteria' "catalog/checklist/house/2026/types.tsv:2: branch 'steam' has no criteria" check

law
house
questions "$(ask a choice no '' '' '')"
types 'gas-station¦gas¦users¦'
refuses 'a group without criteria' "catalog/checklist/house/2026/types.tsv:2: group 'users' has no criteria in gas" check

L='id¦rank¦from¦at_from¦colour¦zh¦en¦source¦clause¦certainty'
risk() {
	law
	put catalog/risk/lec/1/META 'title_zh: 法' 'title_en: Method' 'source: s' 'source_zh: 源' 'edition: 1' 'in_force: 2020-01-01' 'until:' \
		'status: house' 'certainty: verified' 'method: lec'
	put catalog/risk/lec/1/levels.tsv "$L" "$@"
}
risk 'a¦1¦20¦below¦red¦甲¦A¦s¦c¦verified' 'b¦2¦70¦below¦blue¦乙¦B¦s¦c¦verified'
refuses 'levels in the wrong order' 'catalog/risk/lec/1/levels.tsv:3: levels must stand from the highest to the lowest' check

risk 'a¦1¦20¦¦red¦甲¦A¦s¦c¦verified' 'b¦2¦¦¦blue¦乙¦B¦s¦c¦verified'
refuses 'a bound without its side' 'catalog/risk/lec/1/levels.tsv:2: from and at_from: both or neither' check

risk 'a¦1¦¦¦red¦甲¦A¦s¦c¦verified'
put catalog/risk/lec/1/cells.tsv 'l¦s¦level¦source¦clause¦certainty' '1¦1¦a¦s¦c¦verified'
refuses 'a matrix with holes' 'catalog/risk/lec/1/cells.tsv: holds 1 cells of 25' check

finish
