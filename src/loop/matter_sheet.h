/* The ledger (台账) as a workbook: out and in, in the columns that offices use. What goes out can come
 * in again; a table from elsewhere needs the task and the lead unit, the rest may be missing. */
#ifndef BH_LOOP_MATTER_SHEET_H
#define BH_LOOP_MATTER_SHEET_H

#include "format/table.h"
#include "loop/matter_list.h"

enum { SHEET_ROWS = 100000, SHEET_IMPORT = 5000, SHEET_ERRORS = 200 };

/* id, Chinese title, English title, width; further titles understood on the way in stand in matter_sheet.c. */
#define SHEET_COLUMNS(X)                                                                           \
	X(SEQ, "seq", "序号", "No.", 6)                                                            \
	X(NO, "no", "任务编号", "Number", 24)                                                      \
	X(SECTOR, "sector", "任务领域", "Field", 14)                                               \
	X(TITLE, "title", "重点任务", "Task", 40)                                                  \
	X(MEASURES, "measures", "工作措施", "Measures", 40)                                        \
	X(TARGET, "target", "工作目标", "Target", 24)                                              \
	X(LEADER, "leader", "牵头领导", "Leader", 12)                                              \
	X(LEAD, "lead", "牵头单位", "Lead unit", 20)                                               \
	X(CO, "co", "配合单位", "Co-operating units", 24)                                          \
	X(DUE, "due", "完成时限", "Deadline", 12)                                                  \
	X(PROGRESS, "progress", "进展情况", "Progress", 40)                                        \
	X(PERCENT, "percent", "完成比例", "Per cent", 9)                                           \
	X(STATE, "state", "完成状态", "Status", 14)                                                \
	X(PROBLEMS, "problems", "存在问题", "Problems", 24)                                        \
	X(NEXT, "next", "下一步措施", "Next steps", 24)                                            \
	X(EVIDENCE, "evidence", "佐证材料", "Evidence", 10)                                        \
	X(REMARK, "remark", "备注", "Remark", 20)
enum sheet_column {
#define X(id, name, zh, en, width) SHEET_##id,
	SHEET_COLUMNS(X)
#undef X
	SHEET_COLUMN_COUNT
};

/* Writes the filtered ledger to a workbook at `path`. `columns`: ids with commas, or the null string for all. */
err sheet_export(struct ctx *cx, const struct matter_filter *f, str columns, const char *path) MUST_USE;

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
/* Reads and resolves every row; what is wrong is collected, not thrown. Needs a read connection. */
err sheet_read(struct ctx *cx, str bytes, struct sheet *ret) MUST_USE;

/* "2026-12-31", "2026年12月31日", "2026年12月底", "2026年底", "2026.12". False for anything else. */
bool sheet_date(str s, int64_t *ret_day) MUST_USE;

#endif
