/* Attributes and small helpers used everywhere. */
#ifndef BH_BASE_MACRO_H
#define BH_BASE_MACRO_H

#define MUST_USE __attribute__((warn_unused_result))
#define PRINTF_LIKE(f, a) __attribute__((format(printf, f, a)))
#define UNUSED __attribute__((unused))
#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

/* Scope-bound release: AUTO(arena_drop) struct arena *a = arena_new(…); */
#define AUTO(fn) __attribute__((cleanup(fn)))

/* Returns the error of `expr` to the caller; the only macro that returns. */
#define TRY(expr)                                                                                  \
	do {                                                                                       \
		err try_e_ = (expr);                                                               \
		if (try_e_ != ERR_OK)                                                              \
			return try_e_;                                                             \
	} while (0)

#endif
