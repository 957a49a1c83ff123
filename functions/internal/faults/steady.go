package faults

import "strings"

// vaultAnswer turns the error of Vault's client into one sentence with the path and the error. The path is enough: the address
// of Vault is in the provider's configuration. https://github.com/hashicorp/vault/blob/main/api/response.go
func vaultAnswer(text string) string {
	_, answer, found := strings.Cut(text, "Error making API request. ")
	if !found {
		return text
	}
	var namespace string
	if rest, ok := strings.CutPrefix(answer, "Namespace: "); ok {
		namespace, answer, _ = strings.Cut(rest, " ")
		namespace = " in namespace " + namespace
	}
	answer, ok := strings.CutPrefix(answer, "URL: ")
	call, answer, found := strings.Cut(answer, " Code: ")
	if !ok || !found {
		return text
	}
	code, errors, _ := strings.Cut(answer, ". ")
	for _, head := range []string{"Errors:", "Raw Message:"} {
		errors = strings.TrimSpace(strings.TrimPrefix(errors, head))
	}
	method, address, _ := strings.Cut(call, " ")
	if _, path, has := strings.Cut(address, "/v1/"); has {
		address, _, _ = strings.Cut(path, "?")
	}
	sentence := "Vault answers " + method + " " + address + namespace + " with " + strings.TrimRight(code, ".")
	if errors != "" {
		sentence += ": " + vaultErrors(errors)
	}
	return sentence
}

// vaultErrors drops the marks of a list, and the head of a list with one error.
func vaultErrors(text string) string {
	text = strings.TrimPrefix(text, "* ")
	text = strings.TrimPrefix(text, "1 error occurred: * ")
	return strings.ReplaceAll(text, " * ", "; ")
}

// withoutLease drops the identifier of the lease that Vault stumbled over, and how many there are: the next attempt meets another one.
// https://github.com/hashicorp/vault/blob/main/vault/expiration.go
func withoutLease(text string) string {
	const head = `failed to revoke "`
	before, rest, found := strings.Cut(text, head)
	lease, rest, ends := strings.Cut(rest, `" (`)
	count, rest, closes := strings.Cut(rest, ")")
	at := strings.LastIndexByte(lease, '/')
	if !found || !ends || !closes || at < 0 || !strings.Contains(count, " / ") {
		return text
	}
	return before + head + lease[:at] + `"` + rest
}

// steady drops what differs from one attempt to the next within a word.
func steady(text string) string {
	words := strings.Split(withoutLease(text), " ")
	for n, word := range words {
		words[n] = withoutPort(withoutSession(withoutTime(word)))
	}
	return strings.Join(words, " ")
}

// withoutPort keeps the far end of a connection: the near end has another port each time.
func withoutPort(word string) string {
	near, far, found := strings.Cut(word, "->")
	if !found || !strings.Contains(near, ":") || far == "" {
		return word
	}
	return far
}

// withoutSession drops the name of a session, which a provider makes of the time.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns
func withoutSession(word string) string {
	const marker = ":assumed-role/"
	before, role, found := strings.Cut(word, marker)
	if !found {
		return word
	}
	role, _, _ = strings.Cut(role, "/")
	return before + marker + role
}

// withoutPassword masks the user and the password of an address.
func withoutPassword(word string) string {
	scheme, rest, found := strings.Cut(word, "://")
	at := strings.LastIndexByte(rest, '@')
	if !found || at < 0 || !strings.Contains(rest[:at], ":") {
		return word
	}
	return scheme + "://" + strings.Repeat("*", min(at, len("***"))) + rest[at:]
}

// withoutTime drops a time of day, as 20251121T144051Z or 2025-11-21T14:40:51Z, and keeps the marks around it.
func withoutTime(word string) string {
	const marks = "()[]<>,;.'\"`"
	bare := strings.Trim(word, marks)
	day, clock, found := strings.Cut(bare, "T")
	if !found || !isNumber(day, 8) || !isNumber(strings.TrimSuffix(clock, "Z"), 6) {
		return word
	}
	return strings.Replace(word, bare, "(time)", 1)
}

// isNumber says that a text has at least so many digits, and else only what stands between the digits of a time.
func isNumber(text string, digits int) bool {
	count := 0
	for _, r := range text {
		switch {
		case r >= '0' && r <= '9':
			count++
		case !strings.ContainsRune("-:.+", r):
			return false
		}
	}
	return count >= digits
}
