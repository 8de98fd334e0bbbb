/* SPDX-License-Identifier: GPL-2.0-only */
/* The keys of [control]. */
#include "table_keys.h"

const struct table_key table_control_keys[TABLE_CONTROL_KEYS] = {
	{.name = "socket",
	 .type = &value_absolute,
	 FIELD(config, control_socket),
	 .fallback = "/run/faxspan/faxspan.sock",
	 .help = "The socket that faxspanctl talks to. It is for the daemon's own user and group; the folder must be "
		 "there, and one that cannot be opened is logged, and the daemon runs without. With none there is "
		 "none."},
	{.name = "group",
	 .type = &value_group,
	 FIELD(config, control_group),
	 .fallback = "none",
	 .help = "The group whose members may use the socket; the daemon must be in it. With none it is the daemon's "
		 "own."},
};
