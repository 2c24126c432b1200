#!/bin/sh
# Stands where dunst expects a menu program: chooses what the test has asked for.
# dunst offers one line per action: "#Label (Summary) [number,key]".
cat > "{root}/config/dmenu.offering"
mv "{root}/config/dmenu.offering" "{root}/config/dmenu.offered"
grep -F -m1 -f "{root}/config/dmenu.choice" "{root}/config/dmenu.offered"
