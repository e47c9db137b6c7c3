# SPDX-License-Identifier: GPL-2.0
# Bars: ours in relation to stock, one pair a workload and setting.
set terminal svg size 1200,700 noenhanced background "white"
set output out
set style data histogram
set style fill solid 0.8
set ylabel "ours / stock (more is better; for latency, less)"
set yrange [0:*]
set grid y
set xtics rotate by -45
set key top left
plot data using 2:xtic(1) title "trusted", '' using 3 title "untrusted", 1 title "" with lines lc rgb "black"
