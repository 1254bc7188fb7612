/* Texts for people, in both languages, from i18n/messages.tsv (tools/msggen makes the table). */
#ifndef BH_CORE_I18N_H
#define BH_CORE_I18N_H

#include <stdarg.h>

#include "base/arena.h"
#include "base/err.h"

struct message {
	str key, en, zh;
};
const struct message *message_at(size_t i); /* bytewise order of the keys; NULL behind the last */
size_t message_count(void);

/* The message in the language: "en" or one that begins with "en-" is English, all else Chinese. A key
 * without a row is its own text. */
str i18n_text(str lang, str key);
bool i18n_has(str key);

/* Substitutes {name}. A value that begins with "@" is itself a message key. Names without a value
 * stay as they are. Values come in pairs name, text (const char *), ended by NULL. */
str i18n_say(struct arena *a, str lang, const char *key, ...) __attribute__((sentinel));
str i18n_vsay(struct arena *a, str lang, const char *key, va_list ap);
str i18n_fail(struct arena *a, str lang, const struct fail *f);

#endif
