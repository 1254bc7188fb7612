/* Tables from outside: rows rise, columns rise, and it comes to an end. */
#include <stdlib.h>

#include "format/table.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	AUTO(arena_drop) struct arena *a = arena_new();
	AUTO(table_drop) struct table *t = NULL;
	const struct doc_limits lim = doc_limits_default();
	struct fail f = { 0 };
	if (table_open(a, (str){ (const char *)data, size }, &lim, &t, &f) != ERR_OK)
		return 0;
	struct table_row row = { 0 };
	uint32_t last = 0;
	while (table_next(t, &row, &f) == ERR_OK && row.number) {
		if (row.number <= last)
			abort();
		last = row.number;
		for (size_t i = 1; i < row.n; i++)
			if (row.cells[i].col <= row.cells[i - 1].col)
				abort();
	}
	return 0;
}
