# Prints the shell commands of one section of README.md, as they stand there: -v section="Try it for real". An empty section is what
# stands before the first heading of its kind.
/^## / { current = substr($0, 4) }
current == section && /^```/ { inside = ($0 == "```sh"); next }
current == section && inside
