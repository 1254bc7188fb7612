/* Criteria of major hazards: catalog/hazard/<branch>/<edition>, dated rows with standard, clause and
 * certainty.
 *
 *   META      who issued it, its number, in force from – until, sectors, how many items it has
 *   groups    id zh en: the standard's own parts ("管理", "冶金企业")
 *   items     one item a row, paraphrased; preconditions and exceptions stay with it. A row of kind "unknown"
 *             says that an article exists whose text nobody here has seen; it cannot be cited. */
#ifndef BH_LOOP_CRITERIA_H
#define BH_LOOP_CRITERIA_H

#include "core/app.h"
#include "core/catalog.h"

enum { CRITERION_NO_DAY = 2932896 }; /* 9999-12-31: the edition's first day is not known */

struct criteria_edition;
struct criterion {
	str id;          /* "gas-2023-4-1": unique over all editions, never used again, fit for a path */
	str sector;      /* first of the edition's sectors: id of catalog/sector */
	int64_t sectors; /* mask of all of them */
	str standard, number, title_zh, title_en, edition; /* "gas", "建城规〔2023〕4号", …, "2023" */
	str clause;               /* "4(1)", "20", "5(4.1)"; "?" stands for what is not known */
	str article, item;        /* its parts: "4" and "1", "" and "20" */
	str clause_zh, clause_en; /* "第4条第1项", "Art. 4(1)" */
	str group, group_zh, group_en;
	str zh, en;                         /* paraphrase */
	str pre_zh, pre_en, exc_zh, exc_en; /* precondition and exception, may be empty */
	str kind;                           /* direct, comprehensive, catch-all, unknown */
	str status;                         /* of the edition: in_force, superseded, draft */
	str certainty, source, source_zh;
	str replaces; /* id of the row of an older edition that it takes the place of, may be empty */
	int64_t from_day, to_day; /* in force, both inclusive; DB_NONE: open, or not known */
	const struct criteria_edition *of;
};

struct criteria_edition {
	str id; /* "gas-2023" */
	str branch, branch_zh, branch_en, edition, title_zh, title_en, number, issuer_zh, issuer_en;
	str sector, sector_list; /* first; all, parted by blanks */
	int64_t sectors;
	str status, certainty, dates, source, source_zh, note, note_zh, form,
	    replaces;                         /* dates: verified … unverified; form of clauses */
	int64_t issued_day, from_day, to_day; /* DB_NONE: not known, open */
	int64_t total;          /* items of the first level that the standard has, DB_NONE: not known */
	int64_t known, unknown; /* of them held here; rows that only say that there is more */
	const struct criterion *v;
	size_t n;
};

struct criteria;
err criteria_read(struct arena *a, const struct catalog *c, struct criteria **ret, struct fail *f) MUST_USE;
const struct criterion *criterion_find(const struct criteria *t, str id); /* NULL: unknown */
bool criterion_in_force(const struct criterion *k, int64_t day);
bool criterion_citable(const struct criterion *k); /* not of kind unknown */
size_t criteria_all(const struct criteria *t,
		    const struct criterion **ret); /* by edition, in the standard's order */
size_t criteria_editions(const struct criteria *t, const struct criteria_edition **ret); /* by id */
const struct criteria_edition *criteria_edition_find(const struct criteria *t, str id);  /* NULL: unknown */

/* May this row make a hazard a major one that was found on `day` (days since 1970) in these sectors (mask, -1
 * any)? ERR_BAD_FIELD at /criterion: unknown, of kind unknown, not in force that day, of another sector. */
err criteria_grade_check(const struct criteria *t, str id, int64_t day, int64_t sectors,
			 struct fail *f) MUST_USE;

#endif
