/* Readings that were never measured: a base, spells of stagnant air, the day's swing, noise, and what went wrong. The same for the
 * same hour before the present, whatever day the city is made on. */
#include <math.h>
#include <string.h>

#include "base/vec.h"
#include "cli/demo_sense.h"

enum { MINUTE_MS = 60 * 1000, ITEMS_MAX = 16, MINUTE_HOURS = 72, NOISE_MS = 2 * DEMO_HOUR_MS, DRIFT_MS = 31 * DEMO_HOUR_MS };

/* -1 … 1, the same for the same numbers. */
static double hash_of(uint64_t a, uint64_t b, uint64_t c)
{
	uint64_t x = a * UINT64_C(0x9E3779B97F4A7C15) ^ (b + 1) * UINT64_C(0xBF58476D1CE4E5B9) ^ (c + 7) * UINT64_C(0x94D049BB133111EB);
	x ^= x >> 31;
	x *= UINT64_C(0xBF58476D1CE4E5B9);
	x ^= x >> 29;
	return (double)(x >> 11) / (double)(UINT64_C(1) << 52) - 1;
}

static double drift(uint64_t key, int64_t before_ms)
{
	int64_t step = before_ms / DRIFT_MS;
	double t = (double)(before_ms % DRIFT_MS) / DRIFT_MS, s = t * t * (3 - 2 * t);
	return hash_of(key, (uint64_t)step, 4) * (1 - s) + hash_of(key, (uint64_t)step + 1, 4) * s;
}

/* Noise that drifts over hours and days, with a little of its own at every moment. */
static double noise_at(const struct demo_measured *m, size_t who, int64_t before_ms)
{
	uint64_t key = (uint64_t)(m->station * 1000 + who);
	int64_t step = before_ms / NOISE_MS;
	double t = (double)(before_ms % NOISE_MS) / NOISE_MS, s = t * t * (3 - 2 * t);
	double slow = hash_of(key, (uint64_t)step, 1) * (1 - s) + hash_of(key, (uint64_t)step + 1, 1) * s;
	return 0.75 * slow + 0.3 * hash_of(key, (uint64_t)(before_ms / MINUTE_MS), 2) + 0.8 * drift(key, before_ms);
}

/* Three spells of stagnant air in four weeks; the worst of them three days ago. */
static double stagnation(double before_h)
{
	static const struct {
		double at, width, high;
	} spells[] = { { 66, 26, 1.65 }, { 296, 34, 0.8 }, { 520, 30, 1.05 } };
	double s = -0.28;
	for (size_t i = 0; i < COUNT_OF(spells); i++) {
		double x = (before_h - spells[i].at) / spells[i].width;
		s += spells[i].high * exp(-x * x);
	}
	return s;
}

static bool names(str items, str item)
{
	str word;
	if (str_eq(items, S("*")))
		return true;
	while (str_cut(&items, ' ', &word))
		if (str_eq(word, item))
			return true;
	return false;
}

static double trouble(const struct demo_sense *d, const struct demo_measured *m, int64_t before_ms, char *ret_flag)
{
	double factor = 1;
	for (size_t i = 0; i < d->nincidents; i++) {
		const struct demo_incident *x = &d->incidents[i];
		bool now = before_ms <= x->from_h * DEMO_HOUR_MS && before_ms > x->to_h * DEMO_HOUR_MS;
		if (!now || x->station != m->station || !names(x->items, m->item))
			continue;
		factor *= x->factor;
		*ret_flag = x->factor > 0 ? x->flag : 0;
	}
	return factor;
}

struct decimal demo_value(const struct demo_sense *d, const struct demo_measured *m, int64_t at_ms, char *ret_flag)
{
	int64_t before_ms = d->now_ms - at_ms;
	double hour = (double)((at_ms + CHINA_OFFSET_MS) % DAY_MS) / DEMO_HOUR_MS, spell = stagnation((double)before_ms / DEMO_HOUR_MS);
	double v = m->base * (m->scaled ? d->stations[m->station].factor : 1);
	*ret_flag = 'N';
	v *= 1 + m->episode * spell;
	v *= 1 + m->daily * cos((hour - m->peak_h) / 24 * 2 * 3.14159265358979);
	v *= 1 + m->noise * noise_at(m, (size_t)(m - d->measured), before_ms);
	v *= trouble(d, m, before_ms, ret_flag);
	v = v < m->least ? m->least + m->base * 0.02 * (1 + hash_of((uint64_t)(m - d->measured), (uint64_t)(before_ms / MINUTE_MS), 3)) : v;
	return (struct decimal){ llround(v * pow(10, m->places)), m->places, false };
}

/* ---- packets ---- */

struct filling {
	struct demo_sense *d;
	struct arena *a;
	VEC(struct packet) packets;
};

static void add_packet(struct filling *f, size_t station, enum series_kind kind, int64_t at_ms, int64_t length_ms)
{
	const struct demo_sense *d = f->d;
	const struct demo_station *st = &d->stations[station];
	struct reading *v = NEW_N(f->a, struct reading, ITEMS_MAX);
	struct packet k = { .station = st->s.id, .at_ms = at_ms, .received_ms = at_ms + length_ms + 4000, .kind = kind,
			    .source = st->mn.n ? SERIES_DEVICE : SERIES_FILE, .v = v };
	for (size_t i = 0; i < d->nmeasured && k.n < ITEMS_MAX; i++) {
		char flag;
		if (d->measured[i].station != station)
			continue;
		v[k.n] = (struct reading){ d->measured[i].number, SERIES_VALUE, 'N', demo_value(d, &d->measured[i], at_ms, &flag) };
		v[k.n].flag = flag;
		k.n += flag != 0;
	}
	for (size_t i = 1; i < k.n; i++) /* the store keeps them by number */
		for (size_t j = i; j > 0 && v[j - 1].item > v[j].item; j--) {
			struct reading t = v[j];
			v[j] = v[j - 1];
			v[j - 1] = t;
		}
	if (k.n)
		vec_push(f->a, &f->packets, k);
}

/* What is measured in the hour that ended `before` hours ago; the first device tells every minute of the last days. */
static void add_hour(struct filling *f, int64_t before)
{
	const struct demo_sense *d = f->d;
	int64_t at = d->now_ms - before * DEMO_HOUR_MS, hour = (at + CHINA_OFFSET_MS) % DAY_MS / DEMO_HOUR_MS;
	for (size_t i = 0; i < d->nstations; i++) {
		const struct demo_station *st = &d->stations[i];
		if (before > st->days * 24 || hour % (st->step_min / 60) != 0)
			continue;
		for (int64_t m = 0; str_eq(st->key, S("stack1")) && before <= MINUTE_HOURS && m < 60; m++)
			add_packet(f, i, SERIES_MINUTE, at + m * MINUTE_MS, MINUTE_MS);
		add_packet(f, i, SERIES_HOUR, at, DEMO_HOUR_MS);
	}
}

err demo_readings(struct demo_sense *d, int64_t from_h, int64_t to_h)
{
	AUTO(arena_drop) struct arena *a = arena_new();
	struct filling f = { .d = d, .a = a };
	for (int64_t before = from_h; before > to_h; before--)
		add_hour(&f, before);
	return series_put(d->city->h->app.series, f.packets.v, f.packets.n, NULL, &d->city->cli->fail);
}
