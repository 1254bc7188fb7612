/* Citizens' reports (群众举报): no account, a number and a secret code to follow it. The matter says what is wrong and where; the
 * reporter's own words, contact and photos stand apart and are read by the intake desk alone, so that whoever is
 * accused never learns from here who reported. Kinds, limits and the plain words for states are catalog/report. */
#ifndef BH_LOOP_PUBLIC_H
#define BH_LOOP_PUBLIC_H

#include "core/catalog.h"
#include "core/limit.h"
#include "core/photo.h"
#include "http/http.h"
#include "loop/matter.h"
#include "loop/public_sql.h"

/* ---- the rules ---- */

struct report_category {
	str id, zh, en, hint_zh, hint_en;
	int64_t sectors;
};
struct report_state {
	str state, zh, en;
	bool answer;           /* may the reporter say whether it is fixed? */
};
struct report_answer {
	str state, fixed, act, zh, en;
};
#define REPORT_LIMITS(X)                                                                                               \
	X(PHOTO, "photo")                                                                                              \
	X(REPORT, "report")                                                                                            \
	X(LOOK, "look")                                                                                                \
	X(WRONG, "wrong-code")                                                                                         \
	X(PLACE, "place")                                                                                              \
	X(PHOTO_ALL, "photo-all")                                                                                      \
	X(REPORT_ALL, "report-all")
enum report_limit {
#define X(id, name) REPORT_LIMIT_##id,
	REPORT_LIMITS(X)
#undef X
	REPORT_LIMIT_COUNT
};
#define REPORT_PARAMS(X)                                                                                               \
	X(PHOTOS, "photos", 0, 20)                                                                                     \
	X(PHOTO_MIB, "photo_mib", 1, 64)                                                                               \
	X(PHOTO_HOURS, "photo_hours", 0.05, 48)                                                                        \
	X(WAITING_MIB, "waiting_mib", 1, 1e6)                                                                          \
	X(TEXT, "text", 100, 20000)                                                                                    \
	X(NEAR_M, "near_m", 1, 1000)                                                                                   \
	X(NEAR_HOURS, "near_hours", 1, 8760)
enum report_param {
#define X(id, name, lo, hi) REPORT_P_##id,
	REPORT_PARAMS(X)
#undef X
	REPORT_PARAM_COUNT
};
struct public_rules {
	struct report_category *categories;
	struct report_state *states;
	struct report_answer *answers;
	size_t ncategories, nstates, nanswers;
	struct limit_rule limits[REPORT_LIMIT_COUNT];
	double params[REPORT_PARAM_COUNT];
};
struct sector_table;
err public_rules_read(struct arena *a, const struct catalog *c, const struct sector_table *sectors, int64_t today,
		      struct public_rules **ret, struct fail *f) MUST_USE;
const struct report_category *report_category(const struct public_rules *r, str id);   /* NULL: none */
const struct report_state *report_state(const struct public_rules *r, str state);      /* NULL: none */
const struct report_answer *report_answer(const struct public_rules *r, str state, str fixed);

/* Takes a token of each; TOO_MANY with argument seconds. */
err public_limit(struct ctx *cx, str peer, enum report_limit own, enum report_limit all) MUST_USE;

/* ---- photos that wait for their report, under data_dir/tmp ---- */

struct waiting_photo {
	const char *path;      /* of the file that waits */
	str bytes, hash;
	const char *type;
	struct photo photo;
};
/* Keeps an upload until its time is over, for whoever has the token (128 random bits). The upload's file is moved. Photos
 * whose time is over are removed on the way. UNSUPPORTED, BAD_FORMAT: no photo; TOO_LARGE; BUSY: too many wait. */
err public_photo_keep(struct ctx *cx, const struct upload *up, str *ret_token, int64_t *ret_until_ms) MUST_USE;
/* BAD_FIELD at /photos/<i> when there is none (any more). */
err public_photo_find(struct ctx *cx, str token, size_t i, struct waiting_photo *ret) MUST_USE;
void public_photo_drop(const struct waiting_photo *p);

/* ---- reports ---- */

struct public_report_new {
	str category, text, place, contact, lang;
	bool placed;
	double lat, lon;
	int64_t region;        /* 0: by the place */
	const struct waiting_photo *photos;
	size_t nphotos;
};
struct public_receipt {
	str no, code;
	int64_t matter, region, sectors, secret;
};
/* Makes the matter on behalf of the system, for the desk that takes reports there. In a write transaction, nobody asking
 * (cx->who NULL). GUARD err.report.no_desk: nobody takes reports there. */
err public_report_make(struct ctx *cx, const struct public_report_new *in, struct public_receipt *ret) MUST_USE;
/* The report with this number and code; NOT_FOUND for a wrong number as for a wrong code. */
err public_report_find(struct ctx *cx, str no, str code, struct public_report_by_no_row *ret) MUST_USE;
/* The reporter's word. GUARD when it is not asked for now. *ret_moved: what the matter did. */
err public_report_answer(struct ctx *cx, const struct public_report_by_no_row *r, str fixed, str text,
			 struct matter_moved *ret_moved) MUST_USE;
/* Where a place lies, 0 when no boundary holds it. */
err public_region_at(struct ctx *cx, double lat, double lon, int64_t *ret) MUST_USE;

/* 0.01° squares; -1 without a place. */
int64_t public_cell(double lat, double lon);

#endif
