#include "format/limits.h"

#include <stdio.h>

struct doc_limits doc_limits_default(void)
{
	return (struct doc_limits){
		.max_input = (size_t)64 << 20,
		.max_inflated = (size_t)512 << 20,
		.max_text = (size_t)64 << 20,
		.max_ratio = 200,
		.max_entries = 10000,
		.max_cells = 20000000,
		.pdftotext = "pdftotext",
		.pdf_seconds = 20,
		.pdf_memory = (size_t)1 << 30,
	};
}

err refuse_size(struct fail *f, const char *key, size_t bytes)
{
	char text[32];
	if (bytes >= (size_t)1 << 20)
		snprintf(text, sizeof text, "%zu MiB", bytes >> 20);
	else
		snprintf(text, sizeof text, "%zu B", bytes);
	return FAIL(f, TOO_LARGE, "", key, "limit", text);
}

err refuse_count(struct fail *f, const char *key, uint64_t count)
{
	char text[24];
	snprintf(text, sizeof text, "%llu", (unsigned long long)count);
	return FAIL(f, TOO_LARGE, "", key, "limit", text);
}
