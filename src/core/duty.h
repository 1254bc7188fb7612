/* Who is answerable for a place and a sector at a day: the enterprise (主体), the sector's regulator (监管), comprehensive
 * supervision, territory (属地), leaders (党政同责、一岗双责), commissioners and guarantors (专员、包保). The rules
 * are rows of catalog/duty; what two rules leave open is settled by recorded designations. */
#ifndef BH_CORE_DUTY_H
#define BH_CORE_DUTY_H

#include "core/app.h"
#include "core/catalog.h"

#define DUTY_LINES(X)                                                                              \
	X(ENTITY, "entity")               /* 主体责任: owner's head and safety officer */         \
	X(REGULATOR, "regulator")         /* 行业监管 at the supervising level */                 \
	X(COMPREHENSIVE, "comprehensive") /* 综合监管 */                                         \
	X(TERRITORY, "territory")         /* 属地 down to the township */                         \
	X(LEADER, "leader")               /* the two first leaders, the leader in charge */       \
	X(COMMISSIONER, "commissioner")   /* 专员、包保 */
enum duty_line {
#define X(id, name) DUTY_##id,
	DUTY_LINES(X)
#undef X
	DUTY_LINE_COUNT
};
#define DUTY_LINE_OPTIONS "entity|regulator|comprehensive|territory|leader|commissioner"
const char *duty_line_name(enum duty_line line);
bool duty_line_parse(str name, enum duty_line *ret) MUST_USE;

/* What is missing. */
#define DUTY_GAPS(X)                                                                               \
	X(NONE, "")                                                                                \
	X(NO_ORG, "no-org")               /* no organisation fits, nobody was designated */       \
	X(NO_POST, "no-post")             /* the organisation has no such post */                 \
	X(VACANT, "vacant")               /* nobody held the post on that day */                  \
	X(NO_SECTOR, "no-sector")         /* the place has no sector, so no regulator follows */
enum duty_gap {
#define X(id, name) DUTY_GAP_##id,
	DUTY_GAPS(X)
#undef X
	DUTY_GAP_COUNT
};
#define DUTY_GAP_OPTIONS "|no-org|no-post|vacant|no-sector"
const char *duty_gap_name(enum duty_gap gap);

struct duty_place {
	int64_t region;          /* where it is */
	int64_t sectors;         /* mask */
	int64_t owner;           /* organisation that runs it, 0: none */
	int64_t contractor;      /* organisation that works there for the owner, 0: none */
	int64_t object;          /* 0: a place without an object */
	str object_type;         /* row of catalog/object, empty without */
	int level;               /* enum region_level of the supervising level, 0: as the rules say */
};

/* ---- the rules ---- */

enum duty_applies { DUTY_ALWAYS, DUTY_WITH_OWNER, DUTY_WITHOUT_OWNER, DUTY_WITH_CONTRACTOR };
enum duty_by { DUTY_BY_OWNER, DUTY_BY_CONTRACTOR, DUTY_BY_PLACE, DUTY_BY_DESIGNATION };
enum { DUTY_RULES_MAX = 63, DUTY_WORDS_MAX = 24, DUTY_NEED_MAX = 9 };

struct duty_words {
	str v[DUTY_WORDS_MAX];
	size_t n;
};
struct duty_rule {
	str id;
	enum duty_line line;
	str role, role_zh, role_en;
	int64_t sectors;         /* for what it holds; -1: anything */
	bool per_sector;         /* one answer for each sector */
	struct duty_words types; /* of objects; none: any place */
	int64_t region;          /* holds there only; 0: everywhere */
	enum duty_applies applies;
	enum duty_by by;
	str org_kind;            /* "": any */
	struct duty_words org_words; /* one of them stands in its name */
	bool org_top;            /* not beneath another of its kind */
	bool org_sector;         /* holds the sector */
	int level;               /* enum region_level, 0: the supervising level, county unless the object says */
	str charge;              /* posts with this charge come first */
	struct duty_words words, not_words; /* then posts by their titles */
	bool leader;             /* then the first leader's post */
	int need;                /* persons */
	bool demand;             /* nobody is a gap */
	str basis_zh, basis_en, source_zh, source_en, clause_zh, clause_en, certainty;
};
struct duty_charge_name {
	str id, zh, en;
};

/* Reads catalog/duty in force on `today`; owns the compiled index of the store. */
struct duty_rules;
err duty_rules_read(struct arena *a, const struct catalog *c, int64_t today, struct duty_rules **ret, struct fail *f) MUST_USE;
void duty_rules_close(struct duty_rules *r); /* accepts NULL; the arena keeps the rows */
size_t duty_rules_all(const struct duty_rules *r, const struct duty_rule **ret);
size_t duty_charges_all(const struct duty_rules *r, const struct duty_charge_name **ret);
int duty_charge_index(const struct duty_rules *r, str id);  /* -1: unknown */

/* ---- the answer ---- */

struct duty_org_ref {
	int64_t id;
	str name, name_en;
};
struct duty_row {
	const struct duty_rule *rule;
	enum duty_line line;
	int sector;              /* bit, -1: every sector */
	int64_t org, post, person;      /* 0: nobody */
	str org_name, org_name_en, post_title, post_title_en, person_name, person_name_en;
	int64_t since_day;       /* of the holder; DB_NONE when nobody */
	int64_t designation;     /* that settles it, 0: the rule */
	enum duty_gap gap;
	bool overlap;            /* more than one organisation or post fits and nobody was designated */
	const struct duty_org_ref *fits; /* with overlap: the organisations */
	size_t nfits;
};
struct duty_rows {
	const struct duty_row *v;
	size_t n;
};

/* Everybody answerable on a day (days since 1970), in the order of the lines. Names as they are today. Objects
 * and organisations recorded under a region's former code are found under its present one and vice versa. */
err duty_of(struct ctx *cx, const struct duty_place *p, int64_t day, struct duty_rows *ret) MUST_USE;

/* The same for many places in one snapshot, without names: which sectors of the place are answered for. */
struct duty_tally {
	int64_t demanded[DUTY_LINE_COUNT], missing[DUTY_LINE_COUNT], overlap[DUTY_LINE_COUNT]; /* masks of sectors */
};
struct duty_view;
err duty_begin(struct ctx *cx, int64_t day, struct duty_view **ret) MUST_USE;
void duty_end(struct duty_view *v); /* accepts NULL; strings of rows live on in the context's arena */
err duty_rows_of(struct duty_view *v, const struct duty_place *p, struct duty_rows *ret) MUST_USE;
/* Without a sector the place counts as bit 63 alone, so that it is seen to be missing its regulator. */
#define DUTY_NO_SECTOR INT64_MIN
int64_t duty_sectors(const struct app *app, int64_t mask); /* the known ones of a mask, -1 being all */
void duty_tally(struct duty_view *v, const struct duty_place *p, struct duty_tally *ret);

/* Whoever changes organisations, posts, holders, charges or designations says so in the same transaction. */
err duty_changed(struct ctx *cx) MUST_USE;

/* ---- charges of posts ---- */

struct charge_new {
	int64_t post;
	str charge;              /* row of the catalog's charges */
	int64_t sectors;
	str basis;
	int64_t from_day, to_day; /* to_day DB_NONE: until further notice */
};
err charge_put(struct ctx *cx, const struct charge_new *n, int64_t *ret_id) MUST_USE;
err charge_end(struct ctx *cx, int64_t id, int64_t to_day) MUST_USE;

/* ---- designations ---- */

struct designation_new {
	int64_t region, object;  /* object 0: every place in the region */
	int64_t sectors;         /* -1: every sector */
	str line, role;          /* role empty: the whole line */
	int64_t org, post, person; /* at least one; the organisation follows from the post */
	int64_t decided_by;      /* organisation */
	str number, reason;
	int64_t from_day, to_day;
};
err designation_put(struct ctx *cx, const struct designation_new *n, int64_t *ret_id) MUST_USE;
/* ERR_STALE when it was ended already. */
err designation_end(struct ctx *cx, int64_t id, int64_t to_day, str reason) MUST_USE;

#endif
