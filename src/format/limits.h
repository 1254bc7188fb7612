/* What a file from outside may cost. The caller gives the numbers; the readers refuse what exceeds them. */
#ifndef BH_FORMAT_LIMITS_H
#define BH_FORMAT_LIMITS_H

#include "base/err.h"

struct doc_limits {
	size_t max_input;        /* bytes of the file as it came */
	size_t max_inflated;     /* bytes of all parts of a ZIP package that are read, together */
	size_t max_text;         /* bytes of the UTF-8 text that results; below 4 GiB */
	uint32_t max_ratio;      /* inflated : packed, judged once a part has given 1 MiB */
	uint32_t max_entries;    /* files in a ZIP package */
	uint32_t max_cells;      /* cells of one sheet, and shared strings of a workbook */
	const char *pdftotext;   /* program name for PATH, or a path */
	unsigned pdf_seconds;    /* processor time, and wall time three times as long */
	size_t pdf_memory;       /* address space of the program in bytes */
};

/* 64 MiB in, 512 MiB inflated, 64 MiB of text, 200:1, 10,000 entries, 20 million cells, 20 s, 1 GiB. */
struct doc_limits doc_limits_default(void);

/* TOO_LARGE with the limit as argument {limit}: "64 MiB", "10000". */
err refuse_size(struct fail *f, const char *key, size_t bytes) MUST_USE;
err refuse_count(struct fail *f, const char *key, uint64_t count) MUST_USE;

#endif
