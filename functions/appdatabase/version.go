package appdatabase

import (
	"strconv"
	"strings"
)

// lower says that version a is below version b, number by number, over the parts that both have.
func lower(a, b string) bool {
	as, bs := strings.Split(a, "."), strings.Split(b, ".")
	for i := range min(len(as), len(bs)) {
		an, aerr := strconv.Atoi(as[i])
		bn, berr := strconv.Atoi(bs[i])
		if aerr != nil || berr != nil {
			return false
		}
		if an != bn {
			return an < bn
		}
	}
	return false
}

// within says that the full version is the major version or one of its minors: 17.4 is within 17, 17.4 is not within 1.
func within(full, major string) bool {
	return full == major || strings.HasPrefix(full, major+".")
}
