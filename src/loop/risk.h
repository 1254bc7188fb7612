/* Risk grading by published methods whose tables are data (catalog/risk/<name>/<edition>): LEC, the LS
 * matrix, major hazard installations (GB 18218), and the colour of an area. Nothing here knows a bound. */
#ifndef BH_LOOP_RISK_H
#define BH_LOOP_RISK_H

#include "core/app.h"
#include "core/catalog.h"
#include "num/risk.h"

enum { RISK_STEPS = 4, RISK_SUBSTANCES = 50 };

struct risk_factor_value {
	str factor;    /* "l", "e", "c", "s" */
	int64_t value; /* × RISK_SCALE */
	str zh, en, source, clause, certainty;
};
struct risk_level {
	str id, colour, zh, en, source, clause, certainty;
	int64_t rank; /* 1 the gravest */
	int64_t from; /* × RISK_SCALE; DB_NONE: the rest */
	bool here;    /* a value at `from` belongs to this class */
};
struct risk_cell {
	int64_t l, s;
	str level;
};
struct risk_alpha {
	int64_t from, alpha; /* persons; × RISK_SCALE */
	str zh, en;
};
struct risk_beta {
	str id, zh, en, certainty;
	int64_t beta, q; /* × RISK_SCALE; q in tonnes, DB_NONE: not known here */
};
struct risk_method {
	str method, edition, title_zh, title_en, source, source_zh, certainty, note, note_zh;
	int64_t from_day, to_day;
	struct risk_factor_value *values;
	struct risk_level *levels; /* from the highest to the lowest */
	struct risk_cell *cells;
	struct risk_alpha *alpha;
	struct risk_beta *beta;
	size_t nvalues, nlevels, ncells, nalpha, nbeta;
};
struct risk_tables {
	struct risk_method *v;
	size_t n;
};
err risk_tables_read(struct arena *a, const struct catalog *c, struct risk_tables **ret,
		     struct fail *f) MUST_USE;
/* The edition of a method in force on a day; NULL when there is none. */
const struct risk_method *risk_method_find(const struct risk_tables *t, str method, int64_t day);

struct risk_substance {
	str name, row;       /* row of beta, or "" with beta and Q given */
	double q, cap, beta; /* t, t, 1; NaN: as the row says */
};
struct risk_input {
	double l, e, c, s; /* NaN: not given */
	int64_t persons;   /* within 500 m of the boundary, DB_NONE: not given */
	const struct risk_substance *substances;
	size_t nsubstances;
	const str *colours;
	size_t ncolours;
};
struct risk_result {
	bool has_value;
	struct risk_value value;        /* D, R */
	struct risk_value sum;          /* S of GB 18218 */
	bool installation;              /* S ≥ 1: a major hazard installation */
	const struct risk_level *level; /* NULL: S < 1, no level */
	str steps[RISK_STEPS];          /* formulas with numbers */
	size_t nsteps;
};
/* ERR_BAD_FIELD names the input that is missing or not of the table. */
err risk_grade(struct arena *a, const struct risk_method *m, const struct risk_input *in,
	       struct risk_result *ret, struct fail *f) MUST_USE;
str risk_colour_name(str colour, bool zh); /* "红", "red" */

#endif
