/* The tables of routes of this layer, each ended by method == NULL. */
#ifndef BH_LAND_ROUTES_H
#define BH_LAND_ROUTES_H

#include "http/http.h"

extern const struct route object_routes[];
extern const struct route object_sheet_routes[];
extern const struct route boundary_routes[];
extern const struct route map_routes[];
extern const struct route duty_routes[];

#endif
