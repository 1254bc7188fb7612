/* What the running program owns, passed to everything that needs it. One of it; nothing is global. */
#ifndef BH_CORE_APP_H
#define BH_CORE_APP_H

#include "base/clock.h"
#include "core/crypto.h"
#include "core/id.h"
#include "db/ctx.h"

struct alarms;
struct catalog;
struct checklists;
struct criteria;
struct duty_rules;
struct hj212;
struct mqtt;
struct http;
struct inspect_rules;
struct lexicon;
struct lookback_rules;
struct lookback_work;
struct loop;
struct mark_rules;
struct limits;
struct public_rules;
struct object_types;
struct principals;
struct role_table;
struct sector_table;
struct region_moves;
struct risk_tables;
struct series;
struct derive;
struct station_kinds;
struct throttle;
struct upkeep;

struct app {
	struct db *db;
	struct clock *clock;
	struct id_gen *ids;
	struct catalog *catalog;
	struct password_hasher *passwords;
	struct throttle *throttle;
	struct principals *principals;       /* core/principal_keep.h: who asked lately; NULL = none are kept */
	const struct role_table *roles;      /* core/grant.h */
	const struct sector_table *sectors;  /* core/sector.h */
	const struct region_moves *moves;    /* core/region.h: re-coded regions; NULL = none */
	struct http *http;
	struct hj212 *hj212;                 /* gateway/hj212/server.h: NULL when it is off */
	struct mqtt *mqtt;                   /* gateway/mqtt/mqtt.h: NULL when it is off */
	struct loop *loop;                   /* loop/loop.h: workflows, sectors, the calendar */
	const struct lexicon *lexicon;       /* decide/extract.h */
	const struct criteria *criteria;     /* loop/criteria.h */
	const struct checklists *checklists; /* loop/checklist.h */
	const struct risk_tables *risk;      /* loop/risk.h */
	const struct duty_rules *duty;       /* core/duty.h */
	const struct inspect_rules *inspect; /* loop/inspect.h */
	const struct lookback_rules *lookback; /* loop/lookback.h */
	struct lookback_work *lookback_work; /* loop/lookback_work.h: NULL when no server runs */
	const struct object_types *objects;  /* land/object.h */
	const struct mark_rules *marks;      /* loop/marks.h */
	const struct public_rules *reports;  /* loop/public.h */
	struct series *series;               /* sense/series.h: the store of readings; NULL when not opened */
	struct derive *derive;               /* sense/derive.h: hours and days from readings; NULL when not opened */
	const struct station_kinds *stations; /* sense/station.h */
	struct alarms *alarms;               /* sense/alarm.h: rules over readings, and the watch */
	struct upkeep *upkeep;               /* sense/upkeep.h: marks over readings; NULL when not opened */
	struct limits *limits;               /* core/limit.h: of the door without accounts */
	const char *data_dir;
	str public_url;                      /* "https://safety.example": what codes on papers open; empty: paths only */
	str metrics_token;                   /* opens /metrics from elsewhere; empty: loopback only */
	str grid_fill;                       /* pictures that are made by themselves: "micro pm25 3000, …"; empty: none */
	str map_tiles, map_attribution;      /* address of a base map with {z} {x} {y}; empty: none */
	int64_t home_region;
	enum hash_alg ledger_alg;            /* of logs that are begun from now on */
	bool demo;
	bool secure_cookies;                 /* served through TLS: Secure, __Host- */
};

/* A fresh id at the request's time. */
static inline int64_t new_id(const struct ctx *cx)
{
	return id_next(cx->app->ids, cx->now_ms);
}

#endif
