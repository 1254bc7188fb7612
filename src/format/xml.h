/* XML from a part of a package, in events or step by step. No document type, no entities of the
 * sender's, bounded depth and token size. Names come without their namespace prefix. */
#ifndef BH_FORMAT_XML_H
#define BH_FORMAT_XML_H

#include "format/package.h"

struct xml;

struct xml_events {
	void (*start)(void *ctx, struct xml *x, str name, const char *const *attrs);
	void (*end)(void *ctx, struct xml *x, str name);
	void (*text)(void *ctx, struct xml *x, str text); /* in pieces; may be NULL */
};

err xml_open(struct package *p, const char *part, const struct xml_events *events, void *ctx,
	     struct xml **ret, struct fail *f) MUST_USE;
void xml_close(struct xml *x); /* accepts NULL */

/* Parses until an event asks for a pause or the part ends. *ret_done: the end was reached. */
err xml_step(struct xml *x, bool *ret_done, struct fail *f) MUST_USE;
/* Open, all steps, close. */
err xml_part(struct package *p, const char *part, const struct xml_events *events, void *ctx,
	     struct fail *f) MUST_USE;

/* For events only. */
void xml_pause(struct xml *x);                       /* from `end` */
void xml_refuse(struct xml *x, const struct fail *f); /* the step fails with this */

str xml_attr(const char *const *attrs, const char *local_name); /* null string when absent */
bool xml_true(str value);                            /* absent, "1", "true" and "on" */

#endif
