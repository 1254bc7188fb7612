/* A ZIP package (DOCX, XLSX) in memory, read under limits: number of entries, inflated bytes, ratio.
 * Only stored and deflated entries are read, as the OOXML packages have them. */
#ifndef BH_FORMAT_PACKAGE_H
#define BH_FORMAT_PACKAGE_H

#include "base/arena.h"
#include "base/err.h"
#include "format/limits.h"

struct package;
struct part;

/* `bytes` must outlive the package. BAD_FORMAT: not a ZIP file or a broken one; TOO_LARGE: a limit. */
err package_open(str bytes, const struct doc_limits *lim, struct package **ret, struct fail *f) MUST_USE;
void package_close(struct package *p);   /* accepts NULL */
void package_drop(struct package **p);   /* for AUTO() */
const struct doc_limits *package_limits(const struct package *p);

bool package_has(struct package *p, const char *name);

/* A part is read from front to back. BAD_FORMAT: no such part, encrypted, or broken. */
err part_open(struct package *p, const char *name, struct part **ret, struct fail *f) MUST_USE;
err part_read(struct part *part, char *to, size_t cap, size_t *ret_n, struct fail *f) MUST_USE; /* 0: end */
void part_close(struct part *part);      /* accepts NULL */

#endif
