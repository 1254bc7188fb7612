/* Indices over tables, by dated editions of standards: one engine for files, requests and fuzzing.
 *
 * A kind reads rows by the names of their columns and gives each row (or, at the end, each group of rows) the columns it adds, the edition
 * it judged by, the reason in words, what was missing, and, when asked to explain, every item with the value as used and the rule. */
#ifndef BH_SENSE_INDEX_H
#define BH_SENSE_INDEX_H

#include "base/vec.h"
#include "num/decimal.h"
#include "sense/edition.h"

enum { INDEX_COLUMNS_MAX = 256 };

struct index_options {
	str edition;             /* as a person writes it; "": the one in force on the row's day, else on `day` */
	str period;              /* air: "hour" (also "") or "day" */
	str units;               /* air: "standard" (also ""): µg/m³, CO mg/m³; "edition": what the edition itself is written in */
	str start;               /* fwi: "FFMC,DMC,DC" of yesterday */
	int area;                /* evaluation: 1 or 2 (also 0) */
	int64_t day;
	bool explain;
};
struct index_part {
	str item, zh, en, unit;
	str value, used;         /* as given; as it was used: rounded, halved, converted */
	str rule, grade;         /* "≤ 1", "III" */
	str source, certainty;
};
struct index_result {
	uint32_t row;            /* of the table; 0: a group */
	str name;                /* its first cell, or the group's */
	str edition;             /* "hj633/2026" */
	str *values;             /* one a column that the kind gives */
	str reason;
	VEC(str) missing;
	VEC(struct index_part) parts;
};
typedef err index_sink(void *arg, const struct index_result *r);

struct index_job;
struct index_kind {
	str id;
	const char *first;       /* first word of its editions in the catalog */
	const char *takes, *gives; /* columns; "…" stands for the items of the edition */
	bool groups;             /* gives groups at the end instead of rows */
	err (*open)(struct index_job *j);
	err (*row)(struct index_job *j);
	err (*close)(struct index_job *j); /* NULL: nothing is left */
};
const struct index_kind *index_kind_at(size_t i); /* NULL behind the last */
/* NULL: there is none. */
const struct index_kind *index_kind_find(str id);

struct index_job {
	/* set by the caller */
	struct arena *a;
	const struct catalog *cat;
	const struct index_kind *kind;
	struct index_options opt;
	str lang;
	struct fail *f;
	bool by_cells;           /* rows came as cells: refusals point to /rows/…/cells/… */
	index_sink *sink;
	void *arg;
	/* the engine's */
	struct arena *row;       /* dies with the row */
	str *names;
	size_t ncols, ngives, nrows;
	str twice;               /* a column that stands for an item beside another one */
	const str *cells;
	uint32_t line;
	struct index_result r;
	void *own;               /* of the kind */
	VEC(str) editions;       /* that were used */
};
/* The header. ERR_BAD_INPUT names columns that are needed. */
err index_open(struct index_job *j, const str *names, size_t n) MUST_USE;
/* `n` cells, fewer than columns: the rest is empty. ERR_BAD_INPUT names row, column and value. */
err index_row(struct index_job *j, const str *cells, size_t n, uint32_t line) MUST_USE;
err index_close(struct index_job *j) MUST_USE;
/* Accepts a job that was never opened. */
void index_drop(struct index_job *j);

/* A whole CSV file; ERR_TOO_LARGE beyond `rows`. */
err index_csv(struct index_job *j, str bytes, size_t rows) MUST_USE;

#endif
