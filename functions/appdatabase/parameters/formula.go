package parameters

import (
	"fmt"
	"slices"
	"strings"
)

// longestFormula in bytes.
const longestFormula = 500

// formulaWords are what RDS computes with, and what it computes by. Which value a formula has only RDS knows, so it may stand only where a
// number does.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ParamValuesRef.html
func formulaWords() []string {
	return []string{
		"AllocatedStorage", "DBInstanceClassMemory", "DBInstanceVCPU", "EndPointPort", "TrueIfReplica", "GREATEST", "LEAST", "SUM", "IF", "LOG",
	}
}

// checkFormula says what is wrong with a formula, such as {DBInstanceClassMemory/32768} or GREATEST(1,{DBInstanceVCPU*2}).
func checkFormula(name, value string) error {
	wrong := func(what string) error {
		return fmt.Errorf("%q has a formula %s. Write one as {DBInstanceClassMemory/32768}, or a number", name, what)
	}
	if len(value) > longestFormula {
		return wrong(fmt.Sprintf("of %d characters, and %d is the most", len(value), longestFormula))
	}
	var open []byte
	for rest := value; rest != ""; {
		word := rest[:len(rest)-len(strings.TrimLeft(rest, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"))]
		if word != "" {
			if !slices.ContainsFunc(formulaWords(), func(known string) bool { return strings.EqualFold(known, word) }) {
				return wrong(fmt.Sprintf("with %.40q, which RDS does not know: it has %s", word, strings.Join(formulaWords(), ", ")))
			}
			rest = rest[len(word):]
			continue
		}
		switch sign := rest[0]; {
		case sign == '{', sign == '(':
			open = append(open, sign)
		case sign == '}', sign == ')':
			if len(open) == 0 || open[len(open)-1] != map[byte]byte{'}': '{', ')': '('}[sign] {
				return wrong(fmt.Sprintf("whose %q closes nothing", sign))
			}
			open = open[:len(open)-1]
		case !strings.ContainsRune("0123456789.,+-*/ ", rune(sign)):
			return wrong(fmt.Sprintf("with the sign %q", sign))
		}
		rest = rest[1:]
	}
	if len(open) > 0 {
		return wrong(fmt.Sprintf("whose %q is not closed", open[len(open)-1]))
	}
	return nil
}
