/* Every route of the program on one screen of tables. */
#include "cli/serve.h"
#include "core/routes.h"
#include "decide/document.h"
#include "gateway/routes.h"
#include "land/routes.h"
#include "loop/routes.h"
#include "sense/firepoint.h"
#include "sense/routes.h"

const struct route *const all_routes[] = {
	system_routes,
	session_routes,
	account_routes,
	grant_routes,
	region_routes,
	org_routes,
	person_routes,
	duty_rule_routes,
	object_sheet_routes,
	object_routes,
	duty_routes,
	boundary_routes,
	map_routes,
	matter_map_routes,
	ledger_routes,
	evidence_routes,
	matter_sheet_routes,
	matter_routes,
	inspect_routes,
	inspect_draw_routes,
	visit_routes,
	sync_routes,
	statistics_routes,
	marks_routes,
	public_routes,
	public_desk_routes,
	work_routes,
	calendar_routes,
	escalation_routes,
	lookback_pool_routes,
	lookback_routes,
	checklist_routes,
	criteria_routes,
	risk_routes,
	notice_routes,
	exchange_routes,
	calendar_feed_routes,
	alarm_routes,
	effect_routes,
	document_routes,
	device_routes,
	reading_sheet_routes,
	series_routes,
	station_routes,
	reading_routes,
	air_routes,
	water_routes,
	hotspot_routes,
	firepoint_routes,
	test_routes,
	NULL,
};
