/* Which rules hold at a station. */
#include <math.h>

#include "sense/alarm.h"

struct rule station_rule_as(struct arena *a, const struct station_rule_list_row *r)
{
	struct rule out = {
		.id = arena_printf(a, "%lld", (long long)r->id), .row = r->id, .item = r->item, .limit = r->limit_value, .clear = r->clear_value,
		.times = (int)r->times, .of = (int)r->of_last, .clear_times = (int)r->clear_times, .lasting_ms = r->lasting_ms,
		.from_min = (int)r->from_min, .to_min = (int)r->to_min, .days = (int)r->days, .flags = r->flags, .severity = r->severity,
		.lawful = r->lawful != 0, .zh = r->name, .en = r->name_en, .source = r->source, .clause = r->clause,
		.certainty = r->certainty, .matter_days = r->matter_days, .check_days = r->check_days,
		.valid_from_day = r->valid_from_day, .valid_to_day = r->valid_to_day,
	};
	bool ok = series_kind_parse(r->kind, &out.kind) && series_what_parse(r->what, &out.what) && rule_test_parse(r->test, &out.test) &&
		  rule_op_parse(r->op, &out.op);
	if (!ok) /* of a newer program: looks at nothing */
		out.days = 0;
	return out;
}

static bool in_force(const struct station_rule_list_row *r, int64_t day)
{
	return r->valid_from_day <= day && (r->valid_to_day == DB_NONE || r->valid_to_day >= day);
}

static bool replaced(const struct rule *house, const struct alarm_station *st, const struct station_rule_list_row *own, size_t n, int64_t day)
{
	for (size_t i = 0; i < n; i++)
		if (own[i].station == st->id && str_eq(own[i].rule, house->id) && in_force(&own[i], day))
			return true;
	return false;
}

void alarm_rules_of(const struct rules *house, struct arena *a, const struct alarm_station *st, const struct station_rule_list_row *own,
		    size_t n, int64_t day, struct rule **ret, size_t *ret_n)
{
	struct rule *v = NEW_N(a, struct rule, house->n + n + 1);
	size_t k = 0;
	for (size_t i = 0; i < house->n; i++) {
		const struct rule *r = &house->v[i];
		if ((!r->station_kind.n || str_eq(r->station_kind, st->kind)) && !replaced(r, st, own, n, day))
			v[k++] = *r;
	}
	for (size_t i = 0; i < n; i++)
		if (own[i].station == st->id && !own[i].is_off && in_force(&own[i], day))
			v[k++] = station_rule_as(a, &own[i]);
	*ret = v;
	*ret_n = k;
}
