/* The tables of routes of this layer, each ended by method == NULL. */
#ifndef BH_LOOP_ROUTES_H
#define BH_LOOP_ROUTES_H

#include "http/http.h"

extern const struct route inspect_draw_routes[];
extern const struct route inspect_routes[];
extern const struct route matter_map_routes[];
extern const struct route matter_routes[];
extern const struct route statistics_routes[];
extern const struct route sync_routes[];
extern const struct route visit_routes[];
extern const struct route work_routes[];
extern const struct route calendar_routes[];
extern const struct route escalation_routes[];
extern const struct route matter_sheet_routes[];
extern const struct route notice_routes[];
extern const struct route exchange_routes[];
extern const struct route calendar_feed_routes[];
extern const struct route marks_routes[];
extern const struct route public_routes[];
extern const struct route public_desk_routes[];

extern const struct route checklist_routes[];
extern const struct route criteria_routes[];
extern const struct route risk_routes[];
extern const struct route lookback_pool_routes[];
extern const struct route lookback_routes[];

#endif
