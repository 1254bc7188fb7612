/* What the kinds of sense/index.h share. */
#ifndef BH_SENSE_INDEX_PARTS_H
#define BH_SENSE_INDEX_PARTS_H

#include "base/buf.h"
#include "core/i18n.h"
#include "sense/index.h"

extern const struct index_kind index_air, index_evaluation, index_water, index_river, index_tli, index_blackwater, index_sewage,
	index_sewage_rate, index_soil, index_fwi, index_danger;

/* SIZE_MAX: none; case does not count. A second one refuses the table. */
size_t index_column(struct index_job *j, const char *name);
/* By an item's id or either name. */
size_t index_column_of(struct index_job *j, str id, str zh, str en);
/* Refuses a table without it. */
err index_need(struct index_job *j, const char *name, size_t *ret) MUST_USE;

/* Of the row at hand; "" for SIZE_MAX; without blanks around it. */
str index_cell(const struct index_job *j, size_t column);
/* A number as laboratories write it ("<0.05" is half of it); false in *ret_has where there is none. */
err index_value(struct index_job *j, size_t column, struct decimal *ret, bool *ret_has) MUST_USE;
err index_number(struct index_job *j, size_t column, double *ret, bool *ret_has) MUST_USE;
/* "2017-07-07T16:00", "2017/7/7 16:00", "20170707": the day. */
err index_day(struct index_job *j, size_t column, int64_t *ret) MUST_USE;
bool index_day_of(str s, int64_t *ret) MUST_USE;
/* Refuses the row for a cell; `column` SIZE_MAX: for the row as a whole. */
err index_bad(struct index_job *j, size_t column, const char *key);

/* The folder of the edition that was asked for, else of `family` in force on the day. */
err index_edition(struct index_job *j, const char *family, int64_t day, str *ret) MUST_USE;
/* Remembers it and makes it the answer's. */
void index_by(struct index_job *j, str edition);

/* The answer: texts live as long as the row, or as the job in close(). */
struct arena *index_arena(struct index_job *j);
void index_set(struct index_job *j, size_t column, str value);
void index_set_int(struct index_job *j, size_t column, int64_t value);
void index_miss(struct index_job *j, str item);
void index_explain(struct index_job *j, struct index_part p);
#define index_say(j, ...) ((j)->r.reason = i18n_say(index_arena(j), (j)->lang, __VA_ARGS__, NULL))
/* Gives a group in close(). */
err index_give(struct index_job *j, str name) MUST_USE;

/* "pm25;o3" */
void index_join(struct buf *b, str word);
str index_decimal(struct arena *a, struct decimal d);              /* without zeros at its end */
str index_rounded(struct arena *a, double v, int places);          /* to even; "" for NaN */
str index_source(struct arena *a, const struct rows *t, size_t i); /* "GB 3838-2002, table 1" */
str index_lang(const struct index_job *j, str zh, str en);
err index_bad_catalog(struct index_job *j, str edition, const char *table, int line);

#endif
