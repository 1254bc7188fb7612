/* The tables of routes of this layer, each ended by method == NULL. */
#ifndef BH_LOOP_ROUTES_H
#define BH_LOOP_ROUTES_H

#include "http/http.h"

extern const struct route matter_routes[];
extern const struct route work_routes[];
extern const struct route calendar_routes[];
extern const struct route matter_sheet_routes[];

#endif
