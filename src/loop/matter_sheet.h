/* Ledgers (台账) as workbooks, out and in, in the columns that offices use. Which ledgers there are, for which kind
 * of matter, and how their columns are titled is catalog/sheet; what goes out can come in again. A table from
 * elsewhere needs the obligatory columns only, under any of the titles that the catalog knows. */
#ifndef BH_LOOP_MATTER_SHEET_H
#define BH_LOOP_MATTER_SHEET_H

#include "core/catalog.h"
#include "format/table.h"
#include "loop/matter_list.h"

enum { SHEET_ROWS = 100000, SHEET_IMPORT = 5000, SHEET_ERRORS = 200, SHEET_COLUMNS = 40 };

/* What a column may hold; the titles here stand where no ledger of the catalog has the column. */
#define SHEET_FIELDS(X)                                                                            \
	X(SEQ, "seq", "序号", "No.")                                                               \
	X(NO, "no", "编号", "Number")                                                              \
	X(SECTOR, "sector", "领域", "Field")                                                       \
	X(TITLE, "title", "事项", "Matter")                                                        \
	X(TEXT, "text", "情况描述", "Description")                                                 \
	X(MEASURES, "measures", "措施", "Measures")                                                \
	X(TARGET, "target", "目标", "Target")                                                      \
	X(LEADER, "leader", "牵头领导", "Leader")                                                  \
	X(LEAD, "lead", "牵头单位", "Lead unit")                                                   \
	X(CO, "co", "配合单位", "Co-operating units")                                              \
	X(DUE, "due", "完成时限", "Deadline")                                                      \
	X(PROGRESS, "progress", "进展情况", "Progress")                                            \
	X(PERCENT, "percent", "完成比例", "Per cent")                                              \
	X(STATE, "state", "状态", "Status")                                                        \
	X(PROBLEMS, "problems", "存在问题", "Problems")                                            \
	X(NEXT, "next", "下一步措施", "Next steps")                                                \
	X(EVIDENCE, "evidence", "佐证材料", "Evidence")                                            \
	X(REMARK, "remark", "备注", "Remark")                                                      \
	X(FOUND, "found", "发现时间", "Found on")                                                  \
	X(SOURCE, "source", "隐患来源", "Source")                                                  \
	X(GRADE, "grade", "隐患等级", "Grade")                                                     \
	X(CRITERION, "criterion", "判定依据", "Criterion")                                         \
	X(CAUSE, "cause", "原因", "Cause")                                                         \
	X(LISTED, "listed", "挂牌督办级别", "Listed for supervision")                              \
	X(ROUND, "round", "整改轮次", "Round")                                                     \
	X(CLOSED, "closed", "销号日期", "Closed on")                                               \
	X(REGION, "region", "所在地", "Place")                                                     \
	X(OBJECT, "object", "监管对象", "Supervised object")                                       \
	X(ASSIGNER, "assigner", "交办单位", "Assigning unit")                                      \
	X(PERSON, "person", "责任人", "Person responsible")                                        \
	X(INSPECTOR, "inspector", "检查人", "Inspector")
enum sheet_field {
#define X(id, name, zh, en) SHEET_##id,
	SHEET_FIELDS(X)
#undef X
	SHEET_FIELD_COUNT
};

enum sheet_in { SHEET_IN_NO, SHEET_IN_VALUE, SHEET_IN_TEXT };
struct sheet_column {
	enum sheet_field field;
	str zh, en, group_zh, group_en, variants; /* variants parted by | */
	double width;
	bool required;
	enum sheet_in in;
};
struct sheet_def {
	str id, kind, zh, en;
	const struct sheet_column *v;
	size_t n;
};
/* Of the edition in force. */
err sheet_defs(struct ctx *cx, struct sheet_def **ret, size_t *ret_n) MUST_USE;
/* By id; without one the first of the kind (empty: "task"), or the first of all when the kind has none.
 * ERR_BAD_FIELD at ?sheet. */
err sheet_def_find(struct ctx *cx, str id, str kind, struct sheet_def *ret) MUST_USE;
const char *sheet_field_name(enum sheet_field f);
enum sheet_field sheet_field_find(str name);   /* SHEET_FIELD_COUNT: none */
struct sheet_column sheet_column_of(enum sheet_field f); /* with the titles above */

/* Writes the filtered ledger to a workbook at `path`. `columns`: fields with commas, or the null string for all
 * of the ledger `sheet` (empty: that of the filter's kind). */
err sheet_export(struct ctx *cx, const struct matter_filter *f, str sheet, str columns, const char *path) MUST_USE;

struct sheet_error {
	str cell;
	int64_t row;
	const char *key;     /* message key, or NULL: `fail` says it */
	str name;
	struct fail fail;
};
struct sheet_row {
	uint32_t number;
	str cell;            /* of the task, for errors of the whole row */
	struct matter_new in;
};
struct sheet {
	struct sheet_row *rows;
	size_t n;
	struct sheet_error *errors;
	size_t nerrors;
};
/* Reads and resolves every row as a matter of `kind` in the columns of `sheet` (either may be empty); what is wrong is
 * collected, not thrown. Needs a read connection. */
err sheet_read(struct ctx *cx, str bytes, str sheet, str kind, struct sheet *ret) MUST_USE;
/* Makes them all or none; a row that the rules refuse is added to the errors. Takes its own connection. With `check`
 * it is all tried and nothing kept. */
err sheet_create(struct ctx *cx, struct sheet *s, bool check, struct json_ids *ret) MUST_USE;

/* "2026-12-31", "2026年12月31日", "2026年12月底", "2026年底", "2026.12". False for anything else. */
bool sheet_date(str s, int64_t *ret_day) MUST_USE;

#endif
