/* The last third of the loop in the demo city: looking back, citizens' reports, official papers, a photo used twice. */
#ifndef BH_CLI_DEMO_AFTER_H
#define BH_CLI_DEMO_AFTER_H

#include "cli/demo_life.h"

/* One draw with its results (examples/demo-city/lookbacks.tsv), and tasks for what must be looked back at; hazards must be there. */
err demo_lookback(struct demo_city *city) MUST_USE;
/* examples/demo-city/reports.tsv */
err demo_reports(struct demo_city *city) MUST_USE;
/* examples/demo-city/papers.tsv, on the hazards that lived the lives it names. */
err demo_papers(struct demo_city *city) MUST_USE;
/* examples/demo-city/photos: the second is the first again, cropped and brighter, on another hazard. */
err demo_photos(struct demo_city *city) MUST_USE;

#endif
