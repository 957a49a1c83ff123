package parameters

import (
	"cmp"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
)

// checkValue judges a value by what the data say: bool, "int" or "real" with the least and the greatest, "enum" with choices.
// Nothing: any text.
func checkValue(name, values, value string) error {
	kind, rest, _ := strings.Cut(values, " ")
	switch kind {
	case "bool":
		if strings.EqualFold(value, "{TrueIfReplica}") {
			return nil
		}
		if _, ok := meaning(value); !ok {
			return fmt.Errorf("%q is on or off, and not %q. Write %q or %q", name, value, "1", "0")
		}
	case "enum":
		return checkChoice(name, strings.Split(rest, "|"), value)
	case "int", "real":
		if strings.ContainsAny(value, "{(") {
			return checkFormula(name, value)
		}
		return checkNumber(name, kind, strings.Fields(rest), value)
	}
	return nil
}

// checkChoice also takes what the engines take for a choice of on and off.
func checkChoice(name string, choices []string, value string) error {
	is := func(word string) bool {
		return slices.ContainsFunc(choices, func(choice string) bool { return strings.EqualFold(choice, word) })
	}
	if _, isBool := meaning(value); is(value) || isBool && is("off") {
		return nil
	}
	return fmt.Errorf("%q cannot be %q. Write one of %s", name, value, strings.Join(choices, ", "))
}

// checkNumber of the kind int or real. The limits are the least, the greatest and, where there is one, the unit.
func checkNumber(name, kind string, limits []string, value string) error {
	what, unit := "a number", ""
	compare := compareReal
	if kind == "int" {
		what, compare = "a whole number", compareInt
	}
	if len(limits) > 2 {
		unit = " in " + limits[2]
	}
	toLeast, ok := compare(value, limits[0])
	if !ok {
		return fmt.Errorf("%q needs %s%s, without a unit, and not %q. Write %s to %s, or a formula of RDS in braces",
			name, what, unit, value, limits[0], limits[1])
	}
	if toGreatest, _ := compare(value, limits[1]); toLeast < 0 || toGreatest > 0 {
		return fmt.Errorf("%q cannot be %s%s. Write %s to %s", name, value, unit, limits[0], limits[1])
	}
	return nil
}

// compareInt compares whole numbers of any size. Not ok: one of them is none.
func compareInt(a, b string) (int, bool) {
	x, xOK := new(big.Int).SetString(a, 10)
	y, yOK := new(big.Int).SetString(b, 10)
	if !xOK || !yOK {
		return 0, false
	}
	return x.Cmp(y), true
}

// compareReal compares numbers. Not ok: one of them is none.
func compareReal(a, b string) (int, bool) {
	x, xErr := strconv.ParseFloat(a, 64)
	y, yErr := strconv.ParseFloat(b, 64)
	if xErr != nil || yErr != nil || math.IsNaN(x) || math.IsInf(x, 0) {
		return 0, false
	}
	return cmp.Compare(x, y), true
}
