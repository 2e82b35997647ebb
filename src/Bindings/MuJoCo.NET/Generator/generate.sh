#!/bin/sh
# Usage: generate.sh [output folder]
# Writes ../Generated from the installed MuJoCo headers (libmujoco-dev). Run it again for another MuJoCo version.
# The C compiler is the only source of offsets; field lists come from MuJoCo's own X macros.
set -eu
here=$(dirname "$0")
to=${1:-$here/../Generated}
tool=$(mktemp)
trap 'rm -f "$tool"' EXIT
"${CC:-cc}" -Wall -Wextra -Werror -o "$tool" "$here/layout.c"
mkdir -p "$to"
"$tool" "$to"
