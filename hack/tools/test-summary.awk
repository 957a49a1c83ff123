# Reads `go test -v` and prints one line per package, the whole output of a package that failed, every skipped test, every
# line that a test logged as "figures: ...", and at the end how many tests passed, failed and were skipped.

/^(=== (RUN|PAUSE|CONT|NAME)|PASS$|coverage: )/ { next }
/\[no test files\]/ { held = ""; next }
/^ok  ?\t/ { print; packages++; held = ""; next }
/^FAIL\t/ { printf "%s", held; print; broken++; held = ""; next }
/^FAIL$/ { next }
/^ *--- PASS: / { passed++; next }
/^ *--- FAIL: / { failed++ }
/^ *--- SKIP: / { skipped++; print $0 last }
/^(# |vet: |[^ \t]+\.go:[0-9]+)/ { print; next } # the compiler speaks before the package's own lines
/figures: / { sub(/^.*figures: /, "  "); print; next }
{ held = held $0 "\n"; last = $0 }

END {
  printf "%s", held
  printf "tests and subtests: %d passed, %d failed, %d skipped; packages: %d ok, %d failed\n", passed, failed, skipped, packages, broken
}
