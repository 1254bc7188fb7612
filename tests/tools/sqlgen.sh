#!/bin/sh
# sqlgen.sh SQLGEN: what a statement may not be.
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"
tool=$(realpath "$1")
generate() { "$tool" out.h out.c m.sql schema.sql; }
schema() {
	put schema.sql 'CREATE TABLE matter (region BIGINT NOT NULL, id BIGINT NOT NULL, title TEXT NOT NULL,' \
		'sectors BIGINT NOT NULL, secret BIGINT NOT NULL, PRIMARY KEY (region, id));'
}

fresh
schema
put m.sql '-- name: matter_get :one' '-- params: region i64, id i64, title str?' '-- row: id i64, title str' \
	'SELECT id, title FROM matter WHERE region = $region AND id = $id' 'AND title = $title --? title'
accepts 'a sound statement' generate
holds 'becomes a typed function' out.h 'err matter_get(struct db_conn *'

fresh
schema
put m.sql '-- name: matter_get :one' '-- params: id i64' '-- row: titel str' '' 'SELECT titel FROM matter WHERE id = $id'
refuses 'a misspelt column' 'm.sql:1: matter_get: no such column: titel' generate

fresh
schema
put m.sql '-- name: matter_get :one' '-- params: id i64' '-- row: id i64' 'SELECT id FROM matters WHERE id = $id'
refuses 'a misspelt table' 'm.sql:1: matter_get: no such table: matters' generate

fresh
schema
put m.sql '-- name: matter_get :one' '-- params: id i64' '-- row: id i64' 'SELECT id FROM matter WHERE id = $region'
refuses 'a parameter that was not named' 'm.sql:1: unknown parameter $region' generate

fresh
schema
put m.sql '-- name: matter_get :one' '-- params: id i64' '-- row: id i64' 'SELECT id, title FROM matter WHERE id = $id'
refuses 'another number of columns' 'm.sql:1: matter_get: the statement gives 2 columns, the row names 1' generate

fresh
schema
put m.sql '-- name: matter_get :one' '-- params: id int' '-- row: id i64' 'SELECT id FROM matter WHERE id = $id'
refuses 'a type that it does not know' 'm.sql:2: unknown type: int' generate

fresh
schema
put m.sql '-- name: matter_get :first' 'SELECT 1'
refuses 'a kind that it does not know' 'm.sql:1: expected :one, :many, :each, :exec or :copy, not :first' generate

fresh
schema
put m.sql '-- name: matter_get :one' '-- params: id i64' '-- row: id i64' 'SELECT id FROM matter WHERE' 'id = $id --? id'
refuses 'an optional line without an optional parameter' 'm.sql:5: --? needs an optional parameter: id' generate

fresh
schema
put m.sql '-- name: matter_list :many' '-- params: down i64?, max i64' '-- row: id i64' 'SELECT id FROM matter' \
	'ORDER BY id LIMIT $max --! down' 'ORDER BY id DESC LIMIT $max --? down'
accepts 'lines of which one stands when the other does not' generate
holds 'a line for what is absent' out.c 'DB_FRAG_UNLESS, "ORDER BY id LIMIT ?2 ", 0'

fresh
schema
put m.sql '-- part: found' '-- params: title str?' 'AND title = $title --? title' '' \
	'-- name: matter_get :one' '-- params: id i64, @found' '-- row: id i64' 'SELECT id FROM matter WHERE id = $id' '--part found'
accepts 'a part that statements share' generate
holds 'its lines with the number of the parameter' out.c 'DB_FRAG_IF, "AND title = ?2 ", 1'

fresh
schema
put m.sql '-- part: found' '-- params: title str?' 'AND title = $title --? title' '' \
	'-- name: matter_get :one' '-- params: id i64' '-- row: id i64' 'SELECT id FROM matter WHERE id = $id' '--part found'
refuses 'a part without its parameters' 'm.sql:9: the parameters of a part are taken with @found' generate

fresh
schema
put m.sql '-- name: matter_get :one' '-- params: id i64' '-- row: id i64' 'SELECT id FROM matter WHERE id = $id' '--part lost'
refuses 'a part that nobody wrote' 'm.sql:5: unknown part: lost' generate

fresh
schema
put m.sql '-- name: matter_copy :copy' '-- params: id i64, title str' 'INSERT INTO matter (id, title)' 'VALUES ($id, $title);'
accepts 'many rows at once' generate
holds 'what PostgreSQL takes for them' out.c '.copy = "COPY matter (id, title) FROM STDIN (FORMAT binary)"'

for case in 'INSERT INTO matter (title, id) VALUES ($title, $id)' 'INSERT INTO matter (id, title) VALUES ($id, $title) ON CONFLICT DO NOTHING' 'UPDATE matter SET title = $title WHERE id = $id'; do
	fresh
	schema
	put m.sql '-- name: matter_copy :copy' '-- params: id i64, title str' "$case"
	refuses "many rows at once by $case" 'm.sql:1: :copy is INSERT INTO table (columns) VALUES (all parameters in their order); matter_copy' generate
done

fresh
schema
put m.sql 'SELECT id FROM matter'
refuses 'a statement without a name' 'm.sql:1: text before the first name: SELECT id FROM matter' generate

for case in 'SELECT * FROM matter¦SELECT * hides what is read' \
	'SELECT id FROM matter ORDER BY id LIMIT 9 OFFSET 9¦paging is by key, not OFFSET' \
	"SELECT id FROM matter WHERE title LIKE 'a%'¦LIKE is not for exact work" \
	'SELECT id FROM matter ORDER BY random()¦no random() in statements'; do
	fresh
	schema
	put m.sql '-- name: matter_all :many' '-- row: id i64' "${case%%¦*}"
	refuses "${case##*¦}" "m.sql:1: matter_all: ${case##*¦}" generate
done

fresh
put schema.sql 'CREATE TABEL matter (id BIGINT);'
put m.sql '-- name: a :exec' 'DELETE FROM matter'
refuses 'a schema that is none' 'schema.sql: near "TABEL": syntax error' generate

finish
