# SPDX-License-Identifier: GPL-2.0
# From the Markdown of report.md to what Documentation/performance.rst holds: headings and tables, anything else as it is.

function cells(line,    n, i, cell) {
	n = split(line, cell, / *\| */)
	for (i = 2; i < n; i++) printf "%s%s\n", i == 2 ? "   * - " : "     - ", cell[i]
}

/^#/ {
	level = index($0, " ") - 1
	sub(/^#+ /, "")
	rule = $0
	gsub(/./, level < 2 ? "=" : level < 3 ? "-" : "~", rule)
	print $0 "\n" rule
	next
}

/^\|[-|]*\|$/ { next }

/^\|/ {
	if (!table) print ".. list-table::\n   :header-rows: 1\n"
	table = 1
	cells($0)
	next
}

{
	table = 0
	print
}
