/* Open Packaging Conventions: which part is the document, and where its relationships point. */
#ifndef BH_FORMAT_OPC_H
#define BH_FORMAT_OPC_H

#include "format/package.h"

enum opc_kind { OPC_UNKNOWN, OPC_WORD, OPC_SHEET, OPC_SLIDES, OPC_OFD };

struct opc_rel {
	str id, type;      /* the type's last word: "worksheet", "sharedStrings" */
	const char *part;  /* resolved against the source's folder */
};

struct opc_rels {
	struct opc_rel *v;
	size_t n, cap;
};

/* The part a reader starts from, by _rels/.rels and [Content_Types].xml; by the usual names without. */
err opc_main(struct arena *a, struct package *p, const char **ret_part, enum opc_kind *ret_kind,
	     struct fail *f) MUST_USE;
/* Relationships of a part; none when it has no .rels. External ones are left out. */
err opc_rels(struct arena *a, struct package *p, const char *part, struct opc_rels *ret,
	     struct fail *f) MUST_USE;
const char *opc_rel_by_type(const struct opc_rels *rels, const char *type); /* part or NULL */

#endif
