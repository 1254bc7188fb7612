#!/bin/sh
# regions.sh REGIONS: what the lists of divisions may not be.
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"
tool=$(realpath "$1")
check() { "$tool" out.tsv out.d lists en.tsv; }
lists() {
	put lists/provinces.csv 'code,name' '14,"山西省"' '44,"广东省"'
	put lists/cities.csv 'code,name,provinceCode' '1401,"太原市",14' '4419,"东莞市",44'
	put lists/areas.csv 'code,name,cityCode,provinceCode' '140109,"万柏林区",1401,14' '441900,"东莞市",4419,44'
	put lists/streets.csv 'code,name,areaCode,provinceCode,cityCode' '140109001,"千峰街道",140109,14,1401' \
		'441900003,"东城街道",441900,44,4419'
	put en.tsv 'code¦name_en' '140109000000¦Wanbailin District'
}

fresh
lists
accepts 'sound lists' check
holds 'become codes of twelve digits' out.tsv "140109000000${TAB}3${TAB}140100000000${TAB}万柏林区${TAB}Wanbailin District"
holds 'a city without counties has its streets' out.tsv "441900003000${TAB}4${TAB}441900000000${TAB}东城街道"

fresh
lists
rm lists/streets.csv
refuses 'a list that is missing' 'lists/streets.csv: is missing; run tools/data.sh' check

fresh
lists
put lists/cities.csv 'code,name' '1401,"太原市"'
refuses 'another first line' 'lists/cities.csv:1: the first line must be code,name,provinceCode' check

fresh
lists
put lists/areas.csv 'code,name,cityCode,provinceCode' '14010x,"万柏林区",1401,14'
refuses 'a code that is none' 'lists/areas.csv:2: is not a code of 6 digits and a name' check

fresh
lists
put lists/areas.csv 'code,name,cityCode,provinceCode' '140109,"",1401,14'
refuses 'a division without a name' 'lists/areas.csv:2: is not a code of 6 digits and a name' check

fresh
lists
put lists/provinces.csv 'code,name' '14,"山西省"'
refuses 'a division without its upper one' 'lists/cities.csv:3: what lies above 441900000000 is missing' check

fresh
lists
put lists/provinces.csv 'code,name' '14,"山西省"' '14,"山西省"' '44,"广东省"'
refuses 'a code that stands twice' 'lists/provinces.csv:3: code 140000000000 stands twice' check

fresh
lists
put en.tsv 'code¦name_en' '150000000000¦Inner Mongolia'
refuses 'an English name for nothing' 'en.tsv:2: 150000000000 is not a division with an English name' check

finish
