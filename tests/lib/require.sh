#!/bin/sh
# require.sh WHAT CHECK COMMAND...: runs COMMAND if the shell command CHECK succeeds. Otherwise the test
# is skipped (status 77), or fails if ROOKERY_REQUIRE names WHAT.
what=$1 check=$2
shift 2
if sh -c "$check" >/dev/null 2>&1; then exec "$@"; fi
echo "skipped: $what is missing (tools/dev/setup test installs it)"
case ",$ROOKERY_REQUIRE," in
  *",$what,"*) echo "ROOKERY_REQUIRE asks for it: failed"; exit 1 ;;
esac
exit 77
