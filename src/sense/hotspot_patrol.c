/* Somebody goes and looks: patrols of hot cells, and what they found. */
#include "core/duty.h"
#include "core/grant.h"
#include "core/i18n.h"
#include "core/ledger.h"
#include "core/region.h"
#include "core/sector.h"
#include "land/object.h"
#include "loop/matter.h"
#include "sense/hotspot.h"
#include "sense/hotspot_sql.h"

err field_duty(struct ctx *cx, int64_t region, int64_t sectors, int64_t *ret_lead, int64_t *ret_also)
{
	struct duty_rows rows;
	int64_t town = 0, regulator = 0;
	TRY(duty_of(cx, &(struct duty_place){ .region = region, .sectors = sectors, .object_type = S("") }, china_day(cx->now_ms), &rows));
	for (size_t i = 0; i < rows.n; i++) {
		const struct duty_row *r = &rows.v[i];
		if (!town && r->line == DUTY_TERRITORY && r->rule->level == REGION_TOWN)
			town = r->org;
		if (!regulator && r->line == DUTY_REGULATOR)
			regulator = r->org;
	}
	*ret_lead = town ? town : regulator ? regulator : cx_org(cx);
	*ret_also = town && regulator != town ? regulator : 0;
	return ERR_OK;
}

static str title_of(struct ctx *cx, const struct patrol_new *in, const struct hot_item *item, struct cell_id cell, str place)
{
	bool en = str_starts(cx->lang, S("en"));
	return i18n_say(cx->a, cx->lang, "grid.patrol.title", "place", arena_cstr(cx->a, place), "cell", cell_text(cx->a, cell).p, "item",
			arena_cstr(cx->a, en ? item->en : item->zh), "period", period_text(cx->a, in->period).p, NULL);
}

static str text_of(struct ctx *cx, const struct patrol_new *in, const struct hot_item *item, const struct hot_cell *c, struct lonlat p)
{
	str said = i18n_say(cx->a, cx->lang, "grid.patrol.text", "value", arena_printf(cx->a, "%.1f", c->value).p, "unit",
			    arena_cstr(cx->a, item->unit), "excess", arena_printf(cx->a, "%.1f", c->excess).p, "lat",
			    arena_printf(cx->a, "%.5f", p.lat).p, "lon", arena_printf(cx->a, "%.5f", p.lon).p, NULL);
	return in->text.n ? arena_printf(cx->a, STR_FMT "\n" STR_FMT, STR_ARG(said), STR_ARG(in->text)) : said;
}

static err make_matter(struct ctx *cx, double meridian, const struct hot_params *hp, const struct hot_cell *c, const struct patrol_new *in,
		       int64_t *ret_region, int64_t *ret_org, int64_t *ret)
{
	struct hot_item item;
	struct cell_id cell = cell_unpack(in->key.size, c->cell);
	struct lonlat p = cell_middle(meridian, cell);
	const struct sector *air = sector_find(cx->app->sectors, S("air"));
	int64_t also, today = china_day(cx->now_ms), town = region_level(c->region) > REGION_TOWN ? region_up(c->region, REGION_TOWN) : c->region;
	struct matter_new m = { .region = town, .kind = S("task"), .sectors = air ? INT64_C(1) << air->bit : SECTORS_ALL,
				.found = { .source = S("monitoring"), .placed = true, .lat = p.lat, .lon = p.lon },
				.due_day = in->due_day == JSON_NONE ? today + (int64_t)hp->patrol_days : in->due_day };
	struct region_name name;
	struct ctx sub = *cx; /* a cell on the border may have its middle elsewhere: then the task has no place of its own */
	err e = place_check(&sub, town, p.lat, p.lon, "");
	if (e != ERR_OK && e != ERR_BAD_FIELD)
		return e;
	m.found.placed = e == ERR_OK;
	TRY(hot_item_find(cx, in->key.item, "?item", &item));
	TRY(region_name_of(cx->c, cx->a, town, &name));
	TRY(field_duty(cx, town, m.sectors, ret_org, &also));
	m.title = title_of(cx, in, &item, cell, str_starts(cx->lang, S("en")) && name.name_en.n ? name.name_en : name.name);
	m.text = text_of(cx, in, &item, c, p);
	m.lead = (struct json_ids){ (int64_t[]){ *ret_org }, *ret_org ? 1 : 0 };
	m.co = (struct json_ids){ &also, also ? 1 : 0 };
	*ret_region = town;
	return matter_create(cx, &m, ret);
}

static err note(struct ctx *cx, int64_t region, const char *kind, int64_t id, struct canon *c)
{
	return ledger_append(cx, region, kind, ledger_subject(cx, "patrol", id), canon_end(c), NULL);
}

err patrol_put(struct ctx *cx, const struct territory *t, const struct hot_params *hp, const struct hot_cell *c, const struct patrol_new *in,
	       int64_t *ret_id)
{
	static const str lists[] = { S("mean"), S("yoy"), S("mom"), S("hot") };
	struct patrol_find_row had;
	struct canon cn;
	str period = period_text(cx->a, in->period), cell = cell_text(cx->a, cell_unpack(in->key.size, c->cell));
	int64_t id = new_id(cx), region, org, matter;
	err e = patrol_find(cx->c, cx->a, &(struct patrol_find_params){ in->key.size, c->cell, period }, &had);
	if (e == ERR_OK)
		return FAIL(&cx->fail, CONFLICT, "/cell", "err.grid.patrolled", "cell", arena_cstr(cx->a, cell));
	if (e != ERR_NOT_FOUND)
		return e;
	TRY(make_matter(cx, t->meridian, hp, c, in, &region, &org, &matter));
	TRY(patrol_insert(cx->c, &(struct patrol_insert_params){ region, id, in->key.size, c->cell, period, in->key.item, in->key.source,
								 lists[in->list], c->value, matter, org, cx->now_ms }, NULL));
	canon_begin(&cn, cx->a);
	canon_str(&cn, "cell", cell);
	canon_str(&cn, "period", period);
	canon_str(&cn, "item", in->key.item);
	canon_str(&cn, "source", in->key.source);
	canon_str(&cn, "list", lists[in->list]);
	canon_id(&cn, "matter", matter);
	TRY(note(cx, region, "patrol.create", id, &cn));
	*ret_id = id;
	return ERR_OK;
}

err patrol_found(struct ctx *cx, int64_t id, const struct patrol_finding *in)
{
	struct patrol_row_row p;
	struct matter x, other;
	struct canon cn;
	bool fire;
	TRY(patrol_row(cx->c, cx->a, &(struct patrol_row_params){ id }, &p));
	TRY(matter_get_lean(cx, p.matter, &x));
	if (!cx_allowed(cx, S("matter.act"), &x.access))
		return FAIL(&cx->fail, FORBIDDEN, "", "err.act_who");
	if (p.ver != in->ver)
		return FAIL(&cx->fail, STALE, "/ver", NULL);
	TRY(hot_outcome_find(cx, S("patrol"), in->outcome, &fire));
	if (in->matter && matter_get_lean(cx, in->matter, &other) != ERR_OK)
		return FAIL(&cx->fail, BAD_FIELD, "/matter", "err.grid.matter");
	TRY(patrol_set(cx->c, &(struct patrol_set_params){ p.region, id, in->outcome, in->text, in->matter, cx->now_ms }, NULL));
	canon_begin(&cn, cx->a);
	canon_str(&cn, "outcome", in->outcome);
	canon_id(&cn, "matter", in->matter);
	canon_i64(&cn, "ver", p.ver + 1);
	return note(cx, p.region, "patrol.finding", id, &cn);
}
