/* The tables of routes of this layer, each ended by method == NULL. */
#ifndef BH_SENSE_ROUTES_H
#define BH_SENSE_ROUTES_H

#include "http/http.h"

extern const struct route station_routes[];
extern const struct route series_routes[];
extern const struct route series_sheet_routes[];
extern const struct route reading_routes[];
extern const struct route reading_sheet_routes[];
extern const struct route air_routes[];
extern const struct route air_region_routes[];
extern const struct route water_routes[];
extern const struct route index_routes[];
extern const struct route alarm_routes[];
extern const struct route effect_routes[];
extern const struct route live_routes[];
extern const struct route measured_routes[];
extern const struct route explain_routes[];
extern const struct route upkeep_routes[];
extern const struct route micro_routes[];
extern const struct route doubt_routes[];

#endif
