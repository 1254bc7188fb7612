/* Every route of the program on one screen of tables. */
#include "cli/serve.h"
#include "core/routes.h"
#include "decide/document.h"
#include "loop/routes.h"

const struct route *const all_routes[] = {
	system_routes, session_routes, account_routes, grant_routes, region_routes, org_routes, person_routes,
	ledger_routes, evidence_routes, matter_sheet_routes, matter_routes, work_routes, calendar_routes, document_routes,
	test_routes, NULL,
};
