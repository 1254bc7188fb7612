/* The demo city: invented organisations, people and decisions (examples/demo-city). */
#ifndef BH_CLI_DEMO_H
#define BH_CLI_DEMO_H

#include "base/arena.h"

struct demo_login {
	str login, password, who_zh, who_en;
};
size_t demo_logins(struct arena *a, struct demo_login **ret);

#endif
