#include "base/log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"

static _Atomic int min_level = LOG_INFO; /* the logger is the one global besides main's */

void log_set_level(enum log_level level)
{
	atomic_store(&min_level, (int)level);
}

struct line {
	char p[2048];
	size_t n;
};

static void put(struct line *l, const char *s, size_t n)
{
	size_t room = sizeof l->p - 2 - l->n; /* the closing brace and the newline always fit */
	if (n > room)
		n = room;
	memcpy(l->p + l->n, s, n);
	l->n += n;
}

static void put_text(struct line *l, const char *s)
{
	put(l, "\"", 1);
	for (; *s && l->n < sizeof l->p - 16; s++) {
		unsigned char c = (unsigned char)*s;
		char esc[8];
		if (c == '"' || c == '\\') {
			put(l, (char[]){ '\\', (char)c }, 2);
		} else if (c < 0x20) {
			put(l, esc, (size_t)snprintf(esc, sizeof esc, "\\u%04x", (unsigned)c));
		} else {
			put(l, s, 1);
		}
	}
	put(l, "\"", 1);
}

static void put_pair(struct line *l, const char *name, const char *text)
{
	put(l, ",", 1);
	put_text(l, name);
	put(l, ":", 1);
	put_text(l, text ? text : "");
}

static void begin(struct line *l, enum log_level level, const char *what)
{
	static const char *const names[] = { "debug", "info", "warn", "error" };
	static const struct clock system_clock;
	char at[26];
	time_format_china(clock_now_ms(&system_clock), at);
	l->n = 0;
	put(l, "{\"at\":", 6);
	put_text(l, at);
	put_pair(l, "level", names[level]);
	put_pair(l, "what", what);
}

static void end(struct line *l)
{
	l->p[l->n++] = '}';
	l->p[l->n++] = '\n';
	ssize_t ignored = write(STDERR_FILENO, l->p, l->n);
	(void)ignored;
}

void log_line(enum log_level level, const char *what, ...)
{
	if ((int)level < atomic_load(&min_level))
		return;
	struct line l;
	begin(&l, level, what);
	va_list ap;
	va_start(ap, what);
	const char *name;
	while ((name = va_arg(ap, const char *)))
		put_pair(&l, name, va_arg(ap, const char *));
	va_end(ap);
	end(&l);
}

void log_fail(enum log_level level, const char *what, const struct fail *f)
{
	if ((int)level < atomic_load(&min_level))
		return;
	struct line l;
	char where[32];
	begin(&l, level, what);
	put_pair(&l, "error", err_name(f->code));
	put_pair(&l, "key", f->key);
	put_pair(&l, "pointer", f->pointer);
	for (size_t i = 0; i < f->nargs; i++)
		put_pair(&l, f->args[i].name, f->args[i].text);
	snprintf(where, sizeof where, ":%d", f->line);
	put_pair(&l, "file", f->file ? f->file : "");
	put_pair(&l, "line", where + 1);
	end(&l);
}
