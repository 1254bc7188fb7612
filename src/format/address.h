/* Addresses of cells: "C7", "表1!C7". */
#ifndef BH_FORMAT_ADDRESS_H
#define BH_FORMAT_ADDRESS_H

#include "base/arena.h"

enum { SHEET_MAX_ROW = 1048576, SHEET_MAX_COL = 16384 }; /* Excel's, counted from 1 */

/* False for anything but capitals and digits within Excel's range. */
bool cell_address_read(str s, uint32_t *ret_row, uint32_t *ret_col) MUST_USE;
void cell_address(uint32_t row, uint32_t col, char out[static 20]);
/* With the sheet's name, quoted where Excel wants it; without where the name is empty. */
str sheet_address(struct arena *a, str sheet, uint32_t row, uint32_t col);

#endif
