/* Draws that anybody can repeat: of whom to inspect (双随机) and of what to look back at.
 *
 *   announce   the candidates with their weights are written down and hashed into the ledger, together with
 * how many are to be drawn and where the seed will come from, while nobody knows it yet seed       the
 * published text is given, once result     follows from both by num/draw.h; stored, and recomputed by
 * draw_recheck()
 *
 * Inspectors are candidates of a second kind: for each thing drawn some of them are drawn too, by a seed of
 * its own, but none whose organisation runs that thing.
 *
 * The hash is SHA-256 over a line for each candidate, by kind and id: "<kind> <id> <weight> <avoid>\n" in
 * decimal, weights in thousandths. The seed of the second draw for the thing <id> is SHA-256 of "<seed
 * text>/<id>". */
#ifndef BH_LOOP_DRAW_H
#define BH_LOOP_DRAW_H

#include "core/app.h"
#include "num/draw.h"

enum { DRAW_MAX = 1000000, DRAW_WANT_MAX = 10000, DRAW_SECOND_MAX = 20, DRAW_SEED_MAX = 200 };

struct draw_entry {
	int64_t id;
	int64_t weight; /* thousandths, 1 … 10⁹ */
	int64_t avoid;  /* 0: what runs the thing; 1: the inspector's organisation; 0: none */
};

struct draw_new {
	int64_t region;
	str purpose;     /* "inspection", "look-back" */
	int64_t subject; /* id of the plan, 0 none */
	int64_t sectors, secret;
	int64_t want, second;
	str weights; /* JSON: the rule in words for readers */
	str seed_source;
	const struct draw_entry *first, *others; /* the second kind may be none */
	size_t nfirst, nothers;
};
/* The candidates, written down under an id that nobody knows yet. */
struct draw_prepared {
	struct draw_new in; /* by id */
	int64_t id;
	str hash;
	bool begun; /* they were written before this transaction */
};
/* ERR_BAD_FIELD: /n beyond the limits or no candidate at all (err.draw.empty), /seed_source empty,
 * /inspectors fewer than `second` of them. Permissions are the caller's to check. Without a connection in cx
 * the candidates are written some at a time, each in a transaction of its own, so that nobody waits long for
 * the writer; what a dead process left of them the next draw takes away. With one, in its transaction. */
err draw_prepare(struct ctx *cx, const struct draw_new *in, struct draw_prepared *ret) MUST_USE;
/* Now it stands. ERR_BUSY when the preparation was given up meanwhile. */
err draw_announce(struct ctx *cx, const struct draw_prepared *p) MUST_USE;

enum { DRAW_NO_TASK = -1 }; /* it had moved on when its turn came */
struct draw_team {
	int64_t id;            /* the thing drawn */
	int64_t place;         /* 1, 2 … */
	int64_t result;        /* visit or matter, 0 none yet, or DRAW_NO_TASK */
	const int64_t *second; /* in the order drawn */
	size_t nsecond;
};
struct draw_record {
	int64_t region, id, subject, sectors, secret, want, second, org, account, announced_ms, drawn_ms, ver;
	str purpose, algorithm, weights, hash, seed_source, seed;
	const struct draw_entry *first, *others; /* by id */
	size_t nfirst, nothers;
	struct draw_team *result; /* by place; empty until drawn. Teams are recomputed from the seed */
	size_t nresult;
};
/* Without a scope: the caller looks at region, sectors, secret. */
err draw_load(struct ctx *cx, int64_t id, struct draw_record *ret) MUST_USE;

/* The candidate of the first kind; NULL when there is none. */
const struct draw_entry *draw_entry_of(const struct draw_record *d, int64_t id);
/* As it stands right after its announcement. */
void draw_announced_record(const struct ctx *cx, const struct draw_prepared *p, struct draw_record *ret);

/* What a seed draws. Candidates never change, so this is found out before the write transaction. */
struct draw_seeding {
	struct draw_record d; /* before */
	int64_t ver;          /* that the giver knew */
	str seed;
	const int64_t *ids; /* in the order drawn */
	size_t n;
	double threshold; /* key of the first that is not drawn, +∞ when all are */
	const int64_t *orgs; /* who gets the tasks, with the due day, said in the ledger's event; none: nobody yet */
	size_t norgs;
	int64_t due_day;
};
void draw_seeding(struct arena *a, const struct draw_record *d, int64_t ver, str seed, struct draw_seeding *ret);
/* The seed as it was published, once (ERR_CONFLICT the second time, ERR_STALE for another version). */
err draw_give_seed(struct ctx *cx, const struct draw_seeding *s, struct draw_record *ret_after) MUST_USE;
/* Its tasks are made some at a time from now on; how many are left. The last piece calls draw_end. */
err draw_make_later(struct ctx *cx, const struct draw_record *d) MUST_USE;
err draw_left(struct ctx *cx, const struct draw_record *d, int64_t *ret) MUST_USE;
/* What came of a drawn thing. */
err draw_set_result(struct ctx *cx, const struct draw_record *d, int64_t candidate, int64_t result) MUST_USE;

/* Draws anew from the stored candidates and seed. */
struct draw_check {
	bool hash_ok;        /* the candidates are those announced, by the ledger's event too */
	bool result_ok;      /* the same things in the same order */
	int64_t first_place; /* the first that differs, 0 none */
};
err draw_recheck(struct ctx *cx, const struct draw_record *d, struct draw_check *ret) MUST_USE;

/* The first 16 bytes of SHA-256 of the text. */
struct draw_seed draw_seed_of(str text);
/* Pure: the result for a seed; ids in the order drawn into `ret` (room for `want`), how many. */
size_t draw_places(struct arena *a, str seed, const struct draw_entry *v, size_t n, size_t want,
		   int64_t *ret);
/* The second kind for one thing that `run_by` runs. */
size_t draw_second(struct arena *a, str seed, int64_t thing, int64_t run_by, const struct draw_entry *v,
		   size_t n, size_t want, int64_t *ret);
str draw_hash_of(struct arena *a, const struct draw_entry *first, size_t nfirst,
		 const struct draw_entry *others, size_t nothers);

#endif
