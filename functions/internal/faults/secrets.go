package faults

import "strings"

// masked hides what could be a secret in what a provider says: passwords after a word that announces them, in JSON, YAML, SQL and
// connection strings, the user and password of an address, tokens of Vault and of Kubernetes, and what PostgreSQL keeps of a password. It
// hides rather too much. Masking twice changes nothing.
func masked(text string) string {
	words := strings.Split(announced(text), " ")
	for n, word := range words {
		words[n] = withoutToken(withoutLogin(word))
	}
	return strings.Join(words, " ")
}

// stars stand for a secret, and are never longer.
func stars(secret string) string { return strings.Repeat("*", min(len(secret), len("***"))) }

// announcements begin the names of fields that hold secrets.
func announcements() []string {
	return []string{sqlPassword, "passwd", "passphrase", "pwd", "secret", "token", "private_key", sqlIdentified}
}

// Words of SQL that a password follows without a sign between them.
const (
	sqlPassword   = "password"
	sqlIdentified = "identified "
)

// announced hides what an announcement is about.
func announced(text string) string {
	lower := asciiLower(text)
	var out strings.Builder
	for at := 0; at < len(text); {
		begin, end := announcedAt(text, lower, at)
		if begin < 0 {
			out.WriteByte(text[at])
			at++
			continue
		}
		out.WriteString(text[at:begin] + stars(text[begin:end]))
		at = end
	}
	return out.String()
}

// announcedAt is where the secret begins and ends that is announced at a place. Begin is negative: nothing is announced there.
func announcedAt(text, lower string, at int) (begin, end int) {
	for _, word := range announcements() {
		rest, found := strings.CutPrefix(lower[at:], word)
		switch after := at + len(word); {
		case !found:
		case word == sqlIdentified:
			quote := strings.IndexAny(rest, `"'`)
			if quote < 0 || !strings.HasPrefix(rest, "by ") && !strings.HasPrefix(rest, "with ") && !strings.HasPrefix(rest, "via ") {
				return -1, -1
			}
			// What is a plugin and what a password the server alone knows.
			return after + quote + 1, len(text)
		default:
			if begin, end = assignedAfter(text, after); begin < 0 && word == sqlPassword {
				begin, end = quotedAfter(text, skip(text, after, " ("), after)
			}
			return begin, end
		}
	}
	return -1, -1
}

// assignedAfter is the value of a field whose name goes on at a place: in quotes, or to the end of the word.
func assignedAfter(text string, at int) (begin, end int) {
	for at < len(text) && letter(text[at]) {
		at++
	}
	name := skip(text, skip(text, at, quotes), " ")
	sign := skip(text, name, "=:>")
	value := skip(text, sign, " ")
	if sign == name || value == len(text) {
		return -1, -1
	}
	if begin, end = quotedAfter(text, value, name); begin >= 0 {
		return begin, end
	}
	rest, _, _ := strings.Cut(text[value:], " ")
	if value > sign && prose(rest) {
		return -1, -1
	}
	return value, value + len(rest)
}

// quotedAfter is what is in the quotes that begin at a place, which is behind another one.
func quotedAfter(text string, at, behind int) (begin, end int) {
	open := skip(text, at, `\`)
	if at == behind || open == len(text) || strings.IndexByte(quotes, text[open]) < 0 {
		return -1, -1
	}
	return open + 1, closing(text, open+1, text[at:open+1])
}

// prose says that what follows a colon and a space is a word of a sentence: passwords that are generated have digits.
func prose(word string) bool { return !strings.ContainsAny(word, "0123456789") }

// quotes are what a value may stand in, and the backslash that a quote within a text has.
const quotes = "\\\"'`"

// skip is the first place that has none of some characters.
func skip(text string, at int, chars string) int {
	for at < len(text) && strings.IndexByte(chars, text[at]) >= 0 {
		at++
	}
	return at
}

// closing is where a value ends that a quote has opened. A quote that is doubled, or behind a backslash, is part of the value.
func closing(text string, at int, quote string) int {
	for mark := quote[len(quote)-1]; at < len(text); at++ {
		switch {
		case len(quote) > 1 && strings.HasPrefix(text[at:], quote):
			return at
		case len(quote) > 1:
		case text[at] == '\\', text[at] == mark && at+1 < len(text) && text[at+1] == mark:
			at++
		case text[at] == mark:
			return at
		}
	}
	return len(text)
}

// withoutLogin hides user and password before the host of an address that has no scheme, as Go's MySQL driver writes it. An address with
// a scheme is withoutPassword's; a digest of an image is neither.
func withoutLogin(word string) string {
	if strings.Contains(word, "://") {
		return withoutPassword(word)
	}
	at := strings.LastIndexByte(word, '@')
	if at < 0 || strings.HasPrefix(word[at:], "@sha256:") || !strings.Contains(word[:at], ":") {
		return word
	}
	return stars(word[:at]) + word[at:]
}

// token is how one begins, and how many characters follow at least.
type token struct {
	prefix string
	least  int
}

func tokens() []token {
	return []token{{"hvs.", 1}, {"hvb.", 1}, {"hvr.", 1}, {"s.", 24}, {"b.", 24}, {"r.", 24}, {"eyJ", 20}, {"SCRAM-SHA-256$", 1}}
}

// withoutToken hides tokens of Vault, service account tokens, and SCRAM verifiers.
// https://developer.hashicorp.com/vault/docs/concepts/tokens#token-prefixes
func withoutToken(word string) string {
	for at := 0; at < len(word); at++ {
		if at > 0 && (letter(word[at-1]) || word[at-1] == '.') {
			continue
		}
		for _, form := range tokens() {
			if !strings.HasPrefix(word[at:], form.prefix) {
				continue
			}
			end := at + len(form.prefix)
			for end < len(word) && (letter(word[end]) || strings.IndexByte("-.:$/+=", word[end]) >= 0) {
				end++
			}
			if end-at-len(form.prefix) >= form.least {
				word = word[:at] + stars(word[at:end]) + word[end:]
				break
			}
		}
	}
	return word
}

// letter says that a byte may be part of a name.
func letter(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '_'
}

// asciiLower keeps the length, which strings.ToLower does not.
func asciiLower(text string) string {
	out := []byte(text)
	for i, b := range out {
		if b >= 'A' && b <= 'Z' {
			out[i] = b + 'a' - 'A'
		}
	}
	return string(out)
}
