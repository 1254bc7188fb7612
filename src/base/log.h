/* One JSON object a line on stderr. Only the edge logs (main, the server's loop, jobs). */
#ifndef BH_BASE_LOG_H
#define BH_BASE_LOG_H

#include "base/err.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

void log_set_level(enum log_level level);
/* Pairs name, text (const char *), closed by NULL: LOG(INFO, "listening", "address", addr); */
void log_line(enum log_level level, const char *what, ...) __attribute__((sentinel));
#define LOG(level, ...) log_line(LOG_##level, __VA_ARGS__, (const char *)NULL)
void log_fail(enum log_level level, const char *what, const struct fail *f);

#endif
