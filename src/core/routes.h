/* The tables of routes of this layer, each ended by method == NULL. */
#ifndef BH_CORE_ROUTES_H
#define BH_CORE_ROUTES_H

#include "http/http.h"

extern const struct route ledger_routes[];
extern const struct route region_routes[];
extern const struct route org_routes[];
extern const struct route person_routes[];
extern const struct route grant_routes[];
extern const struct route account_routes[];
extern const struct route session_routes[];
extern const struct route evidence_routes[];
extern const struct route duty_rule_routes[];

#endif
