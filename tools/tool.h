/* What the build tools share. A tool refuses with one line, "file:line: why", and exit code 1. */
#ifndef BH_TOOLS_TOOL_H
#define BH_TOOLS_TOOL_H

#include "base/buf.h"
#include "base/vec.h"

/* line 0: no line number; file NULL: no place at all. */
void tool_refuse(const char *file, int line, const char *fmt, ...) PRINTF_LIKE(3, 4)
	__attribute__((noreturn));
/* The same, but goes on, so that one run shows every fault; tool_done() exits with 1 if there was one.
 * After 20 faults only their number is shown. */
void tool_fault(const char *file, int line, const char *fmt, ...) PRINTF_LIKE(3, 4);
void tool_done(void);
str tool_read(struct arena *a, const char *path);
void tool_write(const char *path, str bytes);

/* Regular files below a folder, sorted bytewise by path; names that start with a dot and folders
 * named node_modules are left out. `dirs` gets every folder that was looked into: a build that
 * depends on those notices new files. */
struct tool_file {
	const char *path; /* to open */
	str name;         /* below the folder */
};
struct tool_tree {
	VEC(struct tool_file) files;
	VEC(const char *) dirs;
};
void tool_walk(struct arena *a, const char *dir, struct tool_tree *t);
bool tool_is_dir(const char *path);
bool tool_exists(const char *path);

/* "a: b c d" for ninja. */
void tool_depfile(struct arena *a, const char *depfile, const char *target, const struct tool_tree *t);
/* Puts text as the inside of a C string literal. */
void tool_put_c(struct buf *b, str s);

#endif
