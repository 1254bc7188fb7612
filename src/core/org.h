/* Organisations (party, government, committee, department, township, enterprise, institution), people,
 * and the posts that people hold from–to. Every change is an act of the organisation's region; events
 * carry commitments in place of people's names. */
#ifndef BH_CORE_ORG_H
#define BH_CORE_ORG_H

#include "db/ctx.h"

#define ORG_KINDS "party|government|committee|department|township|enterprise|institution"

struct org_new {
	int64_t region;
	str kind, name, name_en, short_name;   /* name_en empty: the name */
	int64_t parent;                        /* 0: none */
	int64_t sectors;
	int64_t valid_from_day;                /* 0: since the beginning */
};
err org_put(struct ctx *cx, const struct org_new *o, int64_t *ret_id) MUST_USE;

struct org_change {
	int64_t id, ver;
	str name, name_en, short_name;         /* the null string: as it is */
	int64_t parent, sectors;               /* DB_NONE: as it is */
	int64_t valid_to_day;                  /* DB_NONE: as it is */
};
err org_change(struct ctx *cx, const struct org_change *o) MUST_USE;

struct org_brief {
	int64_t id, region;
	str kind, name, name_en;
};
err org_brief(struct ctx *cx, int64_t id, struct org_brief *ret) MUST_USE;   /* ERR_NOT_FOUND */
bool org_exists(struct ctx *cx, int64_t id);

/* The organisation that a document of `region` means by a name: "区应急局", "市生态环境局",
 * "the District Emergency Management Bureau". Names, short names and the catalog's other names are
 * compared after region prefixes are cut; the region itself comes before those above and below it.
 * *ret = 0 when none fits or several fit equally well. */
err org_match(struct ctx *cx, int64_t region, str name, int64_t *ret) MUST_USE;

err person_put(struct ctx *cx, str name, str name_en, int64_t *ret_id) MUST_USE;
err person_names(struct ctx *cx, int64_t person, str *ret, str *ret_en) MUST_USE;
err person_name(struct ctx *cx, int64_t person, str *ret) MUST_USE;   /* empty when unknown or erased */

struct post_new {
	int64_t org;
	str title, title_en;
	int64_t rank;                          /* order within the organisation */
	bool leader;
	str duties;                            /* what duties_write() gave; the null string: none */
};
err post_put(struct ctx *cx, const struct post_new *p, int64_t *ret_id) MUST_USE;
/* to_day is the last day, DB_NONE: until further notice. A holder whose term is open ends the day
 * before; a term that would overlap another is refused. */
err post_hold_put(struct ctx *cx, int64_t post, int64_t person, int64_t from_day, int64_t to_day,
		  int64_t *ret_id) MUST_USE;

/* ---- names of units, pure; see org_match ---- */

struct org_names;                              /* the catalog's table, by name */
struct org_names *org_names_read(struct arena *a, str abbrev_tsv);
/* What stays of a unit's name: regions' names and blanks cut, other names replaced by one. Equal keys
 * mean the same unit. */
str org_key(struct arena *a, const struct org_names *t, str name, const str *regions, size_t nregions);
/* The same after cutting the word of a level: "区" of 区应急局. The level (enum region_level), 0 when the
 * name does not begin or, in English, contain one. */
int org_level_key(struct arena *a, const struct org_names *t, str name, const str *regions, size_t nregions,
		  str *ret_key);

#endif
