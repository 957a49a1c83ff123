package wire

import (
	"regexp"
	"strings"
)

// each changes every element of a name in an answer. Those of AWS are never within one of the same name.
func each(raw []byte, tag string, change func(block string) string) []byte {
	element := regexp.MustCompile(`(?s)<` + tag + `>.*?</` + tag + `>`)
	return element.ReplaceAllFunc(raw, func(block []byte) []byte { return []byte(change(string(block))) })
}

// text of the first element of a name; empty when there is none.
func text(block, tag string) string {
	_, rest, _ := strings.Cut(block, "<"+tag+">")
	value, _, found := strings.Cut(rest, "</"+tag+">")
	if !found {
		return ""
	}
	return value
}

// fill adds an element that is missing at the end of the block.
func fill(block, tag, value string) string {
	if value == "" || strings.Contains(block, "<"+tag+">") {
		return block
	}
	block = strings.Replace(block, "<"+tag+"/>", "", 1)
	end := strings.LastIndex(block, "</")
	return block[:end] + "<" + tag + ">" + value + "</" + tag + ">" + block[end:]
}

// put sets the value of an element, also where there is none.
func put(block, tag, value string) string {
	if old := "<" + tag + ">" + text(block, tag) + "</" + tag + ">"; strings.Contains(block, old) {
		return strings.Replace(block, old, "<"+tag+">"+value+"</"+tag+">", 1)
	}
	return fill(block, tag, value)
}

func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}
