/* Checklists: what to ask at an object of a type, on a day. They are assembled, never stored: from the
 * house's items (catalog/checklist/<name>/<edition>/items) and from the criteria in force that day for the
 * type (…/types says which).
 *
 * An item may be skipped: show_if is an expression over answers of earlier items,
 *
 *   expr  = and { "|" and }      and = not { "&" not }      not = "!" not | "(" expr ")" | id op value
 *   op    = "=" "!=" "<" "<=" ">" ">="          value = yes | no | na | a number
 *
 * A comparison with an item that was not answered (or not shown) is false, whatever the operator. */
#ifndef BH_LOOP_CHECKLIST_H
#define BH_LOOP_CHECKLIST_H

#include "loop/criteria.h"

enum { CHECKLIST_MAX = 1000 };

struct show_if;
struct check_item {
	str id;                         /* of the house's row, or of the criterion; stable over days */
	str group_zh, group_en, zh, en; /* the question */
	str answer;                     /* "choice": yes, no, na; "number" */
	str unit;                       /* of numbers */
	double lo, hi;                  /* numbers outside are a finding; NaN: no bound */
	str finding;                    /* which choice is a finding: yes, no; "" none; numbers: "outside" */
	bool major;                     /* the finding may be graded major by `criterion` */
	bool photo;                     /* a finding needs a photo */
	str criterion;                  /* row of catalog/hazard, "" none */
	str basis_zh, basis_en, source, certainty;
	int weight;                 /* 1…10 */
	str show_if;                /* as written, "" always shown */
	const struct show_if *cond; /* NULL: always shown */
};
struct checklist {
	str type;
	int64_t day;
	str editions; /* what it was put together from: "house-2026 gas-2023 …", for the record */
	const struct check_item *v;
	size_t n;
};

/* One answer: a choice, or a number. Texts are kept by the caller. */
struct check_answer {
	str item;
	str choice;    /* "yes", "no", "na"; "" for numbers */
	double number; /* NaN for choices */
	size_t photos; /* how many are with it */
};
struct check_finding {
	const struct check_item *item;
	size_t answer; /* place in the answers */
};
struct check_result {
	struct check_finding *findings;
	size_t nfindings;
	size_t shown, answered;   /* shown: items that are to be answered, after skipping */
	int64_t score, score_max; /* weights of answered items without finding, of all answered but "na" */
};

/* The templates, read with the criteria they cite. */
struct checklists;
err checklists_read(struct arena *a, const struct catalog *c, const struct criteria *criteria,
		    struct checklists **ret, struct fail *f) MUST_USE;

/* What is to be asked at an object of `type` ("" none) that carries `sectors` (mask) on `day`. Empty when the
 * type is not known to the templates and no sector fits: `ret->n` 0. */
err checklist_assemble(struct arena *a, const struct checklists *t, str type, int64_t sectors, int64_t day,
		       struct checklist *ret) MUST_USE;
const struct check_item *checklist_item(const struct checklist *l, str id); /* NULL: not in it */
bool checklist_shown(const struct checklist *l, const struct check_answer *v, size_t n,
		     const struct check_item *it);
/* Looks at answers. ERR_BAD_FIELD at /answers/<place>/…: an item that is not in the list, is answered twice
 * or is to be skipped, a choice that is none, a number that is none; with `complete`, at /answers for an item
 * that was left out and for a finding without its photo. */
err checklist_look(struct arena *a, const struct checklist *l, const struct check_answer *v, size_t n,
		   bool complete, struct check_result *ret, struct fail *f) MUST_USE;

#endif
