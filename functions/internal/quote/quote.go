// Package quote shortens what a person wrote for a message: it is there to be recognised, not to be read.
package quote

// Longest is how many characters of somebody's text a message repeats.
const Longest = 100

// Short is the text, or its beginning where that is longer than Longest. It looks at no more than that.
func Short[T ~string](text T) T {
	if len(text) <= Longest {
		return text
	}
	n := 0
	for at := range text {
		if n == Longest {
			return text[:at] + "..."
		}
		n++
	}
	return text
}
