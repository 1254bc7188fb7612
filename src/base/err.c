#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>

static const struct {
	const char *name;
	int status;
	const char *key;
} table[ERR_COUNT] = {
#define E(name, status, key) { #name, status, key },
#include "base/errors.def"
#undef E
};

const char *err_name(err e)
{
	return table[e < ERR_COUNT ? e : ERR_INTERNAL].name;
}

int err_status(err e)
{
	return table[e < ERR_COUNT ? e : ERR_INTERNAL].status;
}

const char *err_key(err e)
{
	return table[e < ERR_COUNT ? e : ERR_INTERNAL].key;
}

err fail_set(struct fail *f, err code, const char *file, int line, const char *pointer,
	     const char *key, ...)
{
	if (!f)
		return code;
	*f = (struct fail){ .code = code, .key = key ? key : err_key(code), .file = file, .line = line };
	snprintf(f->pointer, sizeof f->pointer, "%s", pointer ? pointer : "");
	va_list ap;
	va_start(ap, key);
	const char *name;
	while (key && f->nargs < FAIL_ARGS && (name = va_arg(ap, const char *))) {
		const char *text = va_arg(ap, const char *);
		struct fail_arg *arg = &f->args[f->nargs++];
		arg->name = name;
		snprintf(arg->text, sizeof arg->text, "%s", text ? text : "");
	}
	va_end(ap);
	return code;
}
