/* Texts of catalogs with places to fill in, a small closed language:
 *   {name}            the value of a field
 *   {?name}…{/}       stands only where the field has a value
 *   {!name}…{/}       stands only where it has none
 *   {{                a brace
 * Conditions do not nest. Which names there are is the catalog's to say; catalog_check (type
 * "template:TABLE/COLUMN") refuses others when the program is built. */
#ifndef BH_CORE_TEMPLATE_H
#define BH_CORE_TEMPLATE_H

#include "base/arena.h"

/* NULL, or what is wrong with the text: one line of English. `known` may be NULL: any name will do. */
const char *template_fault(struct arena *a, str text, bool (*known)(void *arg, str name), void *arg);

/* The text with its fields filled in; a value is never read as a template itself. What is no template
 * is passed on as it stands. */
str template_fill(struct arena *a, str text, str (*value)(void *arg, str name), void *arg);

#endif
