/* Topics as the client knows them: read whole from the store whenever something of them changed. */
#include "gateway/mqtt/mqtt_parts.h"

#include <string.h>

#include "gateway/mqtt_sql.h"

static err read_station(struct ctx *cx, struct mqtt_known *k, int64_t station)
{
	err e = station ? station_load(cx, station, &k->station) : ERR_NOT_FOUND;
	if (e == ERR_OK)
		e = station_items(cx, &k->station, &k->items, &k->nitems);
	else if (e == ERR_NOT_FOUND)
		k->approved = false;
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static err add(struct mqtt *g, struct ctx *cx, const struct mqtt_topic_all_row *r)
{
	struct mqtt_known *k = NEW(cx->a, struct mqtt_known);
	*k = (struct mqtt_known){ .region = r->region, .id = r->id, .held = r->held, .topic = r->topic, .item = r->item,
				  .approved = str_eq(r->state, S("approved")), .refused = str_eq(r->state, S("refused")),
				  .presence = str_eq(r->form, S("presence")), .tally.online = -1 };
	if (!series_kind_parse(r->kind, &k->kind))
		k->approved = false; /* of a newer program */
	if (k->approved)
		TRY(read_station(cx, k, r->station));
	vec_push(cx->a, &g->all, k);
	if (k->approved && (memchr(r->topic.p, '+', r->topic.n) || memchr(r->topic.p, '#', r->topic.n)))
		vec_push(cx->a, &g->patterns, k);
	else
		map_put(&g->by_topic, k->topic, k);
	return ERR_OK;
}

static err read_all(struct mqtt *g, struct db_conn *c)
{
	struct mqtt_topic_all_rows rows;
	struct arena *a = arena_new();
	struct ctx cx = { .a = a, .c = c, .app = g->app };
	struct arena *old = g->topics_a;
	g->topics_a = a;
	g->by_topic = MAP(a);
	memset(&g->all, 0, sizeof g->all);
	memset(&g->patterns, 0, sizeof g->patterns);
	arena_free(old);
	TRY(mqtt_topic_all(c, a, &rows));
	for (size_t i = 0; i < rows.n; i++)
		TRY(add(g, &cx, &rows.v[i]));
	return ERR_OK;
}

err mqtt_topics_read(struct mqtt *g, struct fail *f)
{
	struct db_conn *c;
	struct mqtt_stamp_row row;
	AUTO(arena_drop) struct arena *a = arena_new();
	TRY(db_read_begin(g->app->db, &c, f));
	err e = mqtt_stamp(c, a, &row);
	const int64_t now[4] = { row.topics + 1, row.vers, row.items, row.stations };
	if (e == ERR_OK && memcmp(now, g->stamp, sizeof now) != 0) {
		e = read_all(g, c);
		memcpy(g->stamp, now, sizeof now);
		if (e != ERR_OK)
			g->stamp[0] = 0; /* again next time */
	}
	db_read_end(g->app->db, c);
	return e == ERR_OK ? ERR_OK : fail_set(f, e, __FILE__, __LINE__, "", err_key(e), NULL);
}

/* What was approved under its own name, or what a pattern covers; a refusal under its own name stands before a pattern. */
struct mqtt_known *mqtt_topic_of(struct mqtt *g, str topic)
{
	struct mqtt_known *k = map_get(&g->by_topic, topic);
	if (k && (k->approved || k->refused))
		return k;
	for (size_t i = 0; i < g->patterns.n; i++)
		if (mqtt_topic_fits(g->patterns.v[i]->topic, topic))
			return g->patterns.v[i];
	return k;
}
