/* Fire points seen by satellites (NASA FIRMS tables): brought together to fires, each checked by whoever is answerable for the place.
 *
 * Points belong to one fire when a chain of points joins them, each link at most fire_distance metres and fire_hours hours long
 * (catalog/hotspot); what comes out does not depend on the order of rows and files. A point is the middle of a pixel of 1 km (MODIS)
 * or 375 m (VIIRS), not the place of the fire. */
#ifndef BH_SENSE_FIREPOINT_H
#define BH_SENSE_FIREPOINT_H

#include "sense/hotspot.h"

enum fire_trust { FIRE_LOW = 1, FIRE_NOMINAL, FIRE_HIGH };
#define FIRE_TRUSTS "low|nominal|high"
const char *fire_trust_name(enum fire_trust t);

struct fire_point_in {
	struct lonlat at;
	int64_t at_ms, number;       /* number: row of the file */
	str sensor, satellite;       /* "modis", "viirs" */
	enum fire_trust trust;
	double brightness, frp;      /* K; MW, NaN unknown */
	bool fixed;                  /* FIRMS type 2: a heat source that is always there; 1: a volcano */
	int64_t region;
};
struct fire_import {
	VEC(struct fire_point_in) points; /* in the territory */
	VEC(struct grid_fault) faults;
	int64_t rows, outside;
	/* what fire_store() did */
	int64_t known, fires, joined, matters;
};
enum { FIRE_ROWS_MAX = 500000 };
/* FIRMS CSV as MODIS and VIIRS write it: latitude, longitude, brightness or bright_ti4, acq_date, acq_time (UTC, with or without
 * leading zeros), satellite, instrument (may be absent), confidence 0…100 or l/n/h or low/nominal/high, frp, type. */
err fire_read(struct ctx *cx, str bytes, struct fire_import *io) MUST_USE;
/* Points that are there already are left alone. Fires that are fresh and trusted enough become matters, the surest first. */
err fire_store(struct ctx *cx, struct fire_import *io) MUST_USE;

/* Which points are of one fire: ret[i] is the least index of its fire. O(n log n) while fires are few a kilometre. Pure. */
struct fire_spot {
	struct lonlat at;
	int64_t at_ms;
};
void fire_group(struct arena *a, const struct fire_spot *v, size_t n, double metres, int64_t within_ms, size_t *ret);

/* Sends somebody to a fire that nobody was sent to yet: a task for the township, the forestry regulator beside it. ERR_CONFLICT. */
err fire_ask_check(struct ctx *cx, int64_t id, const struct hot_params *hp) MUST_USE;

struct fire_finding {
	str outcome, text;
	int64_t ver;
};
err fire_found(struct ctx *cx, int64_t id, const struct fire_finding *in) MUST_USE;

extern const struct route firepoint_routes[];

#endif
