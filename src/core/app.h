/* What the running program owns, passed to everything that needs it. One of it; nothing is global. */
#ifndef BH_CORE_APP_H
#define BH_CORE_APP_H

#include "base/clock.h"
#include "core/crypto.h"
#include "core/id.h"
#include "db/ctx.h"

struct catalog;
struct http;
struct lexicon;
struct loop;
struct role_table;
struct sector_table;
struct region_moves;
struct throttle;

struct app {
	struct db *db;
	struct clock *clock;
	struct id_gen *ids;
	struct catalog *catalog;
	struct password_hasher *passwords;
	struct throttle *throttle;
	const struct role_table *roles;      /* core/grant.h */
	const struct sector_table *sectors;  /* core/sector.h */
	const struct region_moves *moves;    /* core/region.h: re-coded regions; NULL = none */
	struct http *http;
	struct loop *loop;                   /* loop/loop.h: workflows, sectors, the calendar */
	const struct lexicon *lexicon;       /* decide/extract.h */
	const char *data_dir;
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
