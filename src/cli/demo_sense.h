/* The measured side of the demo city: stations, weeks of readings, what went wrong, grids and fire points, all invented. */
#ifndef BH_CLI_DEMO_SENSE_H
#define BH_CLI_DEMO_SENSE_H

#include "cli/demo_life.h"
#include "sense/series.h"
#include "sense/station.h"

enum { DEMO_HOUR_MS = 3600 * 1000, DEMO_MAX_STATIONS = 32, DEMO_MAX_MEASURED = 200, DEMO_MAX_INCIDENTS = 64 };

struct demo_station {
	str key, mn;               /* mn: its device, empty: none */
	int64_t days, step_min;    /* how far back its readings go; between two of them */
	double factor;
	struct station s;
};
/* One item of one station. */
struct demo_measured {
	size_t station;
	str item, code;
	uint32_t number;
	double base, episode, daily, peak_h, noise, least;
	bool scaled;
	int places;
};
struct demo_incident {
	size_t station;
	str items;
	int64_t from_h, to_h;      /* hours before the present */
	double factor;             /* 0: nothing came */
	char flag;
};
struct demo_sense {
	struct demo_city *city;
	int64_t now_ms;            /* the present, a whole hour */
	struct demo_station stations[DEMO_MAX_STATIONS];
	size_t nstations;
	struct demo_measured measured[DEMO_MAX_MEASURED];
	size_t nmeasured;
	struct demo_incident incidents[DEMO_MAX_INCIDENTS];
	size_t nincidents;
};

/* All of it; organisations and objects must be there. */
err demo_sense(struct demo_city *city) MUST_USE;

/* demo_reading.c: readings that came from `from_h` until `to_h` hours before the present, oldest first, in one transaction. */
err demo_readings(struct demo_sense *d, int64_t from_h, int64_t to_h) MUST_USE;
/* The value at a moment as it was measured; *ret_flag 0: nothing came. */
struct decimal demo_value(const struct demo_sense *d, const struct demo_measured *m, int64_t at_ms, char *ret_flag);

/* demo_device.c: devices, their raw frames, hour by hour what came from them; two that nobody knows. */
err demo_devices(struct demo_sense *d) MUST_USE;

/* demo_grid.c: hot grids, patrols, fire points. */
err demo_grids(struct demo_city *city) MUST_USE;

#endif
