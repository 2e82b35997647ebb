#!/bin/sh
# Writes ../Generated from the installed MuJoCo headers (libmujoco-dev). Run it again for another MuJoCo version.
# The C compiler is the only source of offsets; field lists come from MuJoCo's own X macros.
set -eu
cd "$(dirname "$0")"
tool=$(mktemp)
trap 'rm -f "$tool"' EXIT
"${CC:-cc}" -Wall -Wextra -Werror -o "$tool" layout.c
mkdir -p ../Generated
"$tool" ../Generated
