/* Forest fire weather by an edition of the Canadian index (catalog/fwi). */
#ifndef BH_SENSE_FIRE_H
#define BH_SENSE_FIRE_H

#include "num/fwi.h"
#include "sense/edition.h"

struct fire_edition {
	str id;
	struct fwi_edition fwi;
	struct fwi_state start;      /* of a season */
};
err fire_edition_read(const struct catalog *c, struct arena *a, str edition, struct fire_edition *ret, struct fail *f) MUST_USE;

#endif
