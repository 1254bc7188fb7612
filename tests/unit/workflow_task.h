/* Reads catalog/workflow/<kind>/2026 for tests. */
#ifndef BH_TESTS_WORKFLOW_TASK_H
#define BH_TESTS_WORKFLOW_TASK_H

#include <stdio.h>
#include <stdlib.h>

#include "loop/workflow.h"

static inline str read_catalog(struct arena *a, const char *kind, const char *name)
{
	const char *root = getenv("BIHUAN_SOURCE");
	char path[512], chunk[4096];
	snprintf(path, sizeof path, "%s/catalog/workflow/%s/2026/%s", root ? root : ".", kind, name);
	FILE *f = fopen(path, "rb");
	struct buf b = BUF(a);
	size_t n;
	while (f && (n = fread(chunk, 1, sizeof chunk, f)) > 0)
		buf_put(&b, (str){ chunk, n });
	if (f)
		fclose(f);
	return buf_str(&b);
}

static inline struct wf_source kind_source(struct arena *a, const char *kind)
{
	struct wf_source src = { read_catalog(a, kind, "META"),          read_catalog(a, kind, "states.tsv"),
				 read_catalog(a, kind, "acts.tsv"),      read_catalog(a, kind, "fields.tsv"),
				 read_catalog(a, kind, "deadlines.tsv"), read_catalog(a, kind, "roles.tsv"),
				 read_catalog(a, kind, "options.tsv") };
	if (!src.options.n)
		src.options = (str){ NULL, 0 };
	return src;
}

static inline struct wf_source task_source(struct arena *a)
{
	return kind_source(a, "task");
}

#endif
