/* Moved: embedded files are read below this layer too. */
#include "base/embed.h"
