/* Reads catalog/workflow/task/2026 for tests. */
#ifndef BH_TESTS_WORKFLOW_TASK_H
#define BH_TESTS_WORKFLOW_TASK_H

#include <stdio.h>
#include <stdlib.h>

#include "loop/workflow.h"

static inline str read_catalog(struct arena *a, const char *name)
{
	const char *root = getenv("BIHUAN_SOURCE");
	char path[512], chunk[4096];
	snprintf(path, sizeof path, "%s/catalog/workflow/task/2026/%s", root ? root : ".", name);
	FILE *f = fopen(path, "rb");
	struct buf b = BUF(a);
	size_t n;
	while (f && (n = fread(chunk, 1, sizeof chunk, f)) > 0)
		buf_put(&b, (str){ chunk, n });
	if (f)
		fclose(f);
	return buf_str(&b);
}

static inline struct wf_source task_source(struct arena *a)
{
	return (struct wf_source){ read_catalog(a, "META"),          read_catalog(a, "states.tsv"),
				   read_catalog(a, "acts.tsv"),      read_catalog(a, "fields.tsv"),
				   read_catalog(a, "deadlines.tsv"), read_catalog(a, "roles.tsv") };
}

#endif
