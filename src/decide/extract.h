/* Reads the tasks out of a decision: directives with their units, deadlines, targets and sectors,
 * and the bracketed responsibility notes as written. Pure rules over catalogs; every field names
 * the words it came from. Time and memory grow with the length of the text, never faster.
 *
 * All offsets count Unicode code points of the given text, end exclusive; a byte that is not
 * UTF-8 counts as one code point. */
#ifndef BH_DECIDE_EXTRACT_H
#define BH_DECIDE_EXTRACT_H

#include "base/buf.h"
#include "base/err.h"

/* Tables of the catalogs by path ("sector/2026/terms.tsv"); the bytes must outlive the lexicon. */
struct catalog_table {
	str path, bytes;
};
struct catalog_source {
	const struct catalog_table *tables;
	size_t n;
};

/* The compiled catalogs: immutable after loading, shareable among threads. */
struct lexicon;

/* Reads sector/…/{sectors,terms}.tsv and extract/…/{fold,directive,unit,time,measure,clutter}.tsv
 * of the newest edition given. ERR_NOT_FOUND names a missing table, ERR_BAD_FORMAT its bad line. */
MUST_USE err lexicon_load(struct arena *a, const struct catalog_source *src, struct lexicon **ret,
			  struct fail *f);

struct sector_entry {
	int bit; /* 0..62, stable over editions */
	str id, en, zh;
};
size_t lexicon_sector_count(const struct lexicon *lx);
const struct sector_entry *lexicon_sector(const struct lexicon *lx, size_t i);

/* The words a field came from. start == end: the field has no words of its own. */
struct cue {
	size_t start, end;
};

struct unit_ref {
	str name; /* as written, without blanks and line ends */
	struct cue cue;
};
struct unit_refs {
	struct unit_ref *v;
	size_t n, cap;
};

/* recurs is "" or one of: shift day week ten-days half-month two-weeks month month-day month-end two-months
 * quarter quarter-end half-year term year year-end two-years three-years five-years.
 * due_day is the last day that is still in time. "10个工作日" counts Monday to Friday only and sets
 * working_days, so that a caller with a calendar of swapped days can count again. */
struct deadline {
	str text;
	struct cue cue;
	bool has_due;
	int64_t due_day; /* days since 1970-01-01 */
	str recurs;
	int working_days; /* 0: none */
};

/* comparator: ">=" "<=" ">" "<" "=" for levels, "+=" "-=" for changes against before. 万 and 亿 are
 * multiplied into value. */
struct target {
	str indicator, comparator, unit, text;
	double value;
	struct cue cue;
};
struct targets {
	struct target *v;
	size_t n, cap;
};

struct sector_ref {
	const struct sector_entry *sector;
	struct cue cue; /* the first word that spoke for it */
	double weight;
};
struct sector_refs {
	struct sector_ref *v;
	size_t n, cap;
};

struct cues {
	struct cue *v;
	size_t n, cap;
};

#define EXTRACT_NONE SIZE_MAX

struct directive {
	size_t start, end; /* within one sentence */
	str text;          /* a slice of the given text */
	str action, object;
	struct cue action_cue, object_cue;
	struct sector_refs sectors; /* strongest first */
	struct unit_refs leads, cos;
	bool has_deadline;
	struct deadline deadline;
	struct targets targets;
	double confidence;   /* 0..1 */
	struct cues reasons; /* the words that make it a directive */
	size_t note;         /* index into notes, or EXTRACT_NONE */
};
struct directives {
	struct directive *v;
	size_t n, cap;
};

struct note {
	size_t start, end; /* with its brackets */
	struct unit_refs leads, cos;
};
struct notes {
	struct note *v;
	size_t n, cap;
};

enum clutter_kind { CLUTTER_LINE, CLUTTER_PINYIN };
struct clutter {
	size_t start, end;
	enum clutter_kind kind;
};
struct clutters {
	struct clutter *v;
	size_t n, cap;
};

struct meta {
	str text; /* "" when not found */
	struct cue cue;
};

struct extraction {
	struct meta title, issuer, number;
	struct meta date; /* text as YYYY-MM-DD */
	bool has_date;
	int64_t date_day;
	struct directives directives;
	struct notes notes;
	struct clutters clutter;
};

enum { EXTRACT_MAX_BYTES = 1 << 30 };

/* Relative deadlines count from reference_day; INT64_MIN takes the document's own date.
 * Slices in the result point into `text` or the arena. ERR_TOO_LARGE above EXTRACT_MAX_BYTES. */
MUST_USE err extract(struct arena *a, const struct lexicon *lx, str text, int64_t reference_day,
		     struct extraction *ret);

/* One JSON object on one line, without a line end, a piece a call: what was written may be taken out of the
 * buffer between calls. false when there was nothing left to write. Begin with { x, file }. */
struct extraction_json {
	const struct extraction *x;
	str file;
	int part;
	size_t at;
};
bool extraction_json_next(struct buf *b, struct extraction_json *j);

#endif
