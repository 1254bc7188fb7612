/* Stations: where something is measured (air, water, outfall, stack, noise, weather, micro-stations), and the devices that report
 * for them. An unknown device is kept apart until somebody says what it is; nothing it sent is lost. */
#ifndef BH_SENSE_STATION_H
#define BH_SENSE_STATION_H

#include "core/app.h"
#include "core/catalog.h"
#include "num/decimal.h"

/* ---- kinds, from catalog/station ---- */

struct station_kind {
	str id, zh, en, medium;
	int64_t sectors;            /* of stations that name none */
	str source, certainty;
};
struct item_kind {
	str medium, id, code, unit, zh, en; /* code: what a device sends by HJ 212-2017, "" none known */
	str source, certainty;
};
struct station_kinds {
	const struct station_kind *v;
	size_t n;
	const struct item_kind *items;
	size_t nitems;
};
struct sector_table;
err station_kinds_read(struct arena *a, const struct catalog *c, const struct sector_table *sectors, int64_t today,
		       struct station_kinds **ret, struct fail *f) MUST_USE;
const struct station_kind *station_kind_find(const struct station_kinds *k, str id);         /* NULL when unknown */
/* By its id, code or either name, in the kind's medium; then in any. NULL when unknown. */
const struct item_kind *item_kind_find(const struct station_kinds *k, const struct station_kind *of, str name);

/* ---- stations ---- */

struct station {
	int64_t region, id;
	str kind, name, name_en;    /* row of catalog/station */
	int64_t object;             /* supervised object it belongs to, 0: none */
	int64_t owner;              /* organisation that runs it, 0: none */
	int64_t sectors, secret;
	double lat, lon;            /* NaN: no place */
	str attrs;                  /* JSON object: target class, area class, permit … */
	int64_t valid_from_day, valid_to_day; /* DB_NONE: open */
	int64_t ver;
};
/* In the caller's scope for sense.read; else ERR_NOT_FOUND. */
err station_get(struct ctx *cx, int64_t id, struct station *ret) MUST_USE;
/* Without a scope: for what runs on behalf of the system. */
err station_load(struct ctx *cx, int64_t id, struct station *ret) MUST_USE;
/* ERR_FORBIDDEN unless the caller may change it (sense.write). */
err station_may_write(struct ctx *cx, const struct station *s) MUST_USE;

/* What a device's code means at its station: item, unit and a factor to the item's own unit (µg/m³ where the standard's
 * list prints ng/m³). */
struct station_item {
	str code, item, unit;
	struct decimal factor;
};
enum { STATION_ITEMS_MAX = 200, STATION_NAME_MAX = 200, STATION_ATTRS_MAX = 8192 };
err station_items(struct ctx *cx, const struct station *s, struct station_item **ret, size_t *ret_n) MUST_USE;
/* What a code means: the station's own row, or the catalog's for its kind (factor 1), or the code itself with no unit. */
struct station_item station_item_of(const struct station_kinds *k, const struct station *s, const struct station_item *v, size_t n, str code);
/* value × factor, exactly where 18 digits hold it. */
struct decimal decimal_times(struct decimal value, struct decimal factor);

/* Makes a station of everything but id and ver; no sectors: the kind's. Checks sense.write, kind, region, place, object, owner.
 * `items` replace what was there; NULL: stay. */
err station_put(struct ctx *cx, const struct station *s, const struct station_item *items, size_t n, int64_t *ret_id) MUST_USE;
/* Region and kind stay. ERR_STALE when s->ver is not its version. */
err station_change(struct ctx *cx, const struct station *s, const struct station_item *items, size_t n) MUST_USE;

#endif
