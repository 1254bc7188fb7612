#include "tool.h"

#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MAX_DEPTH = 16, MAX_BYTES = 256 << 20, MAX_FAULTS = 20 };

static int faults;

static void PRINTF_LIKE(3, 0) print_line(const char *file, int line, const char *fmt, va_list ap)
{
	if (file && line > 0)
		fprintf(stderr, "%s:%d: ", file, line);
	else if (file)
		fprintf(stderr, "%s: ", file);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
}

void tool_refuse(const char *file, int line, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	print_line(file, line, fmt, ap);
	va_end(ap);
	exit(1);
}

void tool_fault(const char *file, int line, const char *fmt, ...)
{
	if (faults++ >= MAX_FAULTS)
		return;
	va_list ap;
	va_start(ap, fmt);
	print_line(file, line, fmt, ap);
	va_end(ap);
}

void tool_done(void)
{
	if (faults > MAX_FAULTS)
		fprintf(stderr, "… %d more\n", faults - MAX_FAULTS);
	if (faults)
		exit(1);
}

str tool_read(struct arena *a, const char *path)
{
	FILE *f = fopen(path, "rb");
	if (!f)
		tool_refuse(path, 0, "cannot be read: %s", strerror(errno));
	struct stat st;
	if (fstat(fileno(f), &st) || !S_ISREG(st.st_mode))
		tool_refuse(path, 0, "is not a regular file");
	if (st.st_size > MAX_BYTES)
		tool_refuse(path, 0, "is larger than %d bytes", MAX_BYTES);
	char *p = arena_alloc(a, (size_t)st.st_size + 1);
	size_t n = fread(p, 1, (size_t)st.st_size, f);
	if (n != (size_t)st.st_size)
		tool_refuse(path, 0, "changed while it was read");
	fclose(f);
	return (str){ p, n };
}

void tool_write(const char *path, str bytes)
{
	FILE *f = fopen(path, "wb");
	if (!f || fwrite(bytes.p, 1, bytes.n, f) != bytes.n || fclose(f))
		tool_refuse(path, 0, "cannot be written: %s", strerror(errno));
}

bool tool_is_dir(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool tool_exists(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0;
}

static void walk(struct arena *a, const char *dir, size_t root, int depth, struct tool_tree *t)
{
	if (depth > MAX_DEPTH)
		tool_refuse(dir, 0, "is nested too deeply");
	DIR *d = opendir(dir);
	if (!d)
		tool_refuse(dir, 0, "cannot be read: %s", strerror(errno));
	vec_push(a, &t->dirs, dir);
	struct dirent *e;
	while ((e = readdir(d))) {
		if (e->d_name[0] == '.' || str_eq(str_of(e->d_name), S("node_modules")))
			continue;
		const char *path = arena_printf(a, "%s/%s", dir, e->d_name).p;
		if (tool_is_dir(path))
			walk(a, path, root, depth + 1, t);
		else
			vec_push(a, &t->files, (struct tool_file){ path, str_of(path + root) });
	}
	closedir(d);
}

static int by_name(const void *x, const void *y)
{
	return str_cmp(((const struct tool_file *)x)->name, ((const struct tool_file *)y)->name);
}

void tool_walk(struct arena *a, const char *dir, struct tool_tree *t)
{
	size_t before = t->files.n;
	walk(a, dir, strlen(dir) + 1, 0, t);
	if (t->files.n > before)
		qsort(t->files.v + before, t->files.n - before, sizeof *t->files.v, by_name);
}

static void put_dep(struct buf *b, const char *path)
{
	buf_put(b, S(" \\\n "));
	for (const char *p = path; *p; p++) {
		if (*p == ' ' || *p == '#' || *p == '\\')
			buf_byte(b, '\\');
		if (*p == '$')
			buf_byte(b, '$');
		buf_byte(b, *p);
	}
}

void tool_depfile(struct arena *a, const char *depfile, const char *target, const struct tool_tree *t)
{
	struct buf b = BUF(a);
	buf_printf(&b, "%s:", target);
	for (size_t i = 0; i < t->dirs.n; i++)
		put_dep(&b, t->dirs.v[i]);
	for (size_t i = 0; i < t->files.n; i++)
		put_dep(&b, t->files.v[i].path);
	buf_byte(&b, '\n');
	tool_write(depfile, buf_str(&b));
}

void tool_put_c(struct buf *b, str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (c == '"' || c == '\\' || c < 32 || c >= 127 || c == '?')
			buf_printf(b, "\\%03o", c);
		else
			buf_byte(b, (char)c);
	}
}
